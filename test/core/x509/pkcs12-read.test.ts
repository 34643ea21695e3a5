import assert from 'node:assert/strict';
import { createHmac, createPrivateKey, pbkdf2Sync, X509Certificate } from 'node:crypto';
import { after, test } from 'node:test';
import { createSecureContext } from 'node:tls';
import forge from 'node-forge';
import {
  encode,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  Tag,
} from '../../../core/x509/der.ts';
import { X509Error, type X509ErrorCode } from '../../../core/x509/errors.ts';
import { inspectPkcs12 } from '../../../core/x509/pkcs12/protection.ts';
import { type Pkcs12Contents, readPkcs12 } from '../../../core/x509/pkcs12/read.ts';
import { missing, type TestIdentity, ToolBench } from './tool-bench.ts';

const bench = new ToolBench();
after(() => bench.remove());

const rsa = bench.issue('rsa', 'RSA');
const ec = bench.issue('ec', 'P-256');
const identities = [rsa, ec];
const underBun = 'bun' in process.versions;

const refused = (code: X509ErrorCode, secret?: string) => (error: unknown) => {
  assert.ok(error instanceof X509Error, String(error));
  assert.equal(error.code, code);
  if (secret) assert.ok(!`${error.message}${JSON.stringify(error.data)}${error.stack}`.includes(secret));
  return true;
};

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');
const canonical = (key: Uint8Array): string =>
  createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' })
    .export({ format: 'der', type: 'pkcs8' })
    .toString('hex');

/** One identity, with this key and certificate, and these certificates in all, in any order. */
function assertHolds(contents: Pkcs12Contents, identity: TestIdentity, ...all: readonly Uint8Array[]): void {
  assert.equal(contents.identities.length, 1);
  assert.equal(canonical(contents.identities[0]!.key), canonical(identity.key));
  assert.equal(hex(contents.identities[0]!.certificate), hex(identity.certificate));
  assert.deepEqual(contents.certificates.map(hex).toSorted(), all.map(hex).toSorted());
}

function opensslExport(name: string, password: string, ...options: readonly string[]): Uint8Array {
  const passwordFile = bench.write('password', `${password}\n`);
  bench.openssl(
    'pkcs12',
    '-export',
    '-inkey',
    `${name}.key`,
    '-in',
    `${name}.crt`,
    '-certfile',
    `${name}-ca.crt`,
    '-name',
    `${name} のキー`,
    '-passout',
    `file:${passwordFile}`,
    '-out',
    'made.p12',
    ...options,
  );
  return bench.read('made.p12');
}

const aes = 'AES-256-CBC, PBKDF2-HMAC-SHA256';
const opensslVariants: Readonly<
  Record<string, { options: readonly string[]; mac: string; key: string; certificates: string }>
> = {
  'its default': { options: [], mac: 'HMAC-SHA256', key: aes, certificates: aes },
  '-legacy': {
    options: ['-legacy'],
    mac: 'HMAC-SHA1',
    key: 'PBE-SHA1-3DES',
    certificates: 'PBE-SHA1-RC2-40',
  },
  '-nomac, which leaves certificates open': {
    options: ['-nomac'],
    mac: 'none',
    key: aes,
    certificates: 'none',
  },
  '-nomac and encrypted certificates': {
    options: ['-nomac', '-certpbe', 'AES-256-CBC'],
    mac: 'none',
    key: aes,
    certificates: aes,
  },
  'one MAC iteration': { options: ['-nomaciter'], mac: 'HMAC-SHA256', key: aes, certificates: aes },
  'triple DES and a SHA-1 MAC': {
    options: ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
    mac: 'HMAC-SHA1',
    key: 'PBE-SHA1-3DES',
    certificates: 'PBE-SHA1-3DES',
  },
  'two-key triple DES and RC2-128': {
    options: ['-legacy', '-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-RC2-128'],
    mac: 'HMAC-SHA1',
    key: 'PBE-SHA1-2DES',
    certificates: 'PBE-SHA1-RC2-128',
  },
  'AES-128, AES-192 and a SHA-384 MAC': {
    options: ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-192-CBC', '-macalg', 'sha384'],
    mac: 'HMAC-SHA384',
    key: 'AES-128-CBC, PBKDF2-HMAC-SHA256',
    certificates: 'AES-192-CBC, PBKDF2-HMAC-SHA256',
  },
  'a SHA-224 MAC': { options: ['-macalg', 'sha224'], mac: 'HMAC-SHA224', key: aes, certificates: aes },
  'a SHA-512 MAC and 10,000 iterations': {
    options: ['-macalg', 'sha512', '-iter', '10000'],
    mac: 'HMAC-SHA512',
    key: aes,
    certificates: aes,
  },
  'nothing encrypted': {
    options: ['-keypbe', 'NONE', '-certpbe', 'NONE'],
    mac: 'HMAC-SHA256',
    key: 'none',
    certificates: 'none',
  },
  'nothing protected at all': {
    options: ['-keypbe', 'NONE', '-certpbe', 'NONE', '-nomac'],
    mac: 'none',
    key: 'none',
    certificates: 'none',
  },
};

for (const [variant, { options, mac, key, certificates }] of Object.entries(opensslVariants))
  test(`a file that openssl made with ${variant} is opened, and seen through before that`, () => {
    for (const [password, identity] of [
      ['correct horse', rsa],
      ['', ec],
      ['', rsa],
      ['ひみつ😀', ec],
    ] as const) {
      const file = opensslExport(identity.name, password, ...options);
      const contents = readPkcs12(file, password);
      assertHolds(contents, identity, identity.certificate, identity.authority);
      assert.equal(contents.identities[0]!.friendlyName, `${identity.name} のキー`);
      assert.equal(contents.identities[0]!.localKeyId?.length, 20);
      assert.deepEqual(contents.protection, inspectPkcs12(file));
      assert.equal(contents.protection.mac.algorithm, mac);
      assert.deepEqual(
        contents.protection.keys.map(({ algorithm }) => algorithm),
        [key],
      );
      assert.deepEqual(
        contents.protection.certificates.map(({ algorithm }) => algorithm),
        [certificates],
      );
      if (mac === 'none' && key === 'none') continue;
      assert.throws(() => readPkcs12(file, `${password}!`), refused('WRONG_PASSWORD', password));
      if (password !== '') assert.throws(() => readPkcs12(file, ''), refused('PASSWORD_REQUIRED'));
    }
  });

test('iterations are told as they are in the file', () => {
  const { mac, keys } = inspectPkcs12(opensslExport('ec', 'secret', '-iter', '4321'));
  assert.deepEqual([mac.iterations, keys[0]?.iterations], [4321, 4321]);
});

test('without a MAC, none of a thousand wrong passwords passes for the right one', () => {
  const file = opensslExport('ec', 'right', '-nomac', '-certpbe', 'AES-256-CBC', '-iter', '1');
  for (let i = 0; i < 1000; i++)
    assert.throws(() => readPkcs12(file, `wrong ${i}`), refused('WRONG_PASSWORD'));
});

test('a password in the form of LibreSSL and of OpenSSL before 1.1 is found', () => {
  // Those make one BMP character of each UTF-8 octet; today's openssl does so when handed these characters.
  for (const password of ['ひみつ', 'pä$$wörd']) {
    const asOctets = Buffer.from(password, 'utf8').toString('latin1');
    const file = opensslExport(
      'rsa',
      asOctets,
      '-keypbe',
      'PBE-SHA1-3DES',
      '-certpbe',
      'PBE-SHA1-3DES',
      '-macalg',
      'sha1',
    );
    assertHolds(readPkcs12(file, password), rsa, rsa.certificate, rsa.authority);
  }
});

test('a file with a key alone, or certificates alone, is opened', () => {
  bench.openssl(
    'pkcs12',
    '-export',
    '-inkey',
    'rsa.key',
    '-nocerts',
    '-passout',
    'pass:secret',
    '-out',
    'key.p12',
  );
  const key = readPkcs12(bench.read('key.p12'), 'secret');
  assert.deepEqual(
    [key.identities.length, key.identities[0]?.certificate, key.certificates.length],
    [1, undefined, 0],
  );
  bench.openssl(
    'pkcs12',
    '-export',
    '-nokeys',
    '-in',
    'rsa-ca.crt',
    '-passout',
    'pass:secret',
    '-out',
    'certificates.p12',
  );
  const certificates = readPkcs12(bench.read('certificates.p12'), 'secret');
  assert.deepEqual(
    [certificates.identities.length, certificates.certificates.map(hex)],
    [0, [hex(rsa.authority)]],
  );
});

test('a key store of Java with two keys and a trusted certificate is opened', {
  skip: missing('keytool'),
}, () => {
  const keytool = (...args: string[]): string =>
    bench.run('keytool', ...args, '-storetype', 'PKCS12', '-keystore', 'java.p12', '-storepass', 'changeit');
  keytool('-genkeypair', '-alias', 'first', '-keyalg', 'RSA', '-keysize', '2048', '-dname', 'CN=first');
  keytool(
    '-genkeypair',
    '-alias',
    'second',
    '-keyalg',
    'EC',
    '-groupname',
    'secp256r1',
    '-dname',
    'CN=second',
  );
  keytool('-importcert', '-noprompt', '-alias', 'trusted', '-file', 'rsa-ca.crt');
  const contents = readPkcs12(bench.read('java.p12'), 'changeit');
  assert.deepEqual(contents.identities.map(({ friendlyName }) => friendlyName).toSorted(), [
    'first',
    'second',
  ]);
  contents.identities.forEach(assertFits);
  assert.equal(contents.certificates.length, 3);
  assert.ok(contents.certificates.some((certificate) => hex(certificate) === hex(rsa.authority)));
  assert.throws(() => readPkcs12(bench.read('java.p12'), 'changed'), refused('WRONG_PASSWORD'));
});

test('a key store of Java with its old algorithms is opened', { skip: missing('keytool') }, () => {
  bench.run(
    'keytool',
    '-J-Dkeystore.pkcs12.legacy',
    '-genkeypair',
    '-alias',
    'old',
    '-keyalg',
    'RSA',
    '-dname',
    'CN=old',
    '-storetype',
    'PKCS12',
    '-keystore',
    'old.p12',
    '-storepass',
    'changeit',
  );
  const contents = readPkcs12(bench.read('old.p12'), 'changeit');
  contents.identities.forEach(assertFits);
  assert.deepEqual(
    [contents.identities.length, contents.protection.certificates[0]?.algorithm],
    [1, 'PBE-SHA1-RC2-40'],
  );
});

/** The certificate carries the friendly name and the public key of its key. */
function assertFits({ key, certificate, friendlyName }: Pkcs12Contents['identities'][number]): void {
  const x509 = new X509Certificate(certificate!);
  assert.equal(x509.subject, `CN=${friendlyName}`);
  assert.ok(x509.checkPrivateKey(createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' })));
}

test('a file that GnuTLS made is opened, with both of its empty passwords', {
  skip: missing('certtool'),
}, () => {
  // GnuTLS takes 600,000 iterations for everything: the old derivations cost seconds each.
  for (const [identity, password, ...options] of [
    [rsa, 'secret', '--password', 'secret'],
    [ec, 'ひみつ', '--password', 'ひみつ', '--pkcs-cipher', 'aes-256', '--hash', 'SHA512'],
    [ec, '', '--empty-password'],
    [ec, '', '--null-password', '--pkcs-cipher', '3des-pkcs12'],
  ] as const) {
    bench.run(
      'certtool',
      '--to-p12',
      '--load-privkey',
      `${identity.name}.key`,
      '--load-certificate',
      `${identity.name}.crt`,
      '--p12-name',
      'gnutls',
      '--outder',
      '--outfile',
      'gnutls.p12',
      ...options,
    );
    const contents = readPkcs12(bench.read('gnutls.p12'), password);
    assertHolds(contents, identity, identity.certificate);
    assert.equal(contents.identities[0]!.friendlyName, 'gnutls');
  }
});

test('a BER file that NSS exported is opened', { skip: missing('pk12util', 'certutil') }, () => {
  bench.write('nss-password', 'ひみつ');
  for (const identity of identities) {
    bench.write('in.p12', opensslExport(identity.name, 'transfer'));
    bench.makeDirectory(`nss-${identity.name}`);
    const database = `sql:nss-${identity.name}`;
    bench.run('certutil', '-N', '-d', database, '--empty-password');
    bench.run('pk12util', '-i', 'in.p12', '-d', database, '-W', 'transfer', '-K', '');
    // NSS takes 600,000 iterations for everything, so each cipher is tried on one key only.
    const ciphers =
      identity === rsa
        ? [
            '-c',
            'PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC',
            '-C',
            'PKCS #12 V2 PBE With SHA-1 And 40 Bit RC2 CBC',
          ]
        : [];
    bench.run(
      'pk12util',
      '-o',
      'nss.p12',
      '-n',
      `${identity.name} のキー`,
      '-d',
      database,
      '-w',
      'nss-password',
      '-K',
      '',
      ...ciphers,
    );
    const file = bench.read('nss.p12');
    assert.equal(file[1], 0x80, 'NSS writes indefinite lengths');
    assertHolds(readPkcs12(file, 'ひみつ'), identity, identity.certificate, identity.authority);
  }
  assert.throws(() => readPkcs12(bench.read('nss.p12'), 'ひみ'), refused('WRONG_PASSWORD'));
});

test('a file that node-forge made is opened', () => {
  const pem = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
  const key = forge.pki.privateKeyFromPem(pem(bench.read('rsa.key')));
  const chain = ['rsa.crt', 'rsa-ca.crt'].map((name) => forge.pki.certificateFromPem(pem(bench.read(name))));
  for (const algorithm of ['3des', 'aes128', 'aes192', 'aes256'] as const)
    for (const password of ['secret', '']) {
      const pfx = forge.pkcs12.toPkcs12Asn1(key, chain, password, { algorithm, friendlyName: 'forge' });
      const file = Buffer.from(forge.asn1.toDer(pfx).getBytes(), 'latin1');
      const contents = readPkcs12(file, password);
      assertHolds(contents, rsa, rsa.certificate, rsa.authority);
      assert.equal(contents.identities[0]!.friendlyName, 'forge');
    }
});

// ── what no tool at hand writes, built by hand ─────────────────────────────────────────────────────────────────

const bag = (type: number, value: Uint8Array, ...attributes: readonly Uint8Array[]): Uint8Array =>
  sequence(
    oid(`1.2.840.113549.1.12.10.1.${type}`),
    explicit(0, value),
    ...(attributes.length > 0 ? [setOf(...attributes)] : []),
  );
const keyBag = (key: Uint8Array, ...attributes: readonly Uint8Array[]): Uint8Array =>
  bag(1, key, ...attributes);
const certificateBag = (certificate: Uint8Array, ...attributes: readonly Uint8Array[]): Uint8Array =>
  bag(3, sequence(oid('1.2.840.113549.1.9.22.1'), explicit(0, octetString(certificate))), ...attributes);
const localKeyId = (id: string): Uint8Array =>
  sequence(oid('1.2.840.113549.1.9.21'), setOf(octetString(Buffer.from(id))));
const data = (content: Uint8Array): Uint8Array =>
  sequence(oid('1.2.840.113549.1.7.1'), explicit(0, octetString(content)));
const pfx = (...bags: readonly Uint8Array[]): Uint8Array =>
  sequence(integer(3), data(sequence(data(sequence(...bags)))));

test('nested safes are opened; CRLs, secrets and other certificates are passed over', () => {
  const nested = bag(6, sequence(bag(6, sequence(keyBag(ec.key))), certificateBag(ec.authority)));
  const crl = bag(4, sequence(oid('1.2.840.113549.1.9.23.1'), explicit(0, octetString(new Uint8Array(3)))));
  const secret = bag(5, sequence(oid('1.2.3'), explicit(0, octetString(new Uint8Array(3)))));
  const sdsi = bag(
    3,
    sequence(oid('1.2.840.113549.1.9.22.2'), explicit(0, encode(Tag.ia5String, new Uint8Array(3)))),
  );
  assertHolds(
    readPkcs12(pfx(nested, crl, secret, sdsi, certificateBag(ec.certificate)), ''),
    ec,
    ec.authority,
    ec.certificate,
  );
});

test('a key finds its certificate without any localKeyID, and in spite of one that all certificates share', () => {
  for (const attributes of [[], [localKeyId('one')]]) {
    const certificates = [rsa.authority, ec.certificate, rsa.certificate, ec.authority].map((der) =>
      certificateBag(der, ...attributes),
    );
    const { identities: found } = readPkcs12(
      pfx(keyBag(rsa.key, ...attributes), keyBag(ec.key, ...attributes), ...certificates),
      '',
    );
    assert.deepEqual(
      found.map(({ certificate }) => hex(certificate)),
      [hex(rsa.certificate), hex(ec.certificate)],
    );
  }
});

test('of two certificates for one key, the one with its localKeyID is taken', () => {
  bench.openssl(
    'req',
    '-x509',
    '-new',
    '-key',
    'rsa.key',
    '-subj',
    '/CN=again',
    '-days',
    '9',
    '-outform',
    'DER',
    '-out',
    'again.der',
  );
  const again = bench.read('again.der');
  const file = pfx(
    certificateBag(again, localKeyId('b')),
    certificateBag(rsa.certificate, localKeyId('a')),
    keyBag(rsa.key, localKeyId('a')),
  );
  assert.equal(hex(readPkcs12(file, '').identities[0]?.certificate), hex(rsa.certificate));
});

test('where no public key fits, localKeyID alone pairs, so that the mismatch can be told', () => {
  const file = pfx(
    keyBag(rsa.key, localKeyId('a')),
    certificateBag(ec.certificate, localKeyId('a')),
    certificateBag(ec.authority),
  );
  assert.equal(hex(readPkcs12(file, '').identities[0]?.certificate), hex(ec.certificate));
  assert.equal(
    readPkcs12(pfx(keyBag(rsa.key), certificateBag(ec.certificate)), '').identities[0]?.certificate,
    undefined,
  );
});

test('a PBMAC1 file is opened, and the OpenSSL inside Node agrees that it is one', () => {
  for (const password of ['secret', 'ひみつ😀']) {
    const authenticatedSafe = sequence(data(sequence(keyBag(rsa.key), certificateBag(rsa.certificate))));
    const salt = Buffer.from('saltsalt');
    const hmac = sequence(oid('1.2.840.113549.2.9'), nullValue());
    const derivation = sequence(
      oid('1.2.840.113549.1.5.12'),
      sequence(octetString(salt), integer(2048), integer(32), hmac),
    );
    const key = pbkdf2Sync(password, salt, 2048, 32, 'sha256');
    const mac = createHmac('sha256', key).update(authenticatedSafe).digest();
    const digestInfo = sequence(
      sequence(oid('1.2.840.113549.1.5.14'), sequence(derivation, hmac)),
      octetString(mac),
    );
    const file = sequence(
      integer(3),
      data(authenticatedSafe),
      sequence(digestInfo, octetString(Buffer.from('NOT USED')), integer(1)),
    );
    // OpenSSL knows PBMAC1 since 3.4, as Node 24 has; BoringSSL does not.
    if (!underBun) {
      assert.doesNotThrow(() => createSecureContext({ pfx: Buffer.from(file), passphrase: password }));
      assert.throws(
        () => createSecureContext({ pfx: Buffer.from(file), passphrase: `${password}!` }),
        /mac verify failure/,
      );
    }
    const contents = readPkcs12(file, password);
    assertHolds(contents, rsa, rsa.certificate);
    assert.deepEqual(contents.protection.mac, {
      algorithm: 'PBMAC1 HMAC-SHA256, PBKDF2-HMAC-SHA256',
      iterations: 2048,
    });
    assert.throws(() => readPkcs12(file, `${password}!`), refused('WRONG_PASSWORD', password));
  }
});

test('public-key modes and unknown algorithms are refused by name', () => {
  const named = (algorithm: string) => (error: unknown) =>
    error instanceof X509Error &&
    error.code === 'UNSUPPORTED_ALGORITHM' &&
    error.data['algorithm'] === algorithm;
  const signed = sequence(integer(3), sequence(oid('1.2.840.113549.1.7.2'), explicit(0, sequence())));
  assert.throws(() => readPkcs12(signed, ''), named('public-key integrity'));
  const enveloped = sequence(
    integer(3),
    data(sequence(sequence(oid('1.2.840.113549.1.7.3'), explicit(0, sequence())))),
  );
  assert.throws(() => readPkcs12(enveloped, ''), named('public-key privacy'));
  const mac = sequence(
    sequence(sequence(oid('1.2.840.113549.2.5'), nullValue()), octetString(new Uint8Array(16))),
    octetString(new Uint8Array(8)),
  );
  assert.throws(
    () => readPkcs12(sequence(integer(3), data(sequence()), mac), ''),
    named('1.2.840.113549.2.5'),
  );
  const rc4 = bag(
    2,
    sequence(
      sequence(oid('1.2.840.113549.1.12.1.1'), sequence(octetString(new Uint8Array(8)), integer(1))),
      octetString(new Uint8Array(8)),
    ),
  );
  assert.throws(() => readPkcs12(pfx(rc4), 'secret'), named('1.2.840.113549.1.12.1.1'));
  assert.deepEqual(inspectPkcs12(pfx(rc4)).keys, [{ algorithm: '1.2.840.113549.1.12.1.1', iterations: 0 }]);
});
