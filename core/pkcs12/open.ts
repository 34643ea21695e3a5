/** A PKCS#12 opened: every key beside its certificate and chain, with the words that people know them by. */
import { createPublicKey } from 'node:crypto';
import type { Pkcs12Certificate, Pkcs12Identity } from '../../contract/pkcs12.ts';
import { type Certificate, fingerprint1, fingerprint256, parseCertificate } from '../x509/certificate.ts';
import { orderChain } from '../x509/chain.ts';
import { X509Error } from '../x509/errors.ts';
import { describePublicKey, publicKeyOf } from '../x509/key.ts';
import { nameText } from '../x509/name.ts';
import type { Pkcs12Contents } from '../x509/pkcs12/read.ts';
import { readPkcs12Aside } from './aside.ts';

export interface OpenedIdentity {
  readonly view: Pkcs12Identity;
  /** PKCS#8 DER. */
  readonly key: Uint8Array;
  /** DER: its certificate, then the issuers that the file holds; empty without a certificate. */
  readonly certificates: readonly Uint8Array[];
}

export interface OpenedFile {
  readonly contents: Pkcs12Contents;
  /** The one that fits: the empty one for a file that needs none. */
  readonly password: string;
  readonly identities: readonly OpenedIdentity[];
  /** Of no identity and no chain. */
  readonly extra: readonly Certificate[];
}

/**
 * @throws X509Error WRONG_PASSWORD, PASSWORD_REQUIRED (none was given and the empty one does not fit), DER_MALFORMED,
 *   INPUT_TOO_LARGE, UNSUPPORTED_ALGORITHM
 */
export async function openFile(bytes: Uint8Array, password = ''): Promise<OpenedFile> {
  const contents = await readPkcs12Aside(bytes, password);
  const certificates = contents.certificates.map(parseCertificate);
  const identities = contents.identities.map((identity) => openIdentity(identity, certificates));
  const used = new Set(
    identities.flatMap(({ view }) =>
      [view.certificate, ...view.chain].map((certificate) => certificate?.thumbprint),
    ),
  );
  const extra = certificates.filter(({ der }) => !used.has(fingerprint256(der)));
  return { contents, password, identities, extra };
}

function openIdentity(
  { key, certificate, friendlyName, keyProvider }: Pkcs12Contents['identities'][number],
  pool: readonly Certificate[],
): OpenedIdentity {
  const spki = readable(() => publicKeyOf(key));
  const leaf = certificate && parseCertificate(certificate);
  const path = leaf && orderChain(leaf, pool);
  return {
    key,
    certificates: path ? path.chain.map(({ der }) => der) : [],
    view: {
      friendlyName: friendlyName ?? null,
      keyProvider: keyProvider ?? null,
      key: (spki && readable(() => describePublicKey(spki).text)) ?? '?',
      certificate: leaf ? certificateView(leaf) : null,
      matches: leaf !== undefined && spki !== undefined && sameKey(leaf.spki, spki),
      chain: path ? path.chain.slice(1).map(certificateView) : [],
      complete: path?.complete ?? false,
    },
  };
}

/** A key of a kind that node:crypto cannot read is shown, not refused: the rest of the file can still be looked at. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof X509Error) return undefined;
    throw error;
  }
}

/** The same key in the same encoding: certificates may write theirs differently from OpenSSL. */
function sameKey(certified: Uint8Array, own: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(certified), format: 'der', type: 'spki' });
    return Buffer.compare(key.export({ type: 'spki', format: 'der' }), own) === 0;
  } catch {
    return false;
  }
}

export function certificateView(certificate: Certificate): Pkcs12Certificate {
  return {
    thumbprint: fingerprint256(certificate.der),
    thumbprintSha1: fingerprint1(certificate.der).replaceAll(':', ''),
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    serial: certificate.serial,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    key: readable(() => describePublicKey(certificate.spki).text) ?? '?',
  };
}
