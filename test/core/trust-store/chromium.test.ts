// takes turns: the policy files of Chromium
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Browser, chromium } from 'playwright-core';
import { openStore } from '../../../core/trust-store/locate.ts';
import type { TrustStore } from '../../../core/trust-store/store.ts';
import { fingerprint256 } from '../../../core/x509/certificate.ts';
import { Nginx, nginxPath } from '../probe/nginx.ts';
import { type OpensslIdentity, OpensslPki } from '../probe/openssl-pki.ts';
import { nssToolsMissing, PrivateHost } from './private-host.ts';

const chromiumPath = '/usr/bin/chromium';
const policies = '/etc/chromium/policies/managed';

function whyNot(): string | false {
  if (nssToolsMissing) return 'certutil and pk12util (libnss3-tools) are missing';
  if (!existsSync(chromiumPath)) return 'chromium is missing';
  if (!nginxPath) return 'nginx is missing';
  if (process.getuid?.() !== 0) return 'only root can set the policy that answers the certificate prompt';
  return false;
}

describe('Chromium with the store', { skip: whyNot() }, () => {
  let pki: OpensslPki;
  let taro: OpensslIdentity;
  let nginx: Nginx;
  let host: PrivateHost;
  let store: TrustStore;
  let policy: string;

  before(async () => {
    pki = new OpensslPki();
    const server = pki.issue({
      subject: '/CN=localhost',
      extensions: 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth',
    });
    taro = pki.issue({
      subject: '/CN=山田 太郎',
      extensions: 'extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature',
      key: 'rsa:2048',
    });
    nginx = await Nginx.start({
      certificate: server.certificateFile,
      key: server.keyFile,
      ca: pki.ca.certificateFile,
    });
    host = new PrivateHost();
    store = openStore(undefined, host);
    // A headless browser cannot click its prompt; the policy is machine-wide, so it names this server's port alone.
    policy = join(policies, `warifu-test-${process.pid}-${nginx.port}.json`);
    mkdirSync(policies, { recursive: true });
    writeFileSync(
      policy,
      JSON.stringify({
        AutoSelectCertificateForUrls: [
          JSON.stringify({ pattern: `https://localhost:${nginx.port}`, filter: {} }),
        ],
      }),
    );
  });
  after(async () => {
    rmSync(policy, { force: true });
    await nginx.stop();
    host.remove();
    pki.remove();
  });

  const install = (trustCa: boolean) =>
    store.install({ pkcs12: pki.pkcs12(taro, '山田 太郎', 'ひみつ'), password: 'ひみつ' }, { trustCa });

  /** What a browser started now shows, and what `meanwhile` finds while it runs. */
  async function visit<T>(
    ignoreHTTPSErrors: boolean,
    meanwhile?: () => Promise<T>,
  ): Promise<{ title: string; status: number; found: T | undefined }> {
    let browser: Browser | undefined;
    try {
      browser = await chromium.launch({
        executablePath: chromiumPath,
        env: { ...process.env, HOME: host.home, XDG_DATA_HOME: '' },
      });
      const page = await (await browser.newContext({ ignoreHTTPSErrors })).newPage();
      const response = await page.goto(`https://localhost:${nginx.port}/`, { timeout: 20_000 });
      return { title: await page.title(), status: response?.status() ?? 0, found: await meanwhile?.() };
    } finally {
      await browser?.close();
    }
  }

  test('is refused before, let in with no dialog after, and refused again after removal', async () => {
    const without = await visit(true);
    assert.deepEqual([without.status, without.title], [400, '400 No required SSL certificate was sent']);

    assert.equal((await install(true)).restartBrowser, false);
    const admitted = await visit(false, () => install(true));
    assert.equal(admitted.status, 200);
    assert.match(admitted.title, /^ecs0[12]$/);
    assert.deepEqual([admitted.found?.outcome, admitted.found?.restartBrowser], ['already-installed', true]);

    await store.remove(fingerprint256(taro.certificate), { removeCa: true });
    const removed = await visit(true);
    assert.equal(removed.status, 400);
  });

  test('offers the certificate but does not trust the server when the CA was not agreed to', async () => {
    await install(false);
    await assert.rejects(visit(false), /ERR_CERT_AUTHORITY_INVALID/);
    const ignoring = await visit(true);
    assert.match(ignoring.title, /^ecs0[12]$/);
  });
});
