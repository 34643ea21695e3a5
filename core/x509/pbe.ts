/**
 * Password-based encryption as an AlgorithmIdentifier describes it: the schemes of PKCS#12 (RFC 7292 App. C) and
 * PBES1 (RFC 8018 §6.1) here, PBES2 in pbes2.ts. All cost that the file chooses is drawn from a budget.
 */
import { createHash } from 'node:crypto';
import { type CipherName, cipherSizes } from './cbc.ts';
import { DerReader } from './der.ts';
import { X509Error } from './errors.ts';
import type { PbeScheme, Protection } from './pbe-scheme.ts';
import { pbes2Oid, readPbes2 } from './pbes2.ts';
import { deriveFromPkcs12Password, Purpose } from './pkcs12/key-derivation.ts';

/** RFC 7292 Appendix C. */
const pkcs12Schemes: Readonly<Record<string, { readonly name: string; readonly cipher: CipherName }>> = {
  '1.2.840.113549.1.12.1.3': { name: 'PBE-SHA1-3DES', cipher: 'DES-EDE3-CBC' },
  '1.2.840.113549.1.12.1.4': { name: 'PBE-SHA1-2DES', cipher: 'DES-EDE-CBC' },
  '1.2.840.113549.1.12.1.5': { name: 'PBE-SHA1-RC2-128', cipher: 'RC2-128-CBC' },
  '1.2.840.113549.1.12.1.6': { name: 'PBE-SHA1-RC2-40', cipher: 'RC2-40-CBC' },
};

/** RFC 8018 §A.3. */
const pbes1Schemes: Readonly<
  Record<string, { readonly name: string; readonly digest: 'md5' | 'sha1'; readonly cipher: CipherName }>
> = {
  '1.2.840.113549.1.5.3': { name: 'PBE-MD5-DES', digest: 'md5', cipher: 'DES-CBC' },
  '1.2.840.113549.1.5.6': { name: 'PBE-MD5-RC2-64', digest: 'md5', cipher: 'RC2-64-CBC' },
  '1.2.840.113549.1.5.10': { name: 'PBE-SHA1-DES', digest: 'sha1', cipher: 'DES-CBC' },
  '1.2.840.113549.1.5.11': { name: 'PBE-SHA1-RC2-64', digest: 'sha1', cipher: 'RC2-64-CBC' },
};

/**
 * The scheme of one DER AlgorithmIdentifier.
 * @throws X509Error UNSUPPORTED_ALGORITHM {what, algorithm: its OID}, DER_MALFORMED.
 */
export function readPbe(algorithmIdentifier: Uint8Array, what: string): PbeScheme {
  const outer = DerReader.over(algorithmIdentifier, what);
  const reader = outer.enter();
  outer.end();
  const oid = reader.oid();
  if (oid === pbes2Oid) return readPbes2(reader, what);
  const pkcs12 = pkcs12Schemes[oid];
  const pbes1 = pbes1Schemes[oid];
  if (!pkcs12 && !pbes1) throw new X509Error('UNSUPPORTED_ALGORITHM', { what, algorithm: oid });
  const { salt, iterations } = readSaltAndIterations(reader);
  if (pkcs12) return pkcs12Scheme(pkcs12.name, pkcs12.cipher, salt, iterations);
  return pbes1Scheme(pbes1!.name, pbes1!.digest, pbes1!.cipher, salt, iterations);
}

/** PBEParameter and pkcs-12PbeParams: the same two fields. */
function readSaltAndIterations(reader: DerReader): { salt: Uint8Array; iterations: number } {
  const parameters = reader.enter();
  reader.end();
  const salt = parameters.octets();
  const iterations = parameters.smallInteger();
  parameters.end();
  return { salt, iterations };
}

function pkcs12Scheme(name: string, cipher: CipherName, salt: Uint8Array, iterations: number): PbeScheme {
  const { keyLength, blockLength } = cipherSizes(cipher);
  return {
    algorithm: name,
    iterations,
    encoding: 'bmp',
    cipher,
    derive(password, budget) {
      const request = { digest: 'sha1', password, salt, iterations } as const;
      return {
        key: deriveFromPkcs12Password({ ...request, purpose: Purpose.key, length: keyLength }, budget),
        iv: deriveFromPkcs12Password({ ...request, purpose: Purpose.iv, length: blockLength }, budget),
      };
    },
  };
}

/** RFC 8018 §6.1.2 over PBKDF1 (§5.1): key and IV are the two halves of 16 derived octets. */
function pbes1Scheme(
  name: string,
  digest: 'md5' | 'sha1',
  cipher: CipherName,
  salt: Uint8Array,
  iterations: number,
): PbeScheme {
  return {
    algorithm: name,
    iterations,
    encoding: 'utf8',
    cipher,
    derive(password, budget) {
      budget.spendIterations(iterations, 1, 8);
      let derived: Uint8Array = createHash(digest).update(password).update(salt).digest();
      for (let i = 1; i < iterations; i++) derived = createHash(digest).update(derived).digest();
      return { key: derived.subarray(0, 8), iv: derived.subarray(8, 16) };
    },
  };
}

/** Name and iterations of the algorithm, for people; an algorithm we cannot run goes by its OID. */
export function describePbe(algorithmIdentifier: Uint8Array, what: string): Protection {
  try {
    const { algorithm, iterations } = readPbe(algorithmIdentifier, what);
    return { algorithm, iterations };
  } catch (error) {
    if (error instanceof X509Error && error.code === 'UNSUPPORTED_ALGORITHM')
      return { algorithm: `${error.data['algorithm']}`, iterations: 0 };
    throw error;
  }
}
