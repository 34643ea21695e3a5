import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { diagnoseStore } from '../../../core/trust-store/diagnose.ts';
import { openStore, trustStores } from '../../../core/trust-store/locate.ts';
import { coversAddress } from '../../../core/trust-store/nss/chromium-policies.ts';
import type { StoreHost } from '../../../core/trust-store/store.ts';
import { type OpensslIdentity, OpensslPki } from '../probe/openssl-pki.ts';
import { nssToolsMissing, PrivateHost } from './private-host.ts';

describe('where browsers look on Linux, and what decides there', {
  skip: nssToolsMissing && 'certutil and pk12util (libnss3-tools) are missing',
}, () => {
  let pki: OpensslPki;
  let taro: OpensslIdentity;
  let pkcs12: Uint8Array;
  let host: PrivateHost;

  before(() => {
    pki = new OpensslPki();
    taro = pki.issue({ subject: '/O=割符/CN=山田 太郎', extensions: 'extendedKeyUsage=clientAuth' });
    pkcs12 = pki.pkcs12(taro, '山田 太郎', 'ひみつ');
  });
  after(() => pki.remove());
  beforeEach(() => {
    host = new PrivateHost();
  });
  afterEach(() => host.remove());

  const install = (id?: string) =>
    openStore(id, host).install({ pkcs12, password: 'ひみつ' }, { trustCa: false });
  const withEtc = (): StoreHost & { readonly etc: string } => ({
    platform: 'linux',
    home: host.home,
    env: host.env,
    etc: join(host.home, 'etc'),
  });

  test('each package is listed once it was started, with the place it reads and its name', async () => {
    const snap = join(host.home, 'snap', 'chromium', 'current');
    const flatpak = join(host.home, '.var', 'app', 'com.google.Chrome');
    mkdirSync(join(snap, '.pki', 'nssdb'), { recursive: true });
    mkdirSync(flatpak, { recursive: true });
    const sandboxed = trustStores(host)
      .map((store) => store.summary())
      .filter(({ id }) => /snap|flatpak/.test(id));
    assert.deepEqual(
      sandboxed.map(({ id, path, readBy, used }) => [id, path, readBy, used]),
      [
        ['chromium-snap', join(snap, '.pki', 'nssdb'), ['Chromium (snap)'], true],
        ['chrome-flatpak', join(flatpak, 'data', 'pki', 'nssdb'), ['Chrome (Flatpak)'], true],
      ],
    );
    assert.equal((await install('chrome-flatpak')).store.state, 'present');
  });

  test('a running browser counts for the store of its own package alone', async () => {
    mkdirSync(join(host.home, 'snap', 'chromium', 'current'), { recursive: true });
    const program = join(host.home, 'chromium');
    copyFileSync('/bin/sleep', program);
    const needsRestart = async (env: Record<string, string>) => {
      const child = spawn(program, ['60'], { env: { HOME: host.home, ...env }, stdio: 'ignore' });
      await once(child, 'spawn');
      try {
        return [(await install('chromium')).restartBrowser, (await install('chromium-snap')).restartBrowser];
      } finally {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    };
    assert.deepEqual(await needsRestart({}), [true, false]);
    assert.deepEqual(await needsRestart({ SNAP_NAME: 'chromium' }), [false, true]);
    assert.deepEqual(await needsRestart({ HOME: '/somewhere/else' }), [false, false]);
  });

  test('a certificate in a store that this browser does not read is pointed out', async () => {
    await install('chromium-home');
    // ~/.pki exists now and wins; somebody looks at the other one.
    const { findings } = await diagnoseStore(host, 'chromium', { now: new Date() }, undefined);
    assert.deepEqual(
      findings.filter(({ ok }) => ok === false).map(({ check }) => check),
      ['store-present', 'store-used-by-browser', 'certificate-elsewhere'],
    );
    assert.match(findings.at(-1)?.detail ?? '', /^chromium-home \(Chromium, /);
  });

  test('what the server says is weighed: no request, TLS 1.3, another issuer, other signatures, another CA', async () => {
    await install();
    const ask = async (authorities: object, sent: readonly Uint8Array[] = []) =>
      (
        await diagnoseStore(
          withEtc(),
          undefined,
          { now: new Date() },
          { target: { host: 'h', port: 443 }, authorities: authorities as never, sent },
        )
      ).findings.filter(({ check }) => /server-asks|issuer|signature|authority/.test(check));
    const told = async (...args: Parameters<typeof ask>) =>
      Object.fromEntries((await ask(...args)).map(({ check, ok }) => [check, ok]));
    const names = [{ der: 'MA0xCzAJBgNVBAMTAlgy', text: 'CN=X2' }];
    const signatureSchemes = ['rsa_pkcs1_sha256'];
    assert.deepEqual(await told({ visible: false, reason: 'tls-1.3-only' }), {
      'server-asks': null,
      'issuer-advertised': null,
      'authority-trusted': false,
    });
    assert.deepEqual(await told({ visible: true, requested: false, names: [], signatureSchemes: [] }), {
      'server-asks': false,
      'issuer-advertised': null,
      'authority-trusted': false,
    });
    // The server's own certificate comes from elsewhere, so trust in this CA is no question.
    const foreign = new OpensslPki('/CN=public CA');
    const sent = [foreign.issue({ subject: '/CN=s', extensions: 'subjectAltName=DNS:s' }).certificate];
    foreign.remove();
    assert.deepEqual(await told({ visible: true, requested: true, names, signatureSchemes }, sent), {
      'server-asks': true,
      'issuer-advertised': false,
      'signature-accepted': false,
    });
    assert.deepEqual(
      await told({ visible: true, requested: true, names: [], signatureSchemes: ['ecdsa_secp256r1_sha256'] }),
      {
        'server-asks': true,
        'issuer-advertised': true,
        'signature-accepted': true,
        'authority-trusted': false,
      },
    );
  });

  test("an administrator's policy is read: it fits, it does not, it hides own CAs, or it cannot be told", async () => {
    await install();
    const machine = withEtc();
    const folder = join(machine.etc, 'chromium', 'policies', 'managed');
    mkdirSync(folder, { recursive: true });
    const rule = (pattern: string, filter: object) => JSON.stringify({ pattern, filter });
    const write = (policies: unknown) =>
      writeFileSync(
        join(folder, 'p.json'),
        typeof policies === 'string' ? policies : JSON.stringify(policies),
      );
    const ask = async () =>
      (
        await openStore(undefined, machine).diagnose({
          now: new Date(),
          target: { host: 'www.example.test', port: 8443 },
        })
      )
        .filter(({ check }) => check.startsWith('polic'))
        .map(({ check, ok }) => [check, ok]);
    assert.deepEqual(await ask(), [['policies-read', true]]);
    write({
      AutoSelectCertificateForUrls: [
        rule('https://[*.]example.test:8443', { ISSUER: { CN: '試験 CA' }, SUBJECT: { O: '割符' } }),
        rule('https://www.example.test', { ISSUER: { CN: 'Other CA' } }),
        rule('https://other.test', { ISSUER: { CN: 'Other CA' } }),
        'not json',
      ],
      CAPlatformIntegrationEnabled: false,
    });
    assert.deepEqual(await ask(), [
      ['policies-read', true],
      ['policy-own-authorities', false],
      ['policy-selects', true],
      ['policy-selects', false],
    ]);
    // A later file that sets the same policy is all that counts.
    writeFileSync(join(folder, 'q.json'), JSON.stringify({ AutoSelectCertificateForUrls: [] }));
    assert.deepEqual(await ask(), [
      ['policies-read', true],
      ['policy-own-authorities', false],
    ]);
    rmSync(join(folder, 'q.json'));
    write('{ "AutoSelectCertificateForUrls": [], } // lenient');
    assert.deepEqual(await ask(), [['policies-read', null]]);
    write({});
    // Folders count for nothing; a file that leads nowhere cannot be read, whoever asks.
    const chrome = join(machine.etc, 'opt', 'chrome', 'policies', 'managed');
    mkdirSync(join(chrome, 'a-folder'), { recursive: true });
    assert.deepEqual(await ask(), [['policies-read', true]]);
    symlinkSync('p.json', join(chrome, 'p.json'));
    assert.deepEqual(await ask(), [['policies-read', null]]);
  });

  test('patterns cover addresses as content settings do', () => {
    const at = (host: string, port = 443) => ({ host, port });
    for (const [pattern, address, covered] of [
      ['*', at('a.test'), true],
      ['https://a.test', at('a.test', 8443), true],
      ['a.test', at('A.test'), true],
      ['https://a.test:8443', at('a.test', 8443), true],
      ['https://a.test:8443', at('a.test'), false],
      ['http://a.test', at('a.test'), false],
      ['[*.]a.test', at('b.a.test'), true],
      ['https://[*.]a.test', at('a.test'), true],
      ['https://[*.]a.test', at('ba.test'), false],
      ['https://a.test', at('b.a.test'), false],
      ['https://127.0.0.1:*', at('127.0.0.1', 9), true],
      ['https://[::1]', at('::1'), true],
      ['https://a.test/path', at('a.test'), true],
      ['https:// nonsense :', at('a.test'), false],
    ] as const)
      assert.equal(coversAddress(pattern, address), covered, `${pattern} ${address.host}:${address.port}`);
  });
});
