/** Certificates and keys of our own making, for tests; the profiles are those that Warifu issues. */
import { type LeafPurpose, leafExtensions, rootExtensions } from '../../../core/authority/profiles.ts';
import {
  buildTbsCertificate,
  type Certificate,
  type CertificateTemplate,
  parseCertificate,
  randomSerial,
  signStructure,
} from '../../../core/x509/certificate.ts';
import type { GeneralName } from '../../../core/x509/extensions.ts';
import {
  generatePrivateKey,
  type KeyAlgorithm,
  keyIdentifier,
  type Signer,
  signerFor,
} from '../../../core/x509/key.ts';
import { parseNameText } from '../../../core/x509/name.ts';

export interface Authority {
  readonly key: Uint8Array;
  readonly signer: Signer;
  readonly certificate: Certificate;
}

const dayMs = 86_400_000;
export const dayFromNow = (days: number): Date =>
  new Date(Math.floor(Date.now() / 1000) * 1000 + days * dayMs);

export async function makeAuthority(
  algorithm: KeyAlgorithm = 'ec-p256',
  name = 'CN=割符 Test CA, O=Acme, C=JP',
): Promise<Authority> {
  const key = await generatePrivateKey(algorithm);
  const signer = signerFor(key);
  return { key, signer, certificate: parseCertificate(sign(rootTemplate(signer, name), signer)) };
}

export function rootTemplate(signer: Signer, name: string): CertificateTemplate {
  const subject = parseNameText(name);
  const extensions = rootExtensions(signer.spki);
  return {
    serial: randomSerial(),
    issuer: subject,
    subject,
    notBefore: dayFromNow(-1),
    notAfter: dayFromNow(3650),
    spki: signer.spki,
    extensions,
  };
}

export function leafTemplate(
  authority: Authority,
  spki: Uint8Array,
  purpose: LeafPurpose = 'client',
  names: readonly GeneralName[] = [],
): CertificateTemplate {
  return {
    serial: randomSerial(),
    issuer: authority.certificate.subject,
    subject: parseNameText('CN=アリス, OU=Sales, O=Acme, L=Tokyo, ST=Tokyo, C=JP'),
    notBefore: dayFromNow(0),
    notAfter: dayFromNow(365),
    spki,
    extensions: leafExtensions(purpose, spki, keyIdentifier(authority.signer.spki), names),
  };
}

/** A signed certificate, DER. */
export function sign(template: CertificateTemplate, signer: Signer): Uint8Array {
  return signStructure(buildTbsCertificate(template, signer.algorithm), signer);
}
