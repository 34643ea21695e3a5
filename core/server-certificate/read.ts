/** From the files a person has at hand to certificates and keys, and from those to the one certificate that is meant. */
import { type Certificate, parseCertificate } from '../x509/certificate.ts';
import { isAuthority } from '../x509/chain.ts';
import { X509Error } from '../x509/errors.ts';
import { importPrivateKey, importPrivateKeyBlock, isPrivateKeyBlock, publicKeyOf } from '../x509/key.ts';
import { looksLikePem, parsePem } from '../x509/pem.ts';
import { readPkcs12 } from '../x509/pkcs12/read.ts';
import { isSameKey } from './check.ts';
import { isSame, namesMatch } from './path.ts';
import { readPkcs7Certificates } from './pkcs7.ts';

/** A whole bundle of public roots takes 250 KB. */
const fileLimit = 2 * 1024 * 1024;
/** Some add such a bundle to their certificate. */
const certificateLimit = 500;
const keyLimit = 20;

/** A private key with its public half. */
export interface PrivateKey {
  /** DER. Whoever asked for it wipes it: {@link wipe}. */
  readonly pkcs8: Uint8Array;
  readonly publicKey: Uint8Array;
}

export interface Material {
  /** Every certificate once, in the order of the files. */
  readonly certificates: readonly Certificate[];
  /** Those of each PEM file as they stood there; the order in other containers means nothing. */
  readonly files: readonly (readonly Certificate[])[];
  readonly keys: readonly PrivateKey[];
}

interface FileContents {
  readonly certificates: readonly Certificate[];
  readonly keys: readonly Uint8Array[];
  readonly isPem: boolean;
}

/**
 * Certificates and private keys in `files`, each of which may be PEM (any blocks in any order), a DER certificate, a DER
 * key, PKCS#7 or PKCS#12. `password` opens whatever is encrypted. PKCS#1, PKCS#8 and SEC1 keys come back as PKCS#8.
 *
 * @throws X509Error DER_MALFORMED for a file that is none of these, PEM_MALFORMED, INPUT_TOO_LARGE (more than 2 MiB, 500
 *   certificates or 20 keys), PASSWORD_REQUIRED, WRONG_PASSWORD, UNSUPPORTED_ALGORITHM. No key is left behind then.
 */
export function readMaterial(files: readonly Uint8Array[], password?: string): Material {
  const contents: FileContents[] = [];
  try {
    for (const file of files) contents.push(readFile(file, password));
    const certificates = contents.flatMap((file) => file.certificates);
    const keys = contents.flatMap((file) => file.keys);
    if (certificates.length > certificateLimit)
      throw new X509Error('INPUT_TOO_LARGE', { what: 'file', limit: `${certificateLimit} certificates` });
    if (keys.length > keyLimit)
      throw new X509Error('INPUT_TOO_LARGE', { what: 'file', limit: `${keyLimit} keys` });
    return {
      certificates: certificates.filter(
        (certificate, at) => certificates.findIndex((other) => isSame(certificate, other)) === at,
      ),
      files: contents.filter(({ isPem }) => isPem).map((file) => file.certificates),
      keys: keys.map((pkcs8) => ({ pkcs8, publicKey: publicKeyOf(pkcs8) })),
    };
  } catch (error) {
    for (const { keys } of contents) for (const key of keys) key.fill(0);
    throw error;
  }
}

/** Overwrites the keys. Copies inside of the runtime are out of reach. */
export function wipe({ keys }: Pick<Material, 'keys'>): void {
  for (const { pkcs8 } of keys) pkcs8.fill(0);
}

function readFile(file: Uint8Array, password: string | undefined): FileContents {
  if (file.length > fileLimit) throw new X509Error('INPUT_TOO_LARGE', { what: 'file', limit: fileLimit });
  const bytes = fromUtf16(file);
  return looksLikePem(bytes) ? readPemFile(bytes, password) : readDerFile(bytes, password);
}

/** Notepad's "Unicode": PEM text with a byte order mark and two bytes for each character. */
function fromUtf16(file: Uint8Array): Uint8Array {
  const isLittle = file[0] === 0xff && file[1] === 0xfe;
  const isBig = file[0] === 0xfe && file[1] === 0xff;
  if (!isLittle && !isBig) return file;
  return Buffer.from(new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(file));
}

function readPemFile(bytes: Uint8Array, password: string | undefined): FileContents {
  const certificates: Certificate[] = [];
  const keys: Uint8Array[] = [];
  for (const block of parsePem(bytes, 'file')) {
    if (/^(X509 )?CERTIFICATE$/.test(block.label)) certificates.push(parseCertificate(block.bytes));
    else if (block.label === 'PKCS7' || block.label === 'CMS')
      certificates.push(...readPkcs7Certificates(block.bytes));
    else if (isPrivateKeyBlock(block)) keys.push(importPrivateKeyBlock(block, password));
    // Anything else that is a key is of a kind that no listener takes; requests and parameters are no matter here.
    else if (block.label.endsWith('PRIVATE KEY'))
      throw new X509Error('UNSUPPORTED_ALGORITHM', { what: 'private key', algorithm: block.label });
  }
  return { certificates, keys, isPem: true };
}

function readDerFile(bytes: Uint8Array, password: string | undefined): FileContents {
  switch (sniff(bytes)) {
    case 'certificate':
      return { certificates: [parseCertificate(bytes)], keys: [], isPem: false };
    case 'key':
      return { certificates: [], keys: [importPrivateKey(bytes, password)], isPem: false };
    case 'pkcs7':
      return { certificates: readPkcs7Certificates(bytes), keys: [], isPem: false };
    case 'pkcs12':
      return readPfxFile(bytes, password);
    default:
      throw new X509Error('DER_MALFORMED', {
        what: 'file',
        reason: 'neither PEM, a certificate, a key, PKCS#7 nor PKCS#12',
        offset: 0,
      });
  }
}

function readPfxFile(bytes: Uint8Array, password: string | undefined): FileContents {
  const { certificates, identities } = readPkcs12(bytes, password ?? '');
  // Through the same door as every other key, so that one of a kind we cannot use is refused by name.
  const keys = identities.map(({ key }) => importPrivateKey(key));
  for (const { key } of identities) key.fill(0);
  return { certificates: certificates.map(parseCertificate), keys, isPem: false };
}

/** Told by the first element inside the outer SEQUENCE; whether it is well-formed is for its parser to say. */
function sniff(bytes: Uint8Array): 'certificate' | 'key' | 'pkcs7' | 'pkcs12' | undefined {
  if (bytes[0] !== 0x30) return undefined;
  const first = afterHeader(bytes, 0);
  switch (bytes[first]) {
    case 0x06:
      return 'pkcs7';
    case 0x02:
      // version: 3 is PKCS#12 (RFC 7292 §4); keys have 0 or 1.
      return bytes[first + 1] === 1 && bytes[first + 2] === 3 ? 'pkcs12' : 'key';
    case 0x30:
      // An encrypted key starts with an AlgorithmIdentifier, a certificate with its TBSCertificate.
      return bytes[afterHeader(bytes, first)] === 0x06 ? 'key' : 'certificate';
    default:
      return undefined;
  }
}

function afterHeader(bytes: Uint8Array, at: number): number {
  const length = bytes[at + 1] ?? 0;
  return at + 2 + (length > 0x80 ? length & 0x7f : 0);
}

/**
 * The server certificate among `certificates`: the one that a key belongs to, unless that is a CA and there is another;
 * else the one that has signed none of the others. Several of them (a renewal for the same key): the one that lasts
 * longest. The same whatever the order; undefined when there is no certificate.
 * @throws X509Error DER_MALFORMED for a broken basicConstraints extension.
 */
export function chooseLeaf(
  certificates: readonly Certificate[],
  publicKeys: readonly Uint8Array[],
): Certificate | undefined {
  const rank = (certificate: Certificate): number =>
    Number(isAuthority(certificate)) * 4 +
    Number(!publicKeys.some((publicKey) => isSameKey(publicKey, certificate.spki))) * 2 +
    Number(
      certificates.some(
        (other) => !isSame(other, certificate) && namesMatch(other.issuer, certificate.subject),
      ),
    );
  const candidates = certificates.map((certificate) => ({ certificate, rank: rank(certificate) }));
  const [best] = candidates.toSorted(
    (a, b) =>
      a.rank - b.rank ||
      b.certificate.notAfter.getTime() - a.certificate.notAfter.getTime() ||
      Buffer.compare(a.certificate.der, b.certificate.der),
  );
  return best?.certificate;
}

/** The key of `leaf` among `keys`; else one that does not fit, so that this can be said; undefined when there is none. */
export function chooseKey(leaf: Certificate, keys: readonly PrivateKey[]): PrivateKey | undefined {
  const sorted = keys.toSorted((a, b) => Buffer.compare(a.publicKey, b.publicKey));
  return sorted.find(({ publicKey }) => isSameKey(publicKey, leaf.spki)) ?? sorted[0];
}
