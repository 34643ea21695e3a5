/** The rules for PKCS#10 requests: what a CA should not sign, or will not grant. */
import { readBasicConstraints, readKeyUsage, readSubjectAltName } from '../extensions.ts';
import { Oid } from '../oids.ts';
import type { CertificateRequest } from '../request.ts';
import { extensionRules } from './extension-rules.ts';
import { keyRules } from './key-rules.ts';
import { nameRules } from './name-rules.ts';
import type { Rule } from './rule.ts';

const ownRules: readonly Rule<CertificateRequest>[] = [
  {
    id: 'rfc2986-4.1-names-somebody',
    section: 'RFC 2986 §4.1, RFC 5280 §4.1.2.6',
    severity: 'error',
    check: ({ subject, requestedExtensions }) =>
      subject.rdns.length === 0 && !readSubjectAltName(requestedExtensions)?.length
        ? 'neither a subject nor a subjectAltName'
        : undefined,
  },
  {
    id: 'rfc2985-5.4.2-no-authority-requested',
    section: 'RFC 2985 §5.4.2',
    severity: 'warning',
    check: ({ requestedExtensions }) =>
      readBasicConstraints(requestedExtensions)?.ca ||
      readKeyUsage(requestedExtensions)?.includes('keyCertSign')
        ? 'it asks to be a CA'
        : undefined,
  },
  {
    id: 'rfc2985-5.4.2-no-identifiers-requested',
    section: 'RFC 2985 §5.4.2',
    severity: 'warning',
    check: ({ requestedExtensions }) =>
      requestedExtensions.some(({ oid }) => oid === Oid.authorityKeyIdentifier)
        ? 'it names an authority key, which only the CA knows'
        : undefined,
  },
  {
    id: 'rfc2985-5.4.1-challenge-password-length',
    section: 'RFC 2985 §5.4.1',
    severity: 'warning',
    check: ({ challengePassword }) => {
      if (challengePassword === null) return undefined;
      return challengePassword === '' || [...challengePassword].length > 255
        ? 'a challenge password is 1 to 255 characters'
        : undefined;
    },
  },
];

export const requestRules: readonly Rule<CertificateRequest>[] = [
  ...ownRules,
  ...nameRules<CertificateRequest>(({ subject }) => [subject]),
  ...keyRules<CertificateRequest>(({ spki }) => spki),
  ...extensionRules<CertificateRequest>(({ requestedExtensions }) => requestedExtensions),
];
