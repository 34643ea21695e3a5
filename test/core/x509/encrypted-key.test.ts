import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { integer, octetString, oid, sequence } from '../../../core/x509/der.ts';
import {
  decryptPkcs8,
  decryptTraditionalPem,
  encryptPkcs8,
  isTraditionallyEncrypted,
} from '../../../core/x509/encrypted-key.ts';
import { X509Error, type X509ErrorCode } from '../../../core/x509/errors.ts';
import { parsePem } from '../../../core/x509/pem.ts';
import { ToolBench } from './tool-bench.ts';

const bench = new ToolBench();
after(() => bench.remove());

const rsa = bench.issue('rsa', 'RSA');
const ec = bench.issue('ec', 'P-256');
const identities = [rsa, ec];

/** The error has this code and tells nothing of the password. */
const refused = (code: X509ErrorCode, secret?: string) => (error: unknown) => {
  assert.ok(error instanceof X509Error, String(error));
  assert.equal(error.code, code);
  if (secret) assert.ok(!`${error.message}${JSON.stringify(error.data)}${error.stack}`.includes(secret));
  return true;
};

const equal = (actual: Uint8Array, expected: Uint8Array): void =>
  assert.equal(Buffer.compare(actual, expected), 0);

const legacy = ['-provider', 'default', '-provider', 'legacy'];
const pkcs8Variants: Readonly<Record<string, readonly string[]>> = {
  'its default': [],
  'AES-128 with HMAC-SHA1': ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA1'],
  'AES-192 with HMAC-SHA224': ['-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA224'],
  'AES-256 with HMAC-SHA384': ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA384'],
  'AES-256 with HMAC-SHA512 and 100,000 iterations': [
    '-v2',
    'aes-256-cbc',
    '-v2prf',
    'hmacWithSHA512',
    '-iter',
    '100000',
  ],
  'triple DES': ['-v2', 'des3'],
  'single DES in PBES2': ['-v2', 'des', ...legacy],
  scrypt: ['-scrypt'],
  'scrypt with other parameters': ['-scrypt', '-scrypt_N', '2048', '-scrypt_r', '16', '-scrypt_p', '3'],
  'PBE-SHA1-3DES': ['-v1', 'PBE-SHA1-3DES'],
  'PBE-SHA1-2DES': ['-v1', 'PBE-SHA1-2DES'],
  'PBE-SHA1-RC2-128': ['-v1', 'PBE-SHA1-RC2-128', ...legacy],
  'PBE-SHA1-RC2-40': ['-v1', 'PBE-SHA1-RC2-40', ...legacy],
  'PBE-MD5-DES': ['-v1', 'PBE-MD5-DES', ...legacy],
  'PBE-SHA1-DES': ['-v1', 'PBE-SHA1-DES', ...legacy],
  'PBE-MD5-RC2-64': ['-v1', 'PBE-MD5-RC2-64', ...legacy],
  'PBE-SHA1-RC2-64': ['-v1', 'PBE-SHA1-RC2-64', ...legacy],
};

for (const [variant, options] of Object.entries(pkcs8Variants))
  test(`a PKCS#8 key that openssl encrypted with ${variant} is opened`, () => {
    for (const password of ['correct horse', 'ひみつ😀'])
      for (const { name, key } of identities) {
        const passwordFile = bench.write('password', `${password}\n`);
        const der = bench.openssl(
          'pkcs8',
          '-topk8',
          '-in',
          `${name}.key`,
          '-outform',
          'DER',
          '-passout',
          `file:${passwordFile}`,
          ...options,
        );
        equal(decryptPkcs8(der, password), key);
        assert.throws(() => decryptPkcs8(der, `${password}!`), refused('WRONG_PASSWORD', password));
        assert.throws(() => decryptPkcs8(der, ''), refused('PASSWORD_REQUIRED'));
      }
  });

test('of a thousand wrong passwords, none opens a key, though some give good padding', () => {
  const der = bench.openssl(
    'pkcs8',
    '-topk8',
    '-in',
    'ec.key',
    '-outform',
    'DER',
    '-passout',
    'pass:right',
    '-iter',
    '1',
  );
  for (let i = 0; i < 1000; i++)
    assert.throws(() => decryptPkcs8(der, `wrong ${i}`), refused('WRONG_PASSWORD'));
});

test('a key that we encrypted is opened by openssl, and only with its password', () => {
  for (const password of ['correct horse', 'ひみつ😀'])
    for (const { name, key } of identities) {
      bench.write('ours.der', encryptPkcs8(key, password));
      const passwordFile = bench.write('password', `${password}\n`);
      equal(
        bench.openssl(
          'pkcs8',
          '-inform',
          'DER',
          '-in',
          'ours.der',
          '-passin',
          `file:${passwordFile}`,
          '-outform',
          'DER',
          '-nocrypt',
          '-topk8',
        ),
        key,
      );
      assert.notEqual(
        bench.attempt('openssl', 'pkey', '-inform', 'DER', '-in', 'ours.der', '-passin', 'pass:wrong').status,
        0,
      );
      assert.match(
        bench.run('openssl', 'asn1parse', '-inform', 'DER', '-in', 'ours.der'),
        /PBES2[\s\S]*PBKDF2[\s\S]*hmacWithSHA256[\s\S]*aes-256-cbc/,
        name,
      );
    }
});

test('nothing is encrypted under the empty password', () => {
  assert.throws(() => encryptPkcs8(rsa.key, ''), refused('PASSWORD_REQUIRED'));
});

test('only PKCS#8 is encrypted as PKCS#8', () => {
  const pkcs1 = bench.openssl('rsa', '-in', 'rsa.key', '-traditional', '-outform', 'DER');
  assert.throws(() => encryptPkcs8(pkcs1, 'secret'), refused('DER_MALFORMED'));
});

for (const cipher of ['aes128', 'aes192', 'aes256', 'des3', 'des'])
  for (const { name, key } of identities)
    test(`a traditional PEM key (${name}) that openssl encrypted with ${cipher} is opened`, () => {
      const command = name === 'rsa' ? 'rsa' : 'ec';
      const traditional = command === 'rsa' ? ['-traditional'] : [];
      // Single DES is in OpenSSL's legacy provider.
      const provider = cipher === 'des' ? legacy : [];
      for (const password of ['correct horse', 'ひみつ😀']) {
        const passwordFile = bench.write('password', `${password}\n`);
        const pem = bench.openssl(
          command,
          '-in',
          `${name}.key`,
          `-${cipher}`,
          ...traditional,
          '-passout',
          `file:${passwordFile}`,
          ...provider,
        );
        const block = parsePem(pem)[0]!;
        assert.ok(isTraditionallyEncrypted(block));
        const der = decryptTraditionalPem(block, password);
        const opened = createPrivateKey({
          key: Buffer.from(der),
          format: 'der',
          type: command === 'rsa' ? 'pkcs1' : 'sec1',
        });
        equal(
          opened.export({ format: 'der', type: 'pkcs8' }),
          createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' }).export({
            format: 'der',
            type: 'pkcs8',
          }),
        );
        assert.throws(
          () => decryptTraditionalPem(block, `${password}!`),
          refused('WRONG_PASSWORD', password),
        );
        assert.throws(() => decryptTraditionalPem(block, ''), refused('PASSWORD_REQUIRED'));
      }
    });

test('a traditional PEM key under a cipher we do not know is refused by its name', () => {
  const block = {
    label: 'RSA PRIVATE KEY',
    headers: { 'Proc-Type': '4,ENCRYPTED', 'DEK-Info': 'CAMELLIA-256-CBC,00112233445566778899AABBCCDDEEFF' },
    bytes: new Uint8Array(32),
  };
  assert.throws(
    () => decryptTraditionalPem(block, 'secret'),
    (error: X509Error) =>
      error.code === 'UNSUPPORTED_ALGORITHM' && error.data['algorithm'] === 'CAMELLIA-256-CBC',
  );
});

test('a traditional PEM key without usable DEK-Info is refused', () => {
  const bytes = new Uint8Array(32);
  for (const headers of [
    {},
    { 'Proc-Type': '4,ENCRYPTED' },
    { 'Proc-Type': '4,ENCRYPTED', 'DEK-Info': 'AES-256-CBC' },
    { 'Proc-Type': '4,ENCRYPTED', 'DEK-Info': 'AES-256-CBC,xyz' },
  ])
    assert.throws(
      () =>
        decryptTraditionalPem(
          { label: 'RSA PRIVATE KEY', headers: headers as Record<string, string>, bytes },
          'secret',
        ),
      refused('PEM_MALFORMED'),
    );
  const shortIv = { 'Proc-Type': '4,ENCRYPTED', 'DEK-Info': 'AES-256-CBC,0011' };
  assert.throws(
    () => decryptTraditionalPem({ label: 'RSA PRIVATE KEY', headers: shortIv, bytes }, 'secret'),
    refused('DER_MALFORMED'),
  );
});

test('an unknown scheme, cipher or pseudorandom function is refused by its OID', () => {
  const salt = octetString(new Uint8Array(8));
  const pbkdf2 = (...more: Uint8Array[]): Uint8Array =>
    sequence(oid('1.2.840.113549.1.5.12'), sequence(salt, integer(1), ...more));
  const pbes2 = (kdf: Uint8Array, cipher: string): Uint8Array =>
    sequence(
      oid('1.2.840.113549.1.5.13'),
      sequence(kdf, sequence(oid(cipher), octetString(new Uint8Array(16)))),
    );
  const aes = '2.16.840.1.101.3.4.1.42';
  for (const [algorithm, named] of [
    [sequence(oid('1.2.3.4'), sequence(salt, integer(1))), '1.2.3.4'],
    [sequence(oid('1.2.840.113549.1.12.1.1'), sequence(salt, integer(1))), '1.2.840.113549.1.12.1.1'],
    [pbes2(sequence(oid('1.2.3.5'), sequence()), aes), '1.2.3.5'],
    [pbes2(pbkdf2(), '2.16.840.1.101.3.4.1.46'), '2.16.840.1.101.3.4.1.46'],
    [pbes2(pbkdf2(sequence(oid('1.2.3.6'))), aes), '1.2.3.6'],
  ] as const)
    assert.throws(
      () => decryptPkcs8(sequence(algorithm, octetString(new Uint8Array(32))), 'secret'),
      (error: X509Error) => error.code === 'UNSUPPORTED_ALGORITHM' && error.data['algorithm'] === named,
    );
});

test('a file cannot ask for more work than the ceilings allow', () => {
  const salt = octetString(new Uint8Array(8));
  const sealed = (kdf: Uint8Array): Uint8Array =>
    sequence(
      sequence(
        oid('1.2.840.113549.1.5.13'),
        sequence(kdf, sequence(oid('2.16.840.1.101.3.4.1.42'), octetString(new Uint8Array(16)))),
      ),
      octetString(new Uint8Array(32)),
    );
  const scrypt = (n: number, r: number, p: number): Uint8Array =>
    sealed(sequence(oid('1.3.6.1.4.1.11591.4.11'), sequence(salt, integer(n), integer(r), integer(p))));
  const pbkdf2 = (iterations: number): Uint8Array =>
    sealed(sequence(oid('1.2.840.113549.1.5.12'), sequence(salt, integer(iterations))));
  const started = performance.now();
  for (const file of [
    pbkdf2(10_000_001),
    pbkdf2(2 ** 40),
    scrypt(2 ** 19, 8, 1),
    scrypt(2, 2 ** 22, 1),
    scrypt(2, 1, 2 ** 24),
    scrypt(2 ** 17, 8, 1000),
  ])
    assert.throws(() => decryptPkcs8(file, 'secret'), refused('INPUT_TOO_LARGE'));
  for (const file of [
    pbkdf2(0),
    scrypt(0, 8, 1),
    scrypt(1000, 8, 1),
    scrypt(2 ** 16, 1, 1),
    scrypt(1024, 0, 1),
    scrypt(1024, 8, 0),
  ])
    assert.throws(() => decryptPkcs8(file, 'secret'), refused('DER_MALFORMED'));
  assert.ok(performance.now() - started < 5000);
});

test('a damaged or truncated encrypted key is refused with a typed error', () => {
  const der = bench.openssl('pkcs8', '-topk8', '-in', 'ec.key', '-outform', 'DER', '-passout', 'pass:right');
  for (let length = 0; length < der.length; length++)
    assert.throws(() => decryptPkcs8(der.subarray(0, length), 'right'), refused('DER_MALFORMED'));
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Uint8Array.from(der);
      damaged[at]! ^= change;
      try {
        decryptPkcs8(damaged, 'right');
      } catch (error) {
        assert.ok(error instanceof X509Error, String(error));
      }
    }),
    { numRuns: 500 },
  );
  assert.throws(() => decryptPkcs8(new Uint8Array(50 * 1024 * 1024), 'right'), refused('INPUT_TOO_LARGE'));
});

test('any password round-trips', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (password) =>
      equal(decryptPkcs8(encryptPkcs8(ec.key, password), password), ec.key),
    ),
    { numRuns: 5 },
  );
});
