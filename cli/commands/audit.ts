import { auditBreakWords, auditMissingWords } from '../../contract/audit-words.ts';
import { describeProblem, Problem } from '../../contract/problem.ts';
import { table } from '../output.ts';
import type { Session } from '../session.ts';
import type { Register } from './register.ts';

export const registerAudit: Register = (program, { text, action }) => {
  const audit = program.command('audit').description(text.commands.audit);

  audit
    .command('show')
    .description(text.commands.auditShow)
    .option('--from <seq>', text.options.auditFrom)
    .option('--limit <n>', text.options.limit, '100')
    .action(
      action(async (session, options: { from?: string; limit: string }) => {
        const from = options.from === undefined ? {} : { from: Number(options.from) };
        const page = await session.client.audit.show({ ...from, limit: Number(options.limit) });
        session.result(page, ({ entries }) =>
          table(
            ['#', text.labels.at, text.labels.action, text.labels.subject],
            entries.map((entry) => [`${entry.seq}`, entry.at, entry.action, JSON.stringify(entry.subject)]),
          ),
        );
      }),
    );

  audit
    .command('head')
    .description(text.commands.auditHead)
    .action(
      action(async (session) =>
        session.result(await session.client.audit.head(), ({ at, seq, hash }) =>
          [text.results.auditHead, `  ${at}`, `  ${seq}:${hash}`].join('\n'),
        ),
      ),
    );

  audit
    .command('verify')
    .description(text.commands.auditVerify)
    .option('--head <seq:hash...>', text.options.auditHead)
    .action(
      action(async (session, options: { head?: string[] }) => {
        const anchors = (options.head ?? []).map(readHead);
        const client = await session.unlocked();
        const verdict = await client.audit.verify({ anchors });
        session.result(verdict, () => describeVerdict(session, verdict));
        if (!verdict.ok) process.exitCode = 1;
      }),
    );
};

/** `SEQ:HASH`, as `audit head` prints it; spaces that came with the typing do not matter. */
function readHead(text: string): { seq: number; hash: string } {
  const [, seq, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text.replaceAll(/\s/g, '').toLowerCase()) ?? [];
  if (seq === undefined || hash === undefined)
    throw new Problem('VALUE_INVALID', { what: '--head', value: text });
  return { seq: Number(seq), hash };
}

type Verdict = Awaited<ReturnType<Session['client']['audit']['verify']>>;

function describeVerdict({ text, options }: Session, { records, head, broken, missing }: Verdict): string {
  if (broken) {
    const { what, remedy } =
      broken.kind === 'truncated'
        ? describeProblem('AUDIT_TRUNCATED', { seq: broken.seq, anchor: broken.seq }, options.lang)
        : describeProblem(
            'AUDIT_BROKEN',
            { seq: broken.seq, break: auditBreakWords[options.lang][broken.kind] },
            options.lang,
          );
    return `${what}\n${text.remedy}: ${remedy}`;
  }
  const lost = missing.map(
    ({ seq, what, id }) => `  ${seq}  ${auditMissingWords[options.lang][what]}  ${id}`,
  );
  if (lost.length > 0) return [text.results.auditLacks, ...lost].join('\n');
  return text.results.auditHolds(records, head?.hash ?? '-');
}
