import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { type ConnectionOptions, connect, type SecureVersion } from 'node:tls';
import { promisify } from 'node:util';
import { type Simulator, startSimulator } from '../../../simulator/simulator.ts';
import { type Identity, OpensslWorkshop } from '../judges/openssl.ts';
import { type Practice, practise, quick } from '../judges/practice.ts';
import { visit } from '../judges/web-client.ts';

const run = promisify(execFile);

describe('a listener with a CA certificate', () => {
  let workshop: OpensslWorkshop;
  let simulator: Simulator;
  let ca: Identity;
  let listener: Practice;
  let modern: Practice;

  before(async () => {
    workshop = new OpensslWorkshop();
    ca = workshop.authority('/C=JP/O=割符/CN=Client CA');
    const server = workshop.leaf(ca, {
      subject: '/CN=www.example.com',
      usage: 'serverAuth',
      domain: 'www.example.com',
    });
    simulator = await startSimulator({ port: 0, delays: quick });
    listener = await practise(simulator, { server, ca });
    modern = await practise(simulator, {
      server,
      ca,
      settings: { TLSCipherPolicy: 'tls_cipher_policy_1_2_strict_with_1_3' },
    });
  });
  after(async () => {
    await simulator.close();
    workshop.remove();
  });

  test('lets a certificate of that CA in, over TLS 1.2 and TLS 1.3', async () => {
    const identity = workshop.leaf(ca, { subject: '/CN=alice' });
    for (const { target } of [listener, modern]) {
      const page = await visit(target, { identity });
      assert.equal(page.status, 200);
      assert.match(page.body, /i-demo-[12]/);
    }
  });

  const refused: [string, (other: Identity) => Identity | undefined, string][] = [
    ['no certificate', () => undefined, 'No required SSL certificate was sent'],
    [
      'a certificate of another CA',
      (other) => workshop.leaf(other, { subject: '/CN=eve' }),
      'The SSL certificate error',
    ],
    [
      'an expired certificate',
      () => workshop.leaf(ca, { subject: '/CN=late', until: '20240201000000Z' }),
      'The SSL certificate error',
    ],
    [
      'a certificate that is not yet valid',
      () => workshop.leaf(ca, { subject: '/CN=early', from: '20980101000000Z' }),
      'The SSL certificate error',
    ],
    [
      'a certificate for servers only',
      () => workshop.leaf(ca, { subject: '/CN=www', usage: 'serverAuth' }),
      'The SSL certificate error',
    ],
    [
      'a certificate that names itself like the CA',
      () => workshop.leaf(ca, { subject: '/C=JP/O=割符/CN=Client CA' }),
      'The SSL certificate error',
    ],
    [
      'a certificate that names itself like the CA, with key identifiers',
      () => workshop.leaf(ca, { subject: '/C=JP/O=割符/CN=Client CA', keyIdentifiers: true }),
      'The SSL certificate error',
    ],
    [
      'a self-signed certificate with the name of the CA',
      () => workshop.authority('/C=JP/O=割符/CN=Client CA'),
      'The SSL certificate error',
    ],
  ];
  for (const [who, make, reason] of refused) {
    test(`answers ${who} with 400 “${reason}” after a completed handshake`, async () => {
      const identity = make(workshop.authority('/CN=Another CA'));
      for (const { target } of [listener, modern]) {
        const page = await visit(target, identity === undefined ? {} : { identity });
        assert.equal(page.status, 400);
        assert.match(page.body, new RegExp(`<head><title>400 ${reason}</title></head>`));
        assert.match(page.body, new RegExp(`<center>${reason}</center>`));
      }
    });
  }

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    test(`${maxVersion}: a resumed session is worth what the first one was`, async () => {
      const target = { ...modern.target, maxVersion };
      const stranger = await handshake(target);
      const strangerAgain = await handshake({ ...target, session: stranger.session });
      assert.equal(strangerAgain.reused, true);
      assert.match(strangerAgain.answer, /^HTTP\/1\.1 400 /);

      const { certificate: cert, key } = workshop.leaf(ca, { subject: '/CN=alice' });
      const known = await handshake({ ...target, cert, key });
      const knownAgain = await handshake({ ...target, cert, key, session: known.session });
      assert.equal(knownAgain.reused, true);
      assert.match(knownAgain.answer, /^HTTP\/1\.1 200 /);
    });
  }

  test('openssl s_client is shown the name of that CA, and of no other', async () => {
    const { host, port } = listener.target;
    const { stdout } = await run('sh', [
      '-c',
      `openssl s_client -connect ${host}:${port} -nameopt utf8 </dev/null 2>/dev/null`,
    ]);
    const names = stdout.split('Acceptable client certificate CA names\n')[1]?.split('\n') ?? [];
    assert.match(names[0] ?? '', /CN ?= ?Client CA/);
    assert.match(names[1] ?? '', /^(Client Certificate Types|Requested)/);
  });

  test('a new CA takes effect on the next connection, on the same port', async () => {
    const server = workshop.leaf(ca, { subject: '/CN=x.example.com', usage: 'serverAuth' });
    const practice = await practise(simulator, { server, ca, port: 18444 });
    const before = workshop.leaf(ca, { subject: '/CN=alice' });
    const newCa = workshop.authority('/CN=Client CA 2');
    const afterwards = workshop.leaf(newCa, { subject: '/CN=alice' });
    const { call, RegionId, target } = practice;
    const { CACertificateId } = await call('UploadCACertificate', {
      RegionId,
      CACertificate: newCa.certificate,
    });

    assert.equal((await visit(target, { identity: before })).status, 200);
    await practice.set({ CACertificateId });
    assert.equal((await visit(target, { identity: before })).status, 400);
    assert.equal((await visit(target, { identity: afterwards })).status, 200);
    assert.equal((await practice.describe()).Status, 'running');
  });

  test('a new server certificate is shown to the next connection', async () => {
    const server = workshop.leaf(ca, { subject: '/CN=one.example.com', usage: 'serverAuth' });
    const practice = await practise(simulator, { server, port: 18445 });
    const other = workshop.leaf(ca, { subject: '/CN=two.example.com', usage: 'serverAuth' });
    const { call, RegionId, target } = practice;
    assert.equal((await handshake(target)).serverName, 'one.example.com');
    const { ServerCertificateId } = await call('UploadServerCertificate', {
      RegionId,
      ServerCertificate: other.certificate,
      PrivateKey: other.key,
    });
    await practice.set({ ServerCertificateId });
    assert.equal((await handshake(target)).serverName, 'two.example.com');
  });

  test('counts what it served and refused', () => {
    const traffic = simulator
      .traffic()
      .find(({ loadBalancerId }) => loadBalancerId === listener.LoadBalancerId);
    assert.ok(traffic);
    assert.ok(Object.values(traffic.served).reduce((sum, n) => sum + n, 0) >= 1);
    assert.ok(traffic.refused.noCertificate >= 1 && traffic.refused.badCertificate >= 6);
  });
});

interface Handshake {
  readonly session: Buffer | undefined;
  readonly reused: boolean;
  readonly answer: string;
  readonly serverName: string | undefined;
}

function handshake(options: {
  host: string;
  port: number;
  maxVersion?: SecureVersion;
  session?: Buffer | undefined;
  cert?: string;
  key?: string;
}): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    let session: Buffer | undefined;
    let answer = '';
    let serverName: string | undefined;
    const socket = connect({ ...options, rejectUnauthorized: false } as ConnectionOptions, () => {
      serverName = String(socket.getPeerCertificate().subject?.CN);
      socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    });
    socket.on('session', (given: Buffer) => {
      session = given;
    });
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.on('end', () => resolve({ session, answer, serverName, reused: socket.isSessionReused() }));
    socket.on('error', reject);
  });
}
