import { table } from '../output.ts';
import { askSecret, readInput, readSecretFile } from '../secrets.ts';
import type { Session } from '../session.ts';
import type { Register } from './register.ts';

interface InstallOptions {
  readonly passwordFile?: string;
  readonly store?: string;
  readonly trustCa?: boolean;
}

export const registerStores: Register = (program, { text, action }) => {
  const store = program.command('store').description(text.commands.store);

  store
    .command('install <pkcs12>')
    .description(text.commands.storeInstall)
    .option('--password-file <file>', text.options.passwordFile)
    .option('--store <id>', text.options.store)
    .option('--trust-ca', text.options.trustCa)
    .action(
      action(async (session, path: string, options: InstallOptions) => {
        const pkcs12 = readInput(path).toString('base64');
        const password = await passwordFor(session, path, options.passwordFile);
        const where = options.store === undefined ? {} : { store: options.store };
        const done = await session.client.trustStore.install({
          ...where,
          identity: { pkcs12, password },
          trustCa: options.trustCa === true,
        });
        session.result(done, ({ outcome, store: place, certificate, restartBrowser }) =>
          [
            outcome === 'installed'
              ? text.results.installed(place.path)
              : text.results.alreadyInstalled(place.path),
            `  ${certificate.subject}  ${certificate.thumbprint}`,
            ...(restartBrowser ? [text.results.restartBrowser] : []),
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
            .map(({ store: place, certificates }) =>
              [
                `${place.id}  ${place.label}  ${place.path}${place.used ? '  *' : ''}`,
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
      }),
    );

  store
    .command('remove <thumbprint>')
    .description(text.commands.storeRemove)
    .option('--store <id>', text.options.store)
    .option('--remove-ca', text.options.removeCa)
    .action(
      action(async (session, thumbprint: string, options: { store?: string; removeCa?: boolean }) => {
        const where = options.store === undefined ? {} : { store: options.store };
        const done = await session.client.trustStore.remove({
          ...where,
          thumbprint,
          removeCa: options.removeCa === true,
        });
        session.result(done, ({ restartBrowser }) =>
          [text.results.removed, ...(restartBrowser ? [text.results.restartBrowser] : [])].join('\n'),
        );
      }),
    );
};

/** From --password-file, from `<file>.password` beside the PKCS#12 (as `cert export` writes it), or asked for. */
async function passwordFor(session: Session, path: string, file: string | undefined): Promise<string> {
  if (file !== undefined) return readSecretFile(file);
  try {
    return readSecretFile(`${path}.password`);
  } catch {
    return askSecret(session.text.prompts.filePassword, '--password-file');
  }
}
