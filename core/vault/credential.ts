import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { Keychain } from './keychain.ts';
import { type Slot, type SlotKind, type SlotOpener, unwrap, wrap } from './slot.ts';
import { keychainOpener } from './slots/keychain.ts';
import { checkPassphrase, passphraseOpener } from './slots/passphrase.ts';
import { makeRecoveryCode, recoveryCodeOpener } from './slots/recovery-code.ts';

/** What opens the vault. */
export type Credential =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | { readonly kind: 'recovery-code'; readonly code: string }
  | { readonly kind: 'keychain' };

/** A slot to add. A recovery code is made here, never chosen. */
export type NewSlot =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | { readonly kind: 'recovery-code' }
  | { readonly kind: 'keychain' };

/** What the slots of one vault are opened with and made for. */
export interface SlotSurroundings {
  readonly vaultId: string;
  readonly keychain: Keychain | undefined;
  /** scrypt's N for new passphrase slots. */
  readonly scryptCost: number;
  /** The kinds of slots that open this vault, for the words of a refusal. */
  readonly usable: readonly SlotKind[];
}

/** @throws Problem RECOVERY_CODE_MISTYPED. */
export function openerFor(
  credential: Credential,
  { keychain, scryptCost, usable }: SlotSurroundings,
): SlotOpener {
  // Each opener is only ever given parameters of its own kind.
  switch (credential.kind) {
    case 'passphrase':
      return passphraseOpener(credential.passphrase, scryptCost, usable) as SlotOpener;
    case 'recovery-code':
      return recoveryCodeOpener(credential.code, usable) as SlotOpener;
    case 'keychain':
      return keychainOpener(keychain, usable) as SlotOpener;
  }
}

/** A slot that is ready to be written. */
export interface PreparedSlot {
  readonly slot: Slot;
  /** Shows, after the writing, that the slot opens. Whoever holds this wipes it. */
  readonly wrappingKey: Uint8Array;
  readonly recoveryCode: string | undefined;
  /** Takes back what was stored outside of the vault, when the slot does not come to be. */
  readonly abandon: () => Promise<void>;
}

/**
 * Makes a slot and opens it once the long way (a second scrypt, a second look into the keychain), so that nothing
 * is written that would not open.
 * @throws Problem PASSPHRASE_TOO_SHORT, PASSPHRASE_TOO_LONG, KEYCHAIN_UNAVAILABLE, KEYCHAIN_LOCKED.
 */
export async function prepareSlot(
  wanted: NewSlot,
  vaultKey: Uint8Array,
  createdAt: Date,
  surroundings: SlotSurroundings,
): Promise<PreparedSlot> {
  if (wanted.kind === 'passphrase') checkPassphrase(wanted.passphrase);
  const recoveryCode = wanted.kind === 'recovery-code' ? makeRecoveryCode() : undefined;
  const credential = wanted.kind === 'recovery-code' ? { kind: wanted.kind, code: recoveryCode! } : wanted;
  const opener = openerFor(credential, surroundings);
  const { vaultId } = surroundings;
  const id = randomUUID();
  const parameters = await opener.create(`${vaultId}/${id}`);
  const abandon = () => opener.discard(parameters);
  try {
    const unwrapped = { id, kind: wanted.kind, createdAt: createdAt.toISOString(), parameters } as Omit<
      Slot,
      'wrapped'
    >;
    const first = await opener.wrappingKey(parameters);
    const slot = { ...unwrapped, wrapped: wrap(vaultId, unwrapped, first, vaultKey) } as Slot;
    first.fill(0);
    const wrappingKey = await opener.wrappingKey(parameters);
    proveOpens(vaultId, slot, wrappingKey, vaultKey);
    return { slot, wrappingKey, recoveryCode, abandon };
  } catch (error) {
    await abandon();
    throw error;
  }
}

/** @throws Error when the slot does not give this very key. */
export function proveOpens(vaultId: string, slot: Slot, wrappingKey: Uint8Array, vaultKey: Uint8Array): void {
  const opened = unwrap(vaultId, slot, wrappingKey);
  if (opened === undefined || !timingSafeEqual(opened, vaultKey))
    throw new Error('the new slot does not open');
  opened.fill(0);
}
