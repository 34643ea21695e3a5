import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { parseCertificate, randomSerial, signStructure } from '../../../../core/x509/certificate.ts';
import { buildCrl, type CrlEntry, type CrlReason, revocationReasons } from '../../../../core/x509/crl.ts';
import {
  encode,
  explicit,
  generalizedTime,
  integer,
  nullValue,
  oid,
  sequence,
  setOf,
  Tag,
  time,
  utf8String,
} from '../../../../core/x509/der.ts';
import {
  authorityKeyIdentifier,
  crlNumber,
  type Extension,
  encodeExtensions,
} from '../../../../core/x509/extensions.ts';
import { keyIdentifier } from '../../../../core/x509/key.ts';
import { crlRules } from '../../../../core/x509/lint/crl.ts';
import type { Finding } from '../../../../core/x509/lint/rule.ts';
import { lintCrl } from '../../../../core/x509/lint.ts';
import { Oid } from '../../../../core/x509/oids.ts';
import { dayFromNow, makeAuthority, rootTemplate, sign } from '../issued.ts';
import { eachRuleFires } from './fires.ts';

const authority = await makeAuthority();
const { signer, certificate } = authority;
const id = keyIdentifier(signer.spki);

interface Fields {
  version?: Uint8Array;
  algorithm?: Uint8Array;
  issuer?: Uint8Array;
  thisUpdate?: Uint8Array;
  nextUpdate?: Uint8Array;
  entries?: readonly Uint8Array[];
  extensions?: readonly Extension[];
}

const extensions = [authorityKeyIdentifier(id), crlNumber(1)];
function crafted(fields: Fields): Uint8Array {
  const algorithm = fields.algorithm ?? signer.algorithm;
  const tbs = sequence(
    fields.version ?? integer(1),
    algorithm,
    fields.issuer ?? certificate.subject.der,
    fields.thisUpdate ?? time(dayFromNow(0)),
    fields.nextUpdate ?? time(dayFromNow(30)),
    ...(fields.entries ? [sequence(...fields.entries)] : []),
    explicit(0, encodeExtensions(fields.extensions ?? extensions)),
  );
  return signStructure(tbs, { ...signer, algorithm });
}
const raws = (fields: Fields): readonly Finding[] => lintCrl(crafted(fields), certificate);
const entry = (...own: readonly Extension[]): Uint8Array =>
  sequence(integer(5), time(dayFromNow(-1)), ...(own.length ? [encodeExtensions(own)] : []));
const reason = (code: number, critical = false): Extension => ({
  oid: Oid.reasonCode,
  critical,
  value: encode(Tag.enumerated, Buffer.of(code)),
});
const attribute = (type: string, value: Uint8Array): Uint8Array =>
  sequence(setOf(sequence(oid(type), value)));

test('CRLs that Warifu makes give no finding, empty or with every reason', () => {
  const template = {
    issuer: certificate.subject,
    number: 0,
    thisUpdate: dayFromNow(0),
    nextUpdate: dayFromNow(30),
    authorityKeyIdentifier: id,
  };
  const entries = (Object.keys(revocationReasons) as CrlReason[]).map(
    (name): CrlEntry => ({
      serial: randomSerial(),
      revokedAt: dayFromNow(0),
      reason: name,
      invalidityAt: dayFromNow(-9),
    }),
  );
  for (const list of [[], entries])
    assert.deepEqual(lintCrl(buildCrl(template, list, signer), certificate), []);
  assert.deepEqual(
    lintCrl(
      buildCrl(
        {
          ...template,
          thisUpdate: new Date('2049-12-31T00:00:00Z'),
          nextUpdate: new Date('2050-01-31T00:00:00Z'),
        },
        entries,
        signer,
      ),
    ),
    [],
  );
  assert.deepEqual(raws({}), []);
});

test('rubbish is a finding and no exception', () => {
  for (const bytes of [new Uint8Array(0), randomBytes(50), sequence()])
    assert.deepEqual(
      lintCrl(bytes).map(({ id: rule }) => rule),
      ['x690-10-der'],
    );
});

test('the first offender is named by its serial', () => {
  const [finding] = raws({ entries: [entry(), entry()] });
  assert.equal(finding?.message, '05: stands twice');
});

eachRuleFires(crlRules, {
  'rfc5280-4.1.1.2-signature-algorithm-modern': () =>
    raws({ algorithm: sequence(oid('1.2.840.113549.1.1.4'), nullValue()) }),
  'rfc4055-5-signature-parameters': () => raws({ algorithm: sequence(oid(Oid.sha256WithRSAEncryption)) }),
  'rfc5280-A.1-country-two-letters': () => raws({ issuer: attribute('2.5.4.6', utf8String('JP')) }),
  'rfc5280-A.1-printable-string-types': () => raws({ issuer: attribute('2.5.4.5', utf8String('1')) }),
  'rfc5280-A.1-ia5-string-types': () =>
    raws({ issuer: attribute('1.2.840.113549.1.9.1', utf8String('a@b')) }),
  'rfc5280-4.1.2.4-directory-string-type': () =>
    raws({ issuer: attribute('2.5.4.3', encode(Tag.teletexString, Buffer.from('x'))) }),
  'rfc5280-A.1-printable-string-characters': () =>
    raws({ issuer: attribute('2.5.4.3', encode(Tag.printableString, Buffer.from('a_b'))) }),
  'rfc5280-A.1-attribute-length': () => raws({ issuer: attribute('2.5.4.10', utf8String('a'.repeat(65))) }),
  'unicode-tr36-no-control-characters': () => raws({ issuer: attribute('2.5.4.10', utf8String('a\nb')) }),
  'rfc5280-5.1.2.1-version-2': () => raws({ version: new Uint8Array(0) }),
  'rfc5280-5.1.2.3-issuer-not-empty': () => raws({ issuer: sequence() }),
  'rfc5280-5.1.2.3-issuer-name': () =>
    lintCrl(crafted({}), parseCertificate(sign(rootTemplate(signer, 'CN=Another'), signer))),
  'rfc5280-5.1.2.4-time-encoding': () => raws({ thisUpdate: generalizedTime(dayFromNow(0)) }),
  'rfc5280-5.1.2.5-next-update': () => raws({ nextUpdate: new Uint8Array(0) }),
  'rfc5280-5.1.2.5-update-order': () => raws({ nextUpdate: time(dayFromNow(0)) }),
  'rfc5280-5.1.2.6-no-empty-list': () => raws({ entries: [] }),
  'rfc5280-5.1.2.6-serial-once': () => raws({ entries: [entry(), entry()] }),
  'rfc5280-5.1.2.6-serial-positive': () =>
    raws({ entries: [sequence(Buffer.of(2, 1, 0x80), time(dayFromNow(-1)))] }),
  'rfc5280-5.1.2.6-time-encoding': () =>
    raws({ entries: [sequence(integer(5), generalizedTime(dayFromNow(-1)))] }),
  'rfc5280-5.1.2.6-revoked-before-update': () =>
    raws({ entries: [sequence(integer(5), time(dayFromNow(2)))] }),
  'rfc5280-5.2-critical-extension-known': () =>
    raws({ extensions: [...extensions, { oid: '1.2.3', critical: true, value: nullValue() }] }),
  'rfc5280-5.2.1-authority-key-identifier': () => raws({ extensions: [crlNumber(1)] }),
  'rfc5280-5.2.3-crl-number': () => raws({ extensions: [authorityKeyIdentifier(id)] }),
  'rfc5280-5.3-entry-extensions-not-empty': () =>
    raws({ entries: [sequence(integer(5), time(dayFromNow(-1)), sequence())] }),
  'rfc5280-5.3-critical-extension-known': () =>
    raws({ entries: [entry({ oid: Oid.certificateIssuer, critical: true, value: sequence() })] }),
  'rfc5280-5.3.1-reason-not-critical': () => raws({ entries: [entry(reason(1, true))] }),
  'rfc5280-5.3.1-reason-not-unspecified': () => raws({ entries: [entry(reason(0))] }),
  'rfc5280-5.3.1-reason-known': () => raws({ entries: [entry(reason(7))] }),
  'rfc5280-5.3.2-invalidity-date-form': () =>
    raws({ entries: [entry({ oid: Oid.invalidityDate, critical: false, value: time(dayFromNow(-1)) })] }),
  'rfc5280-4.1.1.2-signature-algorithms-agree': () => {
    const tbs = sequence(
      integer(1),
      sequence(oid(Oid.ecdsaWithSHA512)),
      certificate.subject.der,
      time(dayFromNow(0)),
    );
    return lintCrl(signStructure(tbs, signer));
  },
});

test('a CRL number is 0 or more, not critical, of at most 20 octets', () => {
  const numbers = (own: Extension): string[] =>
    raws({ extensions: [authorityKeyIdentifier(id), own] }).map(({ id: rule }) => rule);
  for (const own of [
    { ...crlNumber(1), critical: true },
    { ...crlNumber(1), value: Buffer.of(2, 1, 0x80) },
    { ...crlNumber(1), value: integer(Buffer.alloc(21, 1)) },
  ])
    assert.ok(numbers(own).includes('rfc5280-5.2.3-crl-number'));
  assert.deepEqual(numbers({ ...crlNumber(1), value: integer(Buffer.alloc(20, 1)) }), []);
});

test('the key identifier is that of the issuer', () => {
  assert.ok(
    raws({ extensions: [authorityKeyIdentifier(Buffer.alloc(20)), crlNumber(1)] }).some(
      ({ id: rule }) => rule === 'rfc5280-5.2.1-authority-key-identifier',
    ),
  );
});
