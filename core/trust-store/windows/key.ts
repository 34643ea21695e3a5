/** What a private key behind a Windows certificate can do, shown by letting it sign. It never leaves its provider. */
import { constants, createPublicKey, randomBytes, verify } from 'node:crypto';
import type { Certificate } from '../../x509/certificate.ts';
import { describePublicKey } from '../../x509/key.ts';
import type { AcquiredKey, Handle, KeyPlace, Signing, WindowsSystem } from './system.ts';

/**
 * Keys in software; those of a smart card or a TPM are not Warifu's work, and not Warifu's to delete.
 * https://learn.microsoft.com/windows/win32/seccrypto/microsoft-cryptographic-service-providers
 */
const softwareProviders: readonly string[] = [
  'Microsoft Software Key Storage Provider',
  'Microsoft Base Cryptographic Provider v1.0',
  'Microsoft Strong Cryptographic Provider',
  'Microsoft Enhanced Cryptographic Provider v1.0',
  'Microsoft Enhanced RSA and AES Cryptographic Provider',
];

/** Signs a nonce and verifies that with the certificate's own public key. False when there is no key or another. */
export function proveKey(system: WindowsSystem, context: Handle, certificate: Certificate): boolean {
  const plain = describePublicKey(certificate.spki).type === 'ec' ? 'ec' : 'rsa-pkcs1';
  return withKey(system, context, false, (key) => proves(system, key, certificate, plain)) ?? false;
}

/**
 * Whether the key signs as TLS 1.3 demands (RFC 8446 §4.4.3: RSA-PSS or ECDSA), reached as Chromium reaches it
 * (net/ssl/ssl_platform_key_win.cc). Undefined when there is no key.
 */
export function signsForTls13(
  system: WindowsSystem,
  context: Handle,
  certificate: Certificate,
): boolean | undefined {
  const modern = describePublicKey(certificate.spki).type === 'ec' ? 'ec' : 'rsa-pss';
  return withKey(
    system,
    context,
    true,
    (key) => key.kind === 'cng' && proves(system, key, certificate, modern),
  );
}

/** Deletes a key of a software provider. @returns true when it is gone; also for a key that is not ours to delete */
export function deleteKey(system: WindowsSystem, place: KeyPlace): boolean {
  return !softwareProviders.includes(place.provider) || system.deleteKey(place);
}

/** Two certificates on one key: a renewal with the old key. */
export function sameKeyPlace(a: KeyPlace | undefined, b: KeyPlace | undefined): boolean {
  return a !== undefined && b !== undefined && a.container === b.container && a.provider === b.provider;
}

function withKey<T>(
  system: WindowsSystem,
  context: Handle,
  preferCng: boolean,
  work: (key: AcquiredKey) => T,
): T | undefined {
  const key = system.acquireKey(context, preferCng);
  if (!key) return undefined;
  try {
    return work(key);
  } finally {
    system.releaseKey(key);
  }
}

function proves(system: WindowsSystem, key: AcquiredKey, { spki }: Certificate, signing: Signing): boolean {
  const nonce = randomBytes(32);
  const [digest, signature] =
    key.kind === 'cng'
      ? (['sha256', system.signCng(key, nonce, signing)] as const)
      : (['sha1', system.signCapi(key, nonce)] as const);
  if (!signature) return false;
  try {
    const publicKey = {
      key: createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }),
      ...(signing === 'ec' ? { dsaEncoding: 'ieee-p1363' as const } : {}),
      ...(signing === 'rsa-pss' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {}),
    };
    return verify(digest, nonce, publicKey, signature);
  } catch {
    return false;
  }
}
