import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import fc from 'fast-check';
import {
  bitString,
  DerReader,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
} from '../../../core/x509/der.ts';
import { X509Error } from '../../../core/x509/errors.ts';
import {
  describePublicKey,
  generatePrivateKey,
  importPrivateKey,
  importPrivateKeyBlock,
  keyAlgorithms,
  keyIdentifier,
  publicKeyOf,
  signatureName,
  signerFor,
  traditionalKey,
  verifySignature,
} from '../../../core/x509/key.ts';
import { Oid } from '../../../core/x509/oids.ts';
import { parsePem, toPem } from '../../../core/x509/pem.ts';
import { assertBounded, mutations } from './hostile.ts';
import { missing, ToolBench } from './tool-bench.ts';

const noOpenssl = missing('openssl');
const bench = new ToolBench();
after(() => bench.remove());

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const refused = (code: string, text?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof X509Error, String(error));
  assert.equal(error.code, code);
  if (text) assert.match(error.message, text);
  return true;
};
const message = Buffer.from('割符');

test('keys of every algorithm are made, described, and pass openssl pkey -check', {
  skip: noOpenssl,
}, async () => {
  const texts = [];
  for (const algorithm of keyAlgorithms) {
    const key = await generatePrivateKey(algorithm);
    texts.push(describePublicKey(publicKeyOf(key)).text);
    bench.write('made.der', key);
    assert.match(
      bench.run('openssl', 'pkey', '-inform', 'DER', '-in', 'made.der', '-check', '-noout'),
      /Key is valid/,
    );
    assert.equal(hex(importPrivateKey(key)), hex(key));
  }
  assert.deepEqual(texts, ['RSA 2048', 'RSA 3072', 'RSA 4096', 'EC P-256', 'EC P-384']);
});

test('every form in which openssl writes a key is read as the same key', { skip: noOpenssl }, () => {
  bench.openssl('genrsa', '-traditional', '-out', 'rsa.pem', '2048');
  for (const curve of ['prime256v1', 'secp384r1'])
    bench.openssl('ecparam', '-name', curve, '-genkey', '-out', `${curve}.pem`);
  for (const name of ['rsa', 'prime256v1', 'secp384r1']) {
    const source = `${name}.pem`;
    const pub = hex(bench.openssl('pkey', '-in', source, '-pubout', '-outform', 'DER'));
    const legacy = name === 'rsa' ? 'rsa' : 'ec';
    bench.openssl('pkcs8', '-topk8', '-nocrypt', '-in', source, '-out', 'p8.pem');
    bench.openssl('pkcs8', '-topk8', '-nocrypt', '-in', source, '-outform', 'DER', '-out', 'p8.der');
    bench.openssl(
      legacy,
      '-in',
      source,
      '-outform',
      'DER',
      ...(name === 'rsa' ? ['-traditional'] : []),
      '-out',
      'traditional.der',
    );
    for (const file of [source, 'p8.pem', 'p8.der', 'traditional.der'])
      assert.equal(hex(publicKeyOf(importPrivateKey(bench.read(file)))), pub, `${name} ${file}`);
    bench.openssl(
      'pkcs8',
      '-topk8',
      '-in',
      source,
      '-v2',
      'aes-256-cbc',
      '-passout',
      'pass:秘密',
      '-out',
      'sealed.pem',
    );
    bench.openssl(
      'pkcs8',
      '-topk8',
      '-in',
      source,
      '-v2',
      'des3',
      '-outform',
      'DER',
      '-passout',
      'pass:秘密',
      '-out',
      'sealed.der',
    );
    bench.openssl(
      legacy,
      '-in',
      source,
      '-aes256',
      ...(name === 'rsa' ? ['-traditional'] : []),
      '-passout',
      'pass:秘密',
      '-out',
      'dek.pem',
    );
    for (const file of ['sealed.pem', 'sealed.der', 'dek.pem']) {
      assert.equal(hex(publicKeyOf(importPrivateKey(bench.read(file), '秘密'))), pub, `${name} ${file}`);
      assert.throws(() => importPrivateKey(bench.read(file)), refused('PASSWORD_REQUIRED'), file);
      assert.throws(() => importPrivateKey(bench.read(file), 'wrong'), refused('WRONG_PASSWORD'), file);
    }
    assert.equal(hex(describeSki(name)), hex(keyIdentifier(Buffer.from(pub, 'hex'))));
  }
  assert.ok(Buffer.from(bench.read('prime256v1.pem')).includes('EC PARAMETERS'));
});

/** The subjectKeyIdentifier that openssl computes for a key. */
function describeSki(name: string): Uint8Array {
  bench.openssl(
    'req',
    '-x509',
    '-key',
    `${name}.pem`,
    '-subj',
    '/CN=x',
    '-addext',
    'subjectKeyIdentifier=hash',
    '-out',
    'ski.pem',
  );
  const text = bench.run('openssl', 'x509', '-in', 'ski.pem', '-noout', '-ext', 'subjectKeyIdentifier');
  return Buffer.from(/([0-9A-F]{2}(:[0-9A-F]{2}){19})/.exec(text)![0].replaceAll(':', ''), 'hex');
}

test('a key that stands among certificates is found, by any of its labels', async () => {
  const key = await generatePrivateKey('ec-p256');
  const file = Buffer.from(`${toPem('CERTIFICATE', Buffer.of(1))}text\n${toPem('PRIVATE KEY', key)}`);
  assert.equal(hex(importPrivateKey(file)), hex(key));
  const { label, der } = traditionalKey(key);
  assert.equal(label, 'EC PRIVATE KEY');
  assert.equal(
    hex(publicKeyOf(importPrivateKeyBlock(parsePem(toPem(label, der))[0]!))),
    hex(publicKeyOf(key)),
  );
  assert.throws(
    () => importPrivateKey(Buffer.from(toPem('CERTIFICATE', Buffer.of(1)))),
    refused('PEM_MALFORMED', /no PRIVATE KEY block/),
  );
});

test('traditional form is what openssl writes', { skip: noOpenssl }, async () => {
  for (const algorithm of ['rsa-2048', 'ec-p384'] as const) {
    const key = await generatePrivateKey(algorithm);
    bench.write('key.der', key);
    const theirs = bench.openssl('pkey', '-inform', 'DER', '-in', 'key.der', '-traditional');
    const { label, der } = traditionalKey(key);
    assert.equal(toPem(label, der), Buffer.from(theirs).toString());
  }
});

test('keys Warifu does not use are refused by name', { skip: noOpenssl }, () => {
  for (const [name, algorithm, ...options] of [
    ['ed25519', 'ED25519'],
    ['x25519', 'X25519'],
    ['p521', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'],
    ['k1', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp256k1'],
    ['pss', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048'],
  ] as const) {
    bench.openssl('genpkey', '-algorithm', algorithm, ...options, '-out', `${name}.pem`);
    // BoringSSL does not even read some of them.
    assert.throws(
      () => importPrivateKey(bench.read(`${name}.pem`)),
      (error: unknown) =>
        error instanceof X509Error && ['UNSUPPORTED_ALGORITHM', 'DER_MALFORMED'].includes(error.code),
      name,
    );
    const spki = bench.openssl('pkey', '-in', `${name}.pem`, '-pubout', '-outform', 'DER');
    assert.equal(describePublicKey(spki).type, 'other', name);
  }
  const text = (name: string): string =>
    describePublicKey(bench.openssl('pkey', '-in', `${name}.pem`, '-pubout', '-outform', 'DER')).text;
  assert.deepEqual(['ed25519', 'p521', 'pss'].map(text), ['Ed25519', 'EC P-521', 'RSASSA-PSS']);
});

test('a curve written out in parameters is not taken for a named one', { skip: noOpenssl }, () => {
  bench.openssl(
    'ecparam',
    '-name',
    'prime256v1',
    '-genkey',
    '-param_enc',
    'explicit',
    '-noout',
    '-out',
    'explicit.pem',
  );
  const spki = bench.openssl('pkey', '-in', 'explicit.pem', '-pubout', '-outform', 'DER');
  assert.deepEqual(describePublicKey(spki), { type: 'other', bits: 0, text: 'EC with explicit parameters' });
  assert.throws(
    () => verifySignature('certificate', spki, Oid.ecdsaWithSHA256, message, Buffer.of(0)),
    refused('UNSUPPORTED_ALGORITHM', /explicit/),
  );
});

/** The numbers of an RSA key, PKCS#1 order, without the version. */
function rsaNumbers(key: Uint8Array): Uint8Array[] {
  const reader = DerReader.over(traditionalKey(key).der, 'key').enter();
  reader.any();
  return Array.from({ length: 8 }, () => reader.integerBytes());
}

const pkcs1 = (numbers: readonly Uint8Array[]): Uint8Array =>
  sequence(integer(0), ...numbers.map((number) => integer(number)));

test('a key that does not sign what its public half verifies is refused on import', async () => {
  const [rsa, other] = [await generatePrivateKey('rsa-2048'), await generatePrivateKey('rsa-2048')];
  const numbers = rsaNumbers(rsa);
  assert.equal(hex(importPrivateKey(pkcs1(numbers))), hex(importPrivateKey(rsa)));
  const foreign = rsaNumbers(other);
  // All but the exponent, which both keys share.
  for (const index of [0, 2, 3, 4, 5, 6, 7]) {
    const mixed = numbers.with(index, foreign[index]!);
    assert.throws(() => importPrivateKey(pkcs1(mixed)), refused('DER_MALFORMED'), `number ${index}`);
  }
  const [a, b] = [await generatePrivateKey('ec-p256'), await generatePrivateKey('ec-p256')];
  const point = DerReader.over(publicKeyOf(b), 'key').enter();
  point.any();
  const scalar = DerReader.over(traditionalKey(a).der, 'key').enter();
  scalar.any();
  const crossed = sequence(
    integer(1),
    octetString(scalar.octets()),
    explicit(0, oid(Oid.p256)),
    explicit(1, bitString(point.bitString())),
  );
  assert.throws(() => importPrivateKey(crossed), refused('DER_MALFORMED'));
});

test('numbers larger than the modulus are refused before they are computed with', async () => {
  const numbers = rsaNumbers(await generatePrivateKey('rsa-2048'));
  const huge = Buffer.concat([Buffer.of(0x7f), randomBytes(40_000), Buffer.of(1)]);
  for (const index of [1, 2, 3, 4, 5, 6, 7]) {
    const error = assertBounded(
      () => importPrivateKey(pkcs1(numbers.with(index, huge))),
      1000,
      `number ${index}`,
    );
    assert.equal(error?.code, 'DER_MALFORMED');
  }
  assertBounded(() => importPrivateKey(pkcs1(numbers.map(() => huge))), 1000);
});

test('a public key is exact: positive numbers, nothing behind them, not beyond 16384 bits', () => {
  const spki = (...body: readonly Uint8Array[]): Uint8Array =>
    sequence(sequence(oid(Oid.rsaEncryption), nullValue()), bitString(sequence(...body)));
  const modulus = Buffer.concat([Buffer.of(0xc1), randomBytes(254), Buffer.of(1)]);
  assert.equal(describePublicKey(spki(integer(modulus), integer(65537))).text, 'RSA 2048');
  assert.equal(
    describePublicKey(spki(integer(Buffer.concat([Buffer.of(1), modulus])), integer(65537))).text,
    'RSA 2049',
  );
  assert.equal(
    describePublicKey(spki(integer(Buffer.concat([modulus, randomBytes(4096)])), integer(65537))).type,
    'other',
  );
  for (const wrong of [
    spki(Buffer.of(2, 1, 0x80), integer(3)),
    spki(integer(0), integer(3)),
    spki(integer(modulus), integer(0)),
    spki(integer(modulus)),
    spki(integer(modulus), integer(3), integer(3)),
    Buffer.concat([spki(integer(modulus), integer(3)), Buffer.of(5, 0)]),
  ])
    assert.throws(() => describePublicKey(wrong), refused('DER_MALFORMED'));
});

test('openssl verifies what a signer signs, with SHA-256 or for P-384 SHA-384', {
  skip: noOpenssl,
}, async () => {
  for (const [algorithm, digest, name] of [
    ['rsa-2048', '-sha256', 'SHA-256 with RSA'],
    ['ec-p256', '-sha256', 'SHA-256 with ECDSA'],
    ['ec-p384', '-sha384', 'SHA-384 with ECDSA'],
  ] as const) {
    const signer = signerFor(await generatePrivateKey(algorithm));
    bench.write('message', message);
    bench.write('public.pem', toPem('PUBLIC KEY', signer.spki));
    const signature = signer.sign(message);
    for (const made of [signature, await signer.signAside(message)]) {
      bench.write('signature', made);
      assert.match(
        bench.run('openssl', 'dgst', digest, '-verify', 'public.pem', '-signature', 'signature', 'message'),
        /Verified OK/,
      );
    }
    const signatureOid = DerReader.over(signer.algorithm, 'algorithm').enter().oid();
    assert.equal(signatureName(signatureOid), name);
    assert.equal(verifySignature('test', signer.spki, signatureOid, message, signature), true);
    assert.equal(verifySignature('test', signer.spki, signatureOid, Buffer.from('割印'), signature), false);
    assert.equal(verifySignature('test', signer.spki, signatureOid, message, Buffer.alloc(0)), false);
    const otherType = algorithm === 'rsa-2048' ? Oid.ecdsaWithSHA256 : Oid.sha256WithRSAEncryption;
    assert.equal(verifySignature('test', signer.spki, otherType, message, signature), false);
  }
});

test('MD5, SHA-1 and unknown signatures are refused with their name', async () => {
  const spki = publicKeyOf(await generatePrivateKey('rsa-2048'));
  for (const [algorithm, name] of [
    ['1.2.840.113549.1.1.4', /MD5 with RSA/],
    ['1.2.840.113549.1.1.5', /SHA-1 with RSA/],
    ['1.2.840.10045.4.1', /ECDSA with SHA-1/],
    ['1.2.840.113549.1.1.10', /RSA-PSS/],
    ['1.3.101.112', /Ed25519/],
    ['1.2.3.4', /1\.2\.3\.4/],
  ] as const)
    assert.throws(
      () => verifySignature('certificate', spki, algorithm, message, message),
      refused('UNSUPPORTED_ALGORITHM', name),
    );
});

test('Warifu signs with nothing below RSA 2048', { skip: noOpenssl }, () => {
  const weak = importPrivateKey(bench.openssl('genrsa', '-traditional', '1024'));
  assert.equal(describePublicKey(publicKeyOf(weak)).text, 'RSA 1024');
  assert.throws(() => signerFor(weak), refused('UNSUPPORTED_ALGORITHM', /RSA 1024/));
});

test('damaged keys are read or refused quickly, and no error quotes them', async () => {
  for (const algorithm of ['rsa-2048', 'ec-p256'] as const) {
    const key = await generatePrivateKey(algorithm);
    const { der } = traditionalKey(key);
    for (const form of [key, der]) {
      fc.assert(
        fc.property(mutations(form), (bytes) => {
          const error = assertBounded(() => importPrivateKey(bytes), 1500);
          if (error) assert.ok(error.message.length < 200, error.message);
        }),
        { numRuns: 100 },
      );
    }
  }
  assert.throws(() => importPrivateKey(new Uint8Array(2 * 1024 * 1024)), refused('INPUT_TOO_LARGE'));
  const followed = Buffer.concat([await generatePrivateKey('ec-p256'), Buffer.of(5, 0)]);
  assert.throws(() => importPrivateKey(followed), refused('DER_MALFORMED', /trailing/));
});
