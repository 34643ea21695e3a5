import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { profileIsInUse } from '../../../core/trust-store/firefox/running.ts';
import { openStore } from '../../../core/trust-store/locate.ts';
import { fingerprint256 } from '../../../core/x509/certificate.ts';
import { type OpensslIdentity, OpensslPki } from '../probe/openssl-pki.ts';
import { legacyRoot, PlantedProfile } from './firefox-profile.ts';
import { nssToolsMissing, PrivateHost } from './private-host.ts';

const firefox = '/usr/bin/firefox-esr';

function whyNot(): string | false {
  if (nssToolsMissing) return 'certutil and pk12util (libnss3-tools) are missing';
  return existsSync(firefox) ? false : 'firefox-esr is missing';
}

describe('Firefox with its profile', { skip: whyNot() }, () => {
  let pki: OpensslPki;
  let taro: OpensslIdentity;
  let host: PrivateHost;
  let profile: PlantedProfile;
  let server: Server;
  let scratch: string;
  /** Who came, by the common name of the certificate; null for one that the CA did not vouch for. */
  const visitors: (string | null)[] = [];

  before(async () => {
    pki = new OpensslPki();
    const own = pki.issue({
      subject: '/CN=localhost',
      extensions: 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth',
    });
    taro = pki.issue({
      subject: '/CN=山田 太郎',
      extensions: 'extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature',
      key: 'rsa:2048',
    });
    host = new PrivateHost();
    scratch = mkdtempSync(join(tmpdir(), 'warifu-firefox-'));
    profile = new PlantedProfile(host, legacyRoot);
    // Headless, nobody can answer the prompt; this is Firefox's own preference for that.
    writeFileSync(
      join(profile.path, 'user.js'),
      'user_pref("security.default_personal_cert", "Select Automatically");\n',
    );
    profile.certutil('-A', '-n', 'CA', '-t', 'CT,C,C', '-a', '-i', pki.ca.certificateFile);
    server = createServer(
      {
        key: readFileSync(own.keyFile),
        cert: readFileSync(own.certificateFile),
        ca: readFileSync(pki.ca.certificateFile),
        requestCert: true,
        // The page is for everybody, so that a visit without a certificate ends too.
        rejectUnauthorized: false,
      },
      ({ socket }, response) => {
        const { authorized, getPeerCertificate } = socket as TLSSocket;
        const subject = getPeerCertificate.call(socket).subject;
        visitors.push(authorized ? String(subject.CN) : null);
        response.end('<title>x</title>');
      },
    );
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  });
  after(() => {
    server.close();
    server.closeAllConnections();
    host.remove();
    rmSync(scratch, { recursive: true, force: true });
    pki.remove();
  });

  /** Starts Firefox, opens the page and ends; the picture is only its way of waiting for the page. */
  async function visit(): Promise<string | null | undefined> {
    visitors.length = 0;
    const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
    const picture = join(scratch, 'page.png');
    const args = ['--headless', '--no-remote', '--profile', profile.path, '--screenshot', picture, url];
    const child = spawn(firefox, args, { env: { ...process.env, HOME: host.home }, stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), 25_000);
    await new Promise((resolve) => child.once('close', resolve));
    clearTimeout(timer);
    return visitors[0];
  }

  test('comes as nobody before, by name with no dialog after the install, and as nobody after removal', async () => {
    assert.equal(await visit(), null);
    const store = openStore('firefox-default-release', host);
    const identity = { pkcs12: pki.pkcs12(taro, '山田 太郎', 'x'), password: 'x' };
    assert.equal((await store.install(identity, { trustCa: true })).outcome, 'installed');
    assert.equal(await visit(), '山田 太郎');
    await store.remove(fingerprint256(taro.certificate));
    assert.equal(await visit(), null);
  });

  test('may be running: the install says that it has to be started again, and breaks nothing', async () => {
    const lock = join(profile.path, 'lock');
    rmSync(lock, { force: true });
    const args = ['--headless', '--no-remote', '--profile', profile.path, 'about:blank'];
    const child = spawn(firefox, args, { env: { ...process.env, HOME: host.home }, stdio: 'ignore' });
    const store = openStore('firefox-default-release', host);
    try {
      while (!(await profileIsInUse(profile.path))) await wait(50);
      // Long enough for it to have opened its database.
      await wait(2000);
      const identity = { pkcs12: pki.pkcs12(taro, '山田 太郎', 'x'), password: 'x' };
      const result = await store.install(identity, { trustCa: true });
      assert.deepEqual([result.outcome, result.restartBrowser], ['installed', true]);
    } finally {
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
    }
    assert.ok(profile.export('山田 太郎', join(scratch, 'out.p12')));
    assert.equal(await visit(), '山田 太郎');
  });
});
