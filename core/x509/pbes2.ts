/** PBES2 (RFC 8018 §6.2): PBKDF2 or scrypt (RFC 7914), then AES or DES in CBC mode. What OpenSSL 3 and Windows write. */
import { pbkdf2Sync, randomBytes, scryptSync } from 'node:crypto';
import { type CipherName, cipherSizes, encryptCbc } from './cbc.ts';
import { type DerReader, integer, nullValue, octetString, oid, sequence, Tag } from './der.ts';
import type { DerivationBudget } from './derivation-budget.ts';
import { X509Error } from './errors.ts';
import type { PbeScheme } from './pbe-scheme.ts';
import { type DigestName, digestLength } from './pkcs12/key-derivation.ts';

export const pbes2Oid = '1.2.840.113549.1.5.13';
const pbkdf2Oid = '1.2.840.113549.1.5.12';
const scryptOid = '1.3.6.1.4.1.11591.4.11';
const hmacWithSHA256 = '1.2.840.113549.2.9';
const aes256Cbc = '2.16.840.1.101.3.4.1.42';

/** RFC 8018 §B.1.2: pseudorandom functions, and what one iteration costs in units of the budget. */
const prfs: Readonly<
  Record<string, { readonly digest: DigestName; readonly name: string; readonly units: number }>
> = {
  '1.2.840.113549.2.7': { digest: 'sha1', name: 'HMAC-SHA1', units: 1 },
  '1.2.840.113549.2.8': { digest: 'sha224', name: 'HMAC-SHA224', units: 1 },
  [hmacWithSHA256]: { digest: 'sha256', name: 'HMAC-SHA256', units: 1 },
  '1.2.840.113549.2.10': { digest: 'sha384', name: 'HMAC-SHA384', units: 2 },
  '1.2.840.113549.2.11': { digest: 'sha512', name: 'HMAC-SHA512', units: 2 },
};

const encryptionSchemes: Readonly<Record<string, CipherName>> = {
  '2.16.840.1.101.3.4.1.2': 'AES-128-CBC',
  '2.16.840.1.101.3.4.1.22': 'AES-192-CBC',
  [aes256Cbc]: 'AES-256-CBC',
  '1.2.840.113549.3.7': 'DES-EDE3-CBC',
  '1.3.14.3.2.7': 'DES-CBC',
};

/** A key derivation function with its parameters; `keyLength` is set when the file says it. */
export interface KeyDerivation {
  readonly name: string;
  readonly iterations: number;
  readonly keyLength: number | undefined;
  readonly derive: (password: Uint8Array, length: number, budget: DerivationBudget) => Uint8Array;
}

/**
 * PBES2-params, behind its OID.
 * @throws X509Error UNSUPPORTED_ALGORITHM, DER_MALFORMED.
 */
export function readPbes2(algorithm: DerReader, what: string): PbeScheme {
  const parameters = algorithm.enter();
  algorithm.end();
  const derivation = readKeyDerivation(parameters.enter(), what);
  const scheme = parameters.enter();
  parameters.end();
  const schemeOid = scheme.oid();
  const cipher = encryptionSchemes[schemeOid];
  if (cipher === undefined) throw new X509Error('UNSUPPORTED_ALGORITHM', { what, algorithm: schemeOid });
  const iv = scheme.octets();
  scheme.end();
  const { keyLength } = cipherSizes(cipher);
  if (derivation.keyLength !== undefined && derivation.keyLength !== keyLength)
    throw scheme.malformed('keyLength');
  return {
    algorithm: `${cipher}, ${derivation.name}`,
    iterations: derivation.iterations,
    encoding: 'utf8',
    cipher,
    derive: (password, budget) => ({ key: derivation.derive(password, keyLength, budget), iv }),
  };
}

/** The contents of a keyDerivationFunc AlgorithmIdentifier. */
export function readKeyDerivation(algorithm: DerReader, what: string): KeyDerivation {
  const derivationOid = algorithm.oid();
  if (derivationOid !== pbkdf2Oid && derivationOid !== scryptOid)
    throw new X509Error('UNSUPPORTED_ALGORITHM', { what, algorithm: derivationOid });
  const parameters = algorithm.enter();
  algorithm.end();
  return derivationOid === scryptOid ? readScrypt(parameters) : readPbkdf2(parameters, what);
}

/** PBKDF2-params (RFC 8018 §A.2). */
function readPbkdf2(parameters: DerReader, what: string): KeyDerivation {
  // The CHOICE's other half, a salt from an AlgorithmIdentifier, was never defined for anything.
  const salt = parameters.octets();
  const iterations = parameters.smallInteger();
  const keyLength = parameters.peek() === Tag.integer ? parameters.smallInteger() : undefined;
  let prfOid = '1.2.840.113549.2.7';
  const prfReader = parameters.enterOptional(Tag.sequence);
  if (prfReader) {
    prfOid = prfReader.oid();
    prfReader.optional(Tag.null);
    prfReader.end();
  }
  parameters.end();
  const prf = prfs[prfOid];
  if (prf === undefined) throw new X509Error('UNSUPPORTED_ALGORITHM', { what, algorithm: prfOid });
  return {
    name: `PBKDF2-${prf.name}`,
    iterations,
    keyLength,
    derive(password, length, budget) {
      budget.spendIterations(iterations, Math.ceil(length / digestLength(prf.digest)), prf.units);
      return pbkdf2Sync(password, salt, iterations, length, prf.digest);
    },
  };
}

/** scrypt-params (RFC 7914 §7.1). */
function readScrypt(parameters: DerReader): KeyDerivation {
  const salt = parameters.octets();
  const [n, r, p] = [parameters.smallInteger(), parameters.smallInteger(), parameters.smallInteger()];
  const keyLength = parameters.peek() === Tag.integer ? parameters.smallInteger() : undefined;
  parameters.end();
  return {
    name: `scrypt r=${r} p=${p}`,
    iterations: n,
    keyLength,
    derive(password, length, budget) {
      budget.spendScrypt(n, r, p);
      // Above the ceiling of the budget, which is what decides.
      return scryptSync(password, salt, length, { N: n, r, p, maxmem: 2 ** 30 });
    },
  };
}

/** PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA256, fresh salt and IV: the algorithm and its output. */
export function sealPbes2(
  plaintext: Uint8Array,
  password: string,
  iterations: number,
): { readonly algorithm: Uint8Array; readonly ciphertext: Uint8Array } {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const key = pbkdf2Sync(Buffer.from(password, 'utf8'), salt, iterations, 32, 'sha256');
  const prf = sequence(oid(hmacWithSHA256), nullValue());
  const derivation = sequence(oid(pbkdf2Oid), sequence(octetString(salt), integer(iterations), prf));
  const scheme = sequence(oid(aes256Cbc), octetString(iv));
  return {
    algorithm: sequence(oid(pbes2Oid), sequence(derivation, scheme)),
    ciphertext: encryptCbc('AES-256-CBC', key, iv, plaintext),
  };
}
