import { type AuditEntry, auditEntry } from '../../contract/audit.ts';
import { auditHead } from '../audit/log.ts';
import { verifyKeptAudit } from '../audit/verify.ts';
import { missingFromRegistry } from '../authority/reconcile.ts';
import { os } from './base.ts';

/** A record that was damaged is shown as it is; `verify` says what is wrong with it. */
function readable(subject: string): AuditEntry['subject'] {
  const parsed = auditEntry.shape.subject.safeParse(parsedOr(subject));
  return parsed.success ? parsed.data : { damaged: subject };
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const audit = os.audit.router({
  show: os.audit.show.handler(({ input, context: { context } }) =>
    context.registry.read((rows) => {
      const total = rows.audit.last()?.seq ?? 0;
      const from = input.from ?? Math.max(1, total - input.limit + 1);
      const entries = [];
      for (const { seq, at, action, subject, hash, mac } of rows.audit.iterate(from)) {
        if (entries.length === input.limit) break;
        entries.push({ seq, at, action, subject: readable(subject), hash, sealed: mac !== null });
      }
      return { entries, total };
    }),
  ),

  head: os.audit.head.handler(({ context: { context } }) =>
    context.registry.read((rows) => ({ ...auditHead(rows), at: context.clock().toISOString() })),
  ),

  verify: os.audit.verify.handler(({ input, context: { context } }) => {
    const sealsChecked = context.vault.status().state === 'unlocked';
    const key = sealsChecked ? context.vault.deriveKey('audit') : undefined;
    return context.registry.read((rows) => {
      const verdict = verifyKeptAudit(rows, key, input.anchors, rows.secrets.any());
      const records = rows.audit.last()?.seq ?? 0;
      if (!verdict.ok) {
        const broken = { seq: verdict.seq, kind: verdict.kind };
        return { ok: false, records, head: null, sealsChecked, sealedThrough: 0, broken, missing: [] };
      }
      const missing = [...missingFromRegistry(rows, 100)];
      const { head, authenticatedThrough: sealedThrough } = verdict;
      return { ok: missing.length === 0, records, head, sealsChecked, sealedThrough, broken: null, missing };
    });
  }),
});
