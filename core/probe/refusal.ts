/** Why a listener refuses a certificate. CLB's page does not say; the certificate itself mostly does. */
import type { Refusal, RefusalReason } from '../../contract/probe.ts';
import { type Certificate, isSelfIssued, isSignedBy, parseCertificate } from '../x509/certificate.ts';
import { isAuthority, orderChain } from '../x509/chain.ts';
import { X509Error } from '../x509/errors.ts';
import { readExtKeyUsage, readKeyUsage } from '../x509/extensions.ts';
import { describePublicKey, signatureName } from '../x509/key.ts';
import { nameText, sameName } from '../x509/name.ts';
import { Oid } from '../x509/oids.ts';

export interface RefusalContext {
  readonly now: Date;
  /** CA names of the server's CertificateRequest, DER; undefined when they could not be seen. */
  readonly advertisedNames: readonly Uint8Array[] | undefined;
  /** The CA that the listener is meant to accept, DER. */
  readonly caCertificate?: Uint8Array;
  /** Certificates sent along with the leaf, DER. */
  readonly intermediates?: readonly Uint8Array[];
}

/**
 * Everything in a client certificate (DER) that makes a listener refuse it, the likeliest cause first. Empty when
 * the certificate gives no reason: then it is revoked where revocation is checked, or another CA is configured.
 */
export function explainRefusal(certificateDer: Uint8Array, context: RefusalContext): readonly Refusal[] {
  try {
    const certificate = parseCertificate(certificateDer);
    return [
      ...explainDates(certificate, context.now),
      ...explainPurpose(certificate),
      ...explainIssuer(certificate, context),
      ...explainStrength(certificate),
    ];
  } catch (error) {
    if (error instanceof X509Error) return [reason('unreadable', error.message)];
    throw error;
  }
}

const reason = (code: RefusalReason, detail: string): Refusal => ({ reason: code, detail });

function explainDates({ notBefore, notAfter }: Certificate, now: Date): readonly Refusal[] {
  if (now > notAfter) return [reason('expired', notAfter.toISOString())];
  return now < notBefore ? [reason('not-yet-valid', notBefore.toISOString())] : [];
}

const purposeNames: Readonly<Record<string, string>> = {
  [Oid.serverAuth]: 'serverAuth',
  [Oid.clientAuth]: 'clientAuth',
};

function explainPurpose({ extensions }: Certificate): readonly Refusal[] {
  const purposes = readExtKeyUsage(extensions);
  const usages = readKeyUsage(extensions);
  return [
    ...(purposes && !purposes.includes(Oid.clientAuth) && !purposes.includes(Oid.anyExtendedKeyUsage)
      ? [reason('not-for-clients', purposes.map((purpose) => purposeNames[purpose] ?? purpose).join(', '))]
      : []),
    ...(usages && !usages.includes('digitalSignature') ? [reason('key-usage', usages.join(', '))] : []),
  ];
}

function explainIssuer(
  certificate: Certificate,
  { advertisedNames, caCertificate, intermediates = [], now }: RefusalContext,
): readonly Refusal[] {
  const refusals: Refusal[] = [];
  const chain = orderChain(certificate, intermediates.map(parseCertificate)).chain;
  const last = chain.at(-1)!;
  const named = (name: Uint8Array): boolean =>
    chain.some(({ issuer }) => Buffer.compare(issuer.der, name) === 0);
  if (advertisedNames && advertisedNames.length > 0 && !advertisedNames.some(named))
    refusals.push(reason('issuer-not-advertised', nameText(certificate.issuer)));
  if (!caCertificate) return refusals;
  const ca = parseCertificate(caCertificate);
  const issued = sameName(last.issuer, ca.subject);
  if (!issued) refusals.push(reason('other-ca', nameText(last.issuer)));
  // A self-issued leaf under the CA's own name is never traced to the CA: the search for its issuer stops at itself.
  else if (last === certificate && isSelfIssued(certificate))
    refusals.push(reason('same-name-as-ca', nameText(ca.subject)));
  else if (!signedBy(last, ca)) refusals.push(reason('other-ca-key', nameText(ca.subject)));
  else if (now > ca.notAfter || now < ca.notBefore)
    refusals.push(reason('ca-expired', ca.notAfter.toISOString()));
  else if (ca.version === 3 && !isAuthority(ca))
    refusals.push(reason('ca-not-authority', nameText(ca.subject)));
  return refusals;
}

/** A signature whose algorithm is too old to check is not held against the issuer; `weak-signature` names it. */
function signedBy(certificate: Certificate, ca: Certificate): boolean {
  try {
    return isSignedBy(certificate, ca);
  } catch {
    return true;
  }
}

function explainStrength({ signatureAlgorithm, spki }: Certificate): readonly Refusal[] {
  const algorithm = signatureName(signatureAlgorithm);
  const key = describePublicKey(spki);
  return [
    ...(/MD[245]|SHA-1\b/.test(algorithm) ? [reason('weak-signature', algorithm)] : []),
    ...(key.type === 'rsa' && key.bits < 2048 ? [reason('weak-key', key.text)] : []),
  ];
}
