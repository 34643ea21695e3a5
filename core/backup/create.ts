/** Making a backup: vault (still wrapped) and registry in one encrypted file, proved by a trial restore. */
import { randomUUID } from 'node:crypto';
import { openAsBlob, statSync } from 'node:fs';
import { rm, unlink } from 'node:fs/promises';
import type { BackupSummary } from '../../contract/backup.ts';
import { Problem } from '../../contract/problem.ts';
import { auditHead } from '../audit/log.ts';
import { audit, type CoreContext } from '../context.ts';
import { Registry } from '../registry/registry.ts';
import { type BackupHeader, backupPurpose, readBackup, writeBackup } from './container.ts';
import { examine } from './examine.ts';
import { stageBackup } from './staged.ts';

export interface MadeBackup {
  readonly fileName: string;
  /** Lies in the scratch directory and goes with this process: to be saved somewhere else. */
  readonly file: Blob;
  readonly summary: BackupSummary;
}

/**
 * The file anchors the audit log as it was; the record that it was made is written once it has passed its trial.
 * @throws Problem VAULT_LOCKED, VAULT_REPLACED, REGISTRY_*; DATA_DAMAGED when what is here cannot be as it was written;
 *   BACKUP_DAMAGED when the disk did not keep what was written. Nothing is given out then, and nothing left behind.
 */
export async function createBackup(context: CoreContext): Promise<MadeBackup> {
  const { vault, registry, scratch, clock } = context;
  const vaultFile = vault.copy();
  const id = randomUUID();
  const createdAt = clock().toISOString();
  const snapshot = scratch.path('registry.db');
  const path = scratch.path('backup');
  try {
    await registry.snapshot(snapshot);
    const header: BackupHeader = {
      id,
      createdAt,
      ...contentsOf(snapshot, context),
      registry: statSync(snapshot).size,
      vaultId: vault.status().id!,
      vault: Buffer.from(vaultFile).toString('base64'),
    };
    const key = vault.deriveKey(backupPurpose(header));
    try {
      await writeBackup(header, key, snapshot, path);
    } finally {
      key.fill(0);
    }
    const file = await openAsBlob(path);
    const { summary } = await readBackup(file);
    await proveRestores(context, file, header, snapshot);
    registry.write((rows) => audit(context, rows, 'backup.created', { id, digest: summary.digest }));
    const fileName = `warifu-${createdAt.slice(0, 10)}-${header.vaultId.slice(0, 8)}.warifu-backup`;
    return { fileName, file, summary };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await rm(snapshot, { force: true });
  }
}

/** Of the copy, not of the registry: others may have gone on writing. */
function contentsOf(
  path: string,
  { clock }: CoreContext,
): Pick<BackupHeader, 'authorities' | 'certificates' | 'audit'> {
  const copy = Registry.open(path, { clock });
  try {
    return copy.read((rows) => ({
      authorities: rows.authorities.list().length,
      certificates: rows.certificates.count(),
      audit: auditHead(rows),
    }));
  } finally {
    copy.close();
  }
}

/** A trial that fails says that the file is no good; whether the disk or the data here is to blame, the copy tells. */
async function proveRestores(
  context: CoreContext,
  file: Blob,
  header: BackupHeader,
  snapshot: string,
): Promise<void> {
  try {
    await unlink(await stageBackup(context, file, header, context.vault));
  } catch (error) {
    const copy = Registry.open(snapshot, { clock: context.clock });
    try {
      const { damage } = examine(copy, context.vault);
      if (damage !== undefined) throw new Problem('DATA_DAMAGED', { damage });
    } finally {
      copy.close();
    }
    throw error;
  }
}
