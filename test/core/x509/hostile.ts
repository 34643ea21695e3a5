/** What hostile bytes meet: every parser of core/x509 that takes them, and the one promise they all keep. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseCertificate, readCertificates } from '../../../core/x509/certificate.ts';
import { readCrl } from '../../../core/x509/crl.ts';
import { X509Error } from '../../../core/x509/errors.ts';
import {
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readCrlDistributionPoints,
  readCrlNumber,
  readExtKeyUsage,
  readKeyUsage,
  readSubjectAltName,
  readSubjectKeyIdentifier,
} from '../../../core/x509/extensions.ts';
import { describePublicKey, importPrivateKey, keyIdentifier } from '../../../core/x509/key.ts';
import { lintCertificate, lintCrl, lintRequest, lintTbsCertificate } from '../../../core/x509/lint.ts';
import { nameText } from '../../../core/x509/name.ts';
import { looksLikePem, parsePem } from '../../../core/x509/pem.ts';
import { readRequest } from '../../../core/x509/request.ts';

const extensionReaders = [
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readCrlDistributionPoints,
  readCrlNumber,
  readExtKeyUsage,
  readKeyUsage,
  readSubjectAltName,
  readSubjectKeyIdentifier,
];

/** Everything that is read from a certificate after it parsed. */
function readWhole(der: Uint8Array): void {
  const certificate = parseCertificate(der);
  nameText(certificate.subject);
  for (const read of extensionReaders) {
    try {
      read(certificate.extensions);
    } catch (error) {
      if (!(error instanceof X509Error)) throw error;
    }
  }
  describePublicKey(certificate.spki);
}

/** Importers by name: each takes a file as a person brings it. */
export const importers: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  certificate: readWhole,
  certificates: (bytes) => readCertificates(bytes),
  request: (bytes) => readRequest(bytes),
  crl: (bytes) => readCrl(bytes),
  key: (bytes) => importPrivateKey(bytes),
  publicKey: (bytes) => [describePublicKey(bytes), keyIdentifier(bytes)],
  pem: (bytes) => (looksLikePem(bytes) ? parsePem(bytes) : []),
  lintCertificate: (bytes) => lintCertificate(bytes),
  lintTbsCertificate: (bytes) => lintTbsCertificate(bytes),
  lintRequest: (bytes) => lintRequest(bytes),
  lintCrl: (bytes) => lintCrl(bytes),
};

/**
 * Runs `read`; it must return, or throw X509Error with plain data, within `limitMs` of processor time (a busy machine
 * makes the clock on the wall useless). Gives the error, if any.
 */
export function assertBounded(read: () => unknown, limitMs: number, label = ''): X509Error | undefined {
  let { elapsed, thrown } = measured(read);
  // Collected garbage, or a processor that somebody else had, counts too, but not three times.
  for (let n = 0; n < 2 && elapsed >= limitMs; n++) ({ elapsed, thrown } = measured(read));
  assert.ok(elapsed < limitMs, `${label} took ${elapsed.toFixed(0)} ms`);
  if (thrown === undefined) return undefined;
  assert.ok(thrown instanceof X509Error, `${label} threw ${String((thrown as Error)?.stack ?? thrown)}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an error that reaches a terminal must not carry them
  assert.doesNotMatch(thrown.message, /[\u0000-\u001f\u007f-\u009f]/);
  return thrown;
}

/** Milliseconds of processor time. */
function measured(read: () => unknown): { readonly elapsed: number; readonly thrown: unknown } {
  const start = process.cpuUsage();
  let thrown: unknown;
  try {
    read();
  } catch (error) {
    thrown = error;
  }
  const { user, system } = process.cpuUsage(start);
  return { elapsed: (user + system) / 1000, thrown };
}

/** Damaged copies of `original`: octets changed, cut, doubled, removed, or a length made huge. */
export function mutations(original: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat({ max: Math.max(0, original.length - 1) });
  const edit = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), at, octet: fc.nat({ max: 255 }), count: fc.constant(1) }),
    fc.record({ kind: fc.constant('cut' as const), at, octet: fc.constant(0), count: fc.constant(0) }),
    fc.record({
      kind: fc.constant('insert' as const),
      at,
      octet: fc.nat({ max: 255 }),
      count: fc.integer({ min: 1, max: 9 }),
    }),
    fc.record({
      kind: fc.constant('remove' as const),
      at,
      octet: fc.constant(0),
      count: fc.integer({ min: 1, max: 9 }),
    }),
    fc.record({
      kind: fc.constant('swell' as const),
      at,
      octet: fc.constantFrom(0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0xff),
      count: fc.constant(1),
    }),
  );
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => {
    let bytes = Buffer.from(original);
    for (const { kind, at: where, octet, count } of edits) {
      const index = Math.min(where, bytes.length);
      const [head, tail] = [bytes.subarray(0, index), bytes.subarray(index)];
      if (kind === 'set' || kind === 'swell')
        bytes = Buffer.concat([head, Buffer.of(octet), tail.subarray(1)]);
      else if (kind === 'cut') bytes = Buffer.from(head);
      else if (kind === 'insert') bytes = Buffer.concat([head, Buffer.alloc(count, octet), tail]);
      else bytes = Buffer.concat([head, tail.subarray(count)]);
    }
    return bytes;
  });
}
