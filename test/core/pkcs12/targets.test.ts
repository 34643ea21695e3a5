import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Pkcs12Identity, type Pkcs12Target, pkcs12Targets } from '../../../contract/pkcs12.ts';
import { describeReason, pkcs12Reasons } from '../../../contract/pkcs12-reasons.ts';
import { languages } from '../../../contract/problems/define.ts';
import { type JudgedFile, judgeFile, keyObstacle } from '../../../core/pkcs12/targets.ts';

/** What has no judge on this machine: the rules against what docs/pkcs12-targets.md cites. */
const aes = { algorithm: 'AES-256-CBC, PBKDF2-HMAC-SHA256', iterations: 2048 };
const tripleDes = { algorithm: 'PBE-SHA1-3DES', iterations: 2048 };
const clear = { algorithm: 'none', iterations: 0 };
const sha1 = { algorithm: 'HMAC-SHA1', iterations: 2048 };
const sha256 = { algorithm: 'HMAC-SHA256', iterations: 2048 };

const identity = (key = 'RSA 2048', keyProvider: string | null = null): Pkcs12Identity => ({
  friendlyName: null,
  keyProvider,
  key,
  certificate: {
    thumbprint: '00',
    thumbprintSha1: '00',
    subject: 'CN=a',
    issuer: 'CN=b',
    serial: '01',
    notBefore: '2026-01-01T00:00:00.000Z',
    notAfter: '2027-01-01T00:00:00.000Z',
    key,
  },
  matches: true,
  chain: [],
  complete: false,
});
const file = (mac = sha1, sealed = tripleDes, more: Partial<JudgedFile> = {}): JudgedFile => ({
  protection: { mac, keys: [sealed], certificates: [sealed] },
  password: 'secret',
  identities: [identity('RSA 2048', 'Microsoft Software Key Storage Provider')],
  ...more,
});
const imports = (judged: JudgedFile): Record<Pkcs12Target, string> =>
  Object.fromEntries(pkcs12Targets.map((target) => [target, judgeFile(judged, target).imports])) as Record<
    Pkcs12Target,
    string
  >;
const codes = (judged: JudgedFile, target: Pkcs12Target) =>
  judgeFile(judged, target).reasons.map(({ code, effect }) => `${code} ${effect}`);

test('triple DES under HMAC-SHA1 is what every system imports', () => {
  assert.deepEqual([...new Set(Object.values(imports(file())))], ['yes']);
});

test('AES, or a newer MAC alone, is refused by the old systems and by them alone', () => {
  const old = { windows: 'yes', 'windows-2016': 'no', macos: 'no', nss: 'yes', java: 'yes', android: 'no' };
  assert.deepEqual(imports(file(sha256, aes)), old);
  assert.deepEqual(imports(file(sha256, tripleDes)), old);
  assert.deepEqual(codes(file(sha256, aes), 'android'), [
    'ENCRYPTION_TOO_NEW refuses',
    'MAC_TOO_NEW refuses',
  ]);
});

test('what nobody has shown is uncertain, not yes and not no', () => {
  const scrypt = { algorithm: 'AES-256-CBC, scrypt r=8 p=1', iterations: 16384 };
  assert.equal(imports(file(sha256, scrypt)).windows, 'uncertain');
  assert.equal(imports(file(sha1, tripleDes, { password: 'ひみつ' })).macos, 'uncertain');
  assert.equal(imports(file({ algorithm: 'HMAC-SHA512', iterations: 1 }, aes)).windows, 'uncertain');
  assert.equal(imports(file(clear, tripleDes)).windows, 'uncertain');
  const two = [identity(), identity('EC P-256')];
  assert.equal(imports(file(sha1, tripleDes, { identities: two })).android, 'uncertain');
});

test('macOS wants a password and everything encrypted', () => {
  assert.deepEqual(codes(file(sha1, tripleDes, { password: '' }), 'macos'), ['PASSWORD_EMPTY refuses']);
  assert.deepEqual(codes(file(sha1, clear), 'macos'), ['IN_THE_CLEAR refuses']);
});

test('a file that does not name the key provider imports into Windows with a note', () => {
  const plain = (key: string) => file(sha1, tripleDes, { identities: [identity(key)] });
  assert.deepEqual(codes(plain('RSA 2048'), 'windows'), ['LEGACY_PROVIDER note']);
  assert.deepEqual(codes(plain('EC P-256'), 'windows-2016'), ['EC_PROVIDER note']);
  assert.equal(imports(plain('RSA 2048')).windows, 'yes');
  assert.deepEqual(codes(plain('RSA 2048'), 'macos'), []);
  const slow = { algorithm: 'HMAC-SHA1', iterations: 600_001 };
  assert.deepEqual(codes(file(slow), 'windows'), ['ITERATIONS_UNTRIED note']);
});

test('Ed25519 is of no use where Chromium signs with it', () => {
  assert.deepEqual(
    pkcs12Targets.filter((target) => keyObstacle('Ed25519', target) !== null),
    ['windows', 'windows-2016', 'nss'],
  );
  assert.equal(keyObstacle('EC P-384', 'nss'), null);
});

test('a file without an identity, or with the key of another, is refused everywhere', () => {
  const nobody = file(sha1, tripleDes, { identities: [] });
  const stranger = file(sha1, tripleDes, { identities: [{ ...identity(), matches: false }] });
  for (const judged of [nobody, stranger])
    assert.deepEqual([...new Set(Object.values(imports(judged)))], ['no']);
});

test('every reason has words in every language, with its value in place', () => {
  for (const code of Object.keys(pkcs12Reasons) as (keyof typeof pkcs12Reasons)[])
    for (const language of languages) {
      const text = describeReason({ code, effect: 'note', value: 'VALUE' }, language);
      assert.ok(text.length >= 4 && !text.includes('{{'), text);
    }
});
