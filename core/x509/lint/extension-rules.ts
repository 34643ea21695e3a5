/** Rules on extensions that certificates and requests share. */

import { isIP } from 'node:net';
import {
  type Extension,
  encodeExtensions,
  type GeneralName,
  isDomain,
  readSubjectAltName,
} from '../extensions.ts';
import { Oid } from '../oids.ts';
import type { Rule } from './rule.ts';

/** What this room reads; RFC 5280 §4.2 has a certificate refused for any other critical extension. */
const knownExtensions: ReadonlySet<string> = new Set([
  Oid.subjectKeyIdentifier,
  Oid.keyUsage,
  Oid.subjectAltName,
  Oid.basicConstraints,
  Oid.nameConstraints,
  Oid.crlDistributionPoints,
  Oid.certificatePolicies,
  Oid.authorityKeyIdentifier,
  Oid.extKeyUsage,
  Oid.authorityInfoAccess,
]);

/** Rules on the extensions that `extensionsOf` takes out of a subject. */
export function extensionRules<Subject>(
  extensionsOf: (subject: Subject) => readonly Extension[],
): readonly Rule<Subject>[] {
  return [
    {
      id: 'rfc5280-4.2-critical-extension-known',
      section: 'RFC 5280 §4.2',
      severity: 'error',
      check: (subject) => {
        const unknown = extensionsOf(subject).find(
          ({ critical, oid }) => critical && !knownExtensions.has(oid),
        );
        return unknown && `critical extension ${unknown.oid}`;
      },
    },
    {
      id: 'rfc5280-4.2.1.6-san-not-empty',
      section: 'RFC 5280 §4.2.1.6',
      severity: 'error',
      check: (subject) =>
        readSubjectAltName(extensionsOf(subject))?.length === 0 ? 'subjectAltName without a name' : undefined,
    },
    {
      id: 'rfc5280-4.2.1.6-san-form',
      section: 'RFC 5280 §4.2.1.6',
      severity: 'error',
      check: (subject) => {
        const wrong = readSubjectAltName(extensionsOf(subject))?.find((name) => !isWellFormed(name));
        return wrong && `${wrong.type} name "${wrong.value.slice(0, 120)}"`;
      },
    },
  ];
}

function isWellFormed({ type, value }: GeneralName): boolean {
  switch (type) {
    case 'dns':
      // A wildcard is a whole label, the leftmost one, and stands for something below a domain (RFC 9525 §6.3).
      return (
        isIP(value) === 0 &&
        isDomain(value.replace(/^\*\./, '')) &&
        (!value.startsWith('*.') || value.split('.').length > 2)
      );
    case 'email':
      return /^[^@\s]+@[^@\s]+$/.test(value);
    case 'uri':
      return /^[a-z][a-z0-9+.-]*:\S+$/i.test(value);
    case 'ip':
      return true;
    case 'other':
      // rfc822Name, dNSName, URI or iPAddress that did not read as one; any other kind of name is not ours to judge.
      return !/^8[1267]/.test(value);
  }
}

/** True when the extensions are encoded as DER has it: no default written out. */
export function isCanonical(extensions: readonly Extension[], encoded: Uint8Array): boolean {
  return Buffer.compare(encodeExtensions(extensions), encoded) === 0;
}
