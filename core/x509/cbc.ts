/**
 * The block ciphers of password-protected keys, all in CBC mode with PKCS#7 padding (RFC 8018 §6.1.1).
 * Built on aes-*-cbc and des-ede3-cbc alone, which OpenSSL and BoringSSL both have: single DES is triple DES with
 * three equal keys, two-key triple DES repeats its first key.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { X509Error } from './errors.ts';
import { decryptRc2Cbc } from './rc2.ts';

interface Cipher {
  /** Octets of key, as derived from the password. */
  readonly keyLength: number;
  /** Octets of block and IV. */
  readonly blockLength: number;
  /** The cipher of node:crypto that does it, or RC2's effective key bits. */
  readonly native: string | undefined;
  readonly rc2Bits?: number;
}

const ciphers = {
  'AES-128-CBC': { keyLength: 16, blockLength: 16, native: 'aes-128-cbc' },
  'AES-192-CBC': { keyLength: 24, blockLength: 16, native: 'aes-192-cbc' },
  'AES-256-CBC': { keyLength: 32, blockLength: 16, native: 'aes-256-cbc' },
  'DES-EDE3-CBC': { keyLength: 24, blockLength: 8, native: 'des-ede3-cbc' },
  'DES-EDE-CBC': { keyLength: 16, blockLength: 8, native: 'des-ede3-cbc' },
  'DES-CBC': { keyLength: 8, blockLength: 8, native: 'des-ede3-cbc' },
  'RC2-128-CBC': { keyLength: 16, blockLength: 8, native: undefined, rc2Bits: 128 },
  'RC2-64-CBC': { keyLength: 8, blockLength: 8, native: undefined, rc2Bits: 64 },
  'RC2-40-CBC': { keyLength: 5, blockLength: 8, native: undefined, rc2Bits: 40 },
} as const satisfies Record<string, Cipher>;

export type CipherName = keyof typeof ciphers;

/** True for the names of OpenSSL's `DEK-Info` and of our own tables. */
export const isCipherName = (name: string): name is CipherName => Object.hasOwn(ciphers, name);

/** Octets of key and of IV that `name` takes. */
export function cipherSizes(name: CipherName): { readonly keyLength: number; readonly blockLength: number } {
  return ciphers[name];
}

/** Triple DES from one, two or three DES keys. */
function nativeKey(cipher: Cipher, key: Uint8Array): Uint8Array {
  if (cipher.native !== 'des-ede3-cbc' || key.length === 24) return key;
  return key.length === 16 ? Buffer.concat([key, key.subarray(0, 8)]) : Buffer.concat([key, key, key]);
}

/**
 * The plaintext without its padding, or undefined when the padding is wrong: the key was not the right one.
 * @throws X509Error DER_MALFORMED when `ciphertext` cannot be the output of the cipher or the IV has the wrong size.
 */
export function decryptCbc(
  name: CipherName,
  key: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
  what: string,
): Uint8Array | undefined {
  const cipher: Cipher = ciphers[name];
  if (iv.length !== cipher.blockLength)
    throw new X509Error('DER_MALFORMED', { what, reason: 'initialization vector', offset: 0 });
  if (ciphertext.length === 0 || ciphertext.length % cipher.blockLength !== 0)
    throw new X509Error('DER_MALFORMED', { what, reason: 'ciphertext is not whole blocks', offset: 0 });
  const padded =
    cipher.native === undefined
      ? decryptRc2Cbc(key, cipher.rc2Bits!, iv, ciphertext)
      : createDecipheriv(cipher.native, nativeKey(cipher, key), iv).setAutoPadding(false).update(ciphertext);
  return withoutPadding(padded, cipher.blockLength);
}

function withoutPadding(padded: Uint8Array, blockLength: number): Uint8Array | undefined {
  const count = padded.at(-1)!;
  if (count === 0 || count > blockLength) return undefined;
  const end = padded.length - count;
  return padded.subarray(end).every((octet) => octet === count) ? padded.subarray(0, end) : undefined;
}

/** The padded ciphertext. Only the ciphers worth writing: AES-256, and triple DES for old readers. */
export function encryptCbc(
  name: 'AES-256-CBC' | 'DES-EDE3-CBC',
  key: Uint8Array,
  iv: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  const cipher = createCipheriv(ciphers[name].native, key, iv);
  return Buffer.concat([cipher.update(plaintext), cipher.final()]);
}
