import assert from 'node:assert/strict';
import { createPrivateKey, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { chooseKey, chooseLeaf, type Material, readMaterial } from '../../../core/server-certificate/read.ts';
import { X509Error, type X509ErrorCode } from '../../../core/x509/errors.ts';
import { missing } from '../x509/tool-bench.ts';
import { type Made, OpensslAuthority } from './openssl-authority.ts';

const skip = missing('openssl');
const openssl = new OpensslAuthority();
const password = 'ひみつ pass 123';
let root: Made;
let issuing: Made;
let leaf: Made;
let ec: Made;
let passwordFile: string;

before(() => {
  if (skip) return;
  root = openssl.authority({ subject: '/O=割符/CN=ルート' });
  issuing = openssl.authority({ subject: '/O=割符/CN=中間', issuer: root });
  leaf = openssl.server({ issuer: issuing, subject: '/O=株式会社テスト/CN=www.example.com' });
  ec = openssl.server({ issuer: issuing, key: 'P-256' });
  passwordFile = openssl.bench.write('password', `${password}\n`);
});
after(() => openssl.remove());

const text = (...parts: readonly string[]): Uint8Array => Buffer.from(parts.join('\n'));
const derKey = (made: Made): Uint8Array =>
  createPrivateKey(made.keyPem).export({ type: 'pkcs8', format: 'der' });

/** What openssl writes to stdout. */
const out = (...args: readonly string[]): Uint8Array => openssl.bench.openssl(...args);

/** The material holds `made` with its key and `others` besides. */
function assertHolds(material: Material, made: Made, ...others: readonly Made[]): void {
  const serials = (all: readonly { readonly serial: string }[]): string[] =>
    all.map(({ serial }) => serial).toSorted();
  assert.deepEqual(
    serials(material.certificates),
    serials([made, ...others].map(({ certificate }) => certificate)),
  );
  const found = chooseLeaf(
    material.certificates,
    material.keys.map(({ publicKey }) => publicKey),
  );
  assert.equal(found?.serial, made.certificate.serial);
  assert.deepEqual(Buffer.from(chooseKey(found!, material.keys)!.pkcs8), derKey(made));
}

const refused = (code: X509ErrorCode) => (error: unknown) => {
  assert.ok(error instanceof X509Error, String(error));
  assert.equal(error.code, code);
  assert.ok(!`${error.message}${JSON.stringify(error.data)}${error.stack}`.includes(password));
  return true;
};

test('a key is read in every form that people have it in', (t) => {
  if (skip) return t.skip(skip);
  const chain = text(leaf.pem, issuing.pem);
  const rsa = `${leaf.stem}.key`;
  const forms: Readonly<Record<string, Uint8Array>> = {
    'PKCS#8 PEM': text(leaf.keyPem),
    'PKCS#1 PEM': out('rsa', '-in', rsa, '-traditional'),
    'PKCS#8 DER': out('pkcs8', '-topk8', '-nocrypt', '-in', rsa, '-outform', 'DER'),
    'PKCS#1 DER': out('rsa', '-in', rsa, '-traditional', '-outform', 'DER'),
    'encrypted PKCS#8 PEM': out('pkcs8', '-topk8', '-in', rsa, '-passout', `file:${passwordFile}`),
    'encrypted PKCS#8 DER': out(
      'pkcs8',
      '-topk8',
      '-in',
      rsa,
      '-passout',
      `file:${passwordFile}`,
      '-outform',
      'DER',
    ),
    'Proc-Type: 4,ENCRYPTED': out(
      'rsa',
      '-in',
      rsa,
      '-traditional',
      '-aes256',
      '-passout',
      `file:${passwordFile}`,
    ),
    'DES-EDE3-CBC, as the classic tutorial makes it': out(
      'rsa',
      '-in',
      rsa,
      '-traditional',
      '-des3',
      '-passout',
      `file:${passwordFile}`,
    ),
  };
  for (const [form, key] of Object.entries(forms)) {
    const isEncrypted = /ncrypt|ENCRYPT|DES/.test(form);
    assertHolds(readMaterial([chain, key], isEncrypted ? password : undefined), leaf, issuing);
    if (!isEncrypted) continue;
    assert.throws(() => readMaterial([chain, key]), refused('PASSWORD_REQUIRED'), form);
    // 1 in 256 wrong passwords leaves a valid padding; what is inside is no key then, and the answer is the same.
    assert.throws(() => readMaterial([chain, key], `${password}!`), refused('WRONG_PASSWORD'), form);
  }
});

test('an EC key is read from SEC1 with its parameters before it', (t) => {
  if (skip) return t.skip(skip);
  const parameters = Buffer.from(out('ecparam', '-name', 'prime256v1')).toString();
  const sec1 = Buffer.from(out('ec', '-in', `${ec.stem}.key`)).toString();
  assertHolds(readMaterial([text(ec.pem, parameters, sec1)]), ec);
  assertHolds(readMaterial([text(ec.pem), out('ec', '-in', `${ec.stem}.key`, '-outform', 'DER')]), ec);
});

test('PFX, PKCS#7 and DER certificates are read, whatever OpenSSL made them with', (t) => {
  if (skip) return t.skip(skip);
  const chainFile = openssl.bench.write('extra.pem', issuing.pem + root.pem);
  const pfx = (...options: readonly string[]): Uint8Array => {
    out(
      'pkcs12',
      '-export',
      '-inkey',
      `${leaf.stem}.key`,
      '-in',
      `${leaf.stem}.crt`,
      '-certfile',
      chainFile,
      '-name',
      '証明書',
      '-passout',
      `file:${passwordFile}`,
      '-out',
      'made.pfx',
      ...options,
    );
    return openssl.bench.read('made.pfx');
  };
  for (const options of [
    [],
    ['-legacy'],
    ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
  ]) {
    const file = pfx(...options);
    assertHolds(readMaterial([file], password), leaf, issuing, root);
    assert.throws(() => readMaterial([file]), refused('PASSWORD_REQUIRED'));
    assert.throws(() => readMaterial([file], 'wrong'), refused('WRONG_PASSWORD'));
  }
  const p7 = ['crl2pkcs7', '-nocrl', '-certfile', `${leaf.stem}.crt`, '-certfile', chainFile];
  for (const file of [out(...p7), out(...p7, '-outform', 'DER')])
    assertHolds(readMaterial([file, text(leaf.keyPem)]), leaf, issuing, root);
  assertHolds(
    readMaterial([leaf.certificate.der, issuing.certificate.der, text(leaf.keyPem)]),
    leaf,
    issuing,
  );
});

test('text from Windows, mail and openssl -text is read: marks, CRLF, UTF-16, words around the blocks', (t) => {
  if (skip) return t.skip(skip);
  const plain = Buffer.from(
    text(leaf.keyPem, '件名: 証明書\n\nBag Attributes\n  friendlyName: www', leaf.pem, issuing.pem),
  ).toString();
  const utf16 = Buffer.from(`\ufeff${plain}`, 'utf16le');
  const forms = [plain, `\ufeff${plain}`, plain.replaceAll('\n', '\r\n'), plain.replaceAll('\n', '\n\n')].map(
    (form) => Buffer.from(form),
  );
  for (const file of [...forms, utf16, Buffer.from(utf16).swap16()])
    assertHolds(readMaterial([file]), leaf, issuing);
  const verbose = out('x509', '-in', `${leaf.stem}.crt`, '-text');
  assertHolds(readMaterial([verbose, text(leaf.keyPem)]), leaf);
});

test('whatever the order of files and blocks, the same certificate and key are chosen', (t) => {
  if (skip) return t.skip(skip);
  const renewed = openssl.server({ issuer: issuing, keyOf: leaf, days: 500 });
  const parts = [leaf.pem, renewed.pem, issuing.pem, root.pem, ec.pem, leaf.keyPem, root.keyPem];
  fc.assert(
    fc.property(
      fc.shuffledSubarray(parts, { minLength: parts.length }),
      fc.integer({ min: 0, max: parts.length }),
      (shuffled, cut) => {
        const material = readMaterial(
          [text(...shuffled.slice(0, cut)), text(...shuffled.slice(cut))].filter(({ length }) => length > 0),
        );
        assertHolds(material, renewed, leaf, issuing, root, ec);
      },
    ),
    { numRuns: 40 },
  );
});

test('the leaf is the one that a key belongs to, else the one that is no CA, else the one that signed no other', (t) => {
  if (skip) return t.skip(skip);
  const certificates = [root, issuing, leaf].map(({ certificate }) => certificate);
  assert.equal(chooseLeaf(certificates, [])?.serial, leaf.certificate.serial);
  assert.equal(chooseLeaf(certificates, [root.certificate.spki])?.serial, leaf.certificate.serial);
  assert.equal(chooseLeaf([root.certificate, issuing.certificate], [])?.serial, issuing.certificate.serial);
  assert.equal(
    chooseLeaf([root.certificate, issuing.certificate], [root.certificate.spki])?.serial,
    root.certificate.serial,
  );
  assert.equal(chooseLeaf([], []), undefined);
  const ancientRoot = openssl.authority({ subject: '/CN=v1 root', extensions: [] });
  const ancientLeaf = openssl.server({ issuer: ancientRoot, extensions: [], san: '' });
  assert.equal(
    chooseLeaf([ancientRoot.certificate, ancientLeaf.certificate], [])?.serial,
    ancientLeaf.certificate.serial,
  );
});

test('requests, parameters and public keys are passed over, keys of other kinds are refused by name', (t) => {
  if (skip) return t.skip(skip);
  const request = Buffer.from(openssl.bench.read(`${leaf.stem}.csr`)).toString();
  assertHolds(
    readMaterial([
      text(
        request,
        leaf.pem,
        Buffer.from(out('pkey', '-in', `${leaf.stem}.key`, '-pubout')).toString(),
        leaf.keyPem,
      ),
    ]),
    leaf,
  );
  assert.deepEqual(readMaterial([text(request)]).certificates, []);
  assert.throws(
    () => readMaterial([out('genpkey', '-algorithm', 'ED25519')]),
    refused('UNSUPPORTED_ALGORITHM'),
  );
  assert.throws(
    () =>
      readMaterial([text('-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n')]),
    refused('UNSUPPORTED_ALGORITHM'),
  );
});

test('damaged files are typed errors', (t) => {
  if (skip) return t.skip(skip);
  const { pem } = leaf;
  assert.throws(() => readMaterial([text(pem.slice(0, 400))]), refused('PEM_MALFORMED'));
  assert.throws(() => readMaterial([text(pem.replace(/\n.{64}/, '\n'))]), refused('DER_MALFORMED'));
  assert.throws(() => readMaterial([leaf.certificate.der.subarray(0, 300)]), refused('DER_MALFORMED'));
  assert.throws(() => readMaterial([Buffer.alloc(0)]), refused('DER_MALFORMED'));
  assert.throws(() => readMaterial([Buffer.from('hello')]), refused('DER_MALFORMED'));
  assert.throws(() => readMaterial([randomBytes(100_000).fill(0x30, 0, 1)]), X509Error);
});

test('50 MB are refused at once, and so are too many certificates and keys', (t) => {
  if (skip) return t.skip(skip);
  const started = performance.now();
  for (const first of ['\x30\x80', '-----BEGIN CERTIFICATE-----', '\xff\xfe'])
    assert.throws(
      () => readMaterial([Buffer.alloc(50 * 1024 * 1024, 'A').fill(first, 0, first.length, 'latin1')]),
      refused('INPUT_TOO_LARGE'),
    );
  assert.ok(performance.now() - started < 5000);
  assert.throws(() => readMaterial([Buffer.from(ec.pem.repeat(501))]), refused('INPUT_TOO_LARGE'));
  assert.throws(() => readMaterial([Buffer.from(ec.keyPem.repeat(21))]), refused('INPUT_TOO_LARGE'));
});

test('random bytes, and true files with a byte changed, end in a result or a typed error', (t) => {
  if (skip) return t.skip(skip);
  const attempt = (file: Uint8Array): void => {
    try {
      const { certificates, keys } = readMaterial([file], password);
      chooseLeaf(
        certificates,
        keys.map(({ publicKey }) => publicKey),
      );
    } catch (error) {
      assert.ok(error instanceof X509Error, `${error}`);
    }
  };
  const files = [
    leaf.certificate.der,
    out('crl2pkcs7', '-nocrl', '-certfile', `${leaf.stem}.crt`, '-outform', 'DER'),
    text(leaf.pem),
    derKey(ec),
    out('ec', '-in', `${ec.stem}.key`, '-outform', 'DER'),
  ];
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => attempt(Uint8Array.of(0x30, ...bytes))),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.nat(), fc.nat({ max: 255 }), (file, at, octet) => {
      const changed = Uint8Array.from(file);
      changed[at % file.length] = octet;
      attempt(changed);
    }),
    { numRuns: 1500 },
  );
});
