/** What restoring a backup here would do, from what is here now. Changes nothing. */
import type { BackupSummary, RestorePlan } from '../../contract/backup.ts';
import { Problem } from '../../contract/problem.ts';
import type { CoreContext } from '../context.ts';

/** @throws Problem REGISTRY_BUSY, REGISTRY_NEWER, VAULT_NEWER: what is here is not damaged, and must not give way */
export function planRestore(context: CoreContext, backup: BackupSummary): RestorePlan {
  const vaultId = readable(() => context.vault.status().id ?? null, 'VAULT_DAMAGED');
  const registry = readable(() => present(context), 'REGISTRY_DAMAGED');
  const here = {
    vaultId: vaultId ?? null,
    certificates: registry?.certificates ?? null,
    auditSeq: registry?.auditSeq ?? null,
  };
  const plan = (mode: RestorePlan['mode'], reason: RestorePlan['reason']): RestorePlan => ({
    mode,
    reason,
    present: here,
    backup,
  });
  if (registry === undefined) return plan('replace', 'registry-damaged');
  if (vaultId === undefined) return plan('replace', 'vault-damaged');
  if (vaultId === null && registry.certificates === 0 && !registry.hasSecrets) return plan('create', 'empty');
  return vaultId === backup.vaultId ? plan('merge', 'same-vault') : plan('replace', 'other-vault');
}

function present({ registry }: CoreContext) {
  return registry.read((rows) => ({
    certificates: rows.certificates.count(),
    auditSeq: rows.audit.last()?.seq ?? 0,
    hasSecrets: rows.secrets.any(),
  }));
}

/** `undefined` for what is damaged in the way that `code` names. */
function readable<T>(read: () => T, code: 'VAULT_DAMAGED' | 'REGISTRY_DAMAGED'): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem && error.code === code) return undefined;
    throw error;
  }
}
