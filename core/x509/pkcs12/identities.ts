/** Which certificate belongs to which key. */
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';

export interface KeyBag {
  /** PKCS#8 DER. */
  readonly key: Uint8Array;
  readonly friendlyName?: string;
  readonly localKeyId?: Uint8Array;
  /** The Windows provider that the file names for the key. */
  readonly keyProvider?: string;
}

export interface CertificateBag {
  /** DER. */
  readonly certificate: Uint8Array;
  readonly friendlyName?: string;
  readonly localKeyId?: Uint8Array;
}

export interface Identity extends KeyBag {
  /** DER of the certificate of this key, when the file has one. */
  readonly certificate?: Uint8Array;
}

/** No key that we or node:crypto handle is larger (RSA-16384 takes 9.3 KB). */
const largestKey = 16 * 1024;

/**
 * Pairs keys and certificates. The same public key decides; among several such certificates the one with the key's
 * localKeyID. Where public keys cannot be compared, or none is the same, localKeyID alone: the caller then sees the
 * mismatch that the file's maker made.
 */
export function pairIdentities(
  keys: readonly KeyBag[],
  certificates: readonly CertificateBag[],
): readonly Identity[] {
  const byPublicKey = Map.groupBy(certificates, ({ certificate }) =>
    publicKeyOf(() => new X509Certificate(certificate).publicKey),
  );
  return keys.map((bag) => {
    const publicKey =
      bag.key.length > largestKey ? undefined : publicKeyOf(() => createPublicKey(toKeyObject(bag.key)));
    const samePublicKey = publicKey === undefined ? [] : (byPublicKey.get(publicKey) ?? []);
    const sameId = (other: CertificateBag): boolean =>
      bag.localKeyId !== undefined &&
      other.localKeyId !== undefined &&
      Buffer.compare(bag.localKeyId, other.localKeyId) === 0;
    const match = samePublicKey.find(sameId) ?? samePublicKey[0] ?? certificates.find(sameId);
    const friendlyName = bag.friendlyName ?? match?.friendlyName;
    return {
      key: bag.key,
      ...(friendlyName === undefined ? {} : { friendlyName }),
      ...(bag.localKeyId === undefined ? {} : { localKeyId: bag.localKeyId }),
      ...(bag.keyProvider === undefined ? {} : { keyProvider: bag.keyProvider }),
      ...(match === undefined ? {} : { certificate: match.certificate }),
    };
  });
}

const toKeyObject = (pkcs8: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });

/** SubjectPublicKeyInfo in hex, or undefined when node:crypto does not know the key or cannot read the structure. */
function publicKeyOf(load: () => KeyObject): string | undefined {
  try {
    return load().export({ format: 'der', type: 'spki' }).toString('hex');
  } catch {
    return undefined;
  }
}
