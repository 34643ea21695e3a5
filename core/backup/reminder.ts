/** When it is time for the next backup. */
import type { BackupStatusView } from '../../contract/backup.ts';
import { audit, type CoreContext } from '../context.ts';
import type { Rows } from '../registry/registry.ts';

const lastKey = 'backup.last';
const daysKey = 'backup.reminder-days';
const usualDays = 30;
const dayMs = 86_400_000;

/** `digest`: the one that the file ends in. */
export function confirmSaved(context: CoreContext, digest: string): void {
  context.registry.write((rows) => {
    audit(context, rows, 'backup.saved', { digest });
    // After the record that tells of it, so that the record itself is not counted as a change.
    const last = { at: context.clock().toISOString(), seq: rows.audit.last()?.seq ?? 0 };
    rows.settings.set(lastKey, JSON.stringify(last));
  });
}

/** Whoever restored from it has it: after a restore that brought everything, that file is the last backup. */
export function rememberRestored(rows: Rows, createdAt: string): void {
  rows.settings.set(lastKey, JSON.stringify({ at: createdAt, seq: rows.audit.last()?.seq ?? 0 }));
}

/** Due when a CA is here, something happened since the last backup, and that is longer ago than the reminder says. */
export function backupStatus({ registry, clock }: Pick<CoreContext, 'registry' | 'clock'>): BackupStatusView {
  return registry.read((rows) => {
    const stored = rows.settings.get(lastKey);
    const last = stored === undefined ? undefined : (JSON.parse(stored) as { at: string; seq: number });
    const reminderDays = Number(rows.settings.get(daysKey) ?? usualDays);
    const changes = (rows.audit.last()?.seq ?? 0) - (last?.seq ?? 0);
    const age = last === undefined ? Number.POSITIVE_INFINITY : clock().getTime() - Date.parse(last.at);
    const hasKeys = rows.authorities.list().some(({ secretId }) => secretId !== null);
    return {
      lastAt: last?.at ?? null,
      changes,
      reminderDays,
      due: reminderDays > 0 && hasKeys && changes > 0 && age >= reminderDays * dayMs,
    };
  });
}

/** `days`: 0 for no reminder. */
export function setReminder(context: CoreContext, days: number): void {
  context.registry.write((rows) => {
    rows.settings.set(daysKey, String(days));
    audit(context, rows, 'backup.reminder-changed', { days });
  });
}
