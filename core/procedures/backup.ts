import { readBackup } from '../backup/container.ts';
import { createBackup } from '../backup/create.ts';
import { planRestore } from '../backup/plan.ts';
import { backupStatus, setReminder } from '../backup/reminder.ts';
import { restoreBackup } from '../backup/restore.ts';
import { os } from './base.ts';
import { credentialOf } from './vault.ts';

export const backup = os.backup.router({
  create: os.backup.create.handler(({ context: { context } }) => createBackup(context)),

  inspect: os.backup.inspect.handler(async ({ input, context: { context } }) => {
    const { summary } = await readBackup(input.file);
    return planRestore(context, summary).plan;
  }),

  restore: os.backup.restore.handler(async ({ input, context: { context } }) => {
    const { plan, setAside } = await restoreBackup(context, input.file, credentialOf(input.credential));
    return { ...plan, setAside };
  }),

  status: os.backup.status.handler(({ context: { context } }) => backupStatus(context)),

  setReminder: os.backup.setReminder.handler(({ input, context: { context } }) => {
    setReminder(context, input.days);
    return backupStatus(context);
  }),
});
