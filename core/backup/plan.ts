/** What restoring a backup here would do, from what is here now. Changes nothing. */
import type { BackupSummary, RestorePlan } from '../../contract/backup.ts';
import { Problem } from '../../contract/problem.ts';
import type { AuditHead } from '../audit/anchor.ts';
import { auditHead } from '../audit/log.ts';
import { type CoreContext, vaultIdKey } from '../context.ts';

export interface PreparedPlan {
  readonly plan: RestorePlan;
  /** Where the audit log ends here; undefined when the registry is damaged. */
  readonly head: AuditHead | undefined;
  /** Whether vault.json must come from the backup: there is none, none that can be read, or another one. */
  readonly needsVault: boolean;
}

/**
 * What decides is the registry, which holds what was issued and revoked: a vault.json that was lost or damaged is no
 * reason to forget any of it.
 * @throws Problem REGISTRY_BUSY, REGISTRY_NEWER, VAULT_NEWER: what is here is not damaged, and must not give way
 */
export function planRestore(context: CoreContext, backup: BackupSummary): PreparedPlan {
  const vault = readable(() => ({ id: context.vault.status().id }), 'VAULT_DAMAGED');
  const registry = readable(() => present(context), 'REGISTRY_DAMAGED');
  const here = {
    vaultId: vault?.id ?? null,
    certificates: registry?.certificates ?? null,
    auditSeq: registry?.head.seq ?? null,
  };
  const needsVault = vault?.id !== backup.vaultId;
  const plan = (mode: RestorePlan['mode'], reason: RestorePlan['reason']): PreparedPlan => ({
    plan: { mode, reason, present: here, backup },
    head: registry?.head,
    needsVault,
  });
  if (registry === undefined) return plan('replace', 'registry-damaged');
  const owner = registry.vaultId ?? vault?.id;
  if (owner === undefined && registry.certificates === 0 && !registry.hasSecrets)
    return vault === undefined ? plan('replace', 'vault-damaged') : plan('create', 'empty');
  if (owner !== backup.vaultId) return plan('replace', vault === undefined ? 'vault-damaged' : 'other-vault');
  return plan('merge', vault === undefined ? 'vault-damaged' : needsVault ? 'vault-absent' : 'same-vault');
}

function present({ registry }: CoreContext) {
  registry.quickCheck();
  return registry.read((rows) => ({
    certificates: rows.certificates.count(),
    head: auditHead(rows),
    hasSecrets: rows.secrets.any(),
    vaultId: rows.settings.get(vaultIdKey),
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
