import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { InstallResult, RemoveResult } from '../../../contract/trust-store.ts';
import { fingerprint1 } from '../../../core/x509/certificate.ts';
import { type OpensslIdentity, OpensslPki } from '../../core/probe/openssl-pki.ts';
import { issueForWine, WineMachine, wineMissing } from './wine-machine.ts';

const client = fileURLToPath(new URL('winhttp-client.ts', import.meta.url));

interface Answer {
  readonly found: boolean;
  readonly body?: string;
  readonly failed?: string;
}

describe('WinHTTP with a certificate that Warifu installed', { skip: wineMissing }, () => {
  let machine: WineMachine;
  let pki: OpensslPki;
  let taro: OpensslIdentity;
  /** Demands a client certificate of the CA, and one that demands none. */
  let strict: Server;
  let open: Server;

  before(async () => {
    machine = new WineMachine();
    // Names in ASCII: what is tested here is a handshake.
    pki = new OpensslPki('/O=Warifu/CN=Test CA');
    taro = issueForWine(pki, { subject: '/CN=taro', extensions: 'extendedKeyUsage=clientAuth' });
    const server = pki.issue({
      subject: '/CN=localhost',
      extensions: 'extendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost',
      key: 'rsa:2048',
    });
    strict = await listen(server, true);
    open = await listen(server, false);
  });
  after(() => {
    machine?.remove();
    for (const server of [strict, open]) {
      server?.closeAllConnections();
      server?.close();
    }
    pki?.remove();
  });

  async function listen(identity: OpensslIdentity, requestCert: boolean): Promise<Server> {
    const server = createServer(
      {
        key: identity.key,
        cert: readFileSync(identity.certificateFile),
        ca: readFileSync(pki.ca.certificateFile),
        requestCert,
        rejectUnauthorized: requestCert,
      },
      (request, response) => {
        const name = (request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody';
        response.end(`hello ${name}`);
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  const thumbprint = (): string => fingerprint1(taro.certificate).replaceAll(':', '').toLowerCase();
  async function visit(server: Server, ...options: readonly string[]): Promise<Answer> {
    const { port } = server.address() as AddressInfo;
    const run = await machine.script(client, `https://localhost:${port}/`, thumbprint(), ...options);
    assert.equal(run.exitCode, 0, run.stderr);
    return JSON.parse(run.stdout);
  }

  test('is refused before the install, let in after it, and refused after the removal', async (t) => {
    const path = join(pki.directory, 'taro.p12');
    writeFileSync(path, pki.pkcs12(taro, 'taro', 'secret'));
    writeFileSync(`${path}.password`, 'secret');

    // The server's CA is unknown so far, so the client is told not to mind; then nothing but the certificate is missing.
    assert.deepEqual(await visit(open, '--any-server'), { found: false, body: 'hello nobody' });
    const before = await visit(strict, '--any-server');
    assert.deepEqual([before.found, before.body], [false, undefined]);
    assert.ok(before.failed);
    assert.match((await visit(open)).failed ?? 'let in', /^send: 121\d\d$|^send: 12\d\d\d$/);

    const installed = await machine.warifu<InstallResult>(
      'store',
      'install',
      WineMachine.path(path),
      '--trust-ca',
    );
    assert.equal(installed.answer.outcome, 'installed');
    assert.deepEqual(await visit(strict), { found: true, body: 'hello taro' });

    const removed = await machine.warifu<RemoveResult>('store', 'remove', thumbprint());
    assert.equal(removed.answer.authority.outcome, 'kept');
    const afterwards = await visit(strict);
    assert.deepEqual([afterwards.found, afterwards.body], [false, undefined]);
    // The CA is trusted still: without a certificate the same client reaches a server that demands none.
    assert.deepEqual(await visit(open), { found: false, body: 'hello nobody' });

    await machine.warifu('store', 'remove', removed.answer.authority.thumbprint ?? '');
    const distrusted = await visit(open);
    t.diagnostic(JSON.stringify({ before, afterwards, distrusted }));
    assert.equal(distrusted.body, undefined);
  });
});
