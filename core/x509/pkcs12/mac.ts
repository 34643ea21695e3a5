/** The MAC over a PKCS#12: HMAC under the PKCS#12 derivation (RFC 7292 §4), and PBMAC1 (RFC 9579). */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type DerReader, integer, nullValue, octetString, oid, sequence, Tag } from '../der.ts';
import { DerivationBudget } from '../derivation-budget.ts';
import { X509Error } from '../errors.ts';
import { bmpPassword, type PasswordEncoding, type PasswordForms } from '../password-encoding.ts';
import type { Protection } from '../pbe-scheme.ts';
import { readKeyDerivation } from '../pbes2.ts';
import { type DigestName, deriveFromPkcs12Password, digestLength, Purpose } from './key-derivation.ts';

const pbmac1Oid = '1.2.840.113549.1.5.14';

const digestOids = {
  sha1: '1.3.14.3.2.26',
  sha224: '2.16.840.1.101.3.4.2.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const satisfies Record<DigestName, string>;

/** RFC 8018 §B.1.2, the HMACs that PBMAC1 names. */
const hmacOids: Readonly<Record<string, DigestName>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

/** A MAC as the file states it; `deriveKey` turns one encoding of a password into the HMAC key. */
export interface MacData extends Protection {
  readonly encoding: PasswordEncoding;
  readonly digest: DigestName;
  readonly expected: Uint8Array;
  readonly deriveKey: (password: Uint8Array, budget: DerivationBudget) => Uint8Array;
}

/** The contents of MacData. @throws X509Error UNSUPPORTED_ALGORITHM, DER_MALFORMED. */
export function readMacData(reader: DerReader, what: string): MacData {
  const digestInfo = reader.enter();
  const algorithm = digestInfo.enter();
  const expected = digestInfo.octets();
  digestInfo.end();
  const salt = reader.octets();
  const iterations = reader.peek() === Tag.integer ? reader.smallInteger() : 1;
  reader.end();
  const algorithmOid = algorithm.oid();
  if (algorithmOid === pbmac1Oid) return readPbmac1(algorithm.enter(), expected, what);
  const digest = (Object.keys(digestOids) as DigestName[]).find((name) => digestOids[name] === algorithmOid);
  if (digest === undefined) throw new X509Error('UNSUPPORTED_ALGORITHM', { what, algorithm: algorithmOid });
  const length = digestLength(digest);
  return {
    algorithm: `HMAC-${digest.toUpperCase()}`,
    iterations,
    encoding: 'bmp',
    digest,
    expected,
    deriveKey: (password, budget) =>
      deriveFromPkcs12Password({ digest, purpose: Purpose.mac, password, salt, iterations, length }, budget),
  };
}

/** PBMAC1-params (RFC 9579): salt and iterations of MacData mean nothing then; keyLength must be there and mean something. */
function readPbmac1(parameters: DerReader, expected: Uint8Array, what: string): MacData {
  const derivation = readKeyDerivation(parameters.enter(), what);
  const hmacOid = parameters.enter().oid();
  parameters.end();
  const digest = hmacOids[hmacOid];
  if (digest === undefined) throw new X509Error('UNSUPPORTED_ALGORITHM', { what, algorithm: hmacOid });
  const { keyLength } = derivation;
  if (keyLength === undefined || keyLength < 20 || keyLength > 64) throw parameters.malformed('keyLength');
  return {
    algorithm: `PBMAC1 HMAC-${digest.toUpperCase()}, ${derivation.name}`,
    iterations: derivation.iterations,
    encoding: 'utf8',
    digest,
    expected,
    deriveKey: (password, budget) => derivation.derive(password, keyLength, budget),
  };
}

/** True when `password`, in one of its encodings, gives the MAC that the file carries. @throws X509Error INPUT_TOO_LARGE. */
export function verifyMac(
  mac: MacData,
  content: Uint8Array,
  password: PasswordForms,
  budget: DerivationBudget,
): boolean {
  if (mac.expected.length !== digestLength(mac.digest)) return false;
  const fitting = password.encoded(mac.encoding).find((form) => {
    const actual = createHmac(mac.digest, mac.deriveKey(form, budget)).update(content).digest();
    return timingSafeEqual(actual, mac.expected);
  });
  if (fitting !== undefined) password.fitted(fitting);
  return fitting !== undefined;
}

/** DER MacData over `content`: HMAC with `digest` under the PKCS#12 derivation. */
export function makeMacData(
  content: Uint8Array,
  password: string,
  digest: 'sha1' | 'sha256',
  iterations: number,
): Uint8Array {
  // Eight octets: some versions of macOS refuse a file whose MAC salt is longer.
  const salt = randomBytes(8);
  const key = deriveFromPkcs12Password(
    {
      digest,
      purpose: Purpose.mac,
      password: bmpPassword(password),
      salt,
      iterations,
      length: digestLength(digest),
    },
    new DerivationBudget('PKCS#12 file'),
  );
  const mac = createHmac(digest, key).update(content).digest();
  const digestInfo = sequence(sequence(oid(digestOids[digest]), nullValue()), octetString(mac));
  return sequence(digestInfo, octetString(salt), integer(iterations));
}
