/** A backup brought back as a registry of its own, and everything in it checked: the trial that every backup must pass. */

import { Problem } from '../../contract/problem.ts';
import { verifyKeptAudit } from '../audit/verify.ts';
import type { CoreContext } from '../context.ts';
import { Registry } from '../registry/registry.ts';
import type { Vault } from '../vault/vault.ts';
import { type BackupHeader, backupPurpose, decryptBackup } from './container.ts';

/**
 * Decrypts the registry of `file` into this process's scratch directory; `vault` is unlocked and the one that the
 * backup was made under. Every certificate row, the audit log against its head, and the seal of every CA key are
 * checked. Returns the path.
 * @throws Problem BACKUP_DAMAGED, REGISTRY_NEWER, REGISTRY_DAMAGED, REGISTRY_ROW_DAMAGED, SECRET_DAMAGED
 */
export async function stageBackup(
  context: Pick<CoreContext, 'scratch' | 'clock'>,
  file: Blob,
  header: BackupHeader,
  vault: Pick<Vault, 'deriveKey' | 'unseal'>,
): Promise<string> {
  const path = context.scratch.path('registry.db');
  const key = vault.deriveKey(backupPurpose(header));
  try {
    await decryptBackup(file, key, path);
  } finally {
    key.fill(0);
  }
  const registry = Registry.open(path, { clock: context.clock });
  try {
    const { certificates } = registry.verify();
    if (certificates !== header.certificates) throw damaged('it has other certificates than it says');
    checkAudit(registry, header, vault);
    checkAuthorityKeys(registry, vault);
    return path;
  } finally {
    registry.close();
  }
}

function checkAudit(registry: Registry, header: BackupHeader, vault: Pick<Vault, 'deriveKey'>): void {
  const macKey = vault.deriveKey('audit');
  const verdict = registry.read((rows) => verifyKeptAudit(rows, macKey, [header.audit]));
  macKey.fill(0);
  if (!verdict.ok) throw damaged(`its audit log is broken at record ${verdict.seq} (${verdict.kind})`);
}

function checkAuthorityKeys(registry: Registry, vault: Pick<Vault, 'unseal'>): void {
  const secrets = registry.read((rows) =>
    rows.authorities
      .list()
      .flatMap(({ secretId }) => (secretId === null ? [] : [rows.secrets.get(secretId)!])),
  );
  for (const { id, kind, sealed } of secrets) vault.unseal(kind, id, sealed).fill(0);
}

const damaged = (reason: string): Problem => new Problem('BACKUP_DAMAGED', { reason });
