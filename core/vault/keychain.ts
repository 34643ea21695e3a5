import { randomBytes, randomUUID } from 'node:crypto';

/**
 * The operating system's store of small secrets. `account` names an entry of Warifu's; a secret is a key of 32
 * octets, because Windows Credential Manager holds at most 2,560.
 *
 * Every method throws `KeychainError` when the keychain as a whole does not answer.
 */
export interface Keychain {
  /** `undefined` when there is no such entry. Some keychains answer so when they do not work at all: see `probe`. */
  get(account: string): Promise<Uint8Array | undefined>;
  set(account: string, secret: Uint8Array): Promise<void>;
  /** No error when there is none. */
  delete(account: string): Promise<void>;
}

/** The keychain does not answer. `locked`: it would, once its owner unlocks it. */
export class KeychainError extends Error {
  override readonly name = 'KeychainError';
  readonly state: 'unavailable' | 'locked';

  constructor(state: 'unavailable' | 'locked', reason: string) {
    super(reason);
    this.state = state;
  }
}

/**
 * Writes, reads and deletes a throw-away entry. Only this shows that a keychain really keeps something: without a
 * default collection, reading "works" and finds nothing.
 * @throws KeychainError
 */
export async function probe(keychain: Keychain): Promise<void> {
  const account = `probe/${randomUUID()}`;
  const secret = randomBytes(32);
  await keychain.set(account, secret);
  const found = await keychain.get(account);
  await keychain.delete(account);
  if (found === undefined || !secret.equals(found)) {
    throw new KeychainError('unavailable', 'it does not keep what it was given');
  }
}
