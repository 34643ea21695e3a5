import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../../contract/problem.ts';
import { derive } from './seal.ts';
import { type Slot, type SlotKind, slotIdentity, slotSchema } from './slot.ts';

/** The format this code reads and writes. */
const format = 1;
/** Attempts with one secret cost one key derivation for each slot of its kind. */
export const maximumSlots = 16;

const bodySchema = z.strictObject({
  format: z.literal(format),
  id: z.uuid(),
  slots: z.array(slotSchema).min(1).max(maximumSlots),
  check: z.hex().length(64),
  digest: z.hex().length(64),
});

/** vault.json without the two fields that are computed from the rest. */
export interface VaultBody {
  readonly id: string;
  readonly slots: readonly Slot[];
}

/** vault.json as read. */
export interface StoredVault extends VaultBody {
  readonly check: string;
}

/**
 * The text of vault.json. Two values guard it:
 * - `check`, an HMAC under the vault key, shows who opens it that nobody else changed it, and that the key is right;
 * - `digest`, a SHA-256 of the text around itself, shows damage to everybody, before any secret is asked for.
 */
export function writeVault(body: VaultBody, vaultKey: Uint8Array): Uint8Array {
  const { id, slots } = body;
  const text = JSON.stringify({ format, id, slots, check: checkValue(body, vaultKey), digest: '' }, null, 2);
  return Buffer.from(`${text.replace(/""\n\}$/, `"${sha256(text)}"\n}`)}\n`);
}

/**
 * Reads vault.json. `despiteDamage` skips the digest, for a rescue: a slot that still opens proves itself.
 * @throws Problem VAULT_DAMAGED, or VAULT_NEWER for an intact file of a later format.
 */
export function readVault(content: Uint8Array, path: string, despiteDamage = false): StoredVault {
  const damaged = (reason: string) => new Problem('VAULT_DAMAGED', { path, reason });
  const text = decodeText(content);
  if (text === undefined || text.length > 100_000) throw damaged('not a vault file');
  // Every format to come ends in this line, so that damage and novelty can be told apart.
  const digest = /"digest": "([0-9a-f]{64})"\n\}\n$/.exec(text)?.[1];
  const isIntact = digest !== undefined && sha256(`${text.slice(0, -69)}""\n}`) === digest;
  if (!isIntact && !despiteDamage) throw damaged('its digest does not match');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged('not JSON');
  }
  const found = z.object({ format: z.int() }).safeParse(json).data?.format;
  if (isIntact && found !== undefined && found > format) {
    throw new Problem('VAULT_NEWER', { path, found, supported: format });
  }
  const body = bodySchema.safeParse(json);
  if (!body.success) throw damaged(`unexpected ${body.error.issues[0]?.path.join('.') || 'content'}`);
  return body.data;
}

/** Whether this is the vault of this key, unchanged by anybody else. */
export function isVaultOf(vaultKey: Uint8Array, vault: StoredVault): boolean {
  const expected = Buffer.from(checkValue(vault, vaultKey), 'hex');
  return timingSafeEqual(expected, Buffer.from(vault.check, 'hex'));
}

/** The kinds of its slots, each once. */
export function slotKinds(vault: VaultBody): SlotKind[] {
  return [...new Set(vault.slots.map((slot) => slot.kind))];
}

function checkValue(body: VaultBody, vaultKey: Uint8Array): string {
  const slots = body.slots.map((slot) => [slot.kind, slotIdentity(body.id, slot), slot.wrapped]);
  const key = derive(vaultKey, 'vault file');
  const value = createHmac('sha256', key)
    .update(JSON.stringify([format, body.id, slots]))
    .digest('hex');
  key.fill(0);
  return value;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function decodeText(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}
