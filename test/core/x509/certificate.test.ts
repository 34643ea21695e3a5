import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, test } from 'node:test';
import * as asn1js from 'asn1js';
import fc from 'fast-check';
import * as pkijs from 'pkijs';
import {
  buildTbsCertificate,
  certificatePem,
  encodeSerial,
  fingerprint1,
  fingerprint256,
  isSelfIssued,
  isSignedBy,
  parseCertificate,
  randomSerial,
  readCertificates,
  serialHex,
  signStructure,
} from '../../../core/x509/certificate.ts';
import { bitString, explicit, integer, nullValue, oid, sequence, time } from '../../../core/x509/der.ts';
import { X509Error } from '../../../core/x509/errors.ts';
import { generatePrivateKey, type KeyAlgorithm, publicKeyOf } from '../../../core/x509/key.ts';
import { nameText, parseNameText } from '../../../core/x509/name.ts';
import { assertBounded, importers, mutations } from './hostile.ts';
import { dayFromNow, leafTemplate, makeAuthority, sign } from './issued.ts';
import { x509 } from './peculiar.ts';
import { missing, ToolBench } from './tool-bench.ts';

const noOpenssl = missing('openssl');
const noCerttool = missing('certtool');
const bench = new ToolBench();
after(() => bench.remove());

const refused = (code: string, text?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof X509Error, String(error));
  assert.equal(error.code, code);
  if (text) assert.match(error.message, text);
  return true;
};
const same = (a: Uint8Array, b: Uint8Array): void => assert.equal(Buffer.compare(a, b), 0);

const authority = await makeAuthority();
const leafKey = await generatePrivateKey('ec-p256');
const leafSpki = publicKeyOf(leafKey);

/** openssl's serial, lower-case hex. */
function opensslSerial(der: Uint8Array): string {
  bench.write('serial.der', der);
  return bench
    .run('openssl', 'x509', '-inform', 'DER', '-in', 'serial.der', '-noout', '-serial')
    .trim()
    .replace('serial=', '')
    .toLowerCase();
}

for (const [caAlgorithm, leafAlgorithm] of [
  ['rsa-4096', 'rsa-2048'],
  ['rsa-3072', 'ec-p256'],
  ['ec-p256', 'rsa-2048'],
  ['ec-p384', 'ec-p384'],
] as const satisfies readonly (readonly [KeyAlgorithm, KeyAlgorithm])[])
  test(`CA ${caAlgorithm}, leaf ${leafAlgorithm}: openssl, certtool, node, @peculiar/x509 and pkijs verify it`, {
    skip: noOpenssl || noCerttool,
  }, async () => {
    const ca = await makeAuthority(caAlgorithm);
    const spki = publicKeyOf(await generatePrivateKey(leafAlgorithm));
    for (const purpose of ['client', 'server'] as const) {
      const names = purpose === 'server' ? [{ type: 'dns' as const, value: 'www.example.com' }] : [];
      const template = leafTemplate(ca, spki, purpose, names);
      const der = sign(template, ca.signer);
      bench.write('ca.pem', certificatePem(ca.certificate.der));
      bench.write('leaf.pem', certificatePem(der));
      bench.write('chain.pem', certificatePem(der) + certificatePem(ca.certificate.der));
      assert.match(
        bench.run(
          'openssl',
          'verify',
          '-x509_strict',
          '-purpose',
          `ssl${purpose}`,
          '-CAfile',
          'ca.pem',
          'leaf.pem',
        ),
        /leaf\.pem: OK/,
      );
      assert.match(
        bench.run('openssl', 'verify', '-x509_strict', '-CAfile', 'ca.pem', 'ca.pem'),
        /ca\.pem: OK/,
      );
      const other = purpose === 'client' ? 'sslserver' : 'sslclient';
      assert.notEqual(
        bench.attempt('openssl', 'verify', '-purpose', other, '-CAfile', 'ca.pem', 'leaf.pem').status,
        0,
      );
      assert.match(
        bench.run('certtool', '--verify', '--load-ca-certificate', 'ca.pem', '--infile', 'leaf.pem'),
        /Verified\. The certificate is trusted/,
      );
      const [judged, root] = [new X509Certificate(der), new X509Certificate(ca.certificate.der)];
      assert.ok(judged.verify(root.publicKey) && judged.checkIssued(root) && root.ca && !judged.ca);
      assert.equal(judged.serialNumber.toLowerCase(), template.serial);
      const peculiar = new x509.X509Certificate(Uint8Array.from(der));
      assert.ok(
        await peculiar.verify({
          publicKey: new x509.X509Certificate(Uint8Array.from(ca.certificate.der)).publicKey,
          signatureOnly: true,
        }),
      );
      assert.ok(await fromPkijs(der).verify(fromPkijs(ca.certificate.der)));
      assert.ok(isSignedBy(parseCertificate(der), ca.certificate));
    }
  });

function fromPkijs(der: Uint8Array): pkijs.Certificate {
  return new pkijs.Certificate({ schema: asn1js.fromBER(Uint8Array.from(der).buffer).result });
}

test('what is built is read back, field by field, as node reads it', () => {
  const template = leafTemplate(authority, leafSpki);
  const der = sign(template, authority.signer);
  const certificate = parseCertificate(der);
  const node = new X509Certificate(der);
  assert.equal(certificate.version, 3);
  assert.equal(certificate.serial, template.serial);
  same(certificate.issuer.der, authority.certificate.subject.der);
  same(certificate.subject.der, template.subject.der);
  same(certificate.spki, leafSpki);
  assert.deepEqual([certificate.notBefore, certificate.notAfter], [template.notBefore, template.notAfter]);
  assert.deepEqual([node.validFromDate, node.validToDate], [template.notBefore, template.notAfter]);
  assert.equal(fingerprint256(der), node.fingerprint256.replaceAll(':', '').toLowerCase());
  assert.equal(fingerprint1(der), node.fingerprint.toLowerCase());
  assert.equal(certificate.extensions.length, template.extensions.length);
  assert.equal(isSelfIssued(certificate), false);
  assert.equal(isSelfIssued(authority.certificate), true);
  assert.equal(isSignedBy(certificate, certificate), false);
});

test('the signed part is the same every time it is built', () => {
  const template = leafTemplate(authority, leafSpki);
  same(
    buildTbsCertificate(template, authority.signer.algorithm),
    buildTbsCertificate(template, authority.signer.algorithm),
  );
  same(
    parseCertificate(sign(template, authority.signer)).tbs,
    buildTbsCertificate(template, authority.signer.algorithm),
  );
});

test('a validity beyond 2049 is read by openssl as it was meant', { skip: noOpenssl }, () => {
  const der = sign(
    {
      ...leafTemplate(authority, leafSpki),
      notBefore: new Date('2049-12-31T23:59:59Z'),
      notAfter: new Date('2051-03-04T05:06:07Z'),
    },
    authority.signer,
  );
  bench.write('far.der', der);
  assert.match(
    bench.run('openssl', 'x509', '-inform', 'DER', '-in', 'far.der', '-noout', '-dates'),
    /notBefore=Dec 31 23:59:59 2049 GMT\nnotAfter=Mar {2}4 05:06:07 2051 GMT/,
  );
});

test('random serials are positive, of one length and never the same', () => {
  const serials = new Set(Array.from({ length: 5000 }, randomSerial));
  assert.equal(serials.size, 5000);
  for (const serial of serials) assert.match(serial, /^[4-7][0-9a-f]{31}$/);
});

test('a serial keeps its value through certificate, openssl and back, whatever its first bit', {
  skip: noOpenssl,
}, () => {
  for (const serial of [
    '01',
    '7f',
    '80',
    'ff',
    '0080',
    '8000000000000000',
    'ffffffffffffffffffffffffffffffff',
    `7f${'00'.repeat(19)}`,
    '00ff00ff',
    `80${'11'.repeat(18)}`,
  ]) {
    const der = sign({ ...leafTemplate(authority, leafSpki), serial }, authority.signer);
    const canonical = serial.replace(/^(00)+(?=..)/, '');
    assert.equal(parseCertificate(der).serial, canonical);
    assert.equal(opensslSerial(der), canonical);
    assert.equal(new X509Certificate(der).serialNumber.toLowerCase(), canonical);
  }
});

test('a serial that is not canonical hex is refused, never turned into another one', () => {
  // Hex decoders stop silently at the first foreign or odd digit: decimals, a sign or capitals would revoke the wrong certificate.
  for (const serial of [
    '',
    '0',
    'abc',
    '-80',
    '0x12',
    '12 34',
    'AB',
    '00',
    '0000',
    '１２',
    'zz',
    `${'11'.repeat(21)}`,
    '123456789012345678901234567890123456789',
  ])
    assert.throws(() => encodeSerial(serial), refused('VALUE_INVALID'), serial);
  for (const serial of ['-80', '00', 'abc'])
    assert.throws(
      () => sign({ ...leafTemplate(authority, leafSpki), serial }, authority.signer),
      refused('VALUE_INVALID'),
    );
});

test('negative serials never look like positive ones', () => {
  for (const [contents, expected] of [
    ['80', '-80'],
    ['ff', '-01'],
    ['ff7f', '-81'],
    ['0080', '80'],
    ['00', '00'],
    ['7f', '7f'],
    ['8000', '-8000'],
  ] as const)
    assert.equal(serialHex(Buffer.from(contents, 'hex')), expected);
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 160n), max: 2n ** 160n }), (value) => {
      const digits = value < 0n ? (-value).toString(16) : value.toString(16);
      const magnitude = digits.padStart(digits.length + (digits.length % 2), '0');
      const width = Math.max(1, magnitude.length / 2 + 1);
      const contents = Buffer.from(
        BigInt.asUintN(width * 8, value)
          .toString(16)
          .padStart(width * 2, '0'),
        'hex',
      );
      let trimmed: Uint8Array = contents;
      while (
        trimmed.length > 1 &&
        ((trimmed[0] === 0 && trimmed[1]! < 0x80) || (trimmed[0] === 0xff && trimmed[1]! >= 0x80))
      )
        trimmed = trimmed.subarray(1);
      assert.equal(serialHex(trimmed), (value < 0n ? '-' : '') + magnitude);
    }),
  );
});

test('a negative serial that openssl makes is read as openssl prints it', { skip: noOpenssl }, () => {
  bench.openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'n.key',
    '-outform',
    'DER',
    '-out',
    'n.der',
    '-subj',
    '/CN=x',
    '-set_serial',
    '-128',
  );
  const der = bench.read('n.der');
  assert.equal(parseCertificate(der).serial, '-80');
  assert.equal(opensslSerial(der), '-80');
});

test('certificates that openssl makes are read, whatever their key', { skip: noOpenssl }, () => {
  for (const key of [['rsa:2048'], ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'], ['ed25519']]) {
    bench.openssl(
      'req',
      '-x509',
      '-newkey',
      ...key,
      '-nodes',
      '-keyout',
      'k.pem',
      '-out',
      'c.pem',
      '-days',
      '9',
      '-subj',
      '/C=JP/O=Acme/CN=アリス',
      '-utf8',
    );
    const [certificate] = readCertificates(bench.read('c.pem'));
    assert.equal(nameText(certificate!.subject), 'CN=アリス, O=Acme, C=JP');
    assert.equal(certificate!.serial, opensslSerial(certificate!.der));
    if (key[0] === 'ed25519')
      assert.throws(
        () => isSignedBy(certificate!, certificate!),
        refused('UNSUPPORTED_ALGORITHM', /Ed25519/),
      );
    else assert.ok(isSignedBy(certificate!, certificate!));
  }
});

test('MD5 and SHA-1 signatures are read, and refused with their name', { skip: noOpenssl }, () => {
  bench.openssl('genrsa', '-out', 'old.key', '2048');
  for (const [digest, name] of [
    ['-md5', /MD5 with RSA/],
    ['-sha1', /SHA-1 with RSA/],
  ] as const) {
    bench.openssl(
      'req',
      '-x509',
      '-key',
      'old.key',
      digest,
      '-outform',
      'DER',
      '-out',
      'old.der',
      '-subj',
      '/CN=x',
    );
    const certificate = parseCertificate(bench.read('old.der'));
    assert.throws(() => isSignedBy(certificate, certificate), refused('UNSUPPORTED_ALGORITHM', name));
  }
});

test('a version 1 certificate, as the tutorial makes it, is read as such', { skip: noOpenssl }, () => {
  bench.openssl(
    'req',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'v1.key',
    '-out',
    'v1.csr',
    '-subj',
    '/CN=x',
  );
  bench.openssl('x509', '-req', '-in', 'v1.csr', '-signkey', 'v1.key', '-outform', 'DER', '-out', 'v1.der');
  const certificate = parseCertificate(bench.read('v1.der'));
  assert.equal(certificate.version, 1);
  assert.deepEqual(certificate.extensions, []);
  assert.ok(isSignedBy(certificate, certificate));
});

test('a chain is read from PEM in file order, one certificate from DER', async () => {
  const leaf = sign(leafTemplate(authority, leafSpki), authority.signer);
  const file = Buffer.from(
    `subject: x\n${certificatePem(leaf)}\n\n${certificatePem(authority.certificate.der)}`,
  );
  assert.deepEqual(
    readCertificates(file).map(({ der }) => fingerprint256(der)),
    [fingerprint256(leaf), fingerprint256(authority.certificate.der)],
  );
  same(readCertificates(leaf)[0]!.der, leaf);
});

test('structures that are nearly certificates are refused with the reason', () => {
  const { signer } = authority;
  const subject = parseNameText('x').der;
  const validity = sequence(time(dayFromNow(0)), time(dayFromNow(1)));
  const tbs = (
    parts: Partial<Record<'version' | 'serial' | 'algorithm' | 'validity' | 'tail', Uint8Array>>,
  ): Uint8Array =>
    sequence(
      parts.version ?? explicit(0, integer(2)),
      parts.serial ?? integer(5),
      parts.algorithm ?? signer.algorithm,
      subject,
      parts.validity ?? validity,
      subject,
      leafSpki,
      parts.tail ?? new Uint8Array(0),
    );
  const wrap = (inner: Uint8Array): Uint8Array => signStructure(inner, signer);
  assert.equal(parseCertificate(wrap(tbs({}))).serial, '05');
  for (const [reason, der] of [
    ['version', wrap(tbs({ version: explicit(0, integer(3)) }))],
    ['version', wrap(tbs({ version: explicit(0, integer(0)) }))],
    ['trailing data', wrap(tbs({ version: explicit(0, integer(2), integer(2)) }))],
    ['serial too long', wrap(tbs({ serial: integer(Buffer.alloc(65, 1)) }))],
    ['non-minimal INTEGER', wrap(tbs({ serial: Buffer.of(2, 2, 0, 5) }))],
    [
      'signature algorithms differ',
      wrap(tbs({ algorithm: sequence(oid('1.2.840.113549.1.1.11'), nullValue()) })),
    ],
    [
      'trailing data',
      wrap(tbs({ validity: sequence(time(dayFromNow(0)), time(dayFromNow(1)), time(dayFromNow(2))) })),
    ],
    ['trailing data', wrap(tbs({ tail: integer(1) }))],
    ['trailing data', wrap(tbs({ tail: explicit(3, sequence(), sequence()) }))],
    ['trailing data', Buffer.concat([wrap(tbs({})), Buffer.of(0x0a)])],
    ['BIT STRING with unused bits', sequence(tbs({}), signer.algorithm, Buffer.of(3, 2, 7, 0x80))],
    ['trailing data', sequence(tbs({}), signer.algorithm, bitString(Buffer.of(1)), integer(1))],
  ] as const)
    assert.throws(() => parseCertificate(der), refused('DER_MALFORMED', new RegExp(reason)), reason);
});

test('every cut of a certificate is refused', () => {
  const der = sign(leafTemplate(authority, leafSpki), authority.signer);
  for (let length = 0; length < der.length; length++)
    assert.throws(() => parseCertificate(der.subarray(0, length)), refused('DER_MALFORMED'));
});

test('no change of the signed octets goes unnoticed', () => {
  const certificate = parseCertificate(sign(leafTemplate(authority, leafSpki), authority.signer));
  fc.assert(
    fc.property(fc.nat({ max: certificate.der.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Uint8Array.from(certificate.der);
      changed[at]! ^= flip;
      try {
        const parsed = parseCertificate(changed);
        assert.equal(isSignedBy(parsed, authority.certificate), false);
      } catch (error) {
        assert.ok(error instanceof X509Error, String(error));
      }
    }),
    { numRuns: 400 },
  );
});

test('damaged certificates are read or refused quickly by every parser', () => {
  const der = sign(
    leafTemplate(authority, leafSpki, 'server', [{ type: 'dns', value: 'a.example' }]),
    authority.signer,
  );
  fc.assert(
    fc.property(mutations(der), (bytes) => {
      for (const [name, read] of Object.entries(importers)) assertBounded(() => read(bytes), 500, name);
    }),
    { numRuns: 300 },
  );
});
