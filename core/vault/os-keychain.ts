import { type Keychain, KeychainError } from './keychain.ts';

/**
 * The real one: Secret Service (GNOME Keyring, KWallet) on Linux, Credential Manager on Windows, Keychain on macOS,
 * through @napi-rs/keyring. Its native part is loaded at the first use.
 */
export function osKeychain(service: string): Keychain {
  // Without this option Linux silently falls back to the kernel's keyring, which forgets at reboot.
  const options = { linux: { store: 'secret-service' } } as const;

  const entry = async (account: string) => {
    const { AsyncEntry } = await import('@napi-rs/keyring');
    return new AsyncEntry(service, account, options);
  };

  return {
    async get(account) {
      const secret = await answer(async () => (await entry(account)).getSecret());
      return secret === null ? undefined : Uint8Array.from(secret);
    },
    async set(account, secret) {
      await answer(async () => (await entry(account)).setSecret(secret));
    },
    async delete(account) {
      await answer(async () => (await entry(account)).deleteCredential());
    },
  };
}

/** The library has one error code for everything, so its words must do. They name stores, never secrets. */
async function answer<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no reason given';
    const isLocked = /prompt was dismissed|IsLocked|is locked|interaction is not allowed|user cancel/i.test(
      reason,
    );
    throw new KeychainError(isLocked ? 'locked' : 'unavailable', reason.slice(0, 200));
  }
}
