import type { TransferView } from '../../contract/transfer.ts';
import { requireYes } from '../confirm.ts';
import { openInput, saveStream } from '../files.ts';
import { fields, table } from '../output.ts';
import type { Session } from '../session.ts';
import type { Register } from './register.ts';

interface ImportOptions {
  readonly fingerprint?: string;
  readonly approve?: string[];
  readonly refuse?: string[];
  readonly yes?: boolean;
}

export const registerTransfers: Register = (program, { text, action }) => {
  const transfer = program.command('transfer').description(text.commands.transfer);

  transfer
    .command('export')
    .description(text.commands.transferExport)
    .requiredOption('--ca <ca>', text.options.ca)
    .option('--out <file>', text.options.out)
    .option('--force', text.options.force)
    .action(
      action(async (session, options: { ca: string; out?: string; force?: boolean }) => {
        const made = await session.signing((client) => client.transfer.export({ authority: options.ca }));
        const path = options.out ?? made.fileName;
        await saveStream(path, made.file, { force: options.force === true });
        const { kind, digest } = made;
        session.result({ path, kind, digest }, () =>
          fields([
            [text.labels.file, path],
            ['SHA-256', digest],
          ]),
        );
      }),
    );

  transfer
    .command('show <file>')
    .description(text.commands.transferShow)
    .action(
      action(async (session, path: string) =>
        session.result(await session.client.transfer.inspect({ file: await openInput(path) }), (view) =>
          describe(session, view),
        ),
      ),
    );

  transfer
    .command('import <file>')
    .description(text.commands.transferImport)
    .option('--fingerprint <sha256>', text.options.fingerprint)
    .option('--approve <id...>', text.options.approve)
    .option('--refuse <id...>', text.options.refuse)
    .option('--yes', text.options.yes)
    .action(
      action(async (session, path: string, options: ImportOptions) => {
        const file = await openInput(path);
        const view = await session.client.transfer.inspect({ file });
        session.progress(describe(session, view));
        await requireYes(session, options.yes === true);
        const all = view.requests.map(({ id }) => id);
        const chosen = (ids: readonly string[] = []): string[] => (ids.includes('all') ? all : [...ids]);
        const { fingerprint } = options;
        const input = {
          file,
          approve: chosen(options.approve),
          refuse: chosen(options.refuse),
          ...(fingerprint === undefined ? {} : { fingerprint }),
        };
        const done = await session.signing((client) => client.transfer.import(input));
        session.result(done, () => text.results.transferred);
      }),
    );

  transfer
    .command('request <subject>')
    .description(text.commands.transferRequest)
    .requiredOption('--ca <ca>', text.options.ca)
    .option('--profile <profile>', text.options.profile, 'client')
    .option('--name <name...>', text.options.names)
    .option('--days <n>', text.options.days, '365')
    .option('--key <algorithm>', text.options.key, 'rsa-2048')
    .action(
      action(
        async (
          session,
          subject: string,
          options: {
            ca: string;
            profile: 'client' | 'server';
            name?: string[];
            days: string;
            key: 'rsa-2048';
          },
        ) => {
          const client = await session.unlocked();
          const made = await client.transfer.requestCertificate({
            authority: options.ca,
            profile: options.profile,
            subject,
            names: options.name ?? [],
            days: Number(options.days),
            keyAlgorithm: options.key,
          });
          session.result(made, ({ id, label }) => `${id}  ${label}`);
        },
      ),
    );

  transfer
    .command('request-revocation <certificate>')
    .description(text.commands.transferRequestRevocation)
    .option('--reason <reason>', text.options.reason, 'unspecified')
    .action(
      action(async (session, certificate: string, options: { reason: string }) => {
        const client = await session.unlocked();
        const made = await client.transfer.requestRevocation({
          certificate,
          reason: options.reason as 'unspecified',
        });
        session.result(made, ({ id, label }) => `${id}  ${label}`);
      }),
    );

  transfer
    .command('withdraw <request>')
    .description(text.commands.transferWithdraw)
    .action(
      action(async (session, request: string) =>
        session.result(
          await session.client.transfer.withdraw({ request }),
          ({ id, label }) => `${id}  ${label}`,
        ),
      ),
    );

  transfer
    .command('waiting')
    .description(text.commands.transferWaiting)
    .requiredOption('--ca <ca>', text.options.ca)
    .action(
      action(async (session, options: { ca: string }) =>
        session.result(await session.client.transfer.waiting({ authority: options.ca }), (requests) =>
          requests.length === 0
            ? text.results.nothingWaits
            : table(
                ['id', text.labels.action, text.labels.subject, text.labels.at],
                requests.map(({ id, kind, label, createdAt }) => [
                  id,
                  text.requestKinds[kind],
                  label,
                  createdAt,
                ]),
              ),
        ),
      ),
    );
};

function describe({ text }: Session, view: TransferView): string {
  const { labels } = text;
  const { authority, crl } = view;
  const number = (value: number | null): string => (value === null ? '-' : `${value}`);
  const parts = [
    fields([
      [labels.authority, `${authority.name}  ${text.transferStates[authority.state]}`],
      [labels.fingerprint, authority.fingerprint],
      [labels.at, view.createdAt],
      ['SHA-256', view.digest],
      ...(view.kind === 'requests'
        ? []
        : ([
            [labels.newCertificates, `${view.certificates}`],
            [labels.newRevocations, `${view.revocations}`],
            [labels.crlNumber, `${number(crl.here)} -> ${number(crl.there)}`],
            [labels.answers, `${view.answers}`],
            ...view.rollouts.map(
              ({ name, state }) => [labels.rollout, `${name}  ${text.transferStates[state]}`] as const,
            ),
          ] as const)),
    ]),
  ];
  if (view.kind === 'requests')
    parts.push(
      table(
        ['id', labels.action, labels.subject, labels.names, labels.state],
        view.requests.map(({ id, kind, label, detail, state }) => [
          id,
          text.requestKinds[kind],
          label,
          detail,
          text.transferStates[state],
        ]),
      ),
    );
  return parts.join('\n');
}
