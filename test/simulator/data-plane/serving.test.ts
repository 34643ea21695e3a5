import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer, request as httpRequest } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { Agent, request as httpsRequest } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { DemoBackends } from '../../../simulator/backends.ts';
import type { ListenerConfiguration } from '../../../simulator/data-plane/configuration.ts';
import { DataPlane } from '../../../simulator/data-plane/data-plane.ts';
import { type Simulator, startSimulator } from '../../../simulator/simulator.ts';
import { until } from '../judges/alibaba-clients.ts';
import { type Identity, OpensslWorkshop } from '../judges/openssl.ts';
import { health, practise, quick } from '../judges/practice.ts';
import { visit } from '../judges/web-client.ts';

const run = promisify(execFile);

describe('a running listener', () => {
  let workshop: OpensslWorkshop;
  let simulator: Simulator;
  let ca: Identity;
  let server: Identity;

  before(async () => {
    workshop = new OpensslWorkshop();
    ca = workshop.authority('/CN=CA');
    server = workshop.leaf(ca, {
      subject: '/CN=www.example.com',
      usage: 'serverAuth',
      domain: 'www.example.com',
    });
    simulator = await startSimulator({ port: 0, delays: quick, backends: 3 });
  });
  after(async () => {
    await simulator.close();
    workshop.remove();
  });

  test('spreads requests by weight with wrr, and evenly with rr', async () => {
    const backends = [
      { ServerId: 'i-demo-1', Weight: 60 },
      { ServerId: 'i-demo-2', Weight: 30 },
      { ServerId: 'i-demo-3', Weight: 0 },
    ];
    const weighted = await practise(simulator, { server, backends, settings: { Scheduler: 'wrr' } });
    assert.deepEqual(await served(weighted.target, 12), { 'i-demo-1': 8, 'i-demo-2': 4 });
    const even = await practise(simulator, { server, backends });
    assert.deepEqual(await served(even.target, 12), { 'i-demo-1': 6, 'i-demo-2': 6 });
  });

  test('leaves out a backend that fails its health checks, and takes none when all fail', async () => {
    const own = await startSimulator({ port: 0, delays: quick });
    try {
      const practice = await practise(own, { server });
      assert.deepEqual(await served(practice.target, 4), { 'i-demo-1': 2, 'i-demo-2': 2 });
      await own.stopBackend('i-demo-1');
      const ask = () => health(practice.call, practice.LoadBalancerId);
      await until(ask, ([first]) => first?.ServerHealthStatus === 'abnormal');
      assert.deepEqual(await served(practice.target, 4), { 'i-demo-2': 4 });
      await own.stopBackend('i-demo-2');
      await until(ask, (all) => all.every(({ ServerHealthStatus }) => ServerHealthStatus === 'abnormal'));
      assert.equal((await visit(practice.target)).status, 502);
    } finally {
      await own.close();
    }
  });

  test('answers 503 without backends, and serves as soon as one is added', async () => {
    const practice = await practise(simulator, { server, backends: [], settings: { HealthCheck: 'off' } });
    assert.equal((await visit(practice.target)).status, 503);
    const { call, LoadBalancerId } = practice;
    await call('AddBackendServers', { LoadBalancerId, BackendServers: '[{"ServerId":"i-demo-2"}]' });
    assert.deepEqual(await served(practice.target, 3), { 'i-demo-2': 3 });
    const [status] = await health(call, LoadBalancerId);
    assert.equal(status?.ServerHealthStatus, 'unavailable', 'nothing is known while health checks are off');
  });

  test('keeps a client at one backend when sessions stick', async () => {
    const practice = await practise(simulator, {
      server,
      settings: { StickySession: 'on', StickySessionType: 'insert', CookieTimeout: 300 },
    });
    const first = await visit(practice.target);
    const cookie = String(first.headers['set-cookie']).split(';')[0]!;
    assert.match(cookie, /^SERVERID=/);
    for (let n = 0; n < 5; n += 1) {
      const page = await visit(practice.target, { headers: { cookie } });
      assert.equal(page.headers['x-backend'], first.headers['x-backend']);
    }
  });

  test('speaks HTTP/2 to those who ask, and not when it is switched off', async () => {
    const on = await practise(simulator, { server, ca });
    const identity = workshop.leaf(ca, { subject: '/CN=alice' });
    assert.equal((await visitHttp2(on.target, identity)).status, 200);
    const bare = await visitHttp2(on.target);
    assert.equal(bare.status, 400);
    assert.match(bare.body, /No required SSL certificate was sent/);
    const off = await practise(simulator, { server, settings: { EnableHttp2: 'off' } });
    const alpn = (target: { host: string; port: number }) =>
      run('sh', [
        '-c',
        `openssl s_client -connect ${target.host}:${target.port} -alpn h2,http/1.1 </dev/null 2>/dev/null`,
      ]);
    assert.match((await alpn(on.target)).stdout, /ALPN protocol: h2/);
    assert.match((await alpn(off.target)).stdout, /ALPN protocol: http\/1\.1/);
  });

  const versions: [string, string[], string[]][] = [
    ['tls_cipher_policy_1_0', ['tls1', 'tls1_1', 'tls1_2'], ['tls1_3']],
    ['tls_cipher_policy_1_1', ['tls1_1', 'tls1_2'], ['tls1', 'tls1_3']],
    ['tls_cipher_policy_1_2_strict', ['tls1_2'], ['tls1_1', 'tls1_3']],
    ['tls_cipher_policy_1_2_strict_with_1_3', ['tls1_2', 'tls1_3'], ['tls1_1']],
  ];
  for (const [policy, spoken, unspoken] of versions) {
    test(`${policy}: openssl s_client connects with ${spoken.join(', ')} and not with ${unspoken.join(', ')}`, async () => {
      const { target } = await practise(simulator, { server, settings: { TLSCipherPolicy: policy } });
      const connects = async (version: string) => {
        const command = `openssl s_client -connect ${target.host}:${target.port} -${version} -cipher DEFAULT@SECLEVEL=0 </dev/null`;
        return run('sh', ['-c', command]).then(
          ({ stdout }) => /Cipher is (?!\(NONE\))/.test(stdout),
          () => false,
        );
      };
      for (const version of spoken) assert.equal(await connects(version), true, version);
      for (const version of unspoken) assert.equal(await connects(version), false, version);
    });
  }

  test('says where it is when its port is taken, and only then', async () => {
    const blocker = createTcpServer();
    await new Promise<void>((resolve) => blocker.listen(0, '0.0.0.0', resolve));
    const { port } = blocker.address() as AddressInfo;
    try {
      const blocked = await practise(simulator, { server, port });
      const { SimulatorEndpoint } = await blocked.describe();
      assert.match(SimulatorEndpoint, /^127\.\d+\.\d+\.\d+:\d+$/);
      assert.notEqual(blocked.target.port, port);
      assert.equal((await visit(blocked.target)).status, 200);
      const free = await practise(simulator, { server });
      assert.equal((await free.describe()).SimulatorEndpoint, undefined);
    } finally {
      blocker.close();
    }
  });

  test('forwards HTTP to HTTPS with a redirect listener', async () => {
    const practice = await practise(simulator, { server });
    const { call, LoadBalancerId, RegionId, target } = practice;
    const http = { RegionId, LoadBalancerId, ListenerPort: 18080 };
    const forward = {
      ListenerForward: 'on',
      ForwardPort: practice.ListenerPort,
      HealthCheck: 'off',
      StickySession: 'off',
    };
    await call('CreateLoadBalancerHTTPListener', { ...http, ...forward });
    await call('StartLoadBalancerListener', { ...http, ListenerProtocol: 'http' });
    const ask = () => call('DescribeLoadBalancerHTTPListenerAttribute', http);
    const { ForwardPort } = await until(ask, ({ Status }) => Status === 'running');
    assert.equal(ForwardPort, practice.ListenerPort);
    const location = await new Promise((resolve, reject) => {
      const sent = httpRequest({
        host: target.host,
        port: 18080,
        path: '/a?b=c',
        headers: { host: 'www.example.com:18080' },
      });
      sent.on('response', (response) => {
        response.resume();
        resolve(`${response.statusCode} ${response.headers.location}`);
      });
      sent.on('error', reject);
      sent.end();
    });
    assert.equal(location, `302 https://www.example.com:${practice.ListenerPort}/a?b=c`);
  });

  test('stops and starts again on the same address', async () => {
    const practice = await practise(simulator, { server });
    const { call, LoadBalancerId, ListenerPort, target } = practice;
    const listener = { LoadBalancerId, ListenerPort, ListenerProtocol: 'https' };
    await call('StopLoadBalancerListener', listener);
    await assert.rejects(visit(target), /ECONNREFUSED/);
    await until(practice.describe, ({ Status }) => Status === 'stopped');
    await call('StartLoadBalancerListener', listener);
    await until(practice.describe, ({ Status }) => Status === 'running');
    await until(
      () => health(call, LoadBalancerId),
      ([first]) => first?.ServerHealthStatus === 'normal',
    );
    assert.equal((await visit(target)).status, 200);
    await call('SetLoadBalancerStatus', { LoadBalancerId, LoadBalancerStatus: 'inactive' });
    await assert.rejects(visit(target), /ECONNREFUSED/);
  });
});

describe('what passes through a listener', () => {
  let workshop: OpensslWorkshop;
  let dataPlane: DataPlane;
  let configuration: ListenerConfiguration;
  const heard: {
    method: string | undefined;
    url: string | undefined;
    headers: Record<string, unknown>;
    body: string;
  }[] = [];
  const backend = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const { method, url, headers } = request;
      heard.push({ method, url, headers, body });
      if (url === '/slow') {
        response.write('first ');
        setTimeout(() => response.end('second'), 50);
        return;
      }
      response.writeHead(url === '/teapot' ? 418 : 200, {
        'x-answer': 'yes',
        'keep-alive': 'timeout=99',
        'set-cookie': ['a=1', 'b=2'],
      });
      response.end(body);
    });
  });
  const target = { host: '127.101.7.7', port: 18446 };

  before(async () => {
    workshop = new OpensslWorkshop();
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    const { port } = backend.address() as AddressInfo;
    const ca = workshop.authority('/CN=CA');
    const { certificate, key } = workshop.leaf(ca, { subject: '/CN=www.example.com', usage: 'serverAuth' });
    dataPlane = new DataPlane(() => ({ host: '127.0.0.1', port }), 10);
    configuration = {
      loadBalancerId: 'lb-test',
      address: target.host,
      port: target.port,
      protocol: 'https',
      settings: {
        HealthCheck: 'off',
        XForwardedFor_proto: 'on',
        XForwardedFor_SLBID: 'on',
        XForwardedFor_SLBIP: 'on',
        XForwardedFor_SLBPORT: 'on',
      },
      pool: [{ serverId: 'i-1', serverIp: '192.168.0.11', port: 80, weight: 100 }],
      identity: { certificate, key },
    };
    await dataPlane.serve(configuration);
  });
  after(async () => {
    await dataPlane.close();
    backend.close();
    workshop.remove();
  });

  test('method, path, body and status arrive unchanged; hop-by-hop headers stay behind', async () => {
    const body = '{"名":"割符"}';
    const headers = {
      'x-mine': 'kept',
      connection: 'keep-alive, x-private',
      'x-private': 'dropped',
      te: 'trailers',
      'x-forwarded-for': '203.0.113.9',
      'slb-id': 'forged',
      host: 'www.example.com',
    };
    const page = await visit(target, { method: 'PUT', path: '/teapot', body, headers });
    assert.equal(page.status, 418);
    assert.equal(page.body, body);
    assert.equal(page.headers['x-answer'], 'yes');
    assert.deepEqual(page.headers['set-cookie'], ['a=1', 'b=2']);
    assert.notEqual(page.headers['keep-alive'], 'timeout=99');

    const got = heard.at(-1)!;
    assert.deepEqual([got.method, got.url, got.body], ['PUT', '/teapot', body]);
    assert.equal(got.headers['x-mine'], 'kept');
    assert.equal(got.headers['x-private'], undefined);
    assert.equal(got.headers.te, undefined);
    assert.equal(got.headers.host, 'www.example.com');
    assert.equal(got.headers['x-forwarded-for'], '203.0.113.9, 127.0.0.1');
    assert.equal(got.headers['x-forwarded-proto'], 'https');
    assert.equal(got.headers['x-forwarded-port'], '18446');
    assert.equal(got.headers['slb-id'], 'lb-test');
    assert.equal(got.headers['slb-ip'], target.host);
  });

  test('bodies of unknown length stream in both directions', async () => {
    const parts: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const sent = httpsRequest({
        ...target,
        method: 'POST',
        path: '/slow',
        rejectUnauthorized: false,
        agent: false,
      });
      sent.on('response', (response) => {
        response.setEncoding('utf8').on('data', (text: string) => parts.push(text));
        response.on('end', resolve);
      });
      sent.on('error', reject);
      sent.write('one ');
      setTimeout(() => sent.end('two'), 20);
    });
    assert.deepEqual(parts, ['first ', 'second']);
    assert.equal(heard.at(-1)?.body, 'one two');
  });

  test('a connection serves many requests', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
    const ports = new Set<number | undefined>();
    for (let n = 0; n < 3; n += 1) {
      await new Promise<void>((resolve, reject) => {
        const sent = httpsRequest({ ...target, agent });
        sent.on('response', (response) => response.resume().on('end', resolve));
        sent.on('socket', (socket) => socket.once('lookup', () => undefined));
        sent.on('close', () => ports.add(sent.socket?.localPort));
        sent.on('error', reject);
        sent.end();
      });
    }
    agent.destroy();
    assert.equal(ports.size, 1);
  });

  test('a change of certificates lets a running request finish and ends idle connections', async () => {
    const ask = (path: string, agent: Agent) => {
      const sent = httpsRequest({ ...target, path, agent });
      let closed = false;
      sent.on('socket', (socket) => socket.on('close', () => (closed = true)));
      const body = new Promise<string>((resolve, reject) => {
        sent.on('error', reject);
        sent.on('response', (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response.on('error', reject);
          response.on('end', () => resolve(text));
        });
      });
      sent.end();
      return { body, isClosed: async () => closed };
    };
    const agent = () => new Agent({ keepAlive: true, rejectUnauthorized: false });
    const idle = ask('/', agent());
    await idle.body;
    const http2 = connectHttp2(`https://${target.host}:${target.port}`, { rejectUnauthorized: false });
    await new Promise((resolve) => http2.once('connect', resolve));
    const running = ask('/slow', agent());
    await until(
      async () => heard.at(-1)?.url,
      (url) => url === '/slow',
    );

    const ca = workshop.authority('/CN=Client CA');
    await dataPlane.serve({ ...configuration, clientCa: ca.certificate });
    assert.equal(await running.body, 'first second');
    await until(idle.isClosed, (closed) => closed);
    await until(running.isClosed, (closed) => closed);
    await until(
      async () => http2.closed,
      (closed) => closed,
    );
    assert.equal((await visit(target)).status, 400);
  });
});

test('a demo server answers 200 on every path and says its name', async () => {
  const backends = await DemoBackends.start(2);
  try {
    for (const { serverId, url } of backends.list()) {
      for (const path of ['/', '/health', '/any/where?x=1']) {
        const response = await fetch(url + path);
        assert.equal(response.status, 200);
        assert.equal(response.headers.get('x-backend'), serverId);
        assert.match(await response.text(), new RegExp(`<h1>${serverId}</h1>`));
      }
    }
  } finally {
    await backends.close();
  }
});

async function served(
  target: { host: string; port: number },
  times: number,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let n = 0; n < times; n += 1) {
    const page = await visit(target);
    assert.equal(page.status, 200);
    const name = String(page.headers['x-backend']);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function visitHttp2(
  target: { host: string; port: number },
  identity?: Identity,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`https://${target.host}:${target.port}`, {
      rejectUnauthorized: false,
      ...(identity && { cert: identity.certificate, key: identity.key }),
    });
    session.on('error', reject);
    const stream = session.request({ ':path': '/' });
    let status = 0;
    let body = '';
    stream.on('response', (headers) => {
      status = Number(headers[':status']);
    });
    stream.setEncoding('utf8').on('data', (text: string) => (body += text));
    stream.on('end', () => session.close(() => resolve({ status, body })));
    stream.end();
  });
}
