/** From a leaf and whatever else came along to the one chain that a server should present, whatever the order it came in. */
import { verify, X509Certificate } from 'node:crypto';
import { type Certificate, isSignedBy } from '../x509/certificate.ts';
import { isAuthority } from '../x509/chain.ts';
import { type Name, nameText } from '../x509/name.ts';

/** Longer chains are a mistake or an attack; clients give up at ten. */
const maxLength = 10;

/** Broken hashes by signature algorithm; no browser takes them under a leaf or an intermediate. Not all can still be computed. */
const brokenHashes: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'md2',
  '1.2.840.113549.1.1.3': 'md4',
  '1.2.840.113549.1.1.4': 'md5',
  '1.2.840.113549.1.1.5': 'sha1',
  '1.3.14.3.2.29': 'sha1',
  '1.2.840.10045.4.1': 'sha1',
  '1.2.840.10040.4.3': 'sha1',
};

export interface CertificatePath {
  /** Leaf first, each followed by the one that signed it; a self-signed root at the end when there is one. */
  readonly chain: readonly Certificate[];
  /** Certificates of the pool that are no part of it. */
  readonly unused: readonly Certificate[];
}

/**
 * Follows issuers from `leaf` through `pool` by name and signature. Where several fit (cross-signed CAs), the same one
 * is taken whatever the order of the pool: a valid one before an expired one, a cross-signed one before the root that
 * clients have anyway, then the one that lasts longest.
 */
export function findPath(leaf: Certificate, pool: readonly Certificate[], now: Date): CertificatePath {
  const chain: Certificate[] = [leaf];
  while (chain.length < maxLength) {
    const last = chain.at(-1)!;
    if (isSelfSigned(last)) break;
    const issuer = pool
      .filter(
        (candidate) =>
          namesMatch(candidate.subject, last.issuer) &&
          !chain.some((member) => isSameAuthority(member, candidate)),
      )
      .toSorted((a, b) => preference(a, b, now))
      .find((candidate) => hasSigned(candidate, last));
    if (!issuer) break;
    chain.push(issuer);
  }
  return {
    chain,
    unused: pool.filter((certificate) => !chain.some((member) => isSame(member, certificate))),
  };
}

function preference(a: Certificate, b: Certificate, now: Date): number {
  const valid = ({ notBefore, notAfter }: Certificate): number => Number(notBefore <= now && now < notAfter);
  return (
    valid(b) - valid(a) ||
    Number(isAuthority(b)) - Number(isAuthority(a)) ||
    Number(namesMatch(a.subject, a.issuer)) - Number(namesMatch(b.subject, b.issuer)) ||
    b.notAfter.getTime() - a.notAfter.getTime() ||
    Buffer.compare(a.der, b.der)
  );
}

export function isSame(a: Certificate, b: Certificate): boolean {
  return Buffer.compare(a.der, b.der) === 0;
}

/** Same name and same key: the same CA, in whichever of its certificates. */
export function isSameAuthority(a: Certificate, b: Certificate): boolean {
  return Buffer.compare(a.spki, b.spki) === 0 && namesMatch(a.subject, b.subject);
}

export function isSelfSigned(certificate: Certificate): boolean {
  return namesMatch(certificate.subject, certificate.issuer) && hasSigned(certificate, certificate);
}

/** RFC 5280 §7.1 in short: string types, case and runs of spaces do not count. CAs do mix PrintableString and UTF8String. */
export function namesMatch(a: Name, b: Name): boolean {
  return Buffer.compare(a.der, b.der) === 0 || canonical(a) === canonical(b);
}

function canonical(name: Name): string {
  return nameText(name).normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');
}

export function isBrokenSignature(algorithmOid: string): boolean {
  return algorithmOid in brokenHashes;
}

/** Whether the key of `issuer` made the signature; broken algorithms count, so that a chain is shown for what it is. */
export function hasSigned(issuer: Certificate, certificate: Certificate): boolean {
  try {
    if (isSignedBy(certificate, issuer)) return true;
  } catch {
    // An algorithm that Warifu does not make itself.
  }
  const { der, tbs, signature, signatureAlgorithm } = certificate;
  try {
    const { publicKey } = new X509Certificate(issuer.der);
    const hash = brokenHashes[signatureAlgorithm];
    // BoringSSL refuses MD5 inside of certificates, but still computes it.
    return hash === undefined
      ? new X509Certificate(der).verify(publicKey)
      : verify(hash, tbs, publicKey, signature);
  } catch {
    return false;
  }
}
