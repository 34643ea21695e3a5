import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import * as asn1js from 'asn1js';
import fc from 'fast-check';
import * as pkijs from 'pkijs';
import { signStructure } from '../../../core/x509/certificate.ts';
import {
  bitString,
  context,
  encode,
  integer,
  oid,
  sequence,
  setOf,
  utf8String,
} from '../../../core/x509/der.ts';
import { X509Error } from '../../../core/x509/errors.ts';
import {
  encodeExtensions,
  extKeyUsage,
  keyUsage,
  readSubjectAltName,
  subjectAltName,
} from '../../../core/x509/extensions.ts';
import { generatePrivateKey, signerFor } from '../../../core/x509/key.ts';
import { nameText, parseNameText } from '../../../core/x509/name.ts';
import { Oid } from '../../../core/x509/oids.ts';
import { toPem } from '../../../core/x509/pem.ts';
import { buildRequest, readRequest } from '../../../core/x509/request.ts';
import { assertBounded, mutations } from './hostile.ts';
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
const signer = signerFor(await generatePrivateKey('ec-p256'));
const subject = parseNameText(
  'emailAddress=a@example.com, CN=アリス, OU=営業+L=東京, O=割符, ST=Tokyo, C=JP',
);
const san = subjectAltName([
  { type: 'dns', value: 'www.example.com' },
  { type: 'ip', value: '192.0.2.1' },
]);
const full = {
  subject,
  extensions: [san, keyUsage('digitalSignature'), extKeyUsage(Oid.serverAuth)],
  challengePassword: 'ひみつ',
};

test('openssl, certtool and keytool verify our requests, of every key', {
  skip: missing('openssl', 'certtool', 'keytool'),
}, async () => {
  for (const algorithm of ['rsa-2048', 'rsa-4096', 'ec-p256', 'ec-p384'] as const) {
    const own = signerFor(await generatePrivateKey(algorithm));
    bench.write('r.pem', toPem('CERTIFICATE REQUEST', buildRequest(full, own)));
    assert.match(bench.run('openssl', 'req', '-in', 'r.pem', '-verify', '-noout'), /verify OK/);
    const text = bench.run(
      'openssl',
      'req',
      '-in',
      'r.pem',
      '-noout',
      '-text',
      '-nameopt',
      'utf8,sep_comma_plus',
    );
    for (const expected of [
      /CN=アリス/,
      /challengePassword\s*:/,
      /DNS:www\.example\.com, IP Address:192\.0\.2\.1/,
      /TLS Web Server Authentication/,
    ])
      assert.match(text, expected);
    assert.match(bench.run('certtool', '--crq-info', '--infile', 'r.pem'), /Self signature: verified/);
    assert.match(bench.run('keytool', '-printcertreq', '-file', 'r.pem'), /アリス/);
  }
});

test('@peculiar/x509 and pkijs verify our requests and read the same', async () => {
  const der = Uint8Array.from(buildRequest(full, signer));
  const judged = new x509.Pkcs10CertificateRequest(der);
  assert.equal(await judged.verify(), true);
  assert.ok(JSON.stringify(judged.subjectName.toJSON()).includes('アリス'));
  const challenge = judged.getAttribute(Oid.challengePassword);
  assert.ok(challenge && Buffer.from(challenge.rawData).includes(Buffer.from('ひみつ')));
  const theirs = new pkijs.CertificationRequest({ schema: asn1js.fromBER(der.buffer).result });
  assert.equal(await theirs.verify(), true);
});

test('what was asked for is read back', () => {
  const request = readRequest(buildRequest(full, signer));
  assert.equal(nameText(request.subject), nameText(subject));
  assert.equal(Buffer.compare(request.spki, signer.spki), 0);
  assert.equal(request.challengePassword, 'ひみつ');
  assert.deepEqual(
    readSubjectAltName(request.requestedExtensions)?.map(({ value }) => value),
    ['www.example.com', '192.0.2.1'],
  );
  const plain = readRequest(buildRequest({ subject, extensions: [] }, signer));
  assert.deepEqual([plain.requestedExtensions, plain.challengePassword], [[], null]);
});

test('requests that openssl makes are read: RSA and EC, challenge password in any string type, SANs', {
  skip: noOpenssl,
}, () => {
  for (const [mask, password] of [
    ['utf8only', 'ひみつ'],
    ['default', 'Secret 1'],
    ['MASK:0x0804', 'ひみつ'],
    ['MASK:0x0004', 'Sécret'],
  ] as const) {
    bench.write(
      'r.cnf',
      `[req]\nprompt=no\nutf8=yes\nstring_mask=${mask}\ndistinguished_name=dn\nattributes=at\nreq_extensions=ext\n[dn]\nC=JP\nO=Acme\nCN=Alice\n[at]\nchallengePassword=${password}\n[ext]\nsubjectAltName=DNS:a.example,email:a@b.c\nbasicConstraints=CA:FALSE\n`,
    );
    for (const key of [['rsa:2048'], ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']])
      for (const form of ['PEM', 'DER']) {
        bench.openssl(
          'req',
          '-new',
          '-newkey',
          ...key,
          '-nodes',
          '-utf8',
          '-config',
          'r.cnf',
          '-keyout',
          'r.key',
          '-outform',
          form,
          '-out',
          'r.out',
        );
        const request = readRequest(bench.read('r.out'));
        assert.equal(request.challengePassword, password, mask);
        assert.equal(nameText(request.subject), 'CN=Alice, O=Acme, C=JP');
        assert.deepEqual(
          readSubjectAltName(request.requestedExtensions)?.map(({ value }) => value),
          ['a.example', 'a@b.c'],
        );
      }
  }
});

test('a request that certtool makes is read, NEW label and text and all', {
  skip: missing('certtool'),
}, () => {
  bench.write(
    'template',
    'cn = "Alice"\norganization = "Acme"\ndns_name = "a.example"\nchallenge_password = "Secret"\n',
  );
  bench.run('certtool', '--generate-privkey', '--key-type', 'ecdsa', '--outfile', 'c.key');
  bench.run(
    'certtool',
    '--generate-request',
    '--load-privkey',
    'c.key',
    '--template',
    'template',
    '--outfile',
    'c.csr',
  );
  const file = bench.read('c.csr');
  assert.ok(Buffer.from(file).includes('BEGIN NEW CERTIFICATE REQUEST'));
  const request = readRequest(file);
  assert.equal(request.challengePassword, 'Secret');
  assert.deepEqual(
    readSubjectAltName(request.requestedExtensions)?.map(({ value }) => value),
    ['a.example'],
  );
});

test('MD5 and SHA-1 requests are refused with their name, P-521 and Ed25519 too', { skip: noOpenssl }, () => {
  for (const [arguments_, name] of [
    [['-newkey', 'rsa:2048', '-md5'], /MD5 with RSA/],
    [['-newkey', 'rsa:2048', '-sha1'], /SHA-1 with RSA/],
    [['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-sha1'], /ECDSA with SHA-1/],
    [['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521', '-sha512'], /P-521/],
    [['-newkey', 'ed25519'], /Ed25519/],
  ] as const) {
    bench.openssl(
      'req',
      '-new',
      ...arguments_,
      '-nodes',
      '-keyout',
      'w.key',
      '-out',
      'w.csr',
      '-subj',
      '/CN=x',
    );
    assert.throws(() => readRequest(bench.read('w.csr')), refused('UNSUPPORTED_ALGORITHM', name));
  }
});

test('a request whose maker does not hold the key is refused', async () => {
  const other = signerFor(await generatePrivateKey('ec-p256'));
  const stolen = buildRequest({ subject, extensions: [] }, { ...other, spki: signer.spki });
  assert.throws(() => readRequest(stolen), refused('SIGNATURE_INVALID'));
});

const attribute = (type: string, ...values: Uint8Array[]): Uint8Array =>
  sequence(oid(type), setOf(...values));
const withAttributes = (...attributes: Uint8Array[]): Uint8Array =>
  signStructure(sequence(integer(0), subject.der, signer.spki, encode(context(0), ...attributes)), signer);

test('what could be read in two ways is refused', () => {
  const list = encodeExtensions([san]);
  const other = encodeExtensions([subjectAltName([{ type: 'dns', value: 'evil.example' }])]);
  for (const [name, der] of Object.entries({
    'two extension requests': withAttributes(
      attribute(Oid.extensionRequest, list),
      attribute(Oid.extensionRequest, other),
    ),
    "RFC 2985's and Microsoft's": withAttributes(
      attribute(Oid.extensionRequest, list),
      attribute(Oid.microsoftCertExtensions, other),
    ),
    'an extension request of two values': withAttributes(attribute(Oid.extensionRequest, list, other)),
    'two challenge passwords': withAttributes(
      attribute(Oid.challengePassword, utf8String('a')),
      attribute(Oid.challengePassword, utf8String('b')),
    ),
    'a challenge password of two values': withAttributes(
      attribute(Oid.challengePassword, utf8String('a'), utf8String('b')),
    ),
    'an attribute with a tail': withAttributes(
      sequence(oid(Oid.challengePassword), setOf(utf8String('a')), integer(1)),
    ),
    'an empty attribute': withAttributes(attribute(Oid.challengePassword)),
    'an odd BMPString': withAttributes(attribute(Oid.challengePassword, encode(0x1e, Buffer.of(1)))),
    'version 2': signStructure(sequence(integer(1), subject.der, signer.spki, encode(context(0))), signer),
    'a tail': signStructure(
      sequence(integer(0), subject.der, signer.spki, encode(context(0)), integer(1)),
      signer,
    ),
    'a tail behind the signature': sequence(
      sequence(integer(0), subject.der, signer.spki, encode(context(0))),
      signer.algorithm,
      bitString(Buffer.of(1)),
      integer(1),
    ),
  }))
    assert.throws(() => readRequest(der), refused('DER_MALFORMED'), name);
});

test("Windows' own attributes are skipped, its extension request is read", () => {
  const windows = withAttributes(
    attribute('1.3.6.1.4.1.311.13.2.3', utf8String('10.0')),
    attribute(Oid.microsoftCertExtensions, encodeExtensions([san])),
  );
  assert.equal(readSubjectAltName(readRequest(windows).requestedExtensions)?.length, 2);
});

test('a request without the [0] of its attributes is read', () => {
  assert.equal(
    readRequest(signStructure(sequence(integer(0), subject.der, signer.spki), signer)).challengePassword,
    null,
  );
});

test('a challenge password that cannot be written is refused, and not quoted', () => {
  for (const challengePassword of ['', 'x'.repeat(256), 'half\ud800'])
    assert.throws(
      () => buildRequest({ subject, extensions: [], challengePassword }, signer),
      (error: unknown) =>
        error instanceof X509Error &&
        error.code === 'VALUE_INVALID' &&
        (challengePassword === '' || !error.message.includes(challengePassword)),
    );
});

test('a file that holds something else is named for what is missing', () => {
  assert.throws(
    () => readRequest(Buffer.from(toPem('CERTIFICATE', Buffer.of(1)))),
    refused('PEM_MALFORMED', /no CERTIFICATE REQUEST block/),
  );
});

test('damaged requests are read or refused quickly', () => {
  const der = buildRequest(full, signer);
  for (let length = 0; length < der.length; length += 7)
    assert.throws(() => readRequest(der.subarray(0, length)), refused('DER_MALFORMED'));
  fc.assert(
    fc.property(mutations(der), (bytes) => void assertBounded(() => readRequest(bytes), 500)),
    { numRuns: 500 },
  );
});
