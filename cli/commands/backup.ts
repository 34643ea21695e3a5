import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { RestorePlan } from '../../contract/backup.ts';
import { Problem } from '../../contract/problem.ts';
import { requireYes } from '../confirm.ts';
import { openInput, saveStream } from '../files.ts';
import { fields } from '../output.ts';
import { readSecretFile } from '../secrets.ts';
import type { Session } from '../session.ts';
import type { CommandContext } from './register.ts';

interface RestoreOptions {
  readonly recoveryCodeFile?: string;
  readonly slotsOfBackup?: boolean;
  readonly yes?: boolean;
}

/** Below `vault`: the whole of Warifu's data in one file, and back. */
export function registerBackups(vault: Command, { text, action }: CommandContext): void {
  vault
    .command('backup')
    .description(text.commands.vaultBackup)
    .option('--out <file>', text.options.out)
    .option('--force', text.options.force)
    .option('--reminder-days <n>', text.options.reminderDays)
    .action(
      action(async (session, options: { out?: string; force?: boolean; reminderDays?: string }) => {
        if (options.reminderDays !== undefined)
          await session.client.backup.setReminder({ days: Number(options.reminderDays) });
        const client = await session.unlocked();
        const { file, fileName, summary } = await client.backup.create();
        const path = options.out ?? fileName;
        await saveStream(path, file, { force: options.force === true });
        const { backup } = await client.backup.inspect({ file: await openAsBlob(path) });
        if (backup.digest !== summary.digest)
          throw new Problem('FILE_UNWRITABLE', { path, reason: 'read back differently' });
        await client.backup.confirmSaved({ digest: summary.digest });
        session.result({ path, ...summary }, () =>
          fields([
            [text.labels.file, path],
            [text.labels.certificates, `${summary.certificates}`],
            ['SHA-256', summary.digest],
            [text.labels.auditHead, `${summary.audit.seq}:${summary.audit.hash}`],
          ]),
        );
      }),
    );

  vault
    .command('restore <file>')
    .description(text.commands.vaultRestore)
    .option('--recovery-code-file <file>', text.options.recoveryCodeFile)
    .option('--slots-of-backup', text.options.slotsOfBackup)
    .option('--yes', text.options.yes)
    .action(
      action(async (session, path: string, options: RestoreOptions) => {
        const file = await openInput(path);
        const plan = await session.client.backup.inspect({ file });
        session.progress(describePlan(session, basename(path), plan));
        await requireYes(session, options.yes === true);
        const code = options.recoveryCodeFile;
        const credential =
          code === undefined
            ? ({
                slot: 'passphrase',
                passphrase: await session.passphrase(text.prompts.backupPassphrase),
              } as const)
            : ({ slot: 'recovery-code', recoveryCode: readSecretFile(code) } as const);
        const slots = options.slotsOfBackup === true ? 'backup' : 'here';
        const done = await session.client.backup.restore({ file, credential, slots });
        session.result(done, ({ setAside }) =>
          [
            text.results.restored,
            ...(setAside === null ? [] : [`${text.labels.setAside}: ${setAside}`]),
          ].join('\n'),
        );
      }),
    );
}

function describePlan(
  { text }: Session,
  name: string,
  { mode, reason, present, backup }: RestorePlan,
): string {
  const { labels, results } = text;
  const unknown = (value: number | null): string => (value === null ? '?' : `${value}`);
  return [
    fields([
      [labels.file, name],
      [labels.at, backup.createdAt],
      [labels.certificates, `${backup.certificates}`],
      [labels.auditHead, `${backup.audit.seq}:${backup.audit.hash}`],
      [labels.now, results.hereNow(unknown(present.certificates), unknown(present.auditSeq))],
    ]),
    `${text.restoreReasons[reason]} ${text.restoreModes[mode]}`,
  ].join('\n');
}
