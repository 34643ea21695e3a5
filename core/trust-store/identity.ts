/** Turns what a person hands over into one identity, before any tool of the system sees it. */
import { createPublicKey } from 'node:crypto';
import { Problem } from '../../contract/problem.ts';
import { readPkcs12Aside } from '../pkcs12/aside.ts';
import { type Certificate, fingerprint256, parseCertificate } from '../x509/certificate.ts';
import { orderChain } from '../x509/chain.ts';
import { X509Error } from '../x509/errors.ts';
import { describePublicKey, publicKeyOf } from '../x509/key.ts';
import { commonName, nameText } from '../x509/name.ts';
import { normalizeThumbprint, type StoreIdentity } from './store.ts';

export interface ResolvedIdentity {
  /** PKCS#8 DER. */
  readonly key: Uint8Array;
  readonly leaf: Certificate;
  /** Issuers of the leaf, in order; the last one is the top. */
  readonly issuers: readonly Certificate[];
  /** Certificates that came along and are not part of the chain. */
  readonly others: readonly Certificate[];
  readonly friendlyName: string;
}

/**
 * @throws X509Error WRONG_PASSWORD, DER_MALFORMED, INPUT_TOO_LARGE, UNSUPPORTED_ALGORITHM, KEY_MISMATCH
 * @throws Problem IDENTITY_ABSENT (no key, or no certificate for it), IDENTITY_AMBIGUOUS
 */
export async function resolveIdentity(identity: StoreIdentity): Promise<ResolvedIdentity> {
  if ('pkcs12' in identity) return fromPkcs12(identity);
  const certificates = identity.certificates.map(parseCertificate);
  const leaf = certificates.find(({ spki }) => sameKey(spki, identity.key));
  if (!leaf) throw new X509Error('KEY_MISMATCH', { what: 'certificate' });
  return assemble(identity.key, leaf, certificates, identity.friendlyName);
}

async function fromPkcs12({
  pkcs12,
  password,
  thumbprint,
}: Extract<StoreIdentity, { pkcs12: Uint8Array }>): Promise<ResolvedIdentity> {
  const contents = await readPkcs12Aside(pkcs12, password);
  const certificates = contents.certificates.map(parseCertificate);
  const identities = contents.identities.flatMap(({ key, friendlyName, certificate }) => {
    const leaf = certificate
      ? parseCertificate(certificate)
      : certificates.find(({ spki }) => sameKey(spki, key));
    return leaf ? [{ key, leaf, friendlyName }] : [];
  });
  const wanted = thumbprint === undefined ? undefined : normalizeThumbprint(thumbprint);
  const matching = identities.filter(
    ({ leaf }) => wanted === undefined || fingerprint256(leaf.der) === wanted,
  );
  const [first, second] = matching;
  if (!first) throw new Problem('IDENTITY_ABSENT', { what: 'PKCS#12' });
  if (second)
    throw new Problem('IDENTITY_AMBIGUOUS', {
      what: 'PKCS#12',
      choices: matching.map(({ leaf }) => `${nameText(leaf.subject)} ${fingerprint256(leaf.der)}`).join('; '),
    });
  if (!sameKey(first.leaf.spki, first.key)) throw new X509Error('KEY_MISMATCH', { what: 'certificate' });
  return assemble(first.key, first.leaf, certificates, first.friendlyName);
}

function assemble(
  key: Uint8Array,
  leaf: Certificate,
  certificates: readonly Certificate[],
  friendlyName: string | undefined,
): ResolvedIdentity {
  // NSS and Chromium refuse Ed25519 and the rest with an error that says nothing; better said here.
  const info = describePublicKey(leaf.spki);
  if (info.type === 'other')
    throw new X509Error('UNSUPPORTED_ALGORITHM', { what: 'private key', algorithm: info.text });
  const leafId = fingerprint256(leaf.der);
  const ordered = orderChain(
    leaf,
    certificates.filter(({ der }) => fingerprint256(der) !== leafId),
  );
  const name =
    friendlyName?.trim() || commonName(leaf.subject) || nameText(leaf.subject) || leafId.slice(0, 16);
  return {
    key,
    leaf,
    issuers: ordered.chain.slice(1),
    others: ordered.unused,
    friendlyName: printable(name),
  };
}

/**
 * Compares encodings, not KeyObjects: `equals` of an RSA with an EC key leaves an error in OpenSSL's queue, and
 * Node 24 then throws it at the next, innocent createPrivateKey.
 */
function sameKey(spki: Uint8Array, key: Uint8Array): boolean {
  const own = publicKeyOf(key);
  try {
    const exported = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).export({
      type: 'spki',
      format: 'der',
    });
    return Buffer.compare(exported, own) === 0;
  } catch {
    return false;
  }
}

/** A nickname is shown in lists and read back line by line: no control characters, no more than a line. */
function printable(name: string): string {
  return [...name.replace(/\p{Cc}+/gu, ' ')].slice(0, 100).join('').trim();
}
