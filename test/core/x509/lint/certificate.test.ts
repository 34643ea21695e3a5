import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import {
  buildTbsCertificate,
  type Certificate,
  type CertificateTemplate,
  parseCertificate,
  signStructure,
} from '../../../../core/x509/certificate.ts';
import {
  bitString,
  boolean,
  context,
  contextPrimitive,
  encode,
  explicit,
  generalizedTime,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  Tag,
  time,
  utf8String,
} from '../../../../core/x509/der.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  type Extension,
  encodeExtensions,
  extKeyUsage,
  keyUsage,
  subjectAltName,
  subjectKeyIdentifier,
} from '../../../../core/x509/extensions.ts';
import {
  generatePrivateKey,
  keyAlgorithms,
  keyIdentifier,
  publicKeyOf,
  signerFor,
} from '../../../../core/x509/key.ts';
import { certificateRules } from '../../../../core/x509/lint/certificate.ts';
import type { Finding } from '../../../../core/x509/lint/rule.ts';
import { lintCertificate, lintTbsCertificate } from '../../../../core/x509/lint.ts';
import { parseNameText } from '../../../../core/x509/name.ts';
import { Oid } from '../../../../core/x509/oids.ts';
import { dayFromNow, leafTemplate, makeAuthority, rootTemplate, sign } from '../issued.ts';
import { eachRuleFires } from './fires.ts';

const authority = await makeAuthority();
const { signer } = authority;
const spki = publicKeyOf(await generatePrivateKey('ec-p256'));
const leaf = leafTemplate(authority, spki);
const root = rootTemplate(signer, 'CN=割符 Test CA, O=Acme, C=JP');

const linted = (template: CertificateTemplate, issuer?: Certificate): readonly Finding[] =>
  lintTbsCertificate(buildTbsCertificate(template, signer.algorithm), issuer);

/** The template with one extension exchanged for another of its type, or added, or left out. */
const withExtension = (template: CertificateTemplate, extension: Extension): CertificateTemplate => ({
  ...template,
  extensions: [...template.extensions.filter(({ oid: type }) => type !== extension.oid), extension],
});
const without = (template: CertificateTemplate, type: string): CertificateTemplate => ({
  ...template,
  extensions: template.extensions.filter((extension) => extension.oid !== type),
});
const raw = (type: string, value: Uint8Array, critical = false): Extension => ({
  oid: type,
  critical,
  value,
});

interface Fields {
  version?: Uint8Array;
  serial?: Uint8Array;
  algorithm?: Uint8Array;
  issuer?: Uint8Array;
  validity?: Uint8Array;
  subject?: Uint8Array;
  spki?: Uint8Array;
  uniqueIdentifier?: Uint8Array;
  extensions?: Uint8Array;
}

/** A TBSCertificate of a leaf, with fields of one's own. */
const tbs = (fields: Fields): Uint8Array =>
  sequence(
    fields.version ?? explicit(0, integer(2)),
    fields.serial ?? integer(Buffer.from(leaf.serial, 'hex')),
    fields.algorithm ?? signer.algorithm,
    fields.issuer ?? leaf.issuer.der,
    fields.validity ?? sequence(time(leaf.notBefore), time(leaf.notAfter)),
    fields.subject ?? leaf.subject.der,
    fields.spki ?? leaf.spki,
    fields.uniqueIdentifier ?? new Uint8Array(0),
    explicit(3, fields.extensions ?? encodeExtensions(leaf.extensions)),
  );
const raws = (fields: Fields): readonly Finding[] => lintTbsCertificate(tbs(fields));

const attribute = (type: string, value: Uint8Array): Uint8Array =>
  sequence(setOf(sequence(oid(type), value)));
const rsaKey = (modulusOctets: number, exponent: number): Uint8Array => {
  const modulus = Buffer.concat([Buffer.of(0xc1), randomBytes(modulusOctets - 2), Buffer.of(1)]);
  return sequence(
    sequence(oid(Oid.rsaEncryption), nullValue()),
    bitString(sequence(integer(modulus), integer(exponent))),
  );
};
const dnsName = (text: string): Extension =>
  raw(Oid.subjectAltName, sequence(encode(contextPrimitive(2), Buffer.from(text))));
const otherId = Buffer.alloc(20, 9);

test('what Warifu issues gives no finding: roots, clients and servers of every key', async () => {
  for (const algorithm of keyAlgorithms) {
    const own = signerFor(await generatePrivateKey(algorithm));
    const rootOf = rootTemplate(own, 'CN=Root, O=Acme, C=JP');
    assert.deepEqual(lintTbsCertificate(buildTbsCertificate(rootOf, own.algorithm)), [], algorithm);
    const certificate = parseCertificate(sign(rootOf, own));
    assert.deepEqual(lintCertificate(certificate.der), []);
    for (const purpose of ['client', 'server'] as const) {
      const names =
        purpose === 'server'
          ? ([
              { type: 'dns', value: '*.example.com' },
              { type: 'ip', value: '::1' },
            ] as const)
          : ([{ type: 'email', value: 'a@b.c' }] as const);
      const template = leafTemplate({ key: own.spki, signer: own, certificate }, own.spki, purpose, names);
      assert.deepEqual(
        lintTbsCertificate(buildTbsCertificate(template, own.algorithm), certificate),
        [],
        `${algorithm} ${purpose}`,
      );
      assert.deepEqual(lintCertificate(sign(template, own), certificate), []);
    }
  }
});

test('the gate before signing finds what is found after it', () => {
  const bad = buildTbsCertificate({ ...leaf, notAfter: dayFromNow(-9) }, signer.algorithm);
  assert.deepEqual(lintTbsCertificate(bad), lintCertificate(signStructure(bad, signer)));
  assert.equal(lintTbsCertificate(bad).length, 1);
});

test('rubbish, and a part that is rubbish, are findings and no exceptions', () => {
  for (const bytes of [
    new Uint8Array(0),
    Buffer.of(0x30, 0x80),
    Buffer.from('hello'),
    sequence(),
    sequence(integer(1)),
  ]) {
    assert.deepEqual(
      lintCertificate(bytes).map(({ id }) => id),
      ['x690-10-der'],
    );
    assert.deepEqual(
      lintTbsCertificate(bytes).map(({ id }) => id),
      ['x690-10-der'],
    );
  }
  const inside = linted(withExtension(leaf, raw(Oid.keyUsage, Buffer.of(3, 0), true)));
  assert.ok(
    inside.length > 0 && inside.every(({ severity }) => severity === 'error'),
    JSON.stringify(inside),
  );
});

test('only an error stops the signing; recommendations are warnings', () => {
  const warnings = linted(without(without(leaf, Oid.extKeyUsage), Oid.subjectKeyIdentifier));
  assert.deepEqual(
    warnings.map(({ severity }) => severity),
    ['warning', 'warning'],
  );
});

test('a negative serial and the serial zero are both not positive', () => {
  for (const serial of [Buffer.of(2, 1, 0x80), integer(0)])
    assert.ok(raws({ serial }).some(({ id }) => id === 'rfc5280-4.1.2.2-serial-positive'));
});

test('DNS names that no verifier matches are found', () => {
  for (const name of [
    'a b',
    '192.0.2.1',
    'a..b',
    '*.com',
    'a.*.b',
    '-a.b',
    `${'a'.repeat(64)}.b`,
    'a.b.',
    'あ.jp',
    '',
  ])
    assert.ok(
      linted(withExtension(leaf, dnsName(name))).some(({ id }) => id === 'rfc5280-4.2.1.6-san-form'),
      name,
    );
  for (const name of ['a', 'a.b', '*.a.b', '_x.a', 'XN--A.jp'])
    assert.deepEqual(linted(withExtension(leaf, dnsName(name))), [], name);
  const upn = sequence(
    encode(context(0), oid('1.3.6.1.4.1.311.20.2.3'), explicit(0, utf8String('alice@corp'))),
  );
  assert.deepEqual(linted(withExtension(leaf, raw(Oid.subjectAltName, upn))), []);
});

eachRuleFires(certificateRules, {
  'rfc5280-4.1.1.2-signature-algorithm-modern': () =>
    raws({ algorithm: sequence(oid('1.2.840.113549.1.1.5'), nullValue()) }),
  'rfc4055-5-signature-parameters': () => [
    ...raws({ algorithm: sequence(oid(Oid.sha256WithRSAEncryption)) }),
    ...raws({ algorithm: sequence(oid(Oid.ecdsaWithSHA256), nullValue()) }),
  ],
  'rfc5280-4.1.2.1-version-3': () => raws({ version: new Uint8Array(0) }),
  'rfc5280-4.1.2.2-serial-positive': () => raws({ serial: integer(0) }),
  'rfc5280-4.1.2.2-serial-length': () => raws({ serial: integer(Buffer.alloc(20, 0x80)) }),
  'cabf-br-7.1-serial-entropy': () => linted({ ...leaf, serial: '01' }),
  'rfc5280-4.1.2.4-issuer-not-empty': () => raws({ issuer: sequence() }),
  'rfc5280-4.1.2.5-validity-order': () => linted({ ...leaf, notAfter: dayFromNow(-1) }),
  'rfc5280-4.1.2.5-time-encoding': () =>
    raws({ validity: sequence(time(leaf.notBefore), generalizedTime(leaf.notAfter)) }),
  'rfc5280-4.1.2.6-ca-subject-not-empty': () =>
    raws({ subject: sequence(), extensions: encodeExtensions(root.extensions) }),
  'rfc5280-4.1.2.6-empty-subject-critical-san': () => raws({ subject: sequence() }),
  'rfc5280-4.1.2.8-no-unique-identifiers': () =>
    raws({ uniqueIdentifier: encode(contextPrimitive(1), Buffer.of(0, 1)) }),
  'rfc5280-4.1.2.9-extensions-not-empty': () => raws({ extensions: sequence() }),
  'x690-11.5-no-default-encoded': () =>
    raws({ extensions: sequence(sequence(oid('1.2.3'), boolean(false), octetString(nullValue()))) }),
  'rfc5280-A.1-country-two-letters': () => raws({ subject: attribute('2.5.4.6', utf8String('JP')) }),
  'rfc5280-A.1-printable-string-types': () => raws({ subject: attribute('2.5.4.5', utf8String('42')) }),
  'rfc5280-A.1-ia5-string-types': () =>
    raws({ subject: attribute('1.2.840.113549.1.9.1', utf8String('a@b')) }),
  'rfc5280-4.1.2.4-directory-string-type': () =>
    raws({ subject: attribute('2.5.4.3', encode(Tag.teletexString, Buffer.from('x'))) }),
  'rfc5280-A.1-printable-string-characters': () =>
    raws({ subject: attribute('2.5.4.3', encode(Tag.printableString, Buffer.from('a@b'))) }),
  'rfc5280-A.1-attribute-length': () => raws({ subject: attribute('2.5.4.3', utf8String('a'.repeat(65))) }),
  'unicode-tr36-no-control-characters': () =>
    raws({ subject: attribute('2.5.4.3', utf8String('www.bank.com\u0000.evil')) }),
  'rfc5480-2.1.1-key-known': () =>
    raws({ spki: sequence(sequence(oid('1.3.101.112')), bitString(Buffer.alloc(32, 1))) }),
  'sp800-131a-rsa-size': () => raws({ spki: rsaKey(128, 65537) }),
  'sp800-56b-rsa-exponent': () => raws({ spki: rsaKey(256, 3) }),
  'rfc5280-4.2-critical-extension-known': () => linted(withExtension(leaf, raw('1.2.3', nullValue(), true))),
  'rfc5280-4.2.1.6-san-not-empty': () => linted(withExtension(leaf, subjectAltName([]))),
  'rfc5280-4.2.1.6-san-form': () => linted(withExtension(leaf, dnsName('a b'))),
  'rfc5280-4.2.1.1-authority-key-identifier': () => linted(without(leaf, Oid.authorityKeyIdentifier)),
  'rfc5280-4.2.1.1-authority-key-identifier-matches': () =>
    linted(withExtension(leaf, authorityKeyIdentifier(otherId)), authority.certificate),
  'rfc5280-4.2.1.2-subject-key-identifier-of-ca': () => linted(without(root, Oid.subjectKeyIdentifier)),
  'rfc5280-4.2.1.2-subject-key-identifier-of-leaf': () => linted(without(leaf, Oid.subjectKeyIdentifier)),
  'rfc5280-4.2.1.1-self-signed-key-identifiers': () =>
    linted(withExtension(root, authorityKeyIdentifier(otherId))),
  'rfc5280-4.2.1.1-key-identifiers-not-critical': () =>
    linted(withExtension(leaf, { ...subjectKeyIdentifier(keyIdentifier(spki)), critical: true })),
  'rfc5280-4.2.1.3-key-usage-not-empty': () => linted(withExtension(leaf, keyUsage())),
  'x690-11.2.2-key-usage-encoding': () =>
    linted(withExtension(leaf, raw(Oid.keyUsage, Buffer.of(3, 2, 0, 0x80), true))),
  'rfc5280-4.2.1.3-ca-signs-certificates': () => linted(withExtension(root, keyUsage('cRLSign'))),
  'rfc5280-4.2.1.3-ca-key-usage-critical': () =>
    linted(withExtension(root, { ...keyUsage('keyCertSign'), critical: false })),
  'rfc5280-4.2.1.3-cert-sign-needs-ca': () =>
    linted(withExtension(leaf, keyUsage('digitalSignature', 'keyCertSign'))),
  'rfc5280-4.2.1.9-basic-constraints-critical': () =>
    linted(withExtension(root, { ...basicConstraints({ ca: true, pathLength: 0 }), critical: false })),
  'rfc5280-4.2.1.9-path-length-needs-ca': () =>
    linted(withExtension(leaf, raw(Oid.basicConstraints, sequence(integer(0)), true))),
  'rfc5280-4.2.1.12-extended-key-usage': () => linted(without(leaf, Oid.extKeyUsage)),
  'rfc5280-4.2.1.12-no-any-purpose': () => linted(withExtension(leaf, extKeyUsage(Oid.anyExtendedKeyUsage))),
  'rfc9525-6.1-server-name': () => linted(leafTemplate(authority, spki, 'server')),
  'rfc5280-4.1.2.4-issuer-name': () =>
    linted({ ...leaf, issuer: parseNameText('CN=Another CA') }, authority.certificate),
  'rfc5280-6.1.4-issuer-is-authority': () => linted(leaf, parseCertificate(sign(leaf, signer))),
  'rfc5280-4.2.1.9-path-length-kept': () =>
    linted({ ...leaf, extensions: root.extensions }, authority.certificate),
  'rfc5280-6.1.3-within-issuer-validity': () =>
    linted({ ...leaf, notAfter: dayFromNow(4000) }, authority.certificate),
  'clb-common-name-differs': () =>
    linted({ ...leaf, subject: parseNameText('CN=割符 Test CA, O=Elsewhere') }),
  'rfc5280-4.2-extension-once': () =>
    linted({ ...leaf, extensions: [...leaf.extensions, keyUsage('cRLSign')] }),
  'rfc5280-4.1.1.2-signature-algorithms-agree': () =>
    lintCertificate(sequence(tbs({}), sequence(oid(Oid.ecdsaWithSHA512)), bitString(Buffer.of(1)))),
});
