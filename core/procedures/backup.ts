import { readBackup } from '../backup/container.ts';
import { createBackup } from '../backup/create.ts';
import { planRestore } from '../backup/plan.ts';
import { backupStatus, confirmSaved, setReminder } from '../backup/reminder.ts';
import { restoreBackup } from '../backup/restore.ts';
import { onDisk } from '../disk.ts';
import { os } from './base.ts';
import { credentialOf } from './vault.ts';

export const backup = os.backup.router({
  create: os.backup.create.handler(({ context: { context } }) =>
    onDisk(context.files.home, () => createBackup(context)),
  ),

  inspect: os.backup.inspect.handler(async ({ input, context: { context } }) => {
    const { summary } = await onDisk(context.files.home, () => readBackup(input.file));
    return planRestore(context, summary).plan;
  }),

  restore: os.backup.restore.handler(async ({ input, context: { context } }) => {
    const credential = credentialOf(input.credential);
    const { plan, setAside } = await onDisk(context.files.home, () =>
      restoreBackup(context, input.file, credential, input.slots),
    );
    return { ...plan, setAside };
  }),

  confirmSaved: os.backup.confirmSaved.handler(({ input, context: { context } }) => {
    confirmSaved(context, input.digest);
    return backupStatus(context);
  }),

  status: os.backup.status.handler(({ context: { context } }) => backupStatus(context)),

  setReminder: os.backup.setReminder.handler(({ input, context: { context } }) => {
    setReminder(context, input.days);
    return backupStatus(context);
  }),
});
