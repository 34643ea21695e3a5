/** Octets under a password: an AlgorithmIdentifier and its ciphertext, as PKCS#8 and PKCS#12 both write them. */
import { decryptCbc } from './cbc.ts';
import { type DerReader, Tag } from './der.ts';
import type { DerivationBudget } from './derivation-budget.ts';
import { X509Error } from './errors.ts';
import type { PasswordForms } from './password-encoding.ts';
import { readPbe } from './pbe.ts';

/** EncryptedPrivateKeyInfo (RFC 5958 §3) and EncryptedContentInfo (RFC 5652 §6.1): an algorithm and its output. */
export interface Sealed {
  /** DER AlgorithmIdentifier. */
  readonly algorithm: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/**
 * Decrypts `sealed` and gives what `interpret` makes of the plaintext. Padding alone says "right" to one wrong
 * password in 256, so `interpret` must throw X509Error when the plaintext is not what it should be.
 * @throws X509Error WRONG_PASSWORD (PASSWORD_REQUIRED for the empty one), UNSUPPORTED_ALGORITHM, DER_MALFORMED, INPUT_TOO_LARGE.
 */
export function unseal<T>(
  sealed: Sealed,
  password: PasswordForms,
  budget: DerivationBudget,
  what: string,
  interpret: (plaintext: Uint8Array) => T,
): T {
  const pbe = readPbe(sealed.algorithm, what);
  for (const form of password.encoded(pbe.encoding)) {
    const { key, iv } = pbe.derive(form, budget);
    const plaintext = decryptCbc(pbe.cipher, key, iv, sealed.ciphertext, what);
    if (plaintext === undefined) continue;
    try {
      const result = interpret(plaintext);
      password.fitted(form);
      return result;
    } catch (error) {
      if (!(error instanceof X509Error) || error.code === 'INPUT_TOO_LARGE') throw error;
    }
  }
  throw wrongPassword(password, what);
}

/** The empty password that fails means that nobody was asked yet. */
export function wrongPassword(password: PasswordForms, what: string): X509Error {
  return new X509Error(password.isEmpty ? 'PASSWORD_REQUIRED' : 'WRONG_PASSWORD', { what });
}

/** AlgorithmIdentifier, then OCTET STRING, as one SEQUENCE. */
export function readSealed(reader: DerReader): Sealed {
  const algorithm = reader.read(Tag.sequence);
  const ciphertext = reader.octets();
  reader.end();
  return { algorithm: algorithm.encoded, ciphertext };
}
