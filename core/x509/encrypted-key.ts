/**
 * Private keys under a password: encrypted PKCS#8 (RFC 5958) and the older PEM encryption of RFC 1421 headers that
 * OpenSSL writes with `-traditional`. Decrypted here because BoringSSL refuses most of them, and OpenSSL 3 some.
 */
import { createHash } from 'node:crypto';
import { cipherSizes, decryptCbc, isCipherName } from './cbc.ts';
import { context, contextPrimitive, DerReader, octetString, sequence } from './der.ts';
import { DerivationBudget } from './derivation-budget.ts';
import { X509Error } from './errors.ts';
import { PasswordForms } from './password-encoding.ts';
import { sealPbes2 } from './pbes2.ts';
import type { PemBlock } from './pem.ts';
import { readSealed, unseal, wrongPassword } from './sealed.ts';

const what = 'private key';
/** One PBKDF2 for a key that a person's password protects: about 0.1 s on a laptop. */
const writtenIterations = 600_000;

/**
 * The plain PKCS#8 DER inside an EncryptedPrivateKeyInfo (PEM `ENCRYPTED PRIVATE KEY`).
 * @throws X509Error WRONG_PASSWORD, PASSWORD_REQUIRED when the password is empty and does not fit,
 *   UNSUPPORTED_ALGORITHM {algorithm: OID}, INPUT_TOO_LARGE when the file asks for too much work, DER_MALFORMED.
 */
export function decryptPkcs8(der: Uint8Array, password: string): Uint8Array {
  const outer = DerReader.over(der, what);
  const sealed = readSealed(outer.enter());
  outer.end();
  return unseal(sealed, new PasswordForms(password), new DerivationBudget(what), what, requirePrivateKeyInfo);
}

/**
 * EncryptedPrivateKeyInfo of a plain PKCS#8 key: PBES2, PBKDF2-HMAC-SHA256, AES-256-CBC, as OpenSSL 3 writes it.
 * @throws X509Error PASSWORD_REQUIRED for the empty password, DER_MALFORMED when `der` is not PKCS#8.
 */
export function encryptPkcs8(der: Uint8Array, password: string): Uint8Array {
  if (password === '') throw new X509Error('PASSWORD_REQUIRED', { what });
  const { algorithm, ciphertext } = sealPbes2(requirePrivateKeyInfo(der), password, writtenIterations);
  return sequence(algorithm, octetString(ciphertext));
}

/** True for a PEM block with `Proc-Type: 4,ENCRYPTED` (RFC 1421 §4.6.1.1). */
export function isTraditionallyEncrypted(block: PemBlock): boolean {
  return /^4\s*,\s*ENCRYPTED$/.test(block.headers['Proc-Type'] ?? '');
}

/**
 * The PKCS#1 or SEC 1 DER inside a PEM block with `Proc-Type: 4,ENCRYPTED` and `DEK-Info`.
 * @throws X509Error WRONG_PASSWORD, PASSWORD_REQUIRED when the password is empty and does not fit,
 *   UNSUPPORTED_ALGORITHM {algorithm: OpenSSL's name of it}, PEM_MALFORMED when the headers are not these, DER_MALFORMED.
 */
export function decryptTraditionalPem(block: PemBlock, password: string): Uint8Array {
  const [, cipherName, hex] =
    /^([\w-]+)\s*,\s*((?:[0-9A-Fa-f]{2})+)$/.exec(block.headers['DEK-Info'] ?? '') ?? [];
  if (!isTraditionallyEncrypted(block) || cipherName === undefined || hex === undefined)
    throw new X509Error('PEM_MALFORMED', { what, reason: 'Proc-Type and DEK-Info' });
  const cipher = cipherName.toUpperCase();
  if (!isCipherName(cipher) || cipher.startsWith('RC2'))
    throw new X509Error('UNSUPPORTED_ALGORITHM', { what, algorithm: cipherName.slice(0, 40) });
  const iv = Buffer.from(hex, 'hex');
  const key = bytesToKey(password, iv.subarray(0, 8), cipherSizes(cipher).keyLength);
  const plain = decryptCbc(cipher, key, iv, block.bytes, what);
  if (plain === undefined || !isVersionedSequence(plain))
    throw wrongPassword(new PasswordForms(password), what);
  return plain;
}

/** OpenSSL's EVP_BytesToKey with MD5 and one round; the salt is the first half of the IV. */
function bytesToKey(password: string, salt: Uint8Array, length: number): Uint8Array {
  let key: Uint8Array = new Uint8Array(0);
  let last: Uint8Array = new Uint8Array(0);
  while (key.length < length) {
    last = createHash('md5').update(last).update(password, 'utf8').update(salt).digest();
    key = Buffer.concat([key, last]);
  }
  return key.subarray(0, length);
}

/** RSAPrivateKey, ECPrivateKey and their like: one SEQUENCE that starts with an INTEGER, well-formed to its end. */
function isVersionedSequence(der: Uint8Array): boolean {
  try {
    const outer = DerReader.over(der, what);
    const key = outer.enter();
    outer.end();
    key.integerBytes();
    while (!key.atEnd) key.any();
    return true;
  } catch (error) {
    if (error instanceof X509Error) return false;
    throw error;
  }
}

/**
 * `der` itself when it is one PrivateKeyInfo or OneAsymmetricKey (RFC 5958 §2).
 * @throws X509Error DER_MALFORMED otherwise.
 */
export function requirePrivateKeyInfo(der: Uint8Array): Uint8Array {
  const outer = DerReader.over(der, what);
  const info = outer.enter();
  outer.end();
  if (info.smallInteger() > 1) throw info.malformed('version');
  const algorithm = info.enter();
  algorithm.oid();
  while (!algorithm.atEnd) algorithm.any();
  info.octets();
  info.optional(context(0));
  info.optional(contextPrimitive(1));
  info.end();
  return der;
}
