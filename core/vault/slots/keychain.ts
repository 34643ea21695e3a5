import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Problem } from '../../../contract/problem.ts';
import { type Keychain, KeychainError, probe } from '../keychain.ts';
import type { KeychainParameters, SlotKind, SlotOpener } from '../slot.ts';

/** The name under which the operating system shows Warifu's entries. */
export const keychainService = 'Warifu';
const keyLength = 32;

/**
 * The operating system keeps a random wrapping key. Convenience, never the only way in: whatever has happened to
 * the keychain is told apart and leaves vault and keychain as they are.
 *
 * `usable` are the kinds of slots that open the vault, for the words of a refusal.
 */
export function keychainOpener(
  keychain: Keychain | undefined,
  usable: readonly SlotKind[],
): SlotOpener<KeychainParameters> {
  const slots = usable.filter((kind) => kind !== 'keychain');

  const ask = async <T>(question: (keychain: Keychain) => Promise<T>): Promise<T> => {
    if (keychain === undefined)
      throw new Problem('KEYCHAIN_UNAVAILABLE', { reason: 'not offered here', slots });
    try {
      return await question(keychain);
    } catch (error) {
      if (!(error instanceof KeychainError)) throw error;
      if (error.state === 'locked') throw new Problem('KEYCHAIN_LOCKED', { slots });
      throw new Problem('KEYCHAIN_UNAVAILABLE', { reason: error.message, slots });
    }
  };

  return {
    kind: 'keychain',

    async create(account) {
      await ask(probe);
      const key = randomBytes(keyLength);
      try {
        const kept = await ask(async (store) => {
          await store.set(account, key);
          return store.get(account);
        });
        if (kept?.length !== keyLength || !timingSafeEqual(kept, key)) {
          throw new Problem('KEYCHAIN_UNAVAILABLE', { reason: 'it does not keep what it was given', slots });
        }
        kept.fill(0);
      } finally {
        key.fill(0);
      }
      return { service: keychainService, account };
    },

    async wrappingKey({ account }) {
      const key = await ask((store) => store.get(account));
      if (key === undefined) {
        // "No entry" and "no working keychain" can look the same.
        await ask(probe);
        throw new Problem('KEYCHAIN_ENTRY_MISSING', { account, slots });
      }
      if (key.length !== keyLength) {
        key.fill(0);
        throw new Problem('KEYCHAIN_ENTRY_FOREIGN', { account, slots });
      }
      return key;
    },

    refusal: ({ account }) => new Problem('KEYCHAIN_ENTRY_FOREIGN', { account, slots }),

    async discard({ account }) {
      await keychain?.delete(account).catch(() => {});
    },
  };
}
