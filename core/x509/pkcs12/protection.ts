/** What protects a PKCS#12, in words for people and without its password. */
import { describePbe } from '../pbe.ts';
import type { Protection } from '../pbe-scheme.ts';
import { readBags } from './bags.ts';
import { readPfx, readSafes, what } from './pfx.ts';

export interface Pkcs12Protection {
  readonly mac: Protection;
  /** Each different protection that a private key has; empty when there is no key. */
  readonly keys: readonly Protection[];
  /** Each different protection that a certificate has; empty when there is none. */
  readonly certificates: readonly Protection[];
}

/** No MAC, or no encryption. */
export const unprotected: Protection = { algorithm: 'none', iterations: 0 };

/** `found` reduced to its different members and to the two fields of a Protection. */
function distinctProtections(found: readonly Protection[]): readonly Protection[] {
  const byText = new Map(
    found.map(({ algorithm, iterations }) => [`${algorithm} ${iterations}`, { algorithm, iterations }]),
  );
  return [...byText.values()];
}

/**
 * What can be told from outside. An encrypted safe hides what it holds: it is taken for certificates, and for keys too
 * when none shows elsewhere. Costs no derivation.
 * @throws X509Error DER_MALFORMED, INPUT_TOO_LARGE, UNSUPPORTED_ALGORITHM for a MAC we do not know and for public-key modes.
 */
export function inspectPkcs12(bytes: Uint8Array): Pkcs12Protection {
  const pfx = readPfx(bytes);
  const keys: Protection[] = [];
  const certificates: Protection[] = [];
  const hidden: Protection[] = [];
  for (const safe of readSafes(pfx.authenticatedSafe)) {
    if (safe.kind === 'sealed') hidden.push(describePbe(safe.sealed.algorithm, what));
    else
      for (const bag of readBags(safe.contents)) {
        if (bag.kind === 'certificate') certificates.push(unprotected);
        else if (bag.kind !== 'other')
          keys.push(bag.kind === 'sealedKey' ? describePbe(bag.sealed.algorithm, what) : unprotected);
      }
  }
  return protectionOf(pfx.mac, keys.length > 0 ? keys : hidden, [...certificates, ...hidden]);
}

/** The three of them, reduced to what differs. */
export function protectionOf(
  mac: Protection | undefined,
  keys: readonly Protection[],
  certificates: readonly Protection[],
): Pkcs12Protection {
  return {
    mac: distinctProtections([mac ?? unprotected])[0]!,
    keys: distinctProtections(keys),
    certificates: distinctProtections(certificates),
  };
}
