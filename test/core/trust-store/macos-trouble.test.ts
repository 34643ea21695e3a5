import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { removeResult } from '../../../contract/trust-store.ts';
import { openStore } from '../../../core/trust-store/locate.ts';
import { commandLine } from '../../../core/trust-store/macos/security.ts';
import { fingerprint256 } from '../../../core/x509/certificate.ts';
import { type OpensslIdentity, OpensslPki } from '../probe/openssl-pki.ts';
import { MacHost } from './mac-host.ts';
import type { DoubleState } from './security-double.ts';

const name = '山田 "太郎" O\'Brien \\ $(x)';

describe('the macOS keychain in trouble', () => {
  let pki: OpensslPki;
  let taro: OpensslIdentity;
  let pkcs12: Uint8Array;
  let host: MacHost;

  before(() => {
    pki = new OpensslPki();
    taro = pki.issue({
      subject: '/CN=山田 "太郎" O\'Brien',
      extensions: 'extendedKeyUsage=clientAuth\nsubjectKeyIdentifier=hash',
      key: 'rsa:2048',
    });
    pkcs12 = pki.pkcs12(taro, name, 'ひみつ');
  });
  after(() => pki.remove());
  afterEach(() => host.remove());

  const mac = (state: Partial<DoubleState> = {}) => {
    host = new MacHost(state);
    return openStore(undefined, host);
  };
  const thumbprint = () => fingerprint256(taro.certificate);
  const identity = () => ({ pkcs12, password: 'ひみつ' });

  test('a program that exits 0 and does nothing installs nothing and removes nothing', async () => {
    const idle = ['import', 'find-certificate', 'find-identity', 'verify-cert', 'add-trusted-cert'];
    await assert.rejects(mac({ idle }).install(identity(), { trustCa: true }), {
      code: 'STORE_NOT_INSTALLED',
      data: { path: host.keychain, missing: 'certificate' },
    });
    host.remove();
    const store = mac({ idle: ['verify-cert', 'delete-identity'] });
    const result = await store.install(identity(), { trustCa: true });
    assert.equal(result.authority?.trusted, false, 'a silent verify-cert proves no trust');
    await assert.rejects(store.remove(thumbprint()), { code: 'STORE_NOT_REMOVED' });
  });

  test('a certificate that arrives without its key is taken out again', async () => {
    await assert.rejects(mac({ dropsKey: true }).install(identity(), { trustCa: false }), {
      code: 'STORE_NOT_INSTALLED',
      data: { path: host.keychain, missing: 'private key' },
    });
    assert.ok(
      !host.state.certificates.some(({ der }) => der === Buffer.from(taro.certificate).toString('base64')),
    );
  });

  test('a key that signs for another certificate is not believed, and goes again', async () => {
    const other = pki.issue({
      subject: '/CN=other',
      extensions: 'subjectKeyIdentifier=hash',
      key: 'rsa:2048',
    });
    const signsWith = { certificate: readFileSync(other.certificateFile, 'utf8'), key: other.keyFile };
    await assert.rejects(mac({ signsWith }).install(identity(), { trustCa: false }), {
      code: 'STORE_NOT_INSTALLED',
      data: { path: host.keychain, missing: 'private key' },
    });
    assert.ok(!host.state.certificates.some(({ key }) => key));
  });

  test('a CA whose trust the person does not want to lose is kept, and the identity is gone all the same', async () => {
    const store = mac();
    await store.install(identity(), { trustCa: true });
    host.change({ answer: 'no' });
    const removed = removeResult.parse(await store.remove(thumbprint(), { removeCa: true }));
    assert.equal(removed.authority.outcome, 'kept');
    assert.equal(await store.find(thumbprint()), undefined);
    assert.equal(host.state.trusted.length, 1);
  });

  for (const japanese of [false, true])
    test(`a locked keychain is said, ${japanese ? 'whatever language the system speaks' : 'and its password opens it unseen'}`, async () => {
      const password = 'キーチェーン "の" \\ \'合言葉\'';
      const store = mac({ locked: true, password, japanese });
      const locked = { code: 'STORE_LOCKED', data: { path: host.keychain } };
      await assert.rejects(store.install(identity(), { trustCa: false }), locked);
      await assert.rejects(store.install(identity(), { trustCa: false, storePassword: 'wrong' }), locked);
      assert.deepEqual(host.state.certificates, []);
      const unlocked = (await store.diagnose({ now: new Date() })).find(
        ({ check }) => check === 'store-unlocked',
      );
      assert.equal(unlocked?.ok, false);
      const done = await store.install(identity(), { trustCa: false, storePassword: password });
      assert.equal(done.outcome, 'installed');
      assert.ok(host.calls.every(({ argv }) => !argv.join().includes('合言葉')));
    });

  test('a missing keychain and a missing program are said', async () => {
    const store = mac();
    rmSync(host.keychain);
    const gone = openStore(undefined, host);
    await assert.rejects(async () => gone.install(identity(), { trustCa: false }), { code: 'STORE_ABSENT' });
    assert.deepEqual(await gone.list(), []);
    writeFileSync(host.keychain, '');
    rmSync(host.securityTool);
    await assert.rejects(store.list(), {
      code: 'STORE_TOOL_FAILED',
      data: { tool: 'security', reason: 'ENOENT' },
    });
  });

  test('the program is given by the host alone: neither PATH nor any other variable leads elsewhere', async () => {
    const store = mac();
    const bin = join(host.home, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'security'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    const real = openStore(undefined, {
      platform: 'darwin',
      home: host.home,
      env: { HOME: host.home, PATH: bin, SECURITY: bin, WARIFU_SECURITY: bin },
    });
    // On a Mac it reads the real one's refusal; elsewhere there is no /usr/bin/security.
    await assert.rejects(real.list(), (error: { code?: string }) => /^STORE_/.test(error.code ?? ''));
    assert.deepEqual(await store.list(), []);
  });

  test('a word that would end its line is refused, and the refusal does not repeat it', () => {
    host = new MacHost();
    for (const word of ['two\nlines', 'nul\0', 'x'.repeat(5000)])
      assert.throws(
        () => commandLine(['unlock-keychain', '-p', word]),
        (error: Error & { code?: string; data?: unknown }) =>
          error.code === 'VALUE_INVALID' && !JSON.stringify([error.message, error.data]).includes(word),
      );
    assert.equal(commandLine(['a "b"', "c'd", 'e\\f', '']), '"a \\"b\\"" "c\'d" "e\\\\f" ""\n');
  });
});
