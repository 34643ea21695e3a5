/** The rules for certificates: RFC 5280 §4, and where it is silent what verifiers and CLB ask for. */
import { isSelfIssued } from '../certificate.ts';
import { Tag } from '../der.ts';
import { readBasicConstraints, readKeyUsage } from '../extensions.ts';
import { commonName, sameName } from '../name.ts';
import { Oid } from '../oids.ts';
import { extensionRules, isCanonical } from './extension-rules.ts';
import { keyRules, signatureRules } from './key-rules.ts';
import { extensionOf, type LintedCertificate } from './linted-certificate.ts';
import { nameRules } from './name-rules.ts';
import type { Rule } from './rule.ts';
import { keyIdentifierRules, usageRules } from './usage-rules.ts';

const fieldRules: readonly Rule<LintedCertificate>[] = [
  {
    id: 'rfc5280-4.1.2.1-version-3',
    section: 'RFC 5280 §4.1.2.1',
    severity: 'error',
    check: ({ certificate }) => (certificate.version === 3 ? undefined : `version ${certificate.version}`),
  },
  {
    id: 'rfc5280-4.1.2.2-serial-positive',
    section: 'RFC 5280 §4.1.2.2',
    severity: 'error',
    check: ({ serial }) =>
      serial[0]! >= 0x80 || serial.every((octet) => octet === 0) ? 'the serial is not positive' : undefined,
  },
  {
    id: 'rfc5280-4.1.2.2-serial-length',
    section: 'RFC 5280 §4.1.2.2',
    severity: 'error',
    check: ({ serial }) =>
      serial.length > 20 ? `the serial takes ${serial.length} octets, at most 20` : undefined,
  },
  {
    id: 'cabf-br-7.1-serial-entropy',
    section: 'CA/Browser Forum BR §7.1',
    severity: 'warning',
    check: ({ serial }) => (serial.length < 8 ? 'the serial cannot hold 64 random bits' : undefined),
  },
  {
    id: 'rfc5280-4.1.2.4-issuer-not-empty',
    section: 'RFC 5280 §4.1.2.4',
    severity: 'error',
    check: ({ certificate }) => (certificate.issuer.rdns.length === 0 ? 'the issuer is empty' : undefined),
  },
  {
    id: 'rfc5280-4.1.2.5-validity-order',
    section: 'RFC 5280 §4.1.2.5',
    severity: 'error',
    check: ({ certificate }) =>
      certificate.notAfter < certificate.notBefore ? 'notAfter is before notBefore' : undefined,
  },
  {
    id: 'rfc5280-4.1.2.5-time-encoding',
    section: 'RFC 5280 §4.1.2.5',
    severity: 'error',
    check: ({ certificate, times }) => {
      const dates = [certificate.notBefore, certificate.notAfter];
      const wrong = dates.find((date, i) => (times[i]!.tag === Tag.utcTime) !== date.getUTCFullYear() < 2050);
      return wrong && `${wrong.toISOString()} is not UTCTime through 2049 and GeneralizedTime after`;
    },
  },
  {
    id: 'rfc5280-4.1.2.6-ca-subject-not-empty',
    section: 'RFC 5280 §4.1.2.6',
    severity: 'error',
    check: ({ certificate, ca }) =>
      ca && certificate.subject.rdns.length === 0 ? 'a CA without a subject' : undefined,
  },
  {
    id: 'rfc5280-4.1.2.6-empty-subject-critical-san',
    section: 'RFC 5280 §4.1.2.6, §4.2.1.6',
    severity: 'error',
    check: (linted) =>
      linted.certificate.subject.rdns.length === 0 &&
      extensionOf(linted, Oid.subjectAltName)?.critical !== true
        ? 'an empty subject needs a critical subjectAltName'
        : undefined,
  },
  {
    id: 'rfc5280-4.1.2.8-no-unique-identifiers',
    section: 'RFC 5280 §4.1.2.8',
    severity: 'error',
    check: ({ uniqueIdentifiers }) => (uniqueIdentifiers ? 'unique identifiers' : undefined),
  },
  {
    id: 'rfc5280-4.1.2.9-extensions-not-empty',
    section: 'RFC 5280 §4.1.2.9',
    severity: 'error',
    check: ({ certificate, extensions }) =>
      extensions && certificate.extensions.length === 0 ? 'an empty list of extensions' : undefined,
  },
  {
    id: 'x690-11.5-no-default-encoded',
    section: 'X.690 §11.5',
    severity: 'error',
    check: ({ certificate, extensions }) =>
      extensions && !isCanonical(certificate.extensions, extensions)
        ? 'critical FALSE is written out'
        : undefined,
  },
];

const issuerRules: readonly Rule<LintedCertificate>[] = [
  {
    id: 'rfc5280-4.1.2.4-issuer-name',
    section: 'RFC 5280 §4.1.2.4, §6.1.3',
    severity: 'error',
    check: ({ certificate, issuer }) =>
      issuer && !sameName(certificate.issuer, issuer.subject)
        ? 'the issuer is not the subject of its issuer'
        : undefined,
  },
  {
    id: 'rfc5280-6.1.4-issuer-is-authority',
    section: 'RFC 5280 §6.1.4 (k), (n)',
    severity: 'error',
    check: ({ issuer }) => {
      if (!issuer) return undefined;
      if (readBasicConstraints(issuer.extensions)?.ca !== true) return 'the issuer is no CA';
      return readKeyUsage(issuer.extensions)?.includes('keyCertSign') === false
        ? 'the issuer may not sign certificates'
        : undefined;
    },
  },
  {
    id: 'rfc5280-4.2.1.9-path-length-kept',
    section: 'RFC 5280 §4.2.1.9',
    severity: 'error',
    check: ({ certificate, issuer, ca }) => {
      const limit = (issuer && readBasicConstraints(issuer.extensions)?.pathLength) ?? null;
      if (!ca || limit === null || isSelfIssued(certificate)) return undefined;
      const own = readBasicConstraints(certificate.extensions)?.pathLength ?? Number.POSITIVE_INFINITY;
      return limit === 0 || own >= limit ? `the issuer allows ${limit} CAs below it` : undefined;
    },
  },
  {
    id: 'rfc5280-6.1.3-within-issuer-validity',
    section: 'RFC 5280 §6.1.3 (a)(2)',
    severity: 'error',
    check: ({ certificate, issuer }) =>
      issuer && certificate.notAfter > issuer.notAfter
        ? `valid until ${certificate.notAfter.toISOString()}, its issuer until ${issuer.notAfter.toISOString()}`
        : undefined,
  },
  {
    id: 'clb-common-name-differs',
    section: 'CLB, upload a CA certificate',
    severity: 'error',
    check: ({ certificate, ca }) => {
      const name = commonName(certificate.subject);
      return !ca && name !== '' && name === commonName(certificate.issuer)
        ? 'the common name is that of the issuer'
        : undefined;
    },
  },
];

export const certificateRules: readonly Rule<LintedCertificate>[] = [
  ...signatureRules<LintedCertificate>(({ algorithm }) => algorithm),
  ...fieldRules,
  ...nameRules<LintedCertificate>(({ certificate }) => [certificate.issuer, certificate.subject]),
  ...keyRules<LintedCertificate>(({ certificate }) => certificate.spki),
  ...extensionRules<LintedCertificate>(({ certificate }) => certificate.extensions),
  ...keyIdentifierRules,
  ...usageRules,
  ...issuerRules,
];
