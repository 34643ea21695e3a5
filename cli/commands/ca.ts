import type { AuthorityView, CrlView } from '../../contract/authority.ts';
import { writeOutput } from '../files.ts';
import { fields, table } from '../output.ts';
import type { Session } from '../session.ts';
import type { Register } from './register.ts';

interface CreateOptions {
  readonly subject?: string;
  readonly key: 'rsa-2048' | 'rsa-3072' | 'rsa-4096' | 'ec-p256' | 'ec-p384';
  readonly years: string;
  readonly crlDays: string;
  readonly askEachTime?: boolean;
}

export const registerAuthorities: Register = (program, { text, action }) => {
  const ca = program.command('ca').description(text.commands.ca);

  ca.command('create <name>')
    .description(text.commands.caCreate)
    .option('--subject <name>', text.options.subject)
    .option('--key <algorithm>', text.options.key, 'rsa-4096')
    .option('--years <n>', text.options.years, '10')
    .option('--crl-days <n>', text.options.crlDays, '30')
    .option('--ask-each-time', text.options.askEachTime)
    .action(
      action(async (session, name: string, options: CreateOptions) => {
        const client = await session.unlocked();
        const input = {
          name,
          subject: options.subject ?? name,
          keyAlgorithm: options.key,
          years: Number(options.years),
          crlDays: Number(options.crlDays),
          signing: options.askEachTime === true ? ('asked' as const) : ('unlocked' as const),
        };
        session.result(await client.authority.create(input), (view) => describe(session, view));
      }),
    );

  ca.command('list')
    .description(text.commands.caList)
    .action(
      action(async (session) => {
        const { labels } = text;
        session.result(await session.client.authority.list(), (views) =>
          views.length === 0
            ? text.results.noAuthorities
            : table(
                [labels.name, labels.subject, labels.key, labels.notAfter, labels.issued],
                views.map((view) => [view.name, view.subject, view.key, view.notAfter, `${view.issued}`]),
              ),
        );
      }),
    );

  ca.command('show <ca>')
    .description(text.commands.caShow)
    .action(
      action(async (session, name: string) =>
        session.result(await session.client.authority.get({ authority: name }), (view) =>
          describe(session, view),
        ),
      ),
    );

  ca.command('signing <ca> <mode>')
    .description(text.commands.caSigning)
    .action(
      action(async (session, name: string, mode: 'unlocked' | 'asked') => {
        const passphrase = await session.passphrase(text.prompts.passphrase);
        const credential = { slot: 'passphrase', passphrase } as const;
        const client = await session.unlocked();
        const view = await client.authority.setSigning({ authority: name, signing: mode, credential });
        session.result(view, () => describe(session, view));
      }),
    );

  ca.command('export <ca>')
    .description(text.commands.caExport)
    .option('--out <file>', text.options.out)
    .option('--force', text.options.force)
    .action(
      action(async (session, name: string, options: { out?: string; force?: boolean }) => {
        const { pem } = await session.client.authority.exportCertificate({ authority: name });
        if (options.out !== undefined) writeOutput(options.out, pem, { force: options.force === true });
        session.result({ pem, path: options.out ?? null }, () => options.out ?? pem.trimEnd());
      }),
    );
};

export const registerCrls: Register = (program, { text, action }) => {
  const crl = program.command('crl').description(text.commands.crl);
  const save = (session: Session, view: CrlView, options: { out?: string; force?: boolean }): void => {
    if (options.out !== undefined) writeOutput(options.out, view.pem, { force: options.force === true });
    const { labels } = text;
    session.result(view, () =>
      fields([
        [labels.authority, view.authority],
        [labels.crlNumber, `${view.number}`],
        [labels.thisUpdate, view.thisUpdate],
        [labels.nextUpdate, view.nextUpdate],
        [labels.revoked, `${view.entries}`],
        [labels.file, options.out ?? '-'],
      ]),
    );
  };

  crl
    .command('publish <ca>')
    .description(text.commands.crlPublish)
    .option('--out <file>', text.options.out)
    .option('--force', text.options.force)
    .action(
      action(async (session, name: string, options: { out?: string; force?: boolean }) => {
        const view = await session.signing((client) => client.authority.publishCrl({ authority: name }));
        save(session, view, options);
      }),
    );

  crl
    .command('show <ca>')
    .description(text.commands.crlShow)
    .option('--out <file>', text.options.out)
    .option('--force', text.options.force)
    .action(
      action(async (session, name: string, options: { out?: string; force?: boolean }) => {
        const view = await session.client.authority.latestCrl({ authority: name });
        if (view) save(session, view, options);
        else session.result(null, () => text.results.noCrl);
      }),
    );
};

function describe({ text }: Session, view: AuthorityView): string {
  const { labels } = text;
  return fields([
    [labels.name, view.name],
    [labels.subject, view.subject],
    [labels.key, view.key],
    [labels.serial, view.serial],
    ['SHA-256', view.fingerprint],
    [labels.notBefore, view.notBefore],
    [labels.notAfter, view.notAfter],
    [labels.signing, view.hasKey ? text.signingModes[view.signing] : text.results.keyElsewhere],
    [labels.issued, `${view.issued}`],
    [labels.revoked, `${view.revoked}`],
    [labels.nextUpdate, view.crl?.nextUpdate ?? '-'],
    ...(view.clbObstacle === null ? [] : [[labels.clb, text.results.clbObstacle(view.clbObstacle)] as const]),
  ]);
}
