/** Writes PKCS#12 (RFC 7292): one key, its certificate and the chain. */
import { createHash, createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { cipherSizes, encryptCbc } from '../cbc.ts';
import {
  contextPrimitive,
  encode,
  explicit,
  integer,
  octetString,
  oid,
  sequence,
  setOf,
  Tag,
} from '../der.ts';
import { DerivationBudget } from '../derivation-budget.ts';
import { requirePrivateKeyInfo } from '../encrypted-key.ts';
import { X509Error } from '../errors.ts';
import { bmpPassword } from '../password-encoding.ts';
import { sealPbes2 } from '../pbes2.ts';
import type { Sealed } from '../sealed.ts';
import { BagOid } from './bags.ts';
import { deriveFromPkcs12Password, Purpose } from './key-derivation.ts';
import { makeMacData } from './mac.ts';
import { ContentType } from './pfx.ts';

/**
 * `compatible`: triple DES and HMAC-SHA1, which Windows Server 2016, every macOS and old Android open; the password
 * must carry the strength, so give it `generatePassword()`. `modern`: AES-256, PBKDF2 and HMAC-SHA256.
 */
export type Pkcs12Profile = 'compatible' | 'modern';

export interface Pkcs12Request {
  readonly profile: Pkcs12Profile;
  /** ASCII when Java is to read the file. */
  readonly password: string;
  /** What key stores show; may be empty. */
  readonly friendlyName: string;
  /** PKCS#8 DER. */
  readonly key: Uint8Array;
  /** DER: the key's own certificate, then its chain. */
  readonly certificates: readonly Uint8Array[];
  /** For `modern` with a generated password, when thousands of files are made; see `modernIterations`. */
  readonly iterations?: number;
}

const compatibleIterations = 2048;

/**
 * For certificates, key and MAC alike: whoever guesses attacks the cheapest of the three. The MAC costs most, because
 * its derivation is not native: 0.15 s in all on a laptop. Windows refuses files whose counts add up to over 600,000.
 */
const modernIterations = 100_000;

/** Without it Windows files an RSA key under its legacy CSP, where TLS 1.3 client authentication can fail. */
const keyProvider = 'Microsoft Software Key Storage Provider';
const pbeSha1TripleDes = '1.2.840.113549.1.12.1.3';

/**
 * DER of a PKCS#12 with friendlyName and localKeyID (SHA-1 of the leaf) on key and leaf.
 * @throws X509Error KEY_MISMATCH when the first certificate is not the key's; DER_MALFORMED when the key is not PKCS#8
 *   or a certificate cannot be read; VALUE_INVALID without a certificate.
 */
export function writePkcs12(request: Pkcs12Request): Uint8Array {
  const { profile, password, key, certificates } = request;
  const [leaf, ...chain] = certificates;
  if (leaf === undefined) throw new X509Error('VALUE_INVALID', { what: 'certificates', value: 0 });
  requireMatch(key, leaf);
  const iterations =
    profile === 'compatible' ? compatibleIterations : (request.iterations ?? modernIterations);
  const seal = (plaintext: Uint8Array): Sealed =>
    profile === 'compatible'
      ? sealTripleDes(plaintext, password, iterations)
      : sealPbes2(plaintext, password, iterations);

  const identity = [
    ...(request.friendlyName === '' ? [] : [attribute(BagOid.friendlyName, bmpString(request.friendlyName))]),
    attribute(BagOid.localKeyId, octetString(createHash('sha1').update(leaf).digest())),
  ];
  const certificateBags = sequence(
    certificateBag(leaf, identity),
    ...chain.map((certificate) => certificateBag(certificate, [])),
  );
  const sealedKey = seal(key);
  const keyBags = sequence(
    safeBag(BagOid.sealedKey, sequence(sealedKey.algorithm, octetString(sealedKey.ciphertext)), [
      ...identity,
      attribute(BagOid.keyProvider, bmpString(keyProvider)),
    ]),
  );
  const authenticatedSafe = sequence(encryptedData(seal(certificateBags)), data(keyBags));
  const mac = makeMacData(
    authenticatedSafe,
    password,
    profile === 'compatible' ? 'sha1' : 'sha256',
    iterations,
  );
  return sequence(integer(3), data(authenticatedSafe), mac);
}

/** A file whose halves do not fit imports without a word and fails in every handshake; refused here. */
function requireMatch(key: Uint8Array, leaf: Uint8Array): void {
  let matches: boolean;
  try {
    const privateKey = createPrivateKey({
      key: Buffer.from(requirePrivateKeyInfo(key)),
      format: 'der',
      type: 'pkcs8',
    });
    matches = new X509Certificate(leaf).checkPrivateKey(privateKey);
  } catch (error) {
    if (error instanceof X509Error) throw error;
    throw new X509Error('DER_MALFORMED', {
      what: 'private key or certificate',
      reason: 'not readable',
      offset: 0,
    });
  }
  if (!matches) throw new X509Error('KEY_MISMATCH', { what: 'certificate' });
}

/** RFC 7292 Appendix C, pbeWithSHAAnd3-KeyTripleDES-CBC with a fresh salt. */
function sealTripleDes(plaintext: Uint8Array, password: string, iterations: number): Sealed {
  const { keyLength, blockLength } = cipherSizes('DES-EDE3-CBC');
  const salt = randomBytes(8);
  const budget = new DerivationBudget('PKCS#12 file');
  const request = { digest: 'sha1', password: bmpPassword(password), salt, iterations } as const;
  const key = deriveFromPkcs12Password({ ...request, purpose: Purpose.key, length: keyLength }, budget);
  const iv = deriveFromPkcs12Password({ ...request, purpose: Purpose.iv, length: blockLength }, budget);
  return {
    algorithm: sequence(oid(pbeSha1TripleDes), sequence(octetString(salt), integer(iterations))),
    ciphertext: encryptCbc('DES-EDE3-CBC', key, iv, plaintext),
  };
}

/** ContentInfo with data. */
function data(content: Uint8Array): Uint8Array {
  return sequence(oid(ContentType.data), explicit(0, octetString(content)));
}

/** ContentInfo with EncryptedData (RFC 5652 §8). */
function encryptedData({ algorithm, ciphertext }: Sealed): Uint8Array {
  const info = sequence(oid(ContentType.data), algorithm, encode(contextPrimitive(0), ciphertext));
  return sequence(oid(ContentType.encryptedData), explicit(0, sequence(integer(0), info)));
}

function certificateBag(certificate: Uint8Array, attributes: readonly Uint8Array[]): Uint8Array {
  return safeBag(
    BagOid.certificate,
    sequence(oid(BagOid.x509Certificate), explicit(0, octetString(certificate))),
    attributes,
  );
}

function safeBag(type: string, value: Uint8Array, attributes: readonly Uint8Array[]): Uint8Array {
  return sequence(oid(type), explicit(0, value), ...(attributes.length === 0 ? [] : [setOf(...attributes)]));
}

const attribute = (type: string, value: Uint8Array): Uint8Array => sequence(oid(type), setOf(value));

const bmpString = (text: string): Uint8Array => encode(Tag.bmpString, Buffer.from(text, 'utf16le').swap16());
