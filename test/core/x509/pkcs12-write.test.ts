import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { X509Error } from '../../../core/x509/errors.ts';
import { generatePassword } from '../../../core/x509/pkcs12/password.ts';
import { inspectPkcs12 } from '../../../core/x509/pkcs12/protection.ts';
import { readPkcs12 } from '../../../core/x509/pkcs12/read.ts';
import { type Pkcs12Profile, writePkcs12 } from '../../../core/x509/pkcs12/write.ts';
import { missing, type TestIdentity, ToolBench } from './tool-bench.ts';

const bench = new ToolBench();
after(() => bench.remove());

const rsa = bench.issue('rsa', 'RSA');
const ec = bench.issue('ec', 'P-256');
const profiles: readonly Pkcs12Profile[] = ['compatible', 'modern'];
const passwords = { ascii: generatePassword(), empty: '', japanese: 'ひみつ😀' };

function write(
  profile: Pkcs12Profile,
  identity: TestIdentity,
  password: string,
  friendlyName = 'tanaka',
): Uint8Array {
  const { key, certificate, authority } = identity;
  return writePkcs12({ profile, password, friendlyName, key, certificates: [certificate, authority] });
}

/** Writes `ours.p12` and `password`, and gives every combination of profile and identity. */
function* files(
  password: string,
  friendlyName?: string,
): Generator<{ profile: Pkcs12Profile; identity: TestIdentity }> {
  for (const profile of profiles)
    for (const identity of [rsa, ec]) {
      bench.write('password', `${password}\n`);
      bench.write('ours.p12', write(profile, identity, password, friendlyName));
      yield { profile, identity };
    }
}

for (const [kind, password] of Object.entries(passwords)) {
  test(`openssl opens both profiles without -legacy (${kind} password)`, () => {
    for (const { profile, identity } of files(password, '田中')) {
      const info = bench.run(
        'openssl',
        'pkcs12',
        '-info',
        '-noenc',
        '-in',
        'ours.p12',
        '-passin',
        'file:password',
      );
      const digest = createHash('sha1')
        .update(identity.certificate)
        .digest('hex')
        .toUpperCase()
        .replace(/..\B/g, '$& ');
      assert.equal(
        info.split(`localKeyID: ${digest}`).length,
        3,
        'localKeyID on key and leaf, and nowhere else',
      );
      assert.equal(info.split('friendlyName:').length, 3);
      assert.match(info, /Microsoft CSP Name: Microsoft Software Key Storage Provider/);
      assert.equal(info.split('BEGIN CERTIFICATE').length, 3);
      if (profile === 'compatible') {
        assert.match(info, /MAC: sha1, Iteration 2048\nMAC length: 20, salt length: 8/);
        assert.match(info, /Encrypted data: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048/);
        assert.match(info, /Shrouded Keybag: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048/);
      } else {
        assert.match(info, /MAC: sha256, Iteration 100000/);
        assert.match(
          info,
          /Encrypted data: PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256/,
        );
        assert.match(
          info,
          /Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256/,
        );
      }
      bench.run(
        'openssl',
        'pkcs12',
        '-in',
        'ours.p12',
        '-passin',
        'file:password',
        '-noenc',
        '-nocerts',
        '-out',
        'out.key',
      );
      assert.equal(
        Buffer.compare(
          bench.openssl('pkcs8', '-topk8', '-nocrypt', '-in', 'out.key', '-outform', 'DER'),
          identity.key,
        ),
        0,
      );
      bench.run(
        'openssl',
        'pkcs12',
        '-in',
        'ours.p12',
        '-passin',
        'file:password',
        '-nokeys',
        '-clcerts',
        '-out',
        'out.crt',
      );
      assert.equal(
        Buffer.compare(bench.openssl('x509', '-in', 'out.crt', '-outform', 'DER'), identity.certificate),
        0,
      );
      assert.notEqual(
        bench.attempt('openssl', 'pkcs12', '-in', 'ours.p12', '-passin', 'pass:wrong', '-noenc').status,
        0,
      );
    }
  });

  test(`GnuTLS opens both profiles (${kind} password)`, { skip: missing('certtool') }, () => {
    for (const { identity } of files(password)) {
      const info = bench.run(
        'certtool',
        '--p12-info',
        '--inder',
        '--infile',
        'ours.p12',
        '--password',
        password,
      );
      assert.equal(info.split('BEGIN CERTIFICATE').length, 3);
      assert.match(info, /Friendly name: tanaka/);
      assert.match(
        info,
        new RegExp(
          createHash('sha1').update(identity.certificate).digest('hex').replace(/..\B/g, '$&:?'),
          'i',
        ),
      );
      assert.notEqual(
        bench.attempt('certtool', '--p12-info', '--inder', '--infile', 'ours.p12', '--password', 'wrong')
          .status,
        0,
      );
    }
  });

  test(`NSS lists and imports both profiles with their chain (${kind} password)`, {
    skip: missing('pk12util', 'certutil'),
  }, () => {
    for (const { profile, identity } of files(password, '田中')) {
      assert.match(
        bench.run('pk12util', '-l', 'ours.p12', '-w', 'password'),
        /Certificate\(has private key\)/,
      );
      const database = `${kind}-${profile}-${identity.name}`;
      bench.makeDirectory(database);
      bench.run('certutil', '-N', '-d', `sql:${database}`, '--empty-password');
      bench.run('pk12util', '-i', 'ours.p12', '-d', `sql:${database}`, '-w', 'password', '-K', '');
      const listed = bench.run('certutil', '-L', '-d', `sql:${database}`);
      assert.match(listed, /^田中 +u,u,u/m);
      assert.match(listed, new RegExp(`^${identity.name} CA +,,`, 'm'));
      assert.notEqual(bench.attempt('pk12util', '-l', 'ours.p12', '-W', 'wrong').status, 0);
    }
  });
}

test('Java opens both profiles with an ASCII password, key and chain under the friendly name', {
  skip: missing('keytool'),
}, () => {
  for (const { identity } of files(passwords.ascii, '田中')) {
    const listed = bench.run(
      'keytool',
      '-list',
      '-v',
      '-storetype',
      'PKCS12',
      '-keystore',
      'ours.p12',
      '-storepass:file',
      'password',
    );
    assert.match(listed, /Alias name: 田中/);
    assert.match(listed, /Entry type: PrivateKeyEntry/);
    assert.match(listed, /Certificate chain length: 2/);
    const fingerprint = createHash('sha256')
      .update(identity.certificate)
      .digest('hex')
      .toUpperCase()
      .replace(/..\B/g, '$&:');
    assert.ok(listed.includes(fingerprint));
  }
  // Listing never touches the key; a request signs with it.
  bench.run(
    'keytool',
    '-certreq',
    '-alias',
    '田中',
    '-storetype',
    'PKCS12',
    '-keystore',
    'ours.p12',
    '-storepass:file',
    'password',
    '-file',
    'java.csr',
  );
  assert.match(bench.run('openssl', 'req', '-in', 'java.csr', '-verify', '-noout'), /OK/);
});

test('what we write we read, for any password and name', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 });
  fc.assert(
    fc.property(text, text, fc.constantFrom(...profiles), (password, friendlyName, profile) => {
      const { key, certificate, authority } = ec;
      const file = writePkcs12({
        profile,
        password,
        friendlyName,
        key,
        certificates: [certificate, authority],
        iterations: 2048,
      });
      const { identities, certificates } = readPkcs12(file, password);
      assert.equal(identities.length, 1);
      assert.deepEqual(
        [identities[0]!.friendlyName ?? '', Buffer.compare(identities[0]!.key, key)],
        [friendlyName, 0],
      );
      assert.deepEqual(
        certificates.map((der) => Buffer.from(der)),
        [certificate, authority].map((der) => Buffer.from(der)),
      );
      assert.throws(
        () => readPkcs12(file, `${password}x`),
        (error) => error instanceof X509Error && error.code === 'WRONG_PASSWORD',
      );
    }),
    { numRuns: 40 },
  );
});

test('two files of one identity have nothing random in common', () => {
  for (const profile of profiles) {
    const [one, two] = [write(profile, ec, 'secret'), write(profile, ec, 'secret')];
    assert.notEqual(
      Buffer.from(one).subarray(-60).toString('hex'),
      Buffer.from(two).subarray(-60).toString('hex'),
    );
    assert.deepEqual(inspectPkcs12(one), inspectPkcs12(two));
  }
});

test('a certificate of another key, no certificate, or something else than PKCS#8 is refused', () => {
  const refused = (code: string) => (error: unknown) =>
    error instanceof X509Error && error.code === code && !error.message.includes('s3cret');
  const request = {
    profile: 'modern',
    password: 's3cret',
    friendlyName: '',
    key: rsa.key,
    certificates: [ec.certificate],
  } as const;
  assert.throws(() => writePkcs12(request), refused('KEY_MISMATCH'));
  assert.throws(() => writePkcs12({ ...request, certificates: [] }), refused('VALUE_INVALID'));
  assert.throws(() => writePkcs12({ ...request, key: rsa.certificate }), refused('DER_MALFORMED'));
  assert.throws(
    () => writePkcs12({ ...request, certificates: [new Uint8Array(10)] }),
    refused('DER_MALFORMED'),
  );
});

test('generated passwords are six groups of four, ASCII, without look-alikes, and never the same', () => {
  const made = Array.from({ length: 2000 }, generatePassword);
  for (const password of made) assert.match(password, /^[2-9a-hjkmnp-z]{4}(-[2-9a-hjkmnp-z]{4}){5}$/);
  assert.equal(new Set(made).size, made.length);
  const symbols = new Set(made.join('').replaceAll('-', ''));
  assert.equal(symbols.size, 31);
  assert.ok(24 * Math.log2(symbols.size) >= 100);
});
