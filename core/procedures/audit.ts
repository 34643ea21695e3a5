import { verifyAudit } from '../audit/verify.ts';
import { os } from './base.ts';

export const audit = os.audit.router({
  show: os.audit.show.handler(({ input, context: { context } }) =>
    context.registry.read((rows) => {
      const total = rows.audit.last()?.seq ?? 0;
      const from = input.from ?? Math.max(1, total - input.limit + 1);
      const entries = [];
      for (const { seq, at, action, subject, hash, mac } of rows.audit.iterate(from)) {
        if (entries.length === input.limit) break;
        entries.push({ seq, at, action, subject: JSON.parse(subject), hash, sealed: mac !== null });
      }
      return { entries, total };
    }),
  ),

  verify: os.audit.verify.handler(({ context: { context } }) => {
    const sealsChecked = context.vault.status().state === 'unlocked';
    const key = sealsChecked ? context.vault.deriveKey('audit') : undefined;
    return context.registry.read((rows) => {
      const verdict = verifyAudit(rows.audit.iterate(1), key);
      const records = rows.audit.last()?.seq ?? 0;
      return verdict.ok
        ? { ok: true, records, head: verdict.head, sealsChecked, broken: null }
        : { ok: false, records, head: null, sealsChecked, broken: { seq: verdict.seq, kind: verdict.kind } };
    });
  }),
});
