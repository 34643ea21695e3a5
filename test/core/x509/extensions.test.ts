import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import {
  boolean,
  contextPrimitive,
  DerReader,
  encode,
  integer,
  octetString,
  oid,
  sequence,
} from '../../../core/x509/der.ts';
import { X509Error } from '../../../core/x509/errors.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  crlDistributionPoints,
  crlNumber,
  type Extension,
  encodeExtensions,
  extKeyUsage,
  type GeneralName,
  keyUsage,
  keyUsages,
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readCrlDistributionPoints,
  readCrlNumber,
  readExtensions,
  readExtKeyUsage,
  readKeyUsage,
  readSubjectAltName,
  readSubjectKeyIdentifier,
  subjectAltName,
  subjectKeyIdentifier,
} from '../../../core/x509/extensions.ts';
import { Oid } from '../../../core/x509/oids.ts';
import { assertBounded, mutations } from './hostile.ts';
import { leafTemplate, makeAuthority, sign } from './issued.ts';
import { x509 } from './peculiar.ts';
import { missing, ToolBench } from './tool-bench.ts';

const noOpenssl = missing('openssl');
const bench = new ToolBench();
after(() => bench.remove());

const authority = await makeAuthority();
const withExtensions = (...extensions: readonly Extension[]): Uint8Array =>
  sign({ ...leafTemplate(authority, authority.signer.spki), extensions }, authority.signer);
const reread = (extensions: readonly Extension[]): readonly Extension[] =>
  readExtensions(DerReader.over(encodeExtensions(extensions), 'test'));
const refused = (code: string) => (error: unknown) => error instanceof X509Error && error.code === code;
const names: readonly GeneralName[] = [
  { type: 'dns', value: 'www.example.com' },
  { type: 'dns', value: '*.日本語.jp' },
  { type: 'ip', value: '192.0.2.1' },
  { type: 'ip', value: '2001:db8::1' },
  { type: 'ip', value: '::ffff:192.0.2.1' },
  { type: 'email', value: 'alice@example.com' },
  { type: 'uri', value: 'https://example.com/割'.replace('割', '%E5%89%B2') },
];

test('every extension that is built is read back', () => {
  const id = Buffer.alloc(20, 0xab);
  const extensions = reread([
    basicConstraints({ ca: true, pathLength: 3 }),
    keyUsage('decipherOnly', 'keyCertSign', 'cRLSign'),
    extKeyUsage(Oid.clientAuth, Oid.serverAuth),
    subjectKeyIdentifier(id),
    authorityKeyIdentifier(id),
    subjectAltName(names),
    crlDistributionPoints(['http://a.example/ca.crl', 'ldap://b.example/cn=x']),
    crlNumber(300),
  ]);
  assert.deepEqual(readBasicConstraints(extensions), { ca: true, pathLength: 3 });
  assert.deepEqual(readKeyUsage(extensions), ['keyCertSign', 'cRLSign', 'decipherOnly']);
  assert.deepEqual(readExtKeyUsage(extensions), [Oid.clientAuth, Oid.serverAuth]);
  assert.equal(Buffer.compare(readSubjectKeyIdentifier(extensions)!, id), 0);
  assert.equal(Buffer.compare(readAuthorityKeyIdentifier(extensions)!, id), 0);
  assert.deepEqual(readCrlDistributionPoints(extensions), [
    'http://a.example/ca.crl',
    'ldap://b.example/cn=x',
  ]);
  assert.equal(readCrlNumber(extensions), 300);
  assert.deepEqual(
    readSubjectAltName(extensions),
    names.map((name) => {
      if (name.value === '*.日本語.jp') return { type: 'dns', value: '*.xn--wgv71a119e.jp' };
      return name.value === '::ffff:192.0.2.1' ? { type: 'ip', value: '::ffff:c000:201' } : name;
    }),
  );
  assert.equal(readBasicConstraints([]), undefined);
  assert.deepEqual(readBasicConstraints([basicConstraints({ ca: false, pathLength: null })]), {
    ca: false,
    pathLength: null,
  });
});

test('openssl, node and @peculiar/x509 see the same extensions', { skip: noOpenssl }, () => {
  const der = withExtensions(
    basicConstraints({ ca: true, pathLength: 0 }),
    keyUsage('digitalSignature', 'keyCertSign', 'cRLSign'),
    extKeyUsage(Oid.clientAuth),
    subjectAltName(names),
    crlDistributionPoints(['http://a.example/ca.crl']),
  );
  bench.write('x.der', der);
  const text = bench.run('openssl', 'x509', '-inform', 'DER', '-in', 'x.der', '-noout', '-text');
  for (const expected of [
    /Basic Constraints: critical\s+CA:TRUE, pathlen:0/,
    /Key Usage: critical\s+Digital Signature, Certificate Sign, CRL Sign/,
    /Extended Key Usage:\s+TLS Web Client Authentication/,
    /DNS:www\.example\.com, DNS:\*\.xn--wgv71a119e\.jp, IP Address:192\.0\.2\.1, IP Address:2001:DB8:0:0:0:0:0:1/,
    /email:alice@example\.com, URI:https:\/\/example\.com\/%E5%89%B2/,
    /URI:http:\/\/a\.example\/ca\.crl/,
  ])
    assert.match(text, expected);
  const node = new X509Certificate(der);
  assert.equal(node.ca, true);
  assert.equal(node.checkHost('www.example.com'), 'www.example.com');
  assert.equal(node.checkIP('2001:db8::1'), '2001:db8::1');
  assert.equal(node.checkEmail('alice@example.com'), 'alice@example.com');
  const judged = new x509.X509Certificate(Uint8Array.from(der));
  const constraints = judged.getExtension(x509.BasicConstraintsExtension);
  assert.deepEqual([constraints?.ca, constraints?.pathLength, constraints?.critical], [true, 0, true]);
  assert.equal(
    judged.getExtension(x509.KeyUsagesExtension)?.usages,
    x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
  );
  assert.deepEqual(judged.getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON().slice(0, 3), [
    { type: 'dns', value: 'www.example.com' },
    { type: 'dns', value: '*.xn--wgv71a119e.jp' },
    { type: 'ip', value: '192.0.2.1' },
  ]);
});

test('every combination of key usages is what @peculiar/x509 reads', () => {
  fc.assert(
    fc.property(fc.subarray([...keyUsages], { minLength: 1 }), (usages) => {
      const { value } = keyUsage(...usages);
      const judged = new x509.KeyUsagesExtension(
        Uint8Array.from(encodeExtensions([keyUsage(...usages)])).slice(2),
      );
      const expected = usages.reduce((sum, usage) => sum | (1 << keyUsages.indexOf(usage)), 0);
      assert.equal(judged.usages, expected);
      assert.deepEqual(
        DerReader.over(value, 'test')
          .namedBits()
          .map((bit) => keyUsages[bit]),
        keyUsages.filter((usage) => usages.includes(usage)),
      );
    }),
  );
});

test('names that are not what their type says are refused', () => {
  for (const [type, value] of [
    ['dns', ''],
    ['dns', 'example.com/path'],
    ['dns', 'example.com?x'],
    ['dns', 'example.com#x'],
    ['dns', 'user@example.com'],
    ['dns', 'example.com:443'],
    ['dns', 'ex%61mple.com'],
    ['dns', 'a b.com'],
    ['dns', 'a\tb.com'],
    ['dns', 'a\u0000.com'],
    ['dns', '192.0.2.1'],
    ['dns', '0x7f.1'],
    ['dns', '[::1]'],
    ['dns', 'a..b'],
    ['dns', '.a'],
    ['dns', 'a.'],
    ['dns', '-a.com'],
    ['dns', 'a-.com'],
    ['dns', '*'],
    ['dns', '*.'],
    ['dns', 'a.*.com'],
    ['dns', 'f*.com'],
    ['dns', `${'a'.repeat(64)}.com`],
    ['dns', `${'a.'.repeat(127)}aa`],
    ['email', 'alice'],
    ['email', 'a@b@c'],
    ['email', 'あ@example.com'],
    ['email', 'a b@example.com'],
    ['uri', 'example.com'],
    ['uri', 'https://例え.jp'],
    ['uri', 'https://a b'],
    ['ip', '256.0.0.1'],
    ['ip', '10.0.0'],
    ['ip', 'fe80::1%eth0'],
    ['ip', '::ffff:1.2.3'],
    ['other', 'a0'],
  ] as const)
    assert.throws(
      () => subjectAltName([{ type, value }]),
      refused('VALUE_INVALID'),
      `${type} ${JSON.stringify(value)}`,
    );
});

test('any IPv6 address is written as URLs have it, and read in the form of RFC 5952', () => {
  const reread = (value: string): string | undefined =>
    readSubjectAltName([subjectAltName([{ type: 'ip', value }])])?.[0]?.value;
  for (const [address, text] of [
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['0:0:0:0::0.0.0.0', '::'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:0:2:0:0:3:4', '1::2:0:0:3:4'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['2001:DB8::00a0:10', '2001:db8::a0:10'],
    ['10:0:0:10::', '10:0:0:10::'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ] as const)
    assert.equal(reread(address), text, address);
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const text = reread(address)!;
      assert.equal(isIP(text), 6);
      assert.equal(reread(text), text);
      // Bun's URL refuses some addresses that its isIP takes.
      if (URL.canParse(`http://[${address}]/`))
        assert.equal(text, new URL(`http://[${address}]/`).hostname.slice(1, -1));
    }),
    { numRuns: 500 },
  );
});

test('a NUL, a newline or an odd address makes a name of no kind that could be trusted', () => {
  const san = (tag: number, bytes: Uint8Array): readonly Extension[] => [
    { oid: Oid.subjectAltName, critical: false, value: sequence(encode(contextPrimitive(tag), bytes)) },
  ];
  for (const [tag, bytes] of [
    [2, Buffer.from('www.bank.com\u0000.evil.com')],
    [1, Buffer.from('a@b\n')],
    [6, Buffer.from('http://x\u001b[2J')],
    [2, Buffer.from('é', 'latin1')],
    [7, Buffer.of(1, 2, 3)],
    [7, Buffer.alloc(8)],
  ] as const)
    assert.equal(readSubjectAltName(san(tag, bytes))?.[0]?.type, 'other');
});

test('an extension that stands twice, or over 64 of them, are refused', () => {
  assert.throws(() => reread([keyUsage('cRLSign'), keyUsage('keyCertSign')]), refused('DER_MALFORMED'));
  const many = Array.from({ length: 65 }, (_, i) => ({
    oid: `1.2.3.${i}`,
    critical: false,
    value: octetString(Buffer.of(1)),
  }));
  assert.equal(reread(many.slice(0, 64)).length, 64);
  assert.throws(() => reread(many), refused('INPUT_TOO_LARGE'));
});

test('critical FALSE written out is read; 01 for TRUE is not', () => {
  const item = (critical: Uint8Array): Uint8Array =>
    sequence(sequence(oid('1.2.3'), critical, octetString(Buffer.of(5, 0))));
  assert.equal(readExtensions(DerReader.over(item(boolean(false)), 'test'))[0]?.critical, false);
  assert.throws(
    () => readExtensions(DerReader.over(item(Buffer.of(1, 1, 1)), 'test')),
    refused('DER_MALFORMED'),
  );
});

test('CRL numbers: larger than a number are known to be there, negative ones refused', () => {
  const number = (value: Uint8Array): readonly Extension[] => [
    { oid: Oid.crlNumber, critical: false, value },
  ];
  assert.equal(readCrlNumber(number(integer(Buffer.alloc(20, 0x7f)))), undefined);
  assert.equal(readCrlNumber(number(integer(2 ** 53 - 1))), 2 ** 53 - 1);
  assert.throws(() => readCrlNumber(number(Buffer.of(2, 1, 0xff))), refused('DER_MALFORMED'));
});

test('something behind a value inside its extension is refused', () => {
  for (const extension of [
    basicConstraints({ ca: true, pathLength: 0 }),
    keyUsage('cRLSign'),
    extKeyUsage(Oid.clientAuth),
    subjectAltName(names),
  ]) {
    const followed = [{ ...extension, value: Buffer.concat([extension.value, Buffer.of(5, 0)]) }];
    assert.throws(
      () =>
        [readBasicConstraints, readKeyUsage, readExtKeyUsage, readSubjectAltName].map((read) =>
          read(followed),
        ),
      refused('DER_MALFORMED'),
    );
  }
});

test('extensions that openssl makes are read', { skip: noOpenssl }, () => {
  bench.openssl(
    ...[
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      'o.key',
      '-outform',
      'DER',
      '-out',
      'o.der',
      '-subj',
      '/CN=x',
    ],
    ...[
      '-addext',
      'subjectAltName=DNS:a.example,IP:192.0.2.7,IP:2001:db8::7,email:a@b.c,URI:urn:x,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:alice@corp',
    ],
    ...[
      '-addext',
      'keyUsage=critical,digitalSignature,decipherOnly',
      '-addext',
      'extendedKeyUsage=clientAuth,1.2.3.4',
    ],
    ...['-addext', 'crlDistributionPoints=URI:http://a/1.crl,URI:http://a/2.crl'],
  );
  const { extensions } = parseCertificate(bench.read('o.der'));
  assert.deepEqual(
    readSubjectAltName(extensions)?.map(({ type, value }) => (type === 'other' ? type : `${type}:${value}`)),
    [...['dns:a.example', 'ip:192.0.2.7', 'ip:2001:db8::7', 'email:a@b.c', 'uri:urn:x', 'other']],
  );
  assert.deepEqual(readKeyUsage(extensions), ['digitalSignature', 'decipherOnly']);
  assert.deepEqual(readExtKeyUsage(extensions), [Oid.clientAuth, '1.2.3.4']);
  assert.deepEqual(readCrlDistributionPoints(extensions), ['http://a/1.crl', 'http://a/2.crl']);
  assert.equal(readBasicConstraints(extensions)?.ca, true);
});

test('damaged extensions are read or refused quickly', () => {
  const readers = [
    readBasicConstraints,
    readKeyUsage,
    readExtKeyUsage,
    readSubjectAltName,
    readCrlDistributionPoints,
    readAuthorityKeyIdentifier,
    readSubjectKeyIdentifier,
    readCrlNumber,
  ];
  const all = [
    basicConstraints({ ca: true, pathLength: 1 }),
    keyUsage('cRLSign'),
    extKeyUsage(Oid.clientAuth),
    subjectAltName(names),
    crlDistributionPoints(['http://a']),
    authorityKeyIdentifier(Buffer.alloc(20)),
    subjectKeyIdentifier(Buffer.alloc(20)),
    crlNumber(5),
  ];
  fc.assert(
    fc.property(
      fc.nat({ max: all.length - 1 }).chain((i) => mutations(all[i]!.value).map((value) => ({ i, value }))),
      ({ i, value }) => {
        assertBounded(() => readers[i]!([{ ...all[i]!, value }]), 500);
      },
    ),
    { numRuns: 1000 },
  );
});
