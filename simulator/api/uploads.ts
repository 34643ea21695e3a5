import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { type ApiError, invalid, refuse } from './errors.ts';

/** What an accepted certificate says of itself. */
export interface UploadedCertificate {
  /** Normalised to LF, ending with one. */
  readonly pem: string;
  readonly commonName: string;
  /** SHA-1, lower-case hex with colons. */
  readonly fingerprint: string;
  readonly expiresAt: string;
  readonly alternativeNames: readonly string[];
}

const RSA_SIZES = [1024, 2048, 4096];

/**
 * Reads an uploaded server certificate as strictly as CLB does: PEM with 64 columns and no blank lines,
 * leaf first, key as unencrypted PKCS#1, RSA of 1024, 2048 or 4096 bits.
 * @throws ApiError with the documented codes.
 */
export function readServerCertificate(
  certificateText: string,
  keyText: string,
): UploadedCertificate & { readonly privateKey: string } {
  const formatError = () => invalid('The specified parameter ServerCertificate format is error.');
  const blocks = pemBlocks(certificateText, 'CERTIFICATE') ?? raise(formatError());
  const [leaf] = blocks.map((block) => parseCertificate(block, () => refuse('KeyFormatError')));
  if (leaf === undefined) throw formatError();
  requireRsa(leaf.publicKey, formatError);

  const keyError = () => invalid('The specified parameter key format is error.');
  if (/^Proc-Type:.*ENCRYPTED/m.test(keyText) || keyText.includes('BEGIN ENCRYPTED PRIVATE KEY')) {
    throw refuse('PrivateKeyEncryption');
  }
  const [keyPem, second] = pemBlocks(keyText, 'RSA PRIVATE KEY') ?? [];
  if (keyPem === undefined || second !== undefined) throw keyError();
  const key = parseKey(keyPem, keyError);
  requireRsa(key, keyError);
  if (!leaf.checkPrivateKey(key)) throw refuse('CertificateNotMatchPrivateKey');

  return { ...describe(leaf, blocks.join('')), privateKey: keyPem };
}

/** Reads an uploaded CA certificate: exactly one. @throws ApiError */
export function readCaCertificate(certificateText: string): UploadedCertificate {
  const formatError = () => invalid('The specified parameter CACertificate format is error.');
  const [pem, second] = pemBlocks(certificateText, 'CERTIFICATE') ?? [];
  if (pem === undefined || second !== undefined) throw formatError();
  const certificate = parseCertificate(pem, formatError);
  requireRsa(certificate.publicKey, formatError);
  return describe(certificate, pem);
}

/** The PEM blocks of a text that holds nothing else, each ending with LF; `undefined` when anything is out of place. */
function pemBlocks(text: string, label: string): string[] | undefined {
  const lines = text.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n');
  const blocks: string[] = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at] !== `-----BEGIN ${label}-----`) return undefined;
    const end = lines.indexOf(`-----END ${label}-----`, at);
    if (end < 0 || !isPemBody(lines.slice(at + 1, end))) return undefined;
    blocks.push(`${lines.slice(at, end + 1).join('\n')}\n`);
    at = end + 1;
  }
  return blocks;
}

/** 64 columns in every line but the last, base64 only. */
function isPemBody(lines: readonly string[]): boolean {
  return (
    lines.length > 0 &&
    lines.every((line, at) =>
      at < lines.length - 1 ? /^[A-Za-z0-9+/]{64}$/.test(line) : /^[A-Za-z0-9+/]{1,64}={0,2}$/.test(line),
    )
  );
}

function parseCertificate(pem: string, error: () => ApiError): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw error();
  }
}

function parseKey(pem: string, error: () => ApiError): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw error();
  }
}

function requireRsa(key: KeyObject, error: () => ApiError): void {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (key.asymmetricKeyType !== 'rsa' || bits === undefined || !RSA_SIZES.includes(bits)) throw error();
}

function describe(certificate: X509Certificate, pem: string): UploadedCertificate {
  const names = certificate.toLegacyObject().subject as unknown as
    | Record<string, string | string[]>
    | undefined;
  const alternativeNames = (certificate.subjectAltName ?? '')
    .split(', ')
    .filter((name) => name.startsWith('DNS:'))
    .map((name) => name.slice('DNS:'.length));
  return {
    pem,
    commonName: [names?.CN ?? ''].flat().at(-1) ?? '',
    fingerprint: certificate.fingerprint.toLowerCase(),
    expiresAt: new Date(certificate.validTo).toISOString(),
    alternativeNames,
  };
}

function raise(error: ApiError): never {
  throw error;
}
