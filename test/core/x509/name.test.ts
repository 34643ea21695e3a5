import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import { DerReader, encode, oid, sequence, setOf, Tag, utf8String } from '../../../core/x509/der.ts';
import { X509Error } from '../../../core/x509/errors.ts';
import {
  buildName,
  commonName,
  type Name,
  type NameAttribute,
  nameText,
  parseNameText,
  readName,
  sameName,
} from '../../../core/x509/name.ts';
import { assertBounded, mutations } from './hostile.ts';
import { leafTemplate, makeAuthority, sign } from './issued.ts';
import { x509 } from './peculiar.ts';
import { missing, ToolBench } from './tool-bench.ts';

const noOpenssl = missing('openssl');
const bench = new ToolBench();
after(() => bench.remove());

const read = (der: Uint8Array): Name => readName(DerReader.over(der, 'name'));
const values = (name: Name): string[] => name.rdns.flat().map(({ value }) => value);
const refused = (reason?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof X509Error, String(error));
  assert.equal(error.code, 'NAME_INVALID');
  if (reason) assert.match(String(error.data['reason']), reason);
  return true;
};

test("all attribute types of the tutorial's policy are written in its order and read back", () => {
  const text =
    'emailAddress=alice@example.com, CN=アリス, OU=営業部, O=割符株式会社, L=千代田区, ST=東京都, C=JP';
  const name = parseNameText(text);
  assert.deepEqual(
    name.rdns.flat().map(({ type }) => type),
    ['2.5.4.6', '2.5.4.8', '2.5.4.7', '2.5.4.10', '2.5.4.11', '2.5.4.3', '1.2.840.113549.1.9.1'],
  );
  assert.equal(nameText(name), text);
  assert.deepEqual(read(name.der).rdns, name.rdns);
  assert.equal(commonName(name), 'アリス');
});

test('string types are those of RFC 5280', () => {
  const { der } = parseNameText(
    'C=JP, serialNumber=42, dnQualifier=q, DC=example, emailAddress=a@b, CN=a, UID=u',
  );
  const tags = new Map<string, number>();
  const outer = DerReader.over(der, 'name').enter();
  while (!outer.atEnd) {
    const attribute = outer.enter(Tag.set).enter();
    tags.set(attribute.oid(), attribute.peek()!);
  }
  assert.deepEqual(
    [...tags.values()].toSorted((a, b) => a - b),
    [
      Tag.utf8String,
      Tag.utf8String,
      Tag.printableString,
      Tag.printableString,
      Tag.printableString,
      Tag.ia5String,
      Tag.ia5String,
    ],
  );
  assert.equal(tags.get('2.5.4.6'), Tag.printableString);
});

test('text without a type is a common name; aliases and any case of a type are understood', () => {
  assert.equal(nameText(parseNameText('  Acme Root  ')), 'CN=Acme Root');
  assert.equal(
    nameText(
      parseNameText(
        's=Tokyo,e=a@b.c,EMAIL=d@e.f,g=Taro,sn=Yamada,streetaddress=x'.replace(',streetaddress=x', ''),
      ),
    ),
    'ST=Tokyo, emailAddress=a@b.c, emailAddress=d@e.f, GN=Taro, SN=Yamada',
  );
  assert.equal(nameText(parseNameText('1.2.3.4=x, cn=y')), '1.2.3.4=x, CN=y');
});

test('escapes, quotes and hex are understood (RFC 4514 §3, RFC 2253)', () => {
  for (const [text, value] of [
    ['CN=Acme\\, Inc.', 'Acme, Inc.'],
    ['CN="Acme, Inc. + more"', 'Acme, Inc. + more'],
    ['CN="say \\"hi\\""', 'say "hi"'],
    ['CN=a\\+b\\=c\\\\d\\;\\<\\>', 'a+b=c\\d;<>'],
    ['CN=\\#5', '#5'],
    ['CN=a=b', 'a=b'],
    ['CN=\\E5\\89\\B2\\E7\\AC\\A6', '割符'],
    ['CN=\\C3\\A4', 'ä'],
    ['CN=#0c03616263', 'abc'],
    ['CN=#1e0452727b26', '割符'],
    ['CN=😀', '😀'],
  ] as const)
    assert.deepEqual(values(parseNameText(text)), [value], text);
});

test('a multi-valued RDN is one SET in DER order, and reads as it was built', () => {
  const name = parseNameText('OU=Sales+L=Tokyo+CN=x, O=Acme');
  assert.equal(name.rdns.length, 2);
  assert.deepEqual(read(name.der).rdns, name.rdns);
  assert.ok(sameName(name, parseNameText('CN=x+OU=Sales+L=Tokyo, O=Acme')));
  assert.equal(nameText(read(name.der)), nameText(name));
  assert.throws(() => parseNameText('CN=a+CN=b'), refused(/twice/));
});

test('what does not fit is refused with its reason', () => {
  for (const [text, reason] of [
    ['', /empty/],
    ['CN=', /empty/],
    ['CN=a,', /no type/],
    ['CN=a, Inc', /no type/],
    ['XY=a', /not a known type/],
    ['9.9=a', /not an object identifier/],
    ['C=jp', /capital/],
    ['C=JPN', /more than 2/],
    ['C=日本', /capital/],
    ['serialNumber=あ', /PrintableString/],
    ['serialNumber=a_b', /PrintableString/],
    ['emailAddress=あ@b', /ASCII/],
    ['CN=a\\0ab', /control/],
    ['CN=a\u0000b', /control/],
    ['CN=a\u202eb', /control/],
    ['CN=a\u0085b', /control/],
    ['CN=\\FF', /UTF-8/],
    ['CN=a\\', /backslash/],
    ['CN=a"b', /quote/],
    ['CN="a', /quote/],
    ['CN=#zz', /hex/],
    ['CN=#0c', /no string/],
    ['CN=#020101', /no string/],
    ['CN=\\ a', /space/],
    ['CN=a\\ ', /space/],
    ['CN="a "', /space/],
    ['CN=\ud800', /half/],
    [`CN=${'a'.repeat(65)}`, /more than 64/],
    [`O=${'あ'.repeat(65)}`, /more than 64/],
    [`ST=${'a'.repeat(129)}`, /more than 128/],
    [`emailAddress=${'a'.repeat(256)}`, /more than 255/],
    [`CN=${'a'.repeat(9000)}`, /too long/],
  ] as const) {
    assert.throws(() => parseNameText(text), refused(reason), JSON.stringify(text).slice(0, 40));
  }
  assert.throws(() => buildName([]), refused(/empty/));
  assert.throws(() => buildName([[]]), refused(/empty/));
  assert.equal(values(parseNameText(`CN=${'あ'.repeat(64)}`))[0]?.length, 64);
});

test('an ideographic space around a value is trimmed like any other', () => {
  assert.deepEqual(values(parseNameText('CN=\u3000山田 太郎\u3000, C=JP')), ['JP', '山田 太郎']);
});

/** Names that can be built: text of many scripts, multi-valued RDNs. */
const attribute: fc.Arbitrary<NameAttribute> = fc
  .tuple(
    fc.constantFrom('2.5.4.3', '2.5.4.7', '2.5.4.8', '2.5.4.10', '2.5.4.11', '1.2.3.4'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  )
  .map(([type, value]) => ({
    type,
    value:
      [...value.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '').trim()].slice(0, 60).join('').trim() || 'x',
  }));
const rdn = fc.uniqueArray(attribute, { minLength: 1, maxLength: 3, selector: ({ type }) => type });
const anyName = fc.array(rdn, { minLength: 1, maxLength: 5 }).map(buildName);

test('text and name are each the other, for every name that can be built', () => {
  fc.assert(
    fc.property(anyName, (name) => {
      const back = parseNameText(nameText(name));
      assert.deepEqual(back.rdns, name.rdns);
      assert.ok(sameName(back, name));
      assert.deepEqual(read(name.der).rdns, name.rdns);
    }),
    { numRuns: 300 },
  );
});

test('the text of any value that was read carries no control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
      const name = read(sequence(setOf(sequence(oid('2.5.4.3'), utf8String(value.toWellFormed())))));
      assert.doesNotMatch(nameText(name), /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u);
    }),
  );
  const hostile = read(
    sequence(setOf(sequence(oid('2.5.4.3'), utf8String('www.bank.com\u0000.evil\u001b[2J\u202e')))),
  );
  assert.equal(
    nameText(hostile),
    'CN=www.bank.com\\00.evil\\1B[2J\\E2\\80\\AE'
      .replace('\\1B', '\\1b')
      .replace('\\E2\\80\\AE', '\\e2\\80\\ae'),
  );
});

test('malformed strings are refused, unknown types shown in hex', () => {
  const withValue = (tag: number, content: string): Uint8Array =>
    sequence(setOf(sequence(oid('2.5.4.3'), encode(tag, Buffer.from(content, 'hex')))));
  for (const [tag, content] of [
    [Tag.utf8String, 'ff'],
    [Tag.utf8String, 'eda080'],
    [Tag.utf8String, 'c080'],
    [Tag.bmpString, '00'],
    [Tag.universalString, '000000'],
    [Tag.universalString, '00110000'],
  ] as const)
    assert.throws(
      () => read(withValue(tag, content)),
      (error: unknown) => error instanceof X509Error && error.code === 'DER_MALFORMED',
      content,
    );
  assert.deepEqual(values(read(withValue(Tag.octetString, '0102'))), ['#04020102']);
  assert.throws(
    () => read(Buffer.from('30023100', 'hex')),
    (error: unknown) => error instanceof X509Error,
  );
  assert.deepEqual(read(Buffer.from('3000', 'hex')).rdns, []);
  const long = sequence(setOf(sequence(oid('2.5.4.3'), utf8String('a'.repeat(70_000)))));
  assert.throws(
    () => read(long),
    (error: unknown) => error instanceof X509Error && error.code === 'INPUT_TOO_LARGE',
  );
});

test('damaged names are read or refused quickly', () => {
  const { der } = parseNameText('emailAddress=alice@example.com, CN=アリス+OU=営業部, O=割符, C=JP');
  fc.assert(
    fc.property(mutations(der), (bytes) => void assertBounded(() => nameText(read(bytes)), 500)),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      (text) => void assertBounded(() => parseNameText(text), 500),
    ),
    { numRuns: 500 },
  );
});

test('openssl prints our names as we do', { skip: noOpenssl }, async () => {
  const authority = await makeAuthority();
  for (const text of [
    'CN=a\\, b\\+c, OU=割符, O=Acme "x", C=JP'.replace(' "x"', ' \\"x\\"'),
    'emailAddress=a@b.c, CN=\\#1, ST=東京都, L=千代田区',
    'CN=x+OU=y, O=z',
  ]) {
    const subject = parseNameText(text);
    const der = sign({ ...leafTemplate(authority, authority.signer.spki), subject }, authority.signer);
    bench.write('name.der', der);
    const printed = bench
      .run(
        'openssl',
        'x509',
        '-inform',
        'DER',
        '-in',
        'name.der',
        '-noout',
        '-subject',
        '-nameopt',
        'RFC2253,-esc_msb,utf8',
      )
      .trim();
    const escaped = printed.replace(/^subject=/, '');
    assert.ok(sameName(parseNameText(escaped), subject), `${escaped} is not ${text}`);
    assert.equal(
      new x509.X509Certificate(Uint8Array.from(der)).subjectName.toString().replaceAll(', ', ',').length > 0,
      true,
    );
    const judged = JSON.stringify(new x509.X509Certificate(Uint8Array.from(der)).subjectName.toJSON());
    for (const { value } of subject.rdns.flat())
      assert.ok(judged.includes(JSON.stringify(value)), `${judged} lacks ${value}`);
  }
});

test('names that openssl makes in every string type are read', { skip: noOpenssl }, () => {
  for (const [mask, tag] of [
    ['MASK:0x0004', Tag.teletexString],
    ['MASK:0x0800', Tag.bmpString],
    ['utf8only', Tag.utf8String],
  ] as const) {
    bench.write(
      'mask.cnf',
      `[req]\ndistinguished_name=dn\nprompt=no\nstring_mask=${mask}\nutf8=yes\n[dn]\nC=JP\nO=Åcme\nCN=æøå\n`,
    );
    bench.openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-utf8',
      '-config',
      'mask.cnf',
      '-keyout',
      'mask.key',
      '-outform',
      'DER',
      '-out',
      'mask.der',
    );
    const { subject } = parseCertificate(bench.read('mask.der'));
    assert.deepEqual(values(subject), ['JP', 'Åcme', 'æøå'], mask);
    assert.ok(Buffer.from(subject.der).includes(Buffer.of(tag)), mask);
  }
  // OpenSSL's name code never writes UniversalString; its generator does.
  bench.write(
    'universal.cnf',
    'asn1=SEQUENCE:name\n[name]\nrdn=SET:rdn\n[rdn]\na=SEQUENCE:attribute\n[attribute]\nt=OID:commonName\nv=FORMAT:UTF8,UNIV:割符😀\n',
  );
  bench.openssl('asn1parse', '-genconf', 'universal.cnf', '-noout', '-out', 'universal.der');
  const universal = bench.read('universal.der');
  assert.ok(Buffer.from(universal).includes(Buffer.of(Tag.universalString)));
  assert.deepEqual(values(read(universal)), ['割符😀']);
});

test('multi-valued RDNs that openssl makes are read', { skip: noOpenssl }, () => {
  bench.openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'multi.key',
    '-outform',
    'DER',
    '-out',
    'multi.der',
    '-subj',
    '/C=JP/O=Acme/OU=Sales+L=Tokyo/CN=Alice',
  );
  const { subject } = parseCertificate(bench.read('multi.der'));
  assert.equal(subject.rdns.length, 4);
  assert.equal(nameText(subject).split(', ')[1]?.split('+').toSorted().join('+'), 'L=Tokyo+OU=Sales');
  assert.ok(sameName(parseNameText(nameText(subject)), subject));
});
