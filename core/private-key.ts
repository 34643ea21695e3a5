/** Private keys at rest: sealed by the vault, a row of the registry. */
import { randomUUID } from 'node:crypto';
import type { CoreContext } from './context.ts';
import type { SecretRecord } from './registry/records.ts';

/**
 * A new row for a key (PKCS#8 DER, which the caller wipes), to be written with what it belongs to.
 * @throws Problem VAULT_LOCKED
 */
export function sealPrivateKey({ vault, clock }: CoreContext, pkcs8: Uint8Array): SecretRecord {
  const [id, kind] = [randomUUID(), 'private-key'] as const;
  return { id, kind, sealed: vault.seal(kind, id, pkcs8), createdAt: clock().toISOString() };
}
