/** Opens PKCS#12 (RFC 7292) from any maker: OpenSSL, Windows, Java, NSS, GnuTLS, macOS. */
import { DerivationBudget } from '../derivation-budget.ts';
import { requirePrivateKeyInfo } from '../encrypted-key.ts';
import { X509Error } from '../errors.ts';
import { PasswordForms } from '../password-encoding.ts';
import { describePbe } from '../pbe.ts';
import type { Protection } from '../pbe-scheme.ts';
import { unseal, wrongPassword } from '../sealed.ts';
import { type Bag, readBags } from './bags.ts';
import { type CertificateBag, type Identity, type KeyBag, pairIdentities } from './identities.ts';
import { verifyMac } from './mac.ts';
import { readPfx, readSafes, type Safe, what } from './pfx.ts';
import { type Pkcs12Protection, protectionOf, unprotected } from './protection.ts';

export interface Pkcs12Contents {
  /** Every private key, in file order, with its certificate when there is one. */
  readonly identities: readonly Identity[];
  /** Every certificate, DER, in file order: leaves, chains and trusted ones alike. */
  readonly certificates: readonly Uint8Array[];
  /** What else is in it, one for each: `CRL`, `secret`, or the OID of its type. */
  readonly others: readonly string[];
  readonly protection: Pkcs12Protection;
}

/** More keys and certificates than any person's file holds. */
const bagLimit = 10_000;

/**
 * Everything of use in a PKCS#12 of at most 4 MiB, for at most `units` of a {@link DerivationBudget}. For the empty
 * password both of its conventions are tried.
 * @throws X509Error WRONG_PASSWORD; PASSWORD_REQUIRED when the password is empty and does not fit; UNSUPPORTED_ALGORITHM
 *   for an unknown cipher or MAC, and for public-key modes; INPUT_TOO_LARGE for the file or the work it asks for;
 *   DER_MALFORMED.
 */
export function readPkcs12(bytes: Uint8Array, password: string, units?: number): Pkcs12Contents {
  const pfx = readPfx(bytes);
  const budget = new DerivationBudget(what, units);
  const forms = new PasswordForms(password);
  if (pfx.mac && !verifyMac(pfx.mac, pfx.authenticatedSafe, forms, budget)) throw wrongPassword(forms, what);

  const keys: KeyBag[] = [];
  const certificates: CertificateBag[] = [];
  const others: string[] = [];
  const keyProtections: Protection[] = [];
  const certificateProtections: Protection[] = [];
  let bags = 0;
  for (const safe of readSafes(pfx.authenticatedSafe)) {
    const safeProtection = safe.kind === 'sealed' ? describePbe(safe.sealed.algorithm, what) : unprotected;
    for (const bag of openSafe(safe, forms, budget)) {
      if (++bags > bagLimit)
        throw new X509Error('INPUT_TOO_LARGE', { what, limit: `${bagLimit} keys and certificates` });
      if (bag.kind === 'other') others.push(bag.type);
      else if (bag.kind === 'certificate') {
        certificates.push(bag);
        certificateProtections.push(safeProtection);
      } else {
        keys.push(openKey(bag, forms, budget));
        keyProtections.push(
          bag.kind === 'sealedKey' ? describePbe(bag.sealed.algorithm, what) : safeProtection,
        );
      }
    }
  }
  return {
    identities: pairIdentities(keys, certificates),
    certificates: certificates.map(({ certificate }) => certificate),
    others,
    protection: protectionOf(pfx.mac, keyProtections, certificateProtections),
  };
}

function openSafe(safe: Safe, password: PasswordForms, budget: DerivationBudget): readonly Bag[] {
  return safe.kind === 'plain'
    ? readBags(safe.contents)
    : unseal(safe.sealed, password, budget, what, readBags);
}

function openKey(
  bag: Exclude<Bag, { kind: 'certificate' | 'other' }>,
  password: PasswordForms,
  budget: DerivationBudget,
): KeyBag {
  if (bag.kind === 'key') return bag;
  const { kind: _, sealed, ...attributes } = bag;
  return { ...attributes, key: unseal(sealed, password, budget, what, requirePrivateKeyInfo) };
}
