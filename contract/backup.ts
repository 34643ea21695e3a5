/** The whole of Warifu's data in one encrypted file, and back again. */
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { hex, instant } from './values.ts';
import { credential } from './vault.ts';

/** A file that crosses a face as a stream; a backup can be larger than memory. */
const file = z.instanceof(Blob);

/** What a backup says about itself, before anything of it is decrypted. */
export const backupSummary = z.object({
  createdAt: instant,
  /** Which vault opens it. */
  vaultId: z.string(),
  authorities: z.number().int(),
  certificates: z.number().int(),
  /** The end of the audit log when it was made: an anchor for every later verification. */
  audit: z.object({ seq: z.number().int(), hash: hex }),
  /** Octets of the file, and the SHA-256 that it ends in. */
  size: z.number().int(),
  digest: hex,
});
export type BackupSummary = z.infer<typeof backupSummary>;

/**
 * `create`: nothing is here yet. `merge`: both are of the same vault; what is missing or damaged here comes back, and
 * nothing that was made since is forgotten. `replace`: what is here is set aside whole, then gives way.
 */
export const restorePlan = z.object({
  mode: z.enum(['create', 'merge', 'replace']),
  reason: z.enum(['empty', 'same-vault', 'other-vault', 'registry-damaged', 'vault-damaged', 'vault-absent']),
  /** What is here now; null where it cannot be read. */
  present: z.object({
    vaultId: z.string().nullable(),
    certificates: z.number().int().nullable(),
    auditSeq: z.number().int().nullable(),
  }),
  backup: backupSummary,
});
export type RestorePlan = z.infer<typeof restorePlan>;

export const backupStatus = z.object({
  /** When the last backup was saved; null for never. */
  lastAt: instant.nullable(),
  /** Audit records written since then. */
  changes: z.number().int(),
  reminderDays: z.number().int(),
  /** It is time: something changed, and the last backup is older than the reminder allows. */
  due: z.boolean(),
});
export type BackupStatusView = z.infer<typeof backupStatus>;

/**
 * What opens the vault after a merge: `here`, the passphrase and the other slots of now; `backup`, those of the backup,
 * for a keeper who remembers the old passphrase and not the new one.
 */
export const restoredSlots = z.enum(['here', 'backup']);

export const backup = {
  /** Made, read back, decrypted and opened once before it is given out. */
  create: procedure.output(z.object({ fileName: z.string(), file, summary: backupSummary })),
  /** Reads a file to its end: whole, and what restoring it here would do. */
  inspect: procedure.input(z.object({ file })).output(restorePlan),
  restore: procedure.input(z.object({ file, credential, slots: restoredSlots.default('here') })).output(
    restorePlan.extend({
      /** The data directory where what was here before stands, openable as it is; null when nothing was. */
      setAside: z.string().nullable(),
    }),
  ),
  /** The file stands where it should be kept: only now is there a backup, and the reminder starts anew. */
  confirmSaved: procedure.input(z.object({ digest: hex.length(64) })).output(backupStatus),
  status: procedure.output(backupStatus),
  setReminder: procedure.input(z.object({ days: z.number().int().min(0).max(3650) })).output(backupStatus),
};
