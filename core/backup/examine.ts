/** Everything of a registry that can be proved, with its vault open. */
import { Problem } from '../../contract/problem.ts';
import type { AuditHead } from '../audit/anchor.ts';
import { verifyKeptAudit } from '../audit/verify.ts';
import type { Registry } from '../registry/registry.ts';
import type { Vault } from '../vault/vault.ts';

export interface Examined {
  readonly certificates: number;
  /** The first thing that cannot be as it was written, in words of the formats: `audit 17 (hash)`. */
  readonly damage: string | undefined;
}

/** SQLite's own structure, every certificate row, the audit log, and the seal of every CA key. */
export function examine(
  registry: Registry,
  vault: Pick<Vault, 'deriveKey' | 'unseal'>,
  anchors: readonly AuditHead[] = [],
): Examined {
  try {
    const { certificates } = registry.verify();
    checkAuthorityKeys(registry, vault);
    return { certificates, damage: auditDamage(registry, vault, anchors) };
  } catch (error) {
    const damage = error instanceof Problem ? damageIn(error) : undefined;
    if (damage === undefined) throw error;
    return { certificates: 0, damage };
  }
}

function auditDamage(
  registry: Registry,
  vault: Pick<Vault, 'deriveKey'>,
  anchors: readonly AuditHead[],
): string | undefined {
  const macKey = vault.deriveKey('audit');
  const verdict = registry.read((rows) => verifyKeptAudit(rows, macKey, anchors));
  macKey.fill(0);
  return verdict.ok ? undefined : `audit ${verdict.seq} (${verdict.kind})`;
}

function checkAuthorityKeys(registry: Registry, vault: Pick<Vault, 'unseal'>): void {
  const secrets = registry.read((rows) =>
    rows.authorities
      .list()
      .flatMap(({ secretId }) => (secretId === null ? [] : [rows.secrets.get(secretId)!])),
  );
  for (const { id, kind, sealed } of secrets) vault.unseal(kind, id, sealed).fill(0);
}

/** `undefined` for what is no damage: another one writes, the vault is locked. */
function damageIn({ code, data }: Problem): string | undefined {
  const told: Readonly<Record<string, unknown>> = data;
  if (code === 'REGISTRY_ROW_DAMAGED') return `${told['table']} ${told['row']}`;
  if (code === 'REGISTRY_DAMAGED') return `registry.db: ${told['reason']}`;
  if (code === 'SECRET_DAMAGED') return `${told['kind']} ${told['id']}`;
  return undefined;
}
