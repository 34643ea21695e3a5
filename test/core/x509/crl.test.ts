import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import * as asn1js from 'asn1js';
import fc from 'fast-check';
import * as pkijs from 'pkijs';
import { certificatePem, randomSerial, signStructure } from '../../../core/x509/certificate.ts';
import {
  buildCrl,
  type Crl,
  type CrlEntry,
  type CrlReason,
  readCrl,
  revocationReasons,
} from '../../../core/x509/crl.ts';
import { encode, explicit, integer, nullValue, oid, sequence, Tag, time } from '../../../core/x509/der.ts';
import { X509Error } from '../../../core/x509/errors.ts';
import {
  authorityKeyIdentifier,
  crlNumber,
  type Extension,
  encodeExtensions,
} from '../../../core/x509/extensions.ts';
import { generatePrivateKey, keyIdentifier, publicKeyOf, signerFor } from '../../../core/x509/key.ts';
import { lintCrl } from '../../../core/x509/lint.ts';
import { sameName } from '../../../core/x509/name.ts';
import { Oid } from '../../../core/x509/oids.ts';
import { toPem } from '../../../core/x509/pem.ts';
import { assertBounded, mutations } from './hostile.ts';
import { dayFromNow, leafTemplate, makeAuthority, sign } from './issued.ts';
import { x509 } from './peculiar.ts';
import { missing, ToolBench } from './tool-bench.ts';

const noOpenssl = missing('openssl');
const bench = new ToolBench();
after(() => bench.remove());

const refused = (code: string, text?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof X509Error, String(error));
  assert.equal(error.code, code);
  if (text) assert.match(error.message, text);
  return true;
};
const authority = await makeAuthority();
const leafSpki = publicKeyOf(await generatePrivateKey('ec-p256'));
const template = {
  issuer: authority.certificate.subject,
  number: 7,
  thisUpdate: dayFromNow(0),
  nextUpdate: dayFromNow(30),
  authorityKeyIdentifier: keyIdentifier(authority.signer.spki),
};
const reasons = Object.keys(revocationReasons) as CrlReason[];
const crlOf = (...entries: CrlEntry[]): Uint8Array => buildCrl(template, entries, authority.signer);

/** Serials that other CAs got wrong: high bit set, decimal-looking, leading zeros in the value, 20 octets. */
const awkwardSerials = [
  '80',
  'ff',
  'ffffffffffffffffffffffffffffffff',
  '8000000000000000000000000000000f',
  '9a00000000000000',
  '12345678901234567890',
  '10',
  '0a',
  `7f${'ff'.repeat(19)}`,
  `40${'00'.repeat(18)}01`,
];

test('a CRL is read back entry by entry, and by openssl, certtool, keytool, @peculiar/x509 and pkijs', {
  skip: missing('openssl', 'certtool', 'keytool'),
}, async () => {
  const entries = reasons.map(
    (reason, i): CrlEntry => ({
      serial: randomSerial(),
      revokedAt: dayFromNow(-i - 1),
      reason,
      ...(i % 2 === 0 ? { invalidityAt: dayFromNow(-i - 9) } : {}),
    }),
  );
  const der = crlOf(...entries);
  const crl = readCrl(der, authority.signer.spki);
  assert.deepEqual([...crl.entries.values()], entries);
  assert.equal(crl.number, 7);
  assert.deepEqual([crl.thisUpdate, crl.nextUpdate], [template.thisUpdate, template.nextUpdate]);
  assert.ok(sameName(crl.issuer, authority.certificate.subject));
  const pem = toPem('X509 CRL', der);
  assert.deepEqual(
    [...readCrl(Buffer.from(pem)).entries.keys()],
    entries.map(({ serial }) => serial),
  );

  bench.write('crl.pem', pem);
  bench.write('ca.pem', certificatePem(authority.certificate.der));
  assert.match(
    bench.run('openssl', 'crl', '-in', 'crl.pem', '-noout', '-verify', '-CAfile', 'ca.pem'),
    /verify OK/,
  );
  const text = bench.run('openssl', 'crl', '-in', 'crl.pem', '-noout', '-text');
  for (const { serial } of entries) assert.ok(text.includes(serial.toUpperCase()), serial);
  for (const expected of [
    /Version 2/,
    /X509v3 CRL Number: \n\s+7\n/,
    /Key Compromise/,
    /CA Compromise/,
    /Certificate Hold/,
    /AA Compromise/,
    /Privilege Withdrawn/,
    /Invalidity Date/,
    /Authority Key Identifier/,
  ])
    assert.match(text, expected);
  assert.doesNotMatch(text, /Unspecified/);
  assert.match(
    bench.run('certtool', '--verify-crl', '--load-ca-certificate', 'ca.pem', '--infile', 'crl.pem'),
    /Verified/,
  );
  assert.match(bench.run('keytool', '-printcrl', '-file', 'crl.pem'), /SerialNumber/);
  const peculiar = new x509.X509Crl(Uint8Array.from(der));
  assert.deepEqual(
    peculiar.entries.map(({ serialNumber, reason }) => [serialNumber, reason ?? 0]),
    entries.map(({ serial, reason }) => [serial, revocationReasons[reason]]),
  );
  assert.ok(
    await peculiar.verify({
      publicKey: new x509.X509Certificate(Uint8Array.from(authority.certificate.der)),
    }),
  );
  const theirs = new pkijs.CertificateRevocationList({
    schema: asn1js.fromBER(Uint8Array.from(der).buffer).result,
  });
  assert.equal(theirs.revokedCertificates?.length, entries.length);
});

test('an empty CRL has no list of entries', { skip: noOpenssl }, () => {
  const der = crlOf();
  assert.equal(readCrl(der, authority.signer.spki).entries.size, 0);
  bench.write('empty.der', der);
  assert.match(
    bench.run('openssl', 'crl', '-inform', 'DER', '-in', 'empty.der', '-noout', '-text'),
    /No Revoked Certificates/,
  );
  assert.deepEqual(lintCrl(der, authority.certificate), []);
});

test('the revoked certificate, and no other, is refused by openssl and certtool, whatever its serial', {
  skip: missing('openssl', 'certtool'),
}, () => {
  bench.write('ca.pem', certificatePem(authority.certificate.der));
  const verify = (serial: string): { status: number | null; text: string } => {
    bench.write(
      'leaf.pem',
      certificatePem(sign({ ...leafTemplate(authority, leafSpki), serial }, authority.signer)),
    );
    const { status, stdout, stderr } = bench.attempt(
      'openssl',
      'verify',
      '-x509_strict',
      '-purpose',
      'sslclient',
      '-crl_check',
      '-CAfile',
      'ca.pem',
      '-CRLfile',
      'crl.pem',
      'leaf.pem',
    );
    return { status, text: stdout + stderr };
  };
  bench.write(
    'crl.pem',
    toPem(
      'X509 CRL',
      crlOf(
        ...awkwardSerials.map(
          (serial): CrlEntry => ({ serial, revokedAt: dayFromNow(-1), reason: 'keyCompromise' }),
        ),
      ),
    ),
  );
  for (const serial of awkwardSerials) {
    const { status, text } = verify(serial);
    assert.notEqual(status, 0, serial);
    assert.match(text, /certificate revoked/, serial);
  }
  // The same digits in another base, without the sign octet, or with another length are other certificates.
  for (const serial of [
    '7f',
    '01',
    '08',
    'ffff',
    '0abcde',
    '16',
    '1000',
    'ffffffffffffffff',
    randomSerial(),
  ]) {
    const { status, text } = verify(serial);
    assert.equal(status, 0, `${serial}: ${text}`);
  }
  bench.write(
    'leaf.pem',
    certificatePem(
      sign({ ...leafTemplate(authority, leafSpki), serial: awkwardSerials[2]! }, authority.signer),
    ),
  );
  assert.match(
    bench.attempt(
      'certtool',
      '--verify',
      '--load-ca-certificate',
      'ca.pem',
      '--load-crl',
      'crl.pem',
      '--infile',
      'leaf.pem',
    ).stdout,
    /revoked/i,
  );
});

test('a serial of decimals, odd digits or a sign is refused, never truncated into another', () => {
  for (const serial of [
    '',
    '5',
    '123',
    '-80',
    '0x80',
    'FF',
    '80 ',
    '00',
    `${'11'.repeat(21)}`,
    '340282366920938463463374607431768211455',
  ])
    assert.throws(
      () => crlOf({ serial, revokedAt: dayFromNow(-1), reason: 'unspecified' }),
      refused('VALUE_INVALID'),
      serial,
    );
});

test('every list of entries comes back as it was', () => {
  const entry: fc.Arbitrary<CrlEntry> = fc
    .tuple(
      fc.uint8Array({ minLength: 1, maxLength: 20 }).filter((bytes) => bytes[0]! > 0),
      fc.integer({ min: -631152000, max: 253402300799 }),
      fc.constantFrom(...reasons),
      fc.option(fc.integer({ min: -62167219200, max: 253402300799 }), { nil: undefined }),
    )
    .map(([bytes, seconds, reason, invalid]) => ({
      serial: Buffer.from(bytes).toString('hex'),
      revokedAt: new Date(seconds * 1000),
      reason,
      ...(invalid === undefined ? {} : { invalidityAt: new Date(invalid * 1000) }),
    }));
  fc.assert(
    fc.property(fc.uniqueArray(entry, { maxLength: 40, selector: ({ serial }) => serial }), (entries) => {
      assert.deepEqual([...readCrl(crlOf(...entries)).entries.values()], entries);
    }),
  );
});

test('100,000 entries are written, read and linted in seconds, and openssl finds the last', {
  skip: noOpenssl,
}, () => {
  const serials = Array.from({ length: 100_000 }, () => randomSerial());
  const all = function* (): Generator<CrlEntry> {
    for (const [i, serial] of serials.entries())
      yield { serial, revokedAt: template.thisUpdate, reason: reasons[i % reasons.length]! };
  };
  const timed = <T>(work: () => T): [T, number] => {
    const start = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(start);
    return [result, (user + system) / 1000];
  };
  const [der, built] = timed(() => buildCrl(template, all(), authority.signer));
  const [crl, read] = timed(() => readCrl(der, authority.signer.spki));
  const [findings, linted] = timed(() => lintCrl(der, authority.certificate));
  // Processor time: about 0.3 s each, garbage collection included. The bound catches anything quadratic.
  for (const elapsed of [built, read, linted]) assert.ok(elapsed < 5000, `${built} ${read} ${linted} ms`);
  assert.deepEqual(findings, []);
  assert.deepEqual([...crl.entries.keys()], serials);
  assert.equal(crl.entries.get(serials[6]!)?.reason, reasons[6]);
  bench.write('big.pem', toPem('X509 CRL', der));
  bench.write('ca.pem', certificatePem(authority.certificate.der));
  const status = (serial: string): number | null => {
    bench.write(
      'leaf.pem',
      certificatePem(sign({ ...leafTemplate(authority, leafSpki), serial }, authority.signer)),
    );
    return bench.attempt(
      'openssl',
      'verify',
      '-x509_strict',
      '-crl_check',
      '-CAfile',
      'ca.pem',
      '-CRLfile',
      'big.pem',
      'leaf.pem',
    ).status;
  };
  assert.notEqual(status(serials.at(-1)!), 0);
  assert.equal(status(randomSerial()), 0);
});

test('a CRL of another issuer, or changed, is refused before its entries are read', async () => {
  const der = crlOf({ serial: '05', revokedAt: dayFromNow(-1), reason: 'unspecified' });
  const other = signerFor(await generatePrivateKey('ec-p256'));
  assert.throws(() => readCrl(der, other.spki), refused('SIGNATURE_INVALID'));
  fc.assert(
    fc.property(fc.nat({ max: der.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Uint8Array.from(der);
      changed[at]! ^= flip;
      assert.throws(
        () => readCrl(changed, authority.signer.spki),
        (error: unknown) => error instanceof X509Error,
      );
    }),
    { numRuns: 300 },
  );
});

test('CRLs that openssl makes are read: versions 1 and 2, reasons, long numbers', { skip: noOpenssl }, () => {
  bench.makeDirectory('ca');
  bench.openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca/key.pem',
    '-out',
    'ca/ca.pem',
    '-subj',
    '/CN=CA',
    '-days',
    '30',
  );
  const revoked = ['0080', '8F00000000000000', `7F${'AB'.repeat(19)}`, '01'];
  bench.write(
    'ca/index.txt',
    revoked
      .map(
        (serial, i) =>
          `R\t491231235959Z\t2401020304${10 + i}Z${['', ',keyCompromise', ',superseded', ',CACompromise'][i]}\t${serial}\tunknown\t/CN=${i}\n`,
      )
      .join(''),
  );
  bench.write('ca/crlnumber', `${'7F'.repeat(20)}\n`);
  bench.write(
    'ca.cnf',
    '[ca]\ndefault_ca=d\n[d]\ndatabase=ca/index.txt\ncrlnumber=ca/crlnumber\ncertificate=ca/ca.pem\nprivate_key=ca/key.pem\ndefault_md=sha256\ndefault_crl_days=30\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n[v1]\ndatabase=ca/index.txt\ncertificate=ca/ca.pem\nprivate_key=ca/key.pem\ndefault_md=sha256\ndefault_crl_days=30\n',
  );
  bench.openssl('ca', '-config', 'ca.cnf', '-gencrl', '-out', 'theirs.pem');
  const spki = bench.openssl('x509', '-in', 'ca/ca.pem', '-noout', '-pubkey');
  const issuer = bench.openssl(
    'pkey',
    '-pubin',
    '-in',
    bench.write('spki.pem', spki),
    '-pubout',
    '-outform',
    'DER',
  );
  const crl = readCrl(bench.read('theirs.pem'), issuer);
  assert.deepEqual(
    [...crl.entries].map(([serial, { reason }]) => [serial, reason]),
    [
      // openssl sorts by serial.
      ['01', 'cACompromise'],
      ['80', 'unspecified'],
      ['8f00000000000000', 'keyCompromise'],
      [`7f${'ab'.repeat(19)}`, 'superseded'],
    ],
  );
  assert.equal(crl.number, null);
  assert.ok(crl.extensions.some(({ oid: type }) => type === Oid.crlNumber));
  bench.openssl('ca', '-config', 'ca.cnf', '-name', 'v1', '-gencrl', '-out', 'v1.pem');
  bench.openssl('crl', '-in', 'v1.pem', '-outform', 'DER', '-out', 'v1.der');
  const first = readCrl(bench.read('v1.der'), issuer);
  assert.ok(first.entries.has('80'));
  for (const digest of ['md5', 'sha1']) {
    bench.openssl('ca', '-config', 'ca.cnf', '-gencrl', '-md', digest, '-out', 'weak.pem');
    assert.equal(readCrl(bench.read('weak.pem')).entries.size, 4);
    assert.throws(
      () => readCrl(bench.read('weak.pem'), issuer),
      refused('UNSUPPORTED_ALGORITHM', digest === 'md5' ? /MD5 with RSA/ : /SHA-1 with RSA/),
    );
  }
});

/** A CRL with parts of one's own. */
function crafted(parts: {
  entries?: readonly Uint8Array[];
  algorithm?: Uint8Array;
  version?: Uint8Array;
  tail?: Uint8Array;
}): Uint8Array {
  const extensions = encodeExtensions([
    authorityKeyIdentifier(template.authorityKeyIdentifier),
    crlNumber(1),
  ]);
  const tbs = sequence(
    parts.version ?? integer(1),
    parts.algorithm ?? authority.signer.algorithm,
    template.issuer.der,
    time(template.thisUpdate),
    time(template.nextUpdate),
    ...(parts.entries ? [sequence(...parts.entries)] : []),
    explicit(0, extensions, ...(parts.tail ? [parts.tail] : [])),
  );
  return signStructure(tbs, authority.signer);
}

const entryOf = (serial: number, ...extensions: Extension[]): Uint8Array =>
  sequence(
    integer(serial),
    time(dayFromNow(-1)),
    ...(extensions.length ? [encodeExtensions(extensions)] : []),
  );
const reasonOf = (code: number, critical = false): Extension => ({
  oid: Oid.reasonCode,
  critical,
  value: encode(Tag.enumerated, Buffer.of(code)),
});
const reasonsRead = (crl: Crl): (CrlReason | undefined)[] =>
  [...crl.entries.values()].map(({ reason }) => reason);

test('a reason we do not know still revokes; of two entries the first stands', () => {
  assert.deepEqual(
    reasonsRead(
      readCrl(
        crafted({
          entries: [
            entryOf(1, reasonOf(7)),
            entryOf(2, reasonOf(8)),
            entryOf(3, reasonOf(200 - 128)),
            entryOf(4, reasonOf(1, true)),
          ],
        }),
      ),
    ),
    ['unspecified', 'unspecified', 'unspecified', 'keyCompromise'],
  );
  const twice = readCrl(crafted({ entries: [entryOf(1, reasonOf(1)), entryOf(1, reasonOf(4))] }));
  assert.deepEqual(reasonsRead(twice), ['keyCompromise']);
});

test("an entry that belongs to another CA's certificate is not taken for ours", () => {
  const foreign: Extension = {
    oid: Oid.certificateIssuer,
    critical: true,
    value: sequence(encode(0xa4, template.issuer.der)),
  };
  assert.throws(
    () => readCrl(crafted({ entries: [entryOf(1, foreign)] })),
    refused('UNSUPPORTED_ALGORITHM', /2\.5\.29\.29/),
  );
});

test('structures that are nearly CRLs are refused with the reason', () => {
  for (const [reason, der] of [
    ['version', crafted({ version: integer(2) })],
    ['version', crafted({ version: integer(0) })],
    [
      'signature algorithms differ',
      crafted({ algorithm: sequence(oid(Oid.sha256WithRSAEncryption), nullValue()) }),
    ],
    ['trailing data', crafted({ tail: nullValue() })],
    [
      'trailing data',
      crafted({ entries: [sequence(integer(1), time(dayFromNow(-1)), sequence(), nullValue())] }),
    ],
    [
      'trailing data',
      crafted({
        entries: [entryOf(1, { oid: Oid.reasonCode, critical: false, value: Buffer.of(10, 1, 1, 5, 0) })],
      }),
    ],
    ['extension twice', crafted({ entries: [entryOf(1, reasonOf(1), reasonOf(2))] })],
    ['serial too long', crafted({ entries: [sequence(integer(Buffer.alloc(65, 1)), time(dayFromNow(-1)))] })],
  ] as const)
    assert.throws(() => readCrl(der), refused('DER_MALFORMED', new RegExp(reason)), reason);
  assert.throws(
    () => readCrl(Buffer.from(toPem('CERTIFICATE', Buffer.of(1)))),
    refused('PEM_MALFORMED', /no X509 CRL block/),
  );
});

test('damaged CRLs are read or refused quickly', () => {
  const der = crlOf(
    ...awkwardSerials.map(
      (serial): CrlEntry => ({
        serial,
        revokedAt: dayFromNow(-1),
        reason: 'superseded',
        invalidityAt: dayFromNow(-2),
      }),
    ),
  );
  for (let length = 0; length < der.length; length += 5)
    assert.throws(() => readCrl(der.subarray(0, length)), refused('DER_MALFORMED'));
  fc.assert(
    fc.property(mutations(der), (bytes) => {
      assertBounded(() => readCrl(bytes), 500);
      assertBounded(() => lintCrl(bytes), 500);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.nat({ max: 400 }), (size) => void assertBounded(() => readCrl(randomBytes(size)), 500)),
  );
});
