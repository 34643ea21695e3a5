import { describeDiagnosis } from '../../contract/diagnosis-words.ts';
import { describeProblem, Problem, type ProblemCode } from '../../contract/problem.ts';
import type { Diagnosis, StoreContents } from '../../contract/trust-store.ts';
import { table } from '../output.ts';
import { askSecret, readInput, readSecretFile } from '../secrets.ts';
import type { Session } from '../session.ts';
import { targetOf } from '../target.ts';
import type { Register } from './register.ts';

interface InstallOptions extends PlaceOptions {
  readonly passwordFile?: string;
  readonly certificate?: string;
  readonly trustCa?: boolean;
}

interface PlaceOptions {
  readonly store?: string;
  readonly storePasswordFile?: string;
}

interface DiagnoseOptions extends PlaceOptions {
  readonly thumbprint?: string;
  readonly connect?: string;
}

export const registerStores: Register = (program, { text, action }) => {
  const store = program.command('store').description(text.commands.store);

  store
    .command('install [pkcs12]')
    .description(text.commands.storeInstall)
    .option('--certificate <certificate>', text.options.ownCertificate)
    .option('--password-file <file>', text.options.passwordFile)
    .option('--store <id>', text.options.store)
    .option('--store-password-file <file>', text.options.storePasswordFile)
    .option('--trust-ca', text.options.trustCa)
    .action(
      action(async (session, path: string | undefined, options: InstallOptions) => {
        const identity = await identityFor(session, path, options);
        const done = await session.client.trustStore.install({
          ...place(options),
          identity,
          trustCa: options.trustCa === true,
        });
        session.result(done, ({ outcome, store: where, certificate, authority, ...after }) =>
          [
            outcome === 'installed'
              ? text.results.installed(where.path)
              : text.results.alreadyInstalled(where.path),
            `  ${certificate.subject}  ${certificate.thumbprint}`,
            ...(authority?.declined ? [text.results.trustDeclined(authority.nickname)] : []),
            ...(after.asksAtFirstUse ? [text.results.asksAtFirstUse] : []),
            ...(after.restartBrowser ? [text.results.restartBrowser] : []),
          ].join('\n'),
        );
      }),
    );

  store
    .command('list')
    .description(text.commands.storeList)
    .action(
      action(async (session) => {
        const stores = await session.client.trustStore.list({});
        session.result(stores, (views) =>
          views
            .map(({ store: where, certificates, problem }) =>
              [
                `${where.id}  ${where.label}  ${where.path}${where.used ? '  *' : ''}`,
                `  ${text.labels.readBy}: ${where.readBy.join(', ')}`,
                ...(problem ? [unreadable(session, problem)] : []),
                ...(certificates.length === 0
                  ? []
                  : [
                      table(
                        [text.labels.name, text.labels.notAfter, text.labels.fingerprint],
                        certificates.map((view) => [view.nickname, view.notAfter, view.thumbprint]),
                      ),
                    ]),
              ].join('\n'),
            )
            .join('\n\n'),
        );
        if (stores.some(({ problem }) => problem !== null)) process.exitCode = 1;
      }),
    );

  store
    .command('find <text>')
    .description(text.commands.storeFind)
    .action(
      action(async (session, search: string) => {
        const found = await session.client.trustStore.find({ search });
        session.result(found, (matches) =>
          matches.length === 0
            ? text.results.notInAnyStore
            : table(
                [text.labels.store, text.labels.name, text.labels.notAfter, text.labels.fingerprint],
                matches.map(({ store: where, certificate }) => [
                  where.id,
                  certificate.nickname,
                  certificate.notAfter,
                  certificate.thumbprint,
                ]),
              ),
        );
        if (found.length === 0) process.exitCode = 1;
      }),
    );

  store
    .command('diagnose [url]')
    .description(text.commands.storeDiagnose)
    .option('--thumbprint <thumbprint>', text.options.thumbprint)
    .option('--connect <host:port>', text.options.connect)
    .option('--store <id>', text.options.store)
    .option('--store-password-file <file>', text.options.storePasswordFile)
    .action(
      action(async (session, url: string | undefined, options: DiagnoseOptions) => {
        const result = await session.client.trustStore.diagnose({
          ...place(options),
          ...(options.thumbprint === undefined ? {} : { thumbprint: options.thumbprint }),
          ...(url === undefined ? {} : { target: targetOf(url, options.connect) }),
        });
        session.result(result, (value) => describe(session, value));
        if (result.findings.some(({ ok }) => ok === false)) process.exitCode = 1;
      }),
    );

  store
    .command('remove <thumbprint>')
    .description(text.commands.storeRemove)
    .option('--store <id>', text.options.store)
    .option('--store-password-file <file>', text.options.storePasswordFile)
    .option('--remove-ca', text.options.removeCa)
    .action(
      action(async (session, thumbprint: string, options: PlaceOptions & { removeCa?: boolean }) => {
        const done = await session.client.trustStore.remove({
          ...place(options),
          thumbprint,
          removeCa: options.removeCa === true,
        });
        session.result(done, ({ restartBrowser }) =>
          [text.results.removed, ...(restartBrowser ? [text.results.restartBrowser] : [])].join('\n'),
        );
      }),
    );
};

function unreadable(
  { text, options }: Session,
  { code, data }: NonNullable<StoreContents['problem']>,
): string {
  const { what, remedy } = describeProblem(code as ProblemCode, data, options.lang);
  return `  ${what}\n  ${text.remedy}: ${remedy}`;
}

function place({ store, storePasswordFile }: PlaceOptions) {
  return {
    ...(store === undefined ? {} : { store }),
    ...(storePasswordFile === undefined ? {} : { storePassword: readSecretFile(storePasswordFile) }),
  };
}

/** A file, or a certificate of ours, whose key the vault keeps. @throws Problem VALUE_INVALID for both or neither */
async function identityFor(
  session: Session,
  path: string | undefined,
  { certificate, passwordFile }: InstallOptions,
) {
  if ((path === undefined) === (certificate === undefined))
    throw new Problem('VALUE_INVALID', { what: 'PKCS#12 / --certificate', value: certificate ?? '' });
  if (certificate !== undefined) {
    await session.unlocked();
    return { certificate };
  }
  const pkcs12 = readInput(path!).toString('base64');
  return { pkcs12, password: await passwordFor(session, path!, passwordFile) };
}

/** A line for each finding; what stands in the way has its remedy below it. */
function describe({ text, options }: Session, { store, findings }: Diagnosis): string {
  const certificates = new Set(findings.flatMap(({ certificate }) => certificate ?? []));
  const lines = findings.flatMap((finding) => {
    const { what, remedy } = describeDiagnosis(finding, options.lang);
    const mark = finding.ok === null ? '?' : finding.ok ? '✓' : '✗';
    // With several certificates a line says whose it is.
    const whose =
      certificates.size > 1 && finding.certificate !== undefined ? `${finding.certificate}: ` : '';
    return [`${mark} ${whose}${what}`, ...(remedy === undefined ? [] : [`    ${text.remedy}: ${remedy}`])];
  });
  const stands = findings.some(({ ok }) => ok === false);
  return [
    `${store.label}  ${store.path}`,
    ...lines,
    stands ? text.results.standsInTheWay : text.results.nothingInTheWay,
  ].join('\n');
}

/** From --password-file, from `<file>.password` beside the PKCS#12 (as `cert export` writes it), or asked for. */
async function passwordFor(session: Session, path: string, file: string | undefined): Promise<string> {
  if (file !== undefined) return readSecretFile(file);
  try {
    return readSecretFile(`${path}.password`);
  } catch {
    return askSecret(session.text.prompts.filePassword, '--password-file');
  }
}
