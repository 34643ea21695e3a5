import { table } from '../output.ts';
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
    .command('verify')
    .description(text.commands.auditVerify)
    .action(
      action(async (session) => {
        const client = await session.unlocked();
        const verdict = await client.audit.verify();
        session.result(verdict, ({ ok, records, broken, head }) =>
          ok
            ? text.results.auditHolds(records, head?.hash ?? '-')
            : text.results.auditBroken(broken?.seq ?? 0, broken?.kind ?? ''),
        );
        if (!verdict.ok) process.exitCode = 1;
      }),
    );
};
