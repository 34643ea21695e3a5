/** The rules for certificates: RFC 5280 §4, and where it is silent what verifiers and CLB ask for. */
import { type Certificate, isSelfIssued, parseCertificate, readAlgorithm } from '../certificate.ts';
import { context, contextPrimitive, DerReader, type DerValue, namedBits, Tag } from '../der.ts';
import {
  keyUsages,
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readExtKeyUsage,
  readKeyUsage,
  readSubjectAltName,
  readSubjectKeyIdentifier,
} from '../extensions.ts';
import { keyIdentifier } from '../key.ts';
import { commonName, sameName } from '../name.ts';
import { Oid } from '../oids.ts';
import { extensionRules, isCanonical } from './extension-rules.ts';
import { keyRules, signatureRules } from './key-rules.ts';
import { nameRules } from './name-rules.ts';
import type { Rule } from './rule.ts';

/** A certificate with what parsing leaves out: how its fields are encoded. */
export interface LintedCertificate {
  readonly certificate: Certificate;
  /** Rules that compare with the issuer are silent without it. */
  readonly issuer: Certificate | undefined;
  readonly algorithm: { readonly oid: string; readonly encoded: Uint8Array };
  /** Contents of the serial's INTEGER, sign octet included. */
  readonly serial: Uint8Array;
  readonly times: readonly [DerValue, DerValue];
  readonly uniqueIdentifiers: boolean;
  /** Extensions, DER. */
  readonly extensions: Uint8Array | undefined;
  readonly ca: boolean;
}

/** @throws X509Error as parseCertificate */
export function openCertificate(der: Uint8Array, issuer: Certificate | undefined): LintedCertificate {
  const certificate = parseCertificate(der);
  const reader = DerReader.over(certificate.tbs, 'certificate').enter();
  reader.optional(context(0));
  const serial = reader.integerBytes();
  const algorithm = readAlgorithm(reader);
  reader.any();
  const validity = reader.enter();
  const times = [validity.any(), validity.any()] as const;
  reader.any();
  reader.any();
  const first = reader.optional(contextPrimitive(1));
  const second = reader.optional(contextPrimitive(2));
  return {
    certificate,
    issuer,
    algorithm,
    serial,
    times,
    uniqueIdentifiers: first !== undefined || second !== undefined,
    extensions: reader.enterOptional(context(3))?.any().encoded,
    ca: readBasicConstraints(certificate.extensions)?.ca === true,
  };
}

const extensionOf = ({ certificate }: LintedCertificate, oid: string) =>
  certificate.extensions.find((extension) => extension.oid === oid);
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

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

const keyIdentifierRules: readonly Rule<LintedCertificate>[] = [
  {
    id: 'rfc5280-4.2.1.1-authority-key-identifier',
    section: 'RFC 5280 §4.2.1.1',
    severity: 'error',
    check: ({ certificate }) =>
      !isSelfIssued(certificate) && readAuthorityKeyIdentifier(certificate.extensions) === undefined
        ? 'no authorityKeyIdentifier'
        : undefined,
  },
  {
    id: 'rfc5280-4.2.1.1-authority-key-identifier-matches',
    section: 'RFC 5280 §4.2.1.1',
    severity: 'error',
    check: ({ certificate, issuer }) => {
      const named = readAuthorityKeyIdentifier(certificate.extensions);
      const actual = issuer && readSubjectKeyIdentifier(issuer.extensions);
      return named && actual && hex(named) !== hex(actual)
        ? 'authorityKeyIdentifier is not that of the issuer'
        : undefined;
    },
  },
  {
    id: 'rfc5280-4.2.1.2-subject-key-identifier-of-ca',
    section: 'RFC 5280 §4.2.1.2',
    severity: 'error',
    check: ({ certificate, ca }) =>
      ca && readSubjectKeyIdentifier(certificate.extensions) === undefined
        ? 'a CA without subjectKeyIdentifier'
        : undefined,
  },
  {
    id: 'rfc5280-4.2.1.2-subject-key-identifier-of-leaf',
    section: 'RFC 5280 §4.2.1.2',
    severity: 'warning',
    check: ({ certificate, ca }) =>
      !ca && readSubjectKeyIdentifier(certificate.extensions) === undefined
        ? 'no subjectKeyIdentifier'
        : undefined,
  },
  {
    id: 'rfc5280-4.2.1.1-self-signed-key-identifiers',
    section: 'RFC 5280 §4.2.1.1, §4.2.1.2',
    severity: 'warning',
    check: ({ certificate, ca }) => {
      if (!ca || !isSelfIssued(certificate)) return undefined;
      const [own, authority] = [
        readSubjectKeyIdentifier(certificate.extensions),
        readAuthorityKeyIdentifier(certificate.extensions),
      ];
      if (own && authority && hex(own) !== hex(authority)) return 'a root names another key as its authority';
      return own && hex(own) !== hex(keyIdentifier(certificate.spki))
        ? 'subjectKeyIdentifier is not the SHA-1 of the key'
        : undefined;
    },
  },
  {
    id: 'rfc5280-4.2.1.1-key-identifiers-not-critical',
    section: 'RFC 5280 §4.2.1.1, §4.2.1.2',
    severity: 'error',
    check: (linted) =>
      [Oid.authorityKeyIdentifier, Oid.subjectKeyIdentifier].some((oid) => extensionOf(linted, oid)?.critical)
        ? 'a critical key identifier'
        : undefined,
  },
];

const usageRules: readonly Rule<LintedCertificate>[] = [
  {
    id: 'rfc5280-4.2.1.3-key-usage-not-empty',
    section: 'RFC 5280 §4.2.1.3',
    severity: 'error',
    check: ({ certificate }) =>
      readKeyUsage(certificate.extensions)?.length === 0 ? 'keyUsage without a bit' : undefined,
  },
  {
    id: 'x690-11.2.2-key-usage-encoding',
    section: 'X.690 §11.2.2',
    severity: 'warning',
    check: (linted) => {
      const usages = readKeyUsage(linted.certificate.extensions);
      const encoded = extensionOf(linted, Oid.keyUsage)?.value;
      return usages &&
        encoded &&
        hex(namedBits(usages.map((usage) => keyUsages.indexOf(usage)))) !== hex(encoded)
        ? 'zero bits at the end of keyUsage'
        : undefined;
    },
  },
  {
    id: 'rfc5280-4.2.1.3-ca-signs-certificates',
    section: 'RFC 5280 §4.2.1.3',
    severity: 'error',
    check: ({ certificate, ca }) =>
      ca && !readKeyUsage(certificate.extensions)?.includes('keyCertSign')
        ? 'a CA without keyUsage keyCertSign'
        : undefined,
  },
  {
    id: 'rfc5280-4.2.1.3-ca-key-usage-critical',
    section: 'RFC 5280 §4.2.1.3',
    severity: 'error',
    check: (linted) =>
      linted.ca && extensionOf(linted, Oid.keyUsage)?.critical === false
        ? 'keyUsage of a CA is not critical'
        : undefined,
  },
  {
    id: 'rfc5280-4.2.1.3-cert-sign-needs-ca',
    section: 'RFC 5280 §4.2.1.3, §4.2.1.9',
    severity: 'error',
    check: ({ certificate, ca }) =>
      !ca && readKeyUsage(certificate.extensions)?.includes('keyCertSign')
        ? 'keyCertSign without cA'
        : undefined,
  },
  {
    id: 'rfc5280-4.2.1.9-basic-constraints-critical',
    section: 'RFC 5280 §4.2.1.9',
    severity: 'error',
    check: (linted) =>
      linted.ca && !extensionOf(linted, Oid.basicConstraints)?.critical
        ? 'basicConstraints of a CA is not critical'
        : undefined,
  },
  {
    id: 'rfc5280-4.2.1.9-path-length-needs-ca',
    section: 'RFC 5280 §4.2.1.9',
    severity: 'error',
    check: ({ certificate, ca }) =>
      !ca && typeof readBasicConstraints(certificate.extensions)?.pathLength === 'number'
        ? 'pathLenConstraint without cA'
        : undefined,
  },
  {
    id: 'rfc5280-4.2.1.12-extended-key-usage',
    section: 'RFC 5280 §4.2.1.12',
    severity: 'warning',
    check: ({ certificate, ca }) =>
      !ca && !readExtKeyUsage(certificate.extensions)?.length ? 'no purpose in extKeyUsage' : undefined,
  },
  {
    id: 'rfc5280-4.2.1.12-no-any-purpose',
    section: 'RFC 5280 §4.2.1.12',
    severity: 'warning',
    check: ({ certificate }) =>
      readExtKeyUsage(certificate.extensions)?.includes(Oid.anyExtendedKeyUsage)
        ? 'anyExtendedKeyUsage'
        : undefined,
  },
  {
    id: 'rfc9525-6.1-server-name',
    section: 'RFC 9525 §6.1',
    severity: 'warning',
    check: ({ certificate, ca }) => {
      if (ca || !readExtKeyUsage(certificate.extensions)?.includes(Oid.serverAuth)) return undefined;
      const named = readSubjectAltName(certificate.extensions)?.some(
        ({ type }) => type === 'dns' || type === 'ip',
      );
      return named ? undefined : 'a server without a DNS name or address in subjectAltName';
    },
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
