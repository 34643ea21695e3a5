/** Rules on keys and signature algorithms, shared by certificates, requests and CRLs. */
import { DerReader, Tag } from '../der.ts';
import { describePublicKey, isKnownSignature, readRsaPublicKey, signatureName } from '../key.ts';
import type { Rule } from './rule.ts';

/** Rules on the SubjectPublicKeyInfo of a subject. */
export function keyRules<Subject>(spkiOf: (subject: Subject) => Uint8Array): readonly Rule<Subject>[] {
  return [
    {
      id: 'rfc5480-2.1.1-key-known',
      section: 'RFC 5480 §2.1.1, RFC 8017',
      severity: 'error',
      check: (subject) => {
        const { type, text } = describePublicKey(spkiOf(subject));
        return type === 'other' ? `${text} is none of RSA, EC P-256, EC P-384` : undefined;
      },
    },
    {
      id: 'sp800-131a-rsa-size',
      section: 'NIST SP 800-131A §3',
      severity: 'error',
      check: (subject) => {
        const { type, bits } = describePublicKey(spkiOf(subject));
        return type === 'rsa' && bits < 2048 ? `RSA ${bits}, at least 2048` : undefined;
      },
    },
    {
      id: 'sp800-56b-rsa-exponent',
      section: 'NIST SP 800-56B §6.2',
      severity: 'error',
      check: (subject) => {
        const exponent = rsaExponent(spkiOf(subject));
        if (exponent === undefined) return undefined;
        const small =
          exponent.length < 3 ||
          (exponent.length === 3 && exponent[0] === 1 && exponent[1] === 0 && exponent[2] === 0);
        return small || exponent.at(-1)! % 2 === 0 ? 'the exponent is even or below 65537' : undefined;
      },
    },
  ];
}

function rsaExponent(spki: Uint8Array): Uint8Array | undefined {
  if (describePublicKey(spki).type !== 'rsa') return undefined;
  const reader = DerReader.over(spki, 'public key').enter();
  reader.any();
  return readRsaPublicKey(reader.bitString()).exponent;
}

interface Algorithm {
  readonly oid: string;
  readonly encoded: Uint8Array;
}

/** Rules on the AlgorithmIdentifier of a signature. */
export function signatureRules<Subject>(
  algorithmOf: (subject: Subject) => Algorithm,
): readonly Rule<Subject>[] {
  return [
    {
      id: 'rfc5280-4.1.1.2-signature-algorithm-modern',
      section: 'RFC 5280 §4.1.1.2, RFC 6194',
      severity: 'error',
      check: (subject) => {
        const { oid } = algorithmOf(subject);
        return isKnownSignature(oid)
          ? undefined
          : `${signatureName(oid)} is not RSA or ECDSA with SHA-256, SHA-384 or SHA-512`;
      },
    },
    {
      id: 'rfc4055-5-signature-parameters',
      section: 'RFC 4055 §5, RFC 5758 §3.2',
      severity: 'error',
      check: (subject) => {
        const { oid, encoded } = algorithmOf(subject);
        if (!isKnownSignature(oid)) return undefined;
        const reader = DerReader.over(encoded, 'algorithm').enter();
        reader.oid();
        const parameters = reader.atEnd ? undefined : reader.any();
        const isNull = parameters?.tag === Tag.null && parameters.content.length === 0 && reader.atEnd;
        if (signatureName(oid).endsWith('RSA')) return isNull ? undefined : 'RSA parameters are not NULL';
        return parameters === undefined ? undefined : 'ECDSA has parameters';
      },
    },
  ];
}
