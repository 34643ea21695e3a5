/** A backup brought back as a registry of its own, and everything in it checked: the trial that every backup must pass. */
import { rm } from 'node:fs/promises';
import { Problem } from '../../contract/problem.ts';
import type { CoreContext } from '../context.ts';
import { Registry } from '../registry/registry.ts';
import type { Vault } from '../vault/vault.ts';
import { type BackupHeader, backupPurpose, decryptBackup } from './container.ts';
import { examine } from './examine.ts';

/**
 * Decrypts the registry of `file` into this process's scratch directory; `vault` is unlocked and the one that the
 * backup was made under. Every certificate row, the audit log against its head, and the seal of every CA key are
 * checked. Returns the path.
 * @throws Problem BACKUP_DAMAGED, REGISTRY_NEWER
 */
export async function stageBackup(
  context: Pick<CoreContext, 'scratch' | 'clock'>,
  file: Blob,
  header: BackupHeader,
  vault: Pick<Vault, 'deriveKey' | 'unseal'>,
): Promise<string> {
  const path = context.scratch.path('registry.db');
  try {
    await decrypt(file, header, vault, path);
    prove(context, header, vault, path);
    return path;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function decrypt(
  file: Blob,
  header: BackupHeader,
  vault: Pick<Vault, 'deriveKey'>,
  to: string,
): Promise<void> {
  const key = vault.deriveKey(backupPurpose(header));
  try {
    await decryptBackup(file, key, to);
  } finally {
    key.fill(0);
  }
}

function prove(
  { clock }: Pick<CoreContext, 'clock'>,
  header: BackupHeader,
  vault: Pick<Vault, 'deriveKey' | 'unseal'>,
  path: string,
): void {
  const registry = Registry.open(path, { clock });
  try {
    const { certificates, damage } = examine(registry, vault, [header.audit]);
    const reason =
      damage ?? (certificates === header.certificates ? undefined : `certificates ${certificates}`);
    if (reason !== undefined) throw new Problem('BACKUP_DAMAGED', { reason });
  } finally {
    registry.close();
  }
}
