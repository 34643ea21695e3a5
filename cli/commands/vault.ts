import { Problem } from '../../contract/problem.ts';
import type { VaultStatusView } from '../../contract/vault.ts';
import { askSecret, readSecretFile } from '../secrets.ts';
import type { Session } from '../session.ts';
import { registerBackups } from './backup.ts';
import type { Register } from './register.ts';

export const registerVault: Register = (program, context) => {
  const { text, action } = context;
  const vault = program.command('vault').description(text.commands.vault);

  vault
    .command('init')
    .description(text.commands.vaultInit)
    .option('--keychain', text.options.keychain)
    .action(
      action(async (session, options: { keychain?: boolean }) => {
        const passphrase = await newPassphrase(session);
        const made = await session.client.vault.initialize({
          passphrase,
          keychain: options.keychain === true,
        });
        session.result(made, ({ recoveryCode, status }) =>
          [describe(session, status), '', text.results.recoveryCode, `  ${recoveryCode}`].join('\n'),
        );
      }),
    );

  vault
    .command('status')
    .description(text.commands.vaultStatus)
    .action(
      action(async (session) =>
        session.result(await session.client.vault.status(), (status) => describe(session, status)),
      ),
    );

  vault
    .command('unlock')
    .description(text.commands.vaultUnlock)
    .option('--recovery-code-file <file>', text.options.recoveryCodeFile)
    .action(
      action(async (session, options: { recoveryCodeFile?: string }) => {
        const { recoveryCodeFile: file } = options;
        const client = file === undefined ? await session.unlocked() : session.client;
        if (file !== undefined)
          await client.vault.unlock({ slot: 'recovery-code', recoveryCode: readSecretFile(file) });
        session.result(await client.vault.status(), () => text.results.vaultOpens);
      }),
    );

  vault
    .command('passphrase')
    .description(text.commands.vaultPassphrase)
    .option('--new-passphrase-file <file>', text.options.newPassphraseFile)
    .action(
      action(async (session, options: { newPassphraseFile?: string }) => {
        const current = await session.passphrase(text.prompts.passphrase);
        const { newPassphraseFile: file } = options;
        const next =
          file === undefined
            ? await askTwice(text.prompts.newPassphrase, text.prompts.again)
            : readSecretFile(file);
        session.result(
          await session.client.vault.changePassphrase({ current, next }),
          () => text.results.passphraseChanged,
        );
      }),
    );

  vault
    .command('recovery')
    .description(text.commands.vaultRecovery)
    .action(
      action(async (session) => {
        const client = await session.unlocked();
        session.result(await client.vault.renewRecoveryCode(), ({ recoveryCode }) =>
          [text.results.recoveryCode, `  ${recoveryCode}`].join('\n'),
        );
      }),
    );

  vault
    .command('keychain')
    .description(text.commands.vaultKeychain)
    .action(
      action(async (session) => {
        const client = await session.unlocked();
        session.result(await client.vault.addKeychain(), (status) => describe(session, status));
      }),
    );

  vault
    .command('remove-slot <id>')
    .description(text.commands.vaultRemoveSlot)
    .action(
      action(async (session, id: string) => {
        const client = await session.unlocked();
        session.result(await client.vault.removeSlot({ id }), (status) => describe(session, status));
      }),
    );

  registerBackups(vault, context);
};

async function newPassphrase(session: Session): Promise<string> {
  const { prompts } = session.text;
  const fromFile = session.options.passphraseFile ?? process.env['WARIFU_PASSPHRASE_FILE'];
  return fromFile === undefined ? askTwice(prompts.newPassphrase, prompts.again) : readSecretFile(fromFile);
}

/** @throws Problem SECRETS_DIFFER, SECRET_NOT_GIVEN */
async function askTwice(prompt: string, again: string): Promise<string> {
  const first = await askSecret(prompt, '--passphrase-file');
  if (first !== (await askSecret(again, '--passphrase-file'))) throw new Problem('SECRETS_DIFFER', {});
  return first;
}

function describe({ text }: Session, { state, slots }: VaultStatusView): string {
  return [
    `${text.labels.vault}: ${text.vaultStates[state]}`,
    ...slots.map(({ id, kind, createdAt }) => `  ${text.slotKinds[kind]}  ${createdAt}  ${id}`),
  ].join('\n');
}
