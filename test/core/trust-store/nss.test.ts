import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { installResult, removeResult, storedCertificate } from '../../../contract/trust-store.ts';
import { openStore, trustStores } from '../../../core/trust-store/locate.ts';
import type { TrustStore } from '../../../core/trust-store/store.ts';
import { fingerprint256 } from '../../../core/x509/certificate.ts';
import { importPrivateKey } from '../../../core/x509/key.ts';
import { type OpensslIdentity, OpensslPki } from '../probe/openssl-pki.ts';
import { nssToolsMissing, PrivateHost } from './private-host.ts';

const clientProfile = 'extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature';

describe('NSS store', {
  skip: nssToolsMissing && 'certutil and pk12util (libnss3-tools) are missing',
}, () => {
  let pki: OpensslPki;
  let taro: OpensslIdentity;
  let taroP12: Uint8Array;
  let host: PrivateHost;
  let store: TrustStore;

  before(() => {
    pki = new OpensslPki();
    taro = pki.issue({ subject: '/O=割符/CN=山田 太郎', extensions: clientProfile });
    taroP12 = pki.pkcs12(taro, '山田 太郎のカード', 'ひみつ');
  });
  after(() => pki.remove());
  beforeEach(() => {
    host = new PrivateHost();
    store = openStore(undefined, host);
  });
  afterEach(() => host.remove());

  const install = (trustCa: boolean, pkcs12 = taroP12) =>
    store.install({ pkcs12, password: 'ひみつ' }, { trustCa });
  const thumbprint = (identity: OpensslIdentity): string => fingerprint256(identity.certificate);
  const parts = (identity: OpensslIdentity, friendlyName: string) => ({
    key: importPrivateKey(Buffer.from(identity.key)),
    certificates: [pki.ca.certificate, identity.certificate],
    friendlyName,
  });

  test('makes the database, installs key, certificate and CA, and certutil agrees', async () => {
    const result = installResult.parse(await install(true));
    assert.equal(result.outcome, 'installed');
    assert.equal(result.certificate.thumbprint, thumbprint(taro));
    assert.equal(result.certificate.nickname, '山田 太郎のカード');
    assert.deepEqual([result.authority?.before, result.authority?.trusted], ['absent', true]);
    assert.equal(result.restartBrowser, false);
    assert.equal(statSync(host.database).mode & 0o777, 0o700);
    assert.match(host.certutil('-L'), /山田 太郎のカード +u,u,u/);
    assert.match(host.certutil('-L'), /試験 CA.* +CT,C,C/);
    assert.match(host.certutil('-K'), /< 0> ec .*山田 太郎のカード/);
  });

  test('trusts the CA for nothing without consent', async () => {
    const result = await install(false);
    assert.equal(result.authority?.trusted, false);
    assert.match(host.certutil('-L'), /試験 CA.* +,,/);
  });

  test('is idempotent, adds trust on later consent and never takes it away', async () => {
    await install(false);
    const again = await install(true);
    assert.deepEqual(
      [again.outcome, again.authority?.before, again.authority?.trusted],
      ['already-installed', 'present', true],
    );
    const third = await install(false);
    assert.deepEqual(
      [third.outcome, third.authority?.before, third.authority?.trusted],
      ['already-installed', 'trusted', true],
    );
    assert.equal((await store.list()).length, 2);
  });

  test('installs an RSA identity given as key and certificates in any order', async () => {
    const rsa = pki.issue({ subject: '/CN=rsa', extensions: clientProfile, key: 'rsa:2048' });
    const result = await store.install(parts(rsa, 'A: B'), { trustCa: false });
    assert.equal(result.certificate.thumbprint, thumbprint(rsa));
    assert.equal(result.certificate.nickname, 'A: B');
    assert.match(host.certutil('-K'), /< 0> rsa .*A: B/);
    assert.ok(
      storedCertificate.parse(
        await store.find(result.certificate.thumbprintSha1.toUpperCase().replace(/..(?=.)/g, '$&:')),
      ),
    );
  });

  test('refuses a wrong password, garbage and a foreign key before anything is made', async () => {
    const wrong = (input: Parameters<TrustStore['install']>[0], code: string) =>
      assert.rejects(store.install(input, { trustCa: true }), { name: 'X509Error', code });
    await wrong({ pkcs12: taroP12, password: 'ひみつ?' }, 'WRONG_PASSWORD');
    await wrong({ pkcs12: taroP12, password: '' }, 'PASSWORD_REQUIRED');
    await wrong({ pkcs12: taroP12.subarray(0, 500), password: 'ひみつ' }, 'DER_MALFORMED');
    await wrong({ pkcs12: Buffer.from('not a p12'), password: '' }, 'DER_MALFORMED');
    await wrong({ pkcs12: new Uint8Array(50_000_000), password: '' }, 'INPUT_TOO_LARGE');
    await wrong(
      { key: importPrivateKey(Buffer.from(pki.ca.key)), certificates: [taro.certificate] },
      'KEY_MISMATCH',
    );
    assert.deepEqual(readdirSync(host.home), []);
  });

  test('refuses to trust a CA that did not come along, and a PKCS#12 without a key', async () => {
    await assert.rejects(install(true, pki.pkcs12(taro, 'x', 'ひみつ', { chain: false })), {
      code: 'STORE_CA_ABSENT',
    });
    const keyless = pki.pkcs12(taro, 'x', 'ひみつ', { args: ['-nokeys'] });
    await assert.rejects(install(false, keyless), { code: 'IDENTITY_ABSENT' });
  });

  test('installs an identity without its CA when no trust is asked for', async () => {
    const result = await install(false, pki.pkcs12(taro, 'x', 'ひみつ', { chain: false }));
    assert.equal(result.authority, null);
  });

  test('removes exactly one of several certificates that share a subject and so a nickname', async () => {
    await install(false);
    const renewed = pki.issue({ subject: '/O=割符/CN=山田 太郎', extensions: clientProfile });
    await store.install(parts(renewed, 'renewed'), { trustCa: false });
    const result = removeResult.parse(await store.remove(thumbprint(taro)));
    assert.equal(result.authority.outcome, 'kept');
    assert.equal(await store.find(thumbprint(taro)), undefined);
    assert.equal((await store.find(thumbprint(renewed)))?.hasKey, true);
    assert.equal(host.certutil('-K').match(/^< *\d+>/gm)?.length, 1);
  });

  test('keeps the key when another certificate needs it', async () => {
    await install(false);
    const csr = `${pki.directory}/same.csr`;
    pki.run('req', '-new', '-key', taro.keyFile, '-utf8', '-subj', '/O=割符/CN=山田 太郎', '-out', csr);
    pki.run(
      'x509',
      '-req',
      '-in',
      csr,
      '-CA',
      pki.ca.certificateFile,
      '-CAkey',
      pki.ca.keyFile,
      '-days',
      '90',
      '-out',
      `${pki.directory}/same.crt`,
    );
    const same = {
      ...taro,
      certificateFile: `${pki.directory}/same.crt`,
      certificate: readCertificate(`${pki.directory}/same.crt`),
    };
    await store.install(parts(same, 'same key'), { trustCa: false });
    for (const [first, second] of [[taro, same]] as const) {
      await store.remove(thumbprint(first));
      assert.equal(await store.find(thumbprint(first)), undefined);
      assert.equal((await store.find(thumbprint(second)))?.hasKey, true);
    }
    // The one that was just renewed comes back, and now the newer one goes.
    await install(false);
    await store.remove(thumbprint(same));
    assert.equal((await store.find(thumbprint(taro)))?.hasKey, true);
    assert.equal(await store.find(thumbprint(same)), undefined);
  });

  test('takes the CA out only when asked and when no other identity comes from it', async () => {
    await install(true);
    const hanako = pki.issue({ subject: '/CN=花子', extensions: clientProfile });
    await store.install(parts(hanako, '花子'), { trustCa: false });
    assert.equal((await store.remove(thumbprint(taro), { removeCa: true })).authority.outcome, 'in-use');
    assert.equal((await store.find(thumbprint(pki.ca)))?.trust.server, true);
    assert.equal((await store.remove(thumbprint(hanako), { removeCa: true })).authority.outcome, 'removed');
    assert.deepEqual(await store.list(), []);
  });

  test('names what it does not hold', async () => {
    await assert.rejects(store.remove('00'), { code: 'STORE_CERTIFICATE_UNKNOWN' });
    await install(false);
    await assert.rejects(store.remove('00'), { code: 'STORE_CERTIFICATE_UNKNOWN' });
  });

  test('~/.pki/nssdb wins when it exists, and XDG_DATA_HOME moves the other', async () => {
    assert.deepEqual(
      trustStores(host).map(({ id }) => id),
      ['chromium', 'chromium-home'],
    );
    const moved = {
      ...host,
      platform: 'linux' as const,
      home: host.home,
      env: { ...host.env, XDG_DATA_HOME: join(host.home, 'データ') },
    };
    assert.equal(openStore(undefined, moved).path, join(host.home, 'データ', 'pki', 'nssdb'));
    await openStore('chromium-home', host).install(
      { pkcs12: taroP12, password: 'ひみつ' },
      { trustCa: false },
    );
    assert.deepEqual(
      trustStores(host).map((each) => [each.id, each.summary().used, each.summary().state]),
      [
        ['chromium-home', true, 'present'],
        ['chromium', false, 'absent'],
      ],
    );
    assert.throws(() => openStore('firefox', host), { code: 'STORE_UNKNOWN' });
    assert.throws(() => openStore(undefined, { platform: 'aix', env: {}, home: '/' }), {
      code: 'STORE_UNSUPPORTED',
    });
  });

  test('diagnoses why a browser does not offer a certificate', async () => {
    const bad = (findings: Awaited<ReturnType<TrustStore['diagnose']>>) =>
      findings.filter(({ ok }) => ok === false).map(({ check }) => check);
    const now = new Date();
    assert.deepEqual(bad(await store.diagnose({ now })), ['store-present']);
    const serverOnly = pki.issue({
      subject: '/CN=server',
      extensions: 'extendedKeyUsage=serverAuth',
      validity: ['20200101000000Z', '20210101000000Z'],
    });
    await store.install(parts(serverOnly, 'server'), { trustCa: false });
    const advertisedNames = [Buffer.from('300d310b300906035504030c0258', 'hex')];
    assert.deepEqual(bad(await store.diagnose({ now, advertisedNames })), [
      'not-after',
      'for-client-authentication',
      'issuer-advertised',
      'authority-trusted',
    ]);
    await install(true);
    assert.deepEqual(
      bad(await store.diagnose({ now, thumbprint: thumbprint(taro), advertisedNames: [] })),
      [],
    );
    assert.deepEqual(bad(await store.diagnose({ now, thumbprint: '00' })), ['certificate-present']);
  });
});

function readCertificate(file: string): Uint8Array {
  return Buffer.from(readFileSync(file, 'utf8').replace(/-----[^-]+-----|\s/g, ''), 'base64');
}
