// only on darwin: it works on a keychain of its own with the real /usr/bin/security
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openStore } from '../../../core/trust-store/locate.ts';
import type { StoreHost } from '../../../core/trust-store/store.ts';
import { fingerprint1, fingerprint256 } from '../../../core/x509/certificate.ts';
import { type OpensslIdentity, OpensslPki } from '../probe/openssl-pki.ts';

const keychainPassword = 'keychain "合言葉" \\';
const security = (...args: readonly string[]): string =>
  execFileSync('/usr/bin/security', args, { encoding: 'utf8' });

describe('a real keychain', () => {
  let pki: OpensslPki;
  let taro: OpensslIdentity;
  let host: StoreHost;
  let keychain: string;

  before(() => {
    pki = new OpensslPki();
    taro = pki.issue({
      subject: '/CN=Yamada Taro',
      extensions: 'extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature',
      key: 'rsa:2048',
    });
    const home = mkdtempSync(join(tmpdir(), '割符 ホーム-'));
    mkdirSync(join(home, 'Library', 'Keychains'), { recursive: true });
    keychain = join(home, 'Library', 'Keychains', 'login.keychain-db');
    security('create-keychain', '-p', keychainPassword, keychain);
    host = { platform: 'darwin', home, env: { HOME: home } };
  });
  after(() => {
    security('delete-keychain', keychain);
    rmSync(host.home, { recursive: true, force: true });
    pki.remove();
  });

  const install = (storePassword?: string) =>
    openStore(undefined, host).install(
      { pkcs12: pki.pkcs12(taro, 'Yamada Taro', 'p12 password'), password: 'p12 password' },
      { trustCa: false, ...(storePassword === undefined ? {} : { storePassword }) },
    );

  test('takes an identity, pairs its key, and gives it up again', async () => {
    security('unlock-keychain', '-p', keychainPassword, keychain);
    const result = await install();
    assert.equal(result.outcome, 'installed');
    const sha1 = fingerprint1(taro.certificate).replaceAll(':', '').toUpperCase();
    assert.match(security('find-identity', '-p', 'basic', keychain), new RegExp(sha1));
    assert.equal((await install()).outcome, 'already-installed');
    const store = openStore(undefined, host);
    const findings = await store.diagnose({ now: new Date(), advertisedNames: [] });
    assert.equal(findings.find(({ check }) => check === 'key-usable')?.ok, true);
    await store.remove(fingerprint256(taro.certificate), { removeCa: true });
    assert.doesNotMatch(security('find-identity', '-p', 'basic', keychain), new RegExp(sha1));
    assert.deepEqual(await store.list(), []);
  });

  test('is opened by its password on standard input', async () => {
    security('lock-keychain', keychain);
    assert.equal((await install(keychainPassword)).outcome, 'installed');
  });
});
