/** Putting certificates in order, leaf first, each followed by the one that signed it. */
import { type Certificate, fingerprint256, isSelfIssued, isSignedBy } from './certificate.ts';
import { readAuthorityKeyIdentifier, readBasicConstraints, readSubjectKeyIdentifier } from './extensions.ts';
import { type Name, sameName } from './name.ts';

/** The longest chain anybody needs; more is an attack or a mistake. */
const maxLength = 10;
/** Signatures checked in all: a pool of look-alikes must not buy hours of work. */
const maxChecks = 100;

export interface OrderedChain {
  /** Leaf first; ends at a self-signed root when the pool holds it. */
  readonly chain: readonly Certificate[];
  /** Certificates of the pool that are not part of the chain. */
  readonly unused: readonly Certificate[];
  /** True when the last member is signed by itself. */
  readonly complete: boolean;
}

/**
 * Follows issuers from `leaf` through `pool` by name and signature. Among several that fit (a root and its
 * cross-signed twin) the self-signed one comes first, then the one whose key identifier the certificate names.
 */
export function orderChain(leaf: Certificate, pool: readonly Certificate[]): OrderedChain {
  const members = new Map(
    [leaf, ...pool].map((certificate) => [fingerprint256(certificate.der), certificate]),
  );
  members.delete(fingerprint256(leaf.der));
  let checks = maxChecks;
  const signed = (issuer: Certificate, certificate: Certificate): boolean =>
    checks-- > 0 && signs(issuer, certificate);
  const chain: Certificate[] = [leaf];
  let complete = isSelfIssued(leaf) && signed(leaf, leaf);
  while (!complete && chain.length < maxLength) {
    const last = chain.at(-1)!;
    const found = candidates(last, members).find(([, candidate]) => signed(candidate, last));
    if (!found) break;
    const [fingerprint, issuer] = found;
    members.delete(fingerprint);
    chain.push(issuer);
    complete = isSelfIssued(issuer) && signed(issuer, issuer);
  }
  return { chain, unused: [...members.values()], complete };
}

function candidates(
  certificate: Certificate,
  members: ReadonlyMap<string, Certificate>,
): readonly (readonly [string, Certificate])[] {
  const wanted = keyId(() => readAuthorityKeyIdentifier(certificate.extensions));
  const rank = (candidate: Certificate): number =>
    (isSelfIssued(candidate) ? 0 : 2) +
    (wanted !== undefined && keyId(() => readSubjectKeyIdentifier(candidate.extensions)) === wanted ? 0 : 1);
  return [...members]
    .filter(([, candidate]) => namesChain(candidate.subject, certificate.issuer))
    .toSorted(([, a], [, b]) => rank(a) - rank(b));
}

function keyId(read: () => Uint8Array | undefined): string | undefined {
  try {
    const id = read();
    return id && Buffer.from(id).toString('hex');
  } catch {
    return undefined;
  }
}

/**
 * RFC 5280 §7.1, near enough: same types in the same places, values equal without regard to string type, case and
 * runs of spaces. The signature decides; this only says where to look.
 */
function namesChain(subject: Name, issuer: Name): boolean {
  const folded = ({ rdns }: Name): string =>
    JSON.stringify(
      rdns.map((rdn) =>
        rdn
          .map(
            ({ type, value }) =>
              `${type}=${value.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()}`,
          )
          .sort(),
      ),
    );
  return sameName(subject, issuer) || folded(subject) === folded(issuer);
}

/** A signature that cannot be checked (an algorithm of the past) does not make a chain. */
function signs(issuer: Certificate, certificate: Certificate): boolean {
  try {
    return isSignedBy(certificate, issuer);
  } catch {
    return false;
  }
}

/** A CA by its basicConstraints; a v1 root, as the tutorial makes it, is none. */
export function isAuthority(certificate: Certificate): boolean {
  return readBasicConstraints(certificate.extensions)?.ca === true;
}
