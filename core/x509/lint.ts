/**
 * Our own lint: small rules of RFC 5280 and its kin, run over what is about to be signed. An `error` stops the signing;
 * a `warning` is for the one who looks. Structures that do not parse are one finding of their own.
 */
import { type Certificate, readAlgorithm } from './certificate.ts';
import { bitString, context, DerReader, sequence, Tag } from './der.ts';
import { X509Error } from './errors.ts';
import { certificateRules } from './lint/certificate.ts';
import { crlRules, openCrlForLint } from './lint/crl.ts';
import { openCertificate } from './lint/linted-certificate.ts';
import { requestRules } from './lint/request.ts';
import type { Finding, Rule } from './lint/rule.ts';
import { readRequest } from './request.ts';

/** Findings on a certificate, DER. With `issuer`, also on how the two fit. */
export function lintCertificate(der: Uint8Array, issuer?: Certificate): readonly Finding[] {
  return lint(certificateRules, () => openCertificate(der, issuer));
}

/** As {@link lintCertificate}, for a TBSCertificate before any signature: the gate in front of the CA's key. */
export function lintTbsCertificate(tbs: Uint8Array, issuer?: Certificate): readonly Finding[] {
  return lint(certificateRules, () =>
    openCertificate(sequence(tbs, algorithmOf(tbs), bitString(new Uint8Array(0))), issuer),
  );
}

/** Findings on a PKCS#10 request, PEM or DER; its signature is checked too. */
export function lintRequest(input: Uint8Array): readonly Finding[] {
  return lint(requestRules, () => readRequest(input));
}

/** Findings on a CRL, DER. With `issuer`, also on how the two fit; the signature is not checked. */
export function lintCrl(der: Uint8Array, issuer?: Certificate): readonly Finding[] {
  return lint(crlRules, () => openCrlForLint(der, issuer));
}

/** As {@link lintCrl}, for a TBSCertList before any signature: the gate in front of the CA's key. */
export function lintTbsCertList(tbs: Uint8Array, issuer: Certificate): readonly Finding[] {
  return lintCrl(sequence(tbs, algorithmOf(tbs), bitString(new Uint8Array(0))), issuer);
}

/** The AlgorithmIdentifier inside a TBSCertificate or TBSCertList; outside stands the same one (RFC 5280 §4.1.1.2). */
function algorithmOf(tbs: Uint8Array): Uint8Array {
  const reader = DerReader.over(tbs, 'certificate').enter();
  reader.optional(context(0));
  reader.read(Tag.integer);
  return readAlgorithm(reader).encoded;
}

function lint<Subject>(rules: readonly Rule<Subject>[], open: () => Subject): readonly Finding[] {
  let subject: Subject;
  try {
    subject = open();
  } catch (error) {
    return [unreadable(error)];
  }
  return rules.flatMap((rule) => finding(rule, subject) ?? []);
}

function finding<Subject>(
  { id, section, severity, check }: Rule<Subject>,
  subject: Subject,
): Finding | undefined {
  try {
    const message = check(subject);
    return message === undefined ? undefined : { id, section, severity, message };
  } catch (error) {
    // A part that this rule cannot read (an extension with rubbish inside) does not hold the rule.
    if (error instanceof X509Error) return { id, section, severity: 'error', message: error.message };
    throw error;
  }
}

function unreadable(error: unknown): Finding {
  if (!(error instanceof X509Error)) throw error;
  const { code, message, data } = error;
  const found = (id: string, section: string): Finding => ({ id, section, severity: 'error', message });
  if (data['reason'] === 'extension twice') return found('rfc5280-4.2-extension-once', 'RFC 5280 §4.2');
  if (data['reason'] === 'signature algorithms differ')
    return found('rfc5280-4.1.1.2-signature-algorithms-agree', 'RFC 5280 §4.1.1.2');
  if (code === 'SIGNATURE_INVALID') return found('rfc2986-4.2-signature', 'RFC 2986 §4.2');
  if (code === 'UNSUPPORTED_ALGORITHM') return found('rfc2986-4.2-signature-algorithm', 'RFC 2986 §4.2');
  return found('x690-10-der', 'X.690 §10');
}
