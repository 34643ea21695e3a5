/** What each kind of certificate carries: the profiles of design and tutorial, corrected (X.509 v3 always). */
import { isIP } from 'node:net';
import {
  authorityKeyIdentifier,
  basicConstraints,
  type Extension,
  extKeyUsage,
  type GeneralName,
  keyUsage,
  subjectAltName,
  subjectKeyIdentifier,
} from '../x509/extensions.ts';
import { describePublicKey, keyIdentifier } from '../x509/key.ts';
import { Oid } from '../x509/oids.ts';

/** A self-signed root: CA:TRUE, path length 0, since Warifu's CAs sign leaves and nothing else. */
export function rootExtensions(spki: Uint8Array): readonly Extension[] {
  const id = keyIdentifier(spki);
  return [
    basicConstraints({ ca: true, pathLength: 0 }),
    keyUsage('keyCertSign', 'cRLSign'),
    subjectKeyIdentifier(id),
    authorityKeyIdentifier(id),
  ];
}

export type LeafPurpose = 'client' | 'server';

/** A leaf for one purpose. An RSA server key may also encipher keys (TLS 1.2 RSA key exchange); all others only sign. */
export function leafExtensions(
  purpose: LeafPurpose,
  spki: Uint8Array,
  issuerKeyIdentifier: Uint8Array,
  names: readonly GeneralName[],
): readonly Extension[] {
  const rsa = describePublicKey(spki).type === 'rsa';
  return [
    basicConstraints({ ca: false, pathLength: null }),
    rsa && purpose === 'server'
      ? keyUsage('digitalSignature', 'keyEncipherment')
      : keyUsage('digitalSignature'),
    extKeyUsage(purpose === 'client' ? Oid.clientAuth : Oid.serverAuth),
    subjectKeyIdentifier(keyIdentifier(spki)),
    authorityKeyIdentifier(issuerKeyIdentifier),
    ...(names.length === 0 ? [] : [subjectAltName(names)]),
  ];
}

/** A subjectAltName from what a person writes: `10.0.0.1`, `alice@example.com`, `https://…`, `www.example.com`. */
export function generalName(text: string): GeneralName {
  const value = text.trim();
  if (isIP(value)) return { type: 'ip', value };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return { type: 'uri', value };
  return value.includes('@') ? { type: 'email', value } : { type: 'dns', value };
}
