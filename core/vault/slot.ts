import { z } from 'zod';
import type { Problem } from '../../contract/problem.ts';
import { seal, unseal } from './seal.ts';

/** What a passphrase slot stores: scrypt (RFC 7914) and its cost. */
const passphraseParameters = z.strictObject({
  kdf: z.literal('scrypt'),
  N: z.int(),
  r: z.int(),
  p: z.int(),
  salt: z.base64(),
});

/** What a keychain slot stores: where the operating system keeps the wrapping key. */
const keychainParameters = z.strictObject({ service: z.string(), account: z.string() });

/** What a recovery-code slot stores. The code has its full entropy, so its KDF need not be slow. */
const recoveryCodeParameters = z.strictObject({ kdf: z.literal('hkdf-sha256'), salt: z.base64() });

function slotOf<K extends string, P extends z.ZodType>(kind: K, parameters: P) {
  const fields = { id: z.uuid(), kind: z.literal(kind), createdAt: z.iso.datetime() };
  return z.strictObject({ ...fields, parameters, wrapped: z.base64() });
}

/** A slot as vault.json holds it: the vault key, sealed under a wrapping key that only its owner can come by. */
export const slotSchema = z.discriminatedUnion('kind', [
  slotOf('passphrase', passphraseParameters),
  slotOf('keychain', keychainParameters),
  slotOf('recovery-code', recoveryCodeParameters),
]);

export type Slot = Readonly<z.infer<typeof slotSchema>>;
export type SlotKind = Slot['kind'];
export type PassphraseParameters = Readonly<z.infer<typeof passphraseParameters>>;
export type KeychainParameters = Readonly<z.infer<typeof keychainParameters>>;
export type RecoveryCodeParameters = Readonly<z.infer<typeof recoveryCodeParameters>>;

/** One way to a wrapping key: a passphrase, a recovery code or a keychain, at hand now. */
export interface SlotOpener<Parameters = Slot['parameters']> {
  readonly kind: SlotKind;
  /** Chooses the parameters of a new slot and stores what must be stored outside of the vault. */
  create(account: string): Promise<Parameters>;
  /**
   * The 32 octets that wrap the vault key in this slot; the caller wipes them.
   * @throws Problem when they cannot be had at all. A wrong passphrase is no such case: it gives a wrong key.
   */
  wrappingKey(parameters: Parameters): Promise<Uint8Array>;
  /** What to say when that key does not open the slot. */
  refusal(parameters: Parameters): Problem;
  /** Takes back what `create` stored outside. Never throws: what is left behind is useless alone. */
  discard(parameters: Parameters): Promise<void>;
}

/** Seals the vault key; everything the slot says about itself is bound in. */
export function wrap(
  vaultId: string,
  slot: Omit<Slot, 'wrapped'>,
  wrappingKey: Uint8Array,
  vaultKey: Uint8Array,
): string {
  const sealed = seal(wrappingKey, `slot ${slot.kind}`, slotIdentity(vaultId, slot), vaultKey);
  return Buffer.from(sealed).toString('base64');
}

/** The vault key, or `undefined` when the wrapping key is wrong or the slot was altered. */
export function unwrap(vaultId: string, slot: Slot, wrappingKey: Uint8Array): Uint8Array | undefined {
  const sealed = Buffer.from(slot.wrapped, 'base64');
  const vaultKey = unseal(wrappingKey, `slot ${slot.kind}`, slotIdentity(vaultId, slot), sealed);
  return vaultKey?.length === 32 ? vaultKey : undefined;
}

/** `["vault id","slot id","created at",[["name",value],…]]`, parameters in the order of their names. */
export function slotIdentity(vaultId: string, slot: Omit<Slot, 'wrapped'>): string {
  const parameters = Object.entries(slot.parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([vaultId, slot.id, slot.createdAt, parameters]);
}
