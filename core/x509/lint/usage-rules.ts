/** Rules on what a certificate's key is for, and how the key is named (RFC 5280 §4.2.1.1 to §4.2.1.3, §4.2.1.9, §4.2.1.12). */
import { isSelfIssued } from '../certificate.ts';
import { namedBits } from '../der.ts';
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
import { Oid } from '../oids.ts';
import { extensionOf, type LintedCertificate } from './linted-certificate.ts';
import type { Rule } from './rule.ts';

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

export const keyIdentifierRules: readonly Rule<LintedCertificate>[] = [
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

export const usageRules: readonly Rule<LintedCertificate>[] = [
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
