import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { slbChainPem, slbKeyPem } from '../../../core/server-certificate/slb-form.ts';
import { missing } from '../x509/tool-bench.ts';
import { type Made, OpensslAuthority } from './openssl-authority.ts';

const skip = missing('openssl');
const openssl = new OpensslAuthority();
after(() => openssl.remove());

const keyOf = ({ keyPem }: Made): Uint8Array =>
  createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' });
const lines = (pem: string): string[] => pem.split('\n').slice(0, -1);

test('the chain is leaf first without its root: 64 columns, LF, no blank line', (t) => {
  if (skip) return t.skip(skip);
  const root = openssl.authority({ subject: '/CN=root' });
  const issuing = openssl.authority({ subject: '/CN=中間', issuer: root });
  const leaf = openssl.server({ issuer: issuing });
  const pem = slbChainPem([leaf, issuing, root].map(({ certificate }) => certificate));
  // openssl writes this very form for one certificate.
  assert.equal(pem, leaf.pem + issuing.pem);
  assert.ok(pem.endsWith('-----END CERTIFICATE-----\n'));
  assert.ok(
    lines(pem).every(
      (line) =>
        line.length > 0 &&
        line.length <= 64 &&
        !/\s/.test(line.replace(/^-----(BEGIN|END) CERTIFICATE-----$/, '')),
    ),
  );
  assert.equal(slbChainPem([root.certificate]), root.pem);
});

test('an RSA key is PKCS#1, octet for octet what openssl rsa -traditional writes', (t) => {
  if (skip) return t.skip(skip);
  const made = openssl.server({});
  const pem = slbKeyPem(keyOf(made));
  assert.equal(
    pem,
    Buffer.from(openssl.bench.openssl('rsa', '-in', `${made.stem}.key`, '-traditional')).toString(),
  );
  assert.ok(pem.startsWith('-----BEGIN RSA PRIVATE KEY-----\n'));
  openssl.bench.write('slb.key', pem);
  assert.match(openssl.bench.run('openssl', 'rsa', '-in', 'slb.key', '-check', '-noout'), /RSA key ok/);
});

test('an EC key is EC PARAMETERS and SEC1, what openssl ecparam and openssl ec write', (t) => {
  if (skip) return t.skip(skip);
  for (const [curve, name] of [
    ['P-256', 'prime256v1'],
    ['P-384', 'secp384r1'],
  ] as const) {
    const made = openssl.server({ key: curve });
    const pem = slbKeyPem(keyOf(made));
    const parameters = Buffer.from(openssl.bench.openssl('ecparam', '-name', name)).toString();
    const key = Buffer.from(openssl.bench.openssl('ec', '-in', `${made.stem}.key`)).toString();
    assert.equal(pem, parameters + key);
    openssl.bench.write('slb.key', pem);
    assert.match(openssl.bench.run('openssl', 'ec', '-in', 'slb.key', '-check', '-noout'), /Key valid/);
  }
});

test('a TLS server starts with the form, and a client that has only the root accepts it', async (t) => {
  if (skip) return t.skip(skip);
  const root = openssl.authority({ subject: '/O=割符/CN=ルート' });
  const issuing = openssl.authority({ subject: '/O=割符/CN=中間', issuer: root });
  for (const key of ['RSA-2048', 'P-256']) {
    const leaf = openssl.server({ issuer: issuing, key });
    const cert = slbChainPem([leaf, issuing, root].map(({ certificate }) => certificate));
    const server = createServer({ cert, key: slbKeyPem(keyOf(leaf)) }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect({
      port: (server.address() as AddressInfo).port,
      host: '127.0.0.1',
      servername: 'www.example.com',
      ca: root.pem,
    });
    await once(socket, 'secureConnect');
    assert.ok(socket.authorized);
    socket.destroy();
    server.close();
  }
});
