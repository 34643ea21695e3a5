import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startSimulator } from '../../../simulator/simulator.ts';
import type { SimulatorError } from '../../../simulator/simulator-error.ts';
import { popCore, until } from '../judges/alibaba-clients.ts';
import { type Identity, OpensslWorkshop } from '../judges/openssl.ts';
import { practise, quick } from '../judges/practice.ts';
import { visit } from '../judges/web-client.ts';

describe('the state file', () => {
  let workshop: OpensslWorkshop;
  let directory: string;
  let ca: Identity;
  let server: Identity;

  before(() => {
    workshop = new OpensslWorkshop();
    directory = mkdtempSync(join(tmpdir(), 'warifu-割符 state-'));
    ca = workshop.authority('/CN=CA');
    server = workshop.leaf(ca, { subject: '/CN=www.example.com', usage: 'serverAuth' });
  });
  after(() => {
    workshop.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  test('brings everything back, and running listeners serve again at the same address', async () => {
    const statePath = join(directory, 'deep', 'state.json');
    const first = await startSimulator({ port: 0, statePath, delays: quick });
    const { target, LoadBalancerId, CACertificateId, RegionId } = await practise(first, { server, ca });
    await first.close();
    await assert.rejects(visit(target), /ECONNREFUSED/);

    const second = await startSimulator({ port: 0, statePath, delays: quick });
    try {
      assert.equal(second.accessKeyId, first.accessKeyId);
      assert.equal(second.accessKeySecret, first.accessKeySecret);
      const page = await visit(target);
      assert.equal(page.status, 400);
      assert.match(page.body, /No required SSL certificate was sent/);
      const call = popCore(second, 'POST');
      const { CACertificates } = await call('DescribeCACertificates', { RegionId });
      assert.equal(CACertificates.CACertificate[0].CACertificateId, CACertificateId);
      const { BackendServers } = await call('DescribeLoadBalancerAttribute', { LoadBalancerId });
      assert.equal(BackendServers.BackendServer.length, 2);
    } finally {
      await second.close();
    }
  });

  test('every change is in the file when its answer arrives', async () => {
    const statePath = join(directory, 'durable.json');
    const simulator = await startSimulator({ port: 0, statePath, delays: quick });
    try {
      const { LoadBalancerId } = await popCore(simulator, 'POST')('CreateLoadBalancer', {
        RegionId: 'cn-hangzhou',
      });
      assert.ok(readFileSync(statePath, 'utf8').includes(LoadBalancerId));
      assert.equal(statSync(statePath).mode & 0o777, 0o600);
      assert.deepEqual(
        readdirSync(directory).filter((name) => name.endsWith('.new')),
        [],
      );
    } finally {
      await simulator.close();
    }
  });

  test('holds no private key and no AccessKey secret that it was given', async () => {
    const statePath = join(directory, 'sealed.json');
    const key = { accessKeyId: 'given-id', accessKeySecret: 'given-secret-9d1c' };
    const simulator = await startSimulator({ port: 0, statePath, delays: quick, ...key });
    const { target } = await practise(simulator, { server });
    await simulator.close();
    const text = readFileSync(statePath, 'utf8');
    assert.ok(!text.includes('PRIVATE KEY') && !text.includes(server.key.split('\n')[3]!));
    assert.ok(!text.includes(key.accessKeySecret));

    for (const wrong of [{}, { ...key, accessKeySecret: 'another' }]) {
      await assert.rejects(
        startSimulator({ port: 0, statePath, ...wrong }),
        (error: SimulatorError) => error.code === 'STATE_OTHER_ACCESS_KEY',
      );
    }
    assert.equal(readFileSync(statePath, 'utf8'), text, 'a refused start leaves the file alone');
    const again = await startSimulator({ port: 0, statePath, delays: quick, ...key });
    try {
      await until(
        () => visit(target),
        ({ status }) => status === 200,
      );
    } finally {
      await again.close();
    }
  });

  test('is not touched when it is not ours', async () => {
    const statePath = join(directory, 'letter.txt');
    for (const content of ['Dear Alice', '{"version":99}', '']) {
      writeFileSync(statePath, content);
      await assert.rejects(
        startSimulator({ port: 0, statePath }),
        (error: SimulatorError) => error.code === 'STATE_DAMAGED',
      );
      assert.equal(readFileSync(statePath, 'utf8'), content);
    }
  });

  test('a port in use is said to be so', async () => {
    const simulator = await startSimulator({ port: 0 });
    const port = Number(new URL(simulator.endpoint).port);
    await assert.rejects(startSimulator({ port }), (error: SimulatorError) => error.code === 'PORT_BUSY');
    await simulator.close();
  });
});
