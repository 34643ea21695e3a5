import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { signStructure } from '../../../../core/x509/certificate.ts';
import {
  bitString,
  context,
  encode,
  integer,
  nullValue,
  oid,
  sequence,
  setOf,
  Tag,
  utf8String,
} from '../../../../core/x509/der.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  type Extension,
  encodeExtensions,
  keyUsage,
  subjectAltName,
} from '../../../../core/x509/extensions.ts';
import { generatePrivateKey, signerFor } from '../../../../core/x509/key.ts';
import { requestRules } from '../../../../core/x509/lint/request.ts';
import type { Finding } from '../../../../core/x509/lint/rule.ts';
import { lintRequest } from '../../../../core/x509/lint.ts';
import { parseNameText } from '../../../../core/x509/name.ts';
import { Oid } from '../../../../core/x509/oids.ts';
import { toPem } from '../../../../core/x509/pem.ts';
import { buildRequest } from '../../../../core/x509/request.ts';
import { missing, ToolBench } from '../tool-bench.ts';
import { eachRuleFires } from './fires.ts';

const signer = signerFor(await generatePrivateKey('ec-p256'));
const subject = parseNameText('CN=アリス, O=Acme, C=JP');
const asking = (...extensions: readonly Extension[]): readonly Finding[] =>
  lintRequest(buildRequest({ subject, extensions }, signer));
const attribute = (type: string, value: Uint8Array): Uint8Array =>
  sequence(setOf(sequence(oid(type), value)));
const crafted = (name: Uint8Array, ...attributes: readonly Uint8Array[]): readonly Finding[] =>
  lintRequest(
    signStructure(sequence(integer(0), name, signer.spki, encode(context(0), ...attributes)), signer),
  );
const dnsName = (text: string): Extension => ({
  oid: Oid.subjectAltName,
  critical: false,
  value: sequence(encode(0x82, Buffer.from(text))),
});

test('requests that Warifu makes give no finding, with or without names and challenge password', () => {
  const san = subjectAltName([{ type: 'dns', value: 'a.example' }]);
  for (const template of [
    { subject, extensions: [] },
    { subject, extensions: [san] },
    { subject, extensions: [san, keyUsage('digitalSignature')], challengePassword: 'ひみつ' },
  ]) {
    const der = buildRequest(template, signer);
    assert.deepEqual(lintRequest(der), []);
    assert.deepEqual(lintRequest(Buffer.from(toPem('CERTIFICATE REQUEST', der))), []);
  }
});

test('rubbish is a finding and no exception', () => {
  for (const bytes of [new Uint8Array(0), randomBytes(50), sequence()])
    assert.deepEqual(
      lintRequest(bytes).map(({ id }) => id),
      ['x690-10-der'],
    );
});

/** A signed request for an RSA key that openssl makes; Warifu's signer takes no such key. */
function opensslRequest(...newKey: readonly string[]): readonly Finding[] {
  const bench = new ToolBench();
  try {
    return lintRequest(
      bench.openssl('req', '-new', '-newkey', ...newKey, '-nodes', '-keyout', 'k.pem', '-subj', '/CN=x'),
    );
  } finally {
    bench.remove();
  }
}

test('weak keys that openssl makes are found', { skip: missing('openssl') }, () => {
  assert.deepEqual(
    opensslRequest('rsa:1024').map(({ id }) => id),
    ['sp800-131a-rsa-size'],
  );
  assert.deepEqual(
    opensslRequest('rsa:2048', '-pkeyopt', 'rsa_keygen_pubexp:3').map(({ id }) => id),
    ['sp800-56b-rsa-exponent'],
  );
  assert.deepEqual(
    opensslRequest('rsa:2048').map(({ id }) => id),
    [],
  );
});

const rsaSpki = (octets: number, exponent: number): Uint8Array => {
  const modulus = Buffer.concat([Buffer.of(0xc1), randomBytes(octets - 2), Buffer.of(1)]);
  return sequence(
    sequence(oid(Oid.rsaEncryption), nullValue()),
    bitString(sequence(integer(modulus), integer(exponent))),
  );
};

/** What a rule on keys says of one; a request for it could not be signed here. */
function ofKey(id: string, spki: Uint8Array): readonly Finding[] {
  const rule = requestRules.find((candidate) => candidate.id === id)!;
  const message = rule.check({ der: spki, subject, spki, requestedExtensions: [], challengePassword: null });
  return message === undefined ? [] : [{ id, section: rule.section, severity: rule.severity, message }];
}

eachRuleFires(requestRules, {
  'rfc2986-4.1-names-somebody': () => crafted(sequence()),
  'rfc2985-5.4.2-no-authority-requested': () => asking(basicConstraints({ ca: true, pathLength: null })),
  'rfc2985-5.4.2-no-identifiers-requested': () => asking(authorityKeyIdentifier(Buffer.alloc(20))),
  'rfc2985-5.4.1-challenge-password-length': () =>
    crafted(subject.der, sequence(oid(Oid.challengePassword), setOf(utf8String('a'.repeat(256))))),
  'rfc5280-A.1-country-two-letters': () =>
    crafted(attribute('2.5.4.6', encode(Tag.printableString, Buffer.from('jp')))),
  'rfc5280-A.1-printable-string-types': () => crafted(attribute('2.5.4.46', utf8String('q'))),
  'rfc5280-A.1-ia5-string-types': () =>
    crafted(attribute('0.9.2342.19200300.100.1.25', utf8String('example'))),
  'rfc5280-4.1.2.4-directory-string-type': () =>
    crafted(attribute('2.5.4.3', encode(Tag.bmpString, Buffer.from('\u0000x', 'latin1')))),
  'rfc5280-A.1-printable-string-characters': () =>
    crafted(attribute('2.5.4.3', encode(Tag.printableString, Buffer.from('a*b')))),
  'rfc5280-A.1-attribute-length': () => crafted(attribute('2.5.4.3', utf8String(''))),
  'unicode-tr36-no-control-characters': () => crafted(attribute('2.5.4.3', utf8String('a\u202eb'))),
  'rfc5480-2.1.1-key-known': () =>
    ofKey('rfc5480-2.1.1-key-known', sequence(sequence(oid('1.3.101.112')), bitString(Buffer.alloc(32, 1)))),
  'sp800-131a-rsa-size': () => ofKey('sp800-131a-rsa-size', rsaSpki(128, 65537)),
  'sp800-56b-rsa-exponent': () => ofKey('sp800-56b-rsa-exponent', rsaSpki(256, 3)),
  'rfc5280-4.2-critical-extension-known': () => asking({ oid: '1.2.3', critical: true, value: nullValue() }),
  'rfc5280-4.2.1.6-san-not-empty': () => asking(subjectAltName([])),
  'rfc5280-4.2.1.6-san-form': () => asking(dnsName('a b')),
  'rfc2986-4.2-signature': () =>
    lintRequest(
      buildRequest(
        { subject, extensions: [] },
        { ...signer, sign: () => Buffer.from(signer.sign(encodeExtensions([]))) },
      ),
    ),
  'rfc2986-4.2-signature-algorithm': () =>
    lintRequest(
      sequence(
        sequence(integer(0), subject.der, signer.spki, encode(context(0))),
        sequence(oid('1.2.840.10045.4.1')),
        bitString(Buffer.of(1)),
      ),
    ),
});
