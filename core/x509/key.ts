/** Key pairs: RSA-2048/3072/4096 and EC P-256/P-384, in every form that people bring them. Private keys travel as PKCS#8 DER. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';
import { DerReader, nullValue, oid, sequence, Tag } from './der.ts';
import { decryptPkcs8, decryptTraditionalPem } from './encrypted-key.ts';
import { X509Error } from './errors.ts';
import { Oid } from './oids.ts';
import { looksLikePem, type PemBlock, parsePem } from './pem.ts';

const signOnPool = promisify(sign);

/** The algorithms Warifu makes keys for. */
export const keyAlgorithms = ['rsa-2048', 'rsa-3072', 'rsa-4096', 'ec-p256', 'ec-p384'] as const;
export type KeyAlgorithm = (typeof keyAlgorithms)[number];

/** Node's pool has four threads: one stays free for signatures, which somebody waits for. */
const mostAtOnce = 3;
let making = 0;
const inLine: (() => void)[] = [];

/** A fresh private key, PKCS#8 DER. */
export async function generatePrivateKey(algorithm: KeyAlgorithm): Promise<Uint8Array> {
  if (making === mostAtOnce) await new Promise<void>((go) => inLine.push(go));
  else making += 1;
  try {
    return await makePrivateKey(algorithm);
  } finally {
    const next = inLine.shift();
    if (next) next();
    else making -= 1;
  }
}

const encodings = {
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  publicKeyEncoding: { type: 'spki', format: 'der' },
} as const;

const rsaOptions = (algorithm: KeyAlgorithm) => ({ modulusLength: Number(algorithm.slice(4)), ...encodings });

const ecOptions = (algorithm: KeyAlgorithm) => {
  const namedCurve = algorithm === 'ec-p256' ? 'prime256v1' : 'secp384r1';
  return { namedCurve, paramEncoding: 'named', ...encodings } as const;
};

function makePrivateKey(algorithm: KeyAlgorithm): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, _publicKey: Buffer, privateKey: Buffer): void =>
      error ? reject(error) : resolve(privateKey);
    if (algorithm.startsWith('rsa-')) generateKeyPair('rsa', rsaOptions(algorithm), done);
    else generateKeyPair('ec', ecOptions(algorithm), done);
  });
}

/** As {@link generatePrivateKey}, on the thread that calls: RSA takes it a tenth of a second and more. */
export function generatePrivateKeyHere(algorithm: KeyAlgorithm): Uint8Array<ArrayBuffer> {
  const { privateKey } = algorithm.startsWith('rsa-')
    ? generateKeyPairSync('rsa', rsaOptions(algorithm))
    : generateKeyPairSync('ec', ecOptions(algorithm));
  return privateKey as Buffer<ArrayBuffer>;
}

/** What a SubjectPublicKeyInfo holds. `text` is what people call it: `RSA 2048`, `EC P-256`, or an OID. */
export interface PublicKeyInfo {
  readonly type: 'rsa' | 'ec' | 'other';
  /** Modulus bits for RSA, field bits for EC, 0 for others. */
  readonly bits: number;
  readonly text: string;
}

/** Beyond this OpenSSL refuses RSA too; one signature would take a second. */
const maxRsaBits = 16384;

const otherKeys: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.10': 'RSASSA-PSS',
  '1.2.840.10040.4.1': 'DSA',
  '1.2.840.113549.1.3.1': 'Diffie-Hellman',
  '1.3.101.110': 'X25519',
  '1.3.101.111': 'X448',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
  '1.3.132.0.10': 'secp256k1',
  '1.3.132.0.33': 'P-224',
  '1.3.132.0.35': 'P-521',
};

/**
 * Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). RSA beyond 16,384 bits and EC with parameters written out
 * (RFC 5480 §2.1.1 forbids them) count as `other`.
 * @throws X509Error DER_MALFORMED
 */
export function describePublicKey(spki: Uint8Array): PublicKeyInfo {
  const { algorithm, subjectPublicKey } = openPublicKey(spki);
  const type = algorithm.oid();
  if (type === Oid.rsaEncryption) {
    const bits = unsignedBits(readRsaPublicKey(subjectPublicKey).modulus);
    return { type: bits > maxRsaBits ? 'other' : 'rsa', bits, text: `RSA ${bits}` };
  }
  if (type !== Oid.ecPublicKey) return { type: 'other', bits: 0, text: otherKeys[type] ?? type };
  if (algorithm.peek() !== Tag.oid) return { type: 'other', bits: 0, text: 'EC with explicit parameters' };
  const curve = algorithm.oid();
  algorithm.end();
  if (curve === Oid.p256) return { type: 'ec', bits: 256, text: 'EC P-256' };
  if (curve === Oid.p384) return { type: 'ec', bits: 384, text: 'EC P-384' };
  return { type: 'other', bits: 0, text: `EC ${otherKeys[curve] ?? curve}` };
}

/** SHA-1 of the subjectPublicKey bits (RFC 5280 §4.2.1.2, method 1). */
export function keyIdentifier(spki: Uint8Array): Uint8Array {
  return createHash('sha1').update(openPublicKey(spki).subjectPublicKey).digest();
}

function openPublicKey(spki: Uint8Array): {
  readonly algorithm: DerReader;
  readonly subjectPublicKey: Uint8Array;
} {
  const top = DerReader.over(spki, 'public key');
  const reader = top.enter();
  top.end();
  const algorithm = reader.enter();
  const subjectPublicKey = reader.bitString();
  reader.end();
  return { algorithm, subjectPublicKey };
}

/** RSAPublicKey (RFC 8017 §A.1.1), both as unsigned octets. @throws X509Error DER_MALFORMED */
export function readRsaPublicKey(subjectPublicKey: Uint8Array): {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
} {
  const top = DerReader.over(subjectPublicKey, 'RSA public key');
  const reader = top.enter();
  top.end();
  const [modulus, exponent] = [positiveInteger(reader), positiveInteger(reader)];
  reader.end();
  return { modulus, exponent };
}

/** A positive INTEGER without its sign octet. */
function positiveInteger(reader: DerReader): Uint8Array {
  const content = reader.integerBytes();
  if (content[0]! >= 0x80 || (content.length === 1 && content[0] === 0))
    throw reader.malformed('INTEGER not positive');
  return content[0] === 0 ? content.subarray(1) : content;
}

const unsignedBits = (octets: Uint8Array): number => octets.length * 8 - (Math.clz32(octets[0]!) - 24);

const privateKeyLabels = ['PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY'];

/** True for a PEM block that holds a private key in any form. */
export function isPrivateKeyBlock(block: PemBlock): boolean {
  return privateKeyLabels.includes(block.label);
}

/**
 * A private key from PEM or DER: PKCS#8, PKCS#1, SEC1, encrypted PKCS#8, `Proc-Type: 4,ENCRYPTED`. Returns PKCS#8 DER.
 * The key has signed once here, so that a damaged one is refused now and not after its certificate was issued.
 * @throws X509Error PASSWORD_REQUIRED, WRONG_PASSWORD, UNSUPPORTED_ALGORITHM, DER_MALFORMED, PEM_MALFORMED, INPUT_TOO_LARGE
 */
export function importPrivateKey(input: Uint8Array, password?: string): Uint8Array {
  const what = 'private key';
  if (input.length > 1024 * 1024) throw new X509Error('INPUT_TOO_LARGE', { what, limit: 1024 * 1024 });
  if (!looksLikePem(input)) return importPrivateKeyDer(input, password);
  const block = parsePem(input, what).find(isPrivateKeyBlock);
  if (!block) throw new X509Error('PEM_MALFORMED', { what, reason: 'no PRIVATE KEY block' });
  return importPrivateKeyBlock(block, password);
}

/** As {@link importPrivateKey}, for a PEM block already taken out of its file. */
export function importPrivateKeyBlock(block: PemBlock, password?: string): Uint8Array {
  if (block.headers['Proc-Type'] !== undefined) {
    if (password === undefined) throw new X509Error('PASSWORD_REQUIRED', { what: 'private key' });
    return importPrivateKeyDer(decryptTraditionalPem(block, password));
  }
  return importPrivateKeyDer(block.bytes, password);
}

function importPrivateKeyDer(der: Uint8Array, password?: string): Uint8Array {
  const what = 'private key';
  const top = DerReader.over(der, what);
  const shape = top.enter();
  top.end();
  // EncryptedPrivateKeyInfo starts with a SEQUENCE, every plain form with a version INTEGER.
  if (shape.peek() === Tag.sequence) {
    if (password === undefined) throw new X509Error('PASSWORD_REQUIRED', { what });
    return importPrivateKeyDer(decryptPkcs8(der, password));
  }
  shape.integerBytes();
  const next = shape.peek();
  const type = next === Tag.sequence ? 'pkcs8' : next === Tag.octetString ? 'sec1' : 'pkcs1';
  const key = openKey(() => createPrivateKey({ key: Buffer.from(der), format: 'der', type }));
  const pkcs8 = openKey(() => key.export({ type: 'pkcs8', format: 'der' }));
  const spki = publicKeyOf(pkcs8);
  const info = describePublicKey(spki);
  if (info.type === 'other') throw new X509Error('UNSUPPORTED_ALGORITHM', { what, algorithm: info.text });
  if (info.type === 'rsa') requireConsistentRsa(key, info.bits);
  openKey(() => {
    const probe = Buffer.from('Warifu');
    if (!verify('sha256', probe, createPublicKey(key), sign('sha256', probe, key)))
      throw new Error('the key does not verify what it signs');
  });
  return pkcs8;
}

/**
 * The numbers of an RSA key fit each other (RFC 8017 §3.2): OpenSSL hides a wrong prime where another program fails.
 * None is longer than the modulus: OpenSSL takes any, and then signs for hours.
 */
function requireConsistentRsa(key: KeyObject, bits: number): void {
  const reader = DerReader.over(
    openKey(() => key.export({ type: 'pkcs1', format: 'der' })),
    'RSA private key',
  ).enter();
  if (reader.smallInteger() !== 0) throw reader.malformed('more than two primes');
  const number = (): bigint => {
    const octets = positiveInteger(reader);
    if (unsignedBits(octets) > bits) throw reader.malformed('number larger than the modulus');
    return BigInt(`0x${Buffer.from(octets).toString('hex')}`);
  };
  const [n, e, d, p, q] = [number(), number(), number(), number(), number()];
  const [dP, dQ, qInverse] = [number(), number(), number()];
  reader.end();
  const inverse = (a: bigint, b: bigint, modulus: bigint): boolean => (a * b) % modulus === 1n;
  const fits =
    p > 2n &&
    q > 2n &&
    p * q === n &&
    [d, dP].every((exponent) => inverse(e, exponent, p - 1n)) &&
    [d, dQ].every((exponent) => inverse(e, exponent, q - 1n)) &&
    inverse(q, qInverse, p);
  if (!fits) throw reader.malformed('numbers that do not fit each other');
}

/** OpenSSL's own words differ between builds and may quote input; only the fact is passed on. */
function openKey<T>(open: () => T): T {
  try {
    return open();
  } catch {
    throw new X509Error('DER_MALFORMED', {
      what: 'private key',
      reason: 'not a usable RSA or EC key',
      offset: 0,
    });
  }
}

/** The SubjectPublicKeyInfo of a private key. */
export function publicKeyOf(pkcs8: Uint8Array): Uint8Array {
  const key = openKey(() => createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }));
  return openKey(() => createPublicKey(key).export({ type: 'spki', format: 'der' }));
}

/** PKCS#1 DER of an RSA key, SEC1 DER of an EC key: what `openssl … -traditional` writes and CLB asks for. */
export function traditionalKey(pkcs8: Uint8Array): {
  readonly label: 'RSA PRIVATE KEY' | 'EC PRIVATE KEY';
  readonly der: Uint8Array;
} {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  return key.asymmetricKeyType === 'rsa'
    ? { label: 'RSA PRIVATE KEY', der: key.export({ type: 'pkcs1', format: 'der' }) }
    : { label: 'EC PRIVATE KEY', der: key.export({ type: 'sec1', format: 'der' }) };
}

interface SignatureAlgorithm {
  readonly oid: string;
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly type: 'rsa' | 'ec';
}

const signatureAlgorithms: readonly SignatureAlgorithm[] = [
  { oid: Oid.sha256WithRSAEncryption, hash: 'sha256', type: 'rsa' },
  { oid: Oid.sha384WithRSAEncryption, hash: 'sha384', type: 'rsa' },
  { oid: Oid.sha512WithRSAEncryption, hash: 'sha512', type: 'rsa' },
  { oid: Oid.ecdsaWithSHA256, hash: 'sha256', type: 'ec' },
  { oid: Oid.ecdsaWithSHA384, hash: 'sha384', type: 'ec' },
  { oid: Oid.ecdsaWithSHA512, hash: 'sha512', type: 'ec' },
];

/** A private key ready to sign many times. */
export interface Signer {
  readonly spki: Uint8Array;
  /** AlgorithmIdentifier, DER: SHA-256, or SHA-384 for P-384. */
  readonly algorithm: Uint8Array;
  /** Checked before it is returned: a faulty signature (memory error, broken crypto build) can give a key away. */
  sign(bytes: Uint8Array): Uint8Array;
  /** The same on a thread of the pool: RSA-4096 takes some milliseconds. */
  signAside(bytes: Uint8Array): Promise<Uint8Array>;
}

/** @throws X509Error UNSUPPORTED_ALGORITHM for keys that Warifu does not sign with. */
export function signerFor(pkcs8: Uint8Array): Signer {
  const spki = publicKeyOf(pkcs8);
  const info = describePublicKey(spki);
  if (info.type === 'other' || (info.type === 'rsa' && info.bits < 2048))
    throw new X509Error('UNSUPPORTED_ALGORITHM', { what: 'signing key', algorithm: info.text });
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const hash = info.bits === 384 ? 'sha384' : 'sha256';
  const chosen = signatureAlgorithms.find(
    (algorithm) => algorithm.type === info.type && algorithm.hash === hash,
  )!;
  const algorithm = info.type === 'rsa' ? sequence(oid(chosen.oid), nullValue()) : sequence(oid(chosen.oid));
  const publicKey = createPublicKey(key);
  const checked = (bytes: Uint8Array, signature: Uint8Array): Uint8Array => {
    if (!verify(hash, bytes, publicKey, signature))
      throw new X509Error('SIGNATURE_INVALID', { what: 'own signature' });
    return signature;
  };
  return {
    spki,
    algorithm,
    sign: (bytes) => checked(bytes, sign(hash, bytes, key)),
    signAside: async (bytes) => checked(bytes, await signOnPool(hash, bytes, key)),
  };
}

/**
 * Whether `signature` over `bytes` verifies under `spki`.
 * @throws X509Error UNSUPPORTED_ALGORITHM for MD5, SHA-1 and any other algorithm or key not listed above.
 */
export function verifySignature(
  what: string,
  spki: Uint8Array,
  algorithmOid: string,
  bytes: Uint8Array,
  signature: Uint8Array,
): boolean {
  const algorithm = signatureAlgorithms.find((candidate) => candidate.oid === algorithmOid);
  if (!algorithm)
    throw new X509Error('UNSUPPORTED_ALGORITHM', { what, algorithm: signatureName(algorithmOid) });
  const key = describePublicKey(spki);
  if (key.type === 'other') throw new X509Error('UNSUPPORTED_ALGORITHM', { what, algorithm: key.text });
  if (key.type !== algorithm.type) return false;
  try {
    return verify(
      algorithm.hash,
      bytes,
      createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }),
      signature,
    );
  } catch {
    return false;
  }
}

const signatureNames: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'MD2 with RSA',
  '1.2.840.113549.1.1.4': 'MD5 with RSA',
  '1.2.840.113549.1.1.5': 'SHA-1 with RSA',
  '1.2.840.113549.1.1.10': 'RSA-PSS',
  '1.2.840.10045.4.1': 'ECDSA with SHA-1',
  '1.2.840.113549.1.1.14': 'SHA-224 with RSA',
  '1.2.840.10045.4.3.1': 'ECDSA with SHA-224',
  '1.2.840.10040.4.3': 'DSA with SHA-1',
  '2.16.840.1.101.3.4.3.2': 'DSA with SHA-256',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
};

/** True for the algorithms that {@link verifySignature} checks: RSA PKCS#1 v1.5 and ECDSA with SHA-256, -384, -512. */
export function isKnownSignature(algorithmOid: string): boolean {
  return signatureAlgorithms.some(({ oid: known }) => known === algorithmOid);
}

/** What people call a signature algorithm. */
export function signatureName(algorithmOid: string): string {
  const known = signatureAlgorithms.find((candidate) => candidate.oid === algorithmOid);
  if (known)
    return `${known.hash.toUpperCase().replace('SHA', 'SHA-')} with ${known.type === 'rsa' ? 'RSA' : 'ECDSA'}`;
  return signatureNames[algorithmOid] ?? algorithmOid;
}
