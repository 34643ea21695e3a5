import assert from 'node:assert/strict';
import { request } from 'node:https';
import { test } from 'node:test';
import { applyRollout } from '../../../core/rollout/apply.ts';
import { addBackendServers } from '../../../core/slb/backends.ts';
import { uploadCaCertificate } from '../../../core/slb/certificates.ts';
import { describeHttpsListener, stopListener } from '../../../core/slb/listeners.ts';
import { createLoadBalancer, describeLoadBalancer } from '../../../core/slb/load-balancers.ts';
import {
  apply,
  applyOptions,
  census,
  desiredFor,
  finish,
  MemoryJournal,
  oneOfEach,
  openPractice,
  plan,
  problemOf,
  quickHealthCheck,
} from './practice.ts';

const actions = (made: Awaited<ReturnType<typeof plan>>) =>
  made.items.map(({ resource, action }) => `${resource} ${action}`);
const settled = [
  'load-balancer nothing',
  'server-certificate nothing',
  'ca-certificate nothing',
  'backends nothing',
  'listener nothing',
];

/** Status and body of a request to a listener, without a client certificate. */
function visit(endpoint: string): Promise<string> {
  const [host, port] = endpoint.split(':');
  return new Promise((resolve, reject) => {
    const visitor = request(
      { host, port, path: '/', rejectUnauthorized: false, servername: 'www.example.com' },
      (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve(`${response.statusCode} ${body}`));
      },
    );
    visitor.on('error', reject);
    visitor.end();
  });
}

test('an empty region comes to what is desired; a second plan has nothing to do and a second apply changes nothing', async (t) => {
  const practice = await openPractice(t);
  const desired = desiredFor(practice);
  const journal = new MemoryJournal('r1');
  const first = await plan(practice, desired, journal);
  assert.deepEqual(
    actions(first),
    settled.map((line) => line.replace('nothing', 'create')),
  );
  assert.equal(first.items[0]!.costNote, 'billed-by-clcu');

  const status = await apply(practice, desired, journal);
  assert.deepEqual(
    status.checks.filter(({ ok }) => !ok),
    [],
  );
  assert.equal(status.ready, true);
  assert.match(await visit(status.endpoint!), /^400 [\s\S]*No required SSL certificate was sent/);
  assert.deepEqual(await census(practice), oneOfEach);

  const second = await plan(practice, desired, journal);
  assert.deepEqual(actions(second), settled);
  assert.equal(second.settled, true);
  const changes = practice.proxy.changes();
  assert.equal((await apply(practice, desired, journal)).ready, true);
  assert.deepEqual(practice.proxy.changes(), changes);
});

test('the steps come in an order in which the listener is whole before it runs', async (t) => {
  const practice = await openPractice(t);
  await apply(practice, desiredFor(practice), new MemoryJournal('r2'));
  assert.deepEqual(Object.keys(practice.proxy.changes()), [
    'CreateLoadBalancer',
    'UploadServerCertificate',
    'UploadCACertificate',
    'AddBackendServers',
    'CreateLoadBalancerHTTPSListener',
    'StartLoadBalancerListener',
  ]);
});

test('no key and no PEM stands in plan, journal, events, URLs or headers', async (t) => {
  const practice = await openPractice(t);
  const desired = desiredFor(practice);
  const journal = new MemoryJournal('r3');
  const planned = await plan(practice, desired, journal);
  const { events, result } = await finish(applyRollout(applyOptions(practice, desired, journal)));
  const seen = JSON.stringify([
    planned,
    journal.log,
    journal.standing,
    events,
    result,
    practice.proxy.openText,
  ]);
  for (const trace of ['BEGIN', 'MII', practice.simulator.accessKeySecret])
    assert.ok(!seen.includes(trace), trace);
  assert.ok(practice.proxy.openText.every((line) => line.startsWith('/ ')));
});

test('the key is asked for only when a certificate is uploaded, and is wiped after', async (t) => {
  const practice = await openPractice(t);
  const desired = desiredFor(practice);
  const journal = new MemoryJournal('r4');
  const given: Uint8Array[] = [];
  const serverKey = () => {
    given.push(Uint8Array.from(practice.server.key));
    return given.at(-1)!;
  };
  await finish(applyRollout(applyOptions(practice, desired, journal, { serverKey })));
  await finish(applyRollout(applyOptions(practice, desired, journal, { serverKey })));
  assert.equal(given.length, 1);
  assert.ok(given[0]!.every((byte) => byte === 0));
});

test('a key of another certificate is refused before it is sent', async (t) => {
  const practice = await openPractice(t);
  const options = applyOptions(practice, desiredFor(practice), new MemoryJournal('r5'), {
    serverKey: () => Uint8Array.from(practice.otherServer.key),
  });
  assert.equal((await problemOf(finish(applyRollout(options)))).code, 'KEY_MISMATCH');
  assert.equal(practice.proxy.changes()['UploadServerCertificate'], undefined);
});

test('what is there already is adopted: load balancer by name, certificate by fingerprint', async (t) => {
  const practice = await openPractice(t);
  const client = practice.client;
  const { id } = await createLoadBalancer(client, {
    name: 'warifu',
    addressType: 'internet',
    clientToken: 'by-hand',
  });
  const ca = await uploadCaCertificate(client, { name: 'by-hand', pem: practice.ca.pem });
  const desired = desiredFor(practice);
  const journal = new MemoryJournal('r6');
  assert.deepEqual(actions(await plan(practice, desired, journal)).slice(0, 3), [
    'load-balancer adopt',
    'server-certificate create',
    'ca-certificate adopt',
  ]);
  const status = await apply(practice, desired, journal);
  assert.equal(status.ready, true);
  assert.equal(status.loadBalancer?.id, id);
  assert.equal(status.listener?.caCertificateId, ca.id);
  assert.equal(journal.standing.loadBalancer?.made, false);
  assert.deepEqual(
    journal.standing.caCertificates.map(({ name, made }) => [name, made]),
    [['by-hand', false]],
  );
  assert.deepEqual(await census(practice), oneOfEach);
  assert.deepEqual(actions(await plan(practice, desired, journal)), settled);
});

test('an adopted load balancer keeps the servers that others put there', async (t) => {
  const practice = await openPractice(t);
  const client = practice.client;
  const { id } = await createLoadBalancer(client, {
    name: 'theirs',
    addressType: 'internet',
    clientToken: 'theirs',
  });
  await addBackendServers(client, id, [{ serverId: 'i-demo-2', weight: 30 }]);
  const desired = desiredFor(practice, {
    loadBalancer: { id },
    backends: [{ serverId: 'i-demo-1' }],
  });
  const journal = new MemoryJournal('r7');
  assert.equal((await apply(practice, desired, journal)).ready, true);
  assert.deepEqual(
    (await describeLoadBalancer(client, id))?.backends
      .map(({ serverId, weight }) => [serverId, weight])
      .toSorted(),
    [
      ['i-demo-1', 100],
      ['i-demo-2', 30],
    ],
  );
  assert.deepEqual(
    journal.standing.backends.map(({ serverId }) => serverId),
    ['i-demo-1'],
  );
  assert.deepEqual(actions(await plan(practice, desired, journal)), settled);
});

test('new weights are set, a server no longer wanted is taken out', async (t) => {
  const practice = await openPractice(t);
  const journal = new MemoryJournal('r8');
  await apply(practice, desiredFor(practice), journal);
  const desired = desiredFor(practice, { backends: [{ serverId: 'i-demo-1', weight: 50 }] });
  const { apiCalls } = (await plan(practice, desired, journal)).items[3]!;
  assert.deepEqual(
    apiCalls.map(({ action }) => action),
    ['RemoveBackendServers', 'SetBackendServers'],
  );
  const status = await apply(practice, desired, journal);
  assert.deepEqual(
    status.backends.map(({ serverId, weight }) => [serverId, weight]),
    [['i-demo-1', 50]],
  );
  assert.deepEqual(actions(await plan(practice, desired, journal)), settled);
});

test('another CA and another server certificate take over in place; the old ones go in a plan of their own', async (t) => {
  const practice = await openPractice(t);
  const journal = new MemoryJournal('r9');
  const before = await apply(practice, desiredFor(practice), journal);
  const desired = desiredFor(practice, {
    serverCertificate: { name: 'web-2', chainPem: practice.otherServer.pem },
    caCertificate: { name: 'clients-2', pem: practice.otherCa.pem },
  });
  const change = await plan(practice, desired, journal);
  assert.deepEqual(actions(change), [
    'load-balancer nothing',
    'server-certificate create',
    'ca-certificate create',
    'backends nothing',
    'listener change',
  ]);
  assert.deepEqual(
    change.items[4]!.apiCalls.map(({ action }) => action),
    ['SetLoadBalancerHTTPSListenerAttribute'],
  );
  const afterwards = await apply(practice, desired, journal);
  assert.equal(afterwards.ready, true);
  assert.notEqual(afterwards.listener?.caCertificateId, before.listener?.caCertificateId);
  assert.equal((await census(practice)).caCertificates, 2);

  assert.deepEqual(actions(await plan(practice, desired, journal)), [
    ...settled,
    'old-server-certificate delete',
    'old-ca-certificate delete',
  ]);
  await apply(practice, desired, journal);
  assert.deepEqual(await census(practice), oneOfEach);
  assert.equal((await plan(practice, desired, journal)).settled, true);
});

test('another backend port replaces the listener, and the plan says that it interrupts', async (t) => {
  const practice = await openPractice(t);
  const journal = new MemoryJournal('r10');
  await apply(practice, desiredFor(practice), journal);
  const healthCheck = quickHealthCheck;
  const desired = desiredFor(practice, { listener: { backendServerPort: 8080, healthCheck } });
  const item = (await plan(practice, desired, journal)).items[4]!;
  assert.deepEqual(
    [item.action, item.reason, item.costNote],
    ['replace', 'backend-port-fixed', 'interrupts-listener'],
  );
  assert.equal((await apply(practice, desired, journal)).ready, true);
  assert.deepEqual(await census(practice), oneOfEach);
  assert.equal(journal.standing.listener?.made, true);
  assert.deepEqual(actions(await plan(practice, desired, journal)), settled);
});

test('changed attributes go out in one call, and a stopped listener is started', async (t) => {
  const practice = await openPractice(t);
  const journal = new MemoryJournal('r11');
  const { loadBalancer } = await apply(practice, desiredFor(practice), journal);
  const address = { loadBalancerId: loadBalancer!.id, port: 443 };
  await stopListener(practice.client, address);
  while ((await describeHttpsListener(practice.client, address))?.status !== 'stopped')
    await new Promise((resolve) => setTimeout(resolve, 20));
  const healthCheck = { ...quickHealthCheck, uri: '/alive' };
  const desired = desiredFor(practice, {
    listener: { scheduler: 'wrr', gzip: false, healthCheck },
  });
  const { now, willBe } = (await plan(practice, desired, journal)).items[4]!;
  assert.deepEqual(now, { Status: 'stopped', Scheduler: 'rr', Gzip: 'on', HealthCheckURI: '/healthz' });
  assert.deepEqual(willBe, { Status: 'running', Scheduler: 'wrr', Gzip: 'off', HealthCheckURI: '/alive' });
  const before = practice.proxy.changes();
  assert.equal((await apply(practice, desired, journal)).ready, true);
  const changes = practice.proxy.changes();
  assert.equal(changes['SetLoadBalancerHTTPSListenerAttribute'], 1);
  assert.equal(changes['StartLoadBalancerListener'], before['StartLoadBalancerListener']! + 1);
});

test('a load balancer that it made gets its new name', async (t) => {
  const practice = await openPractice(t);
  const journal = new MemoryJournal('r12');
  const { loadBalancer } = await apply(practice, desiredFor(practice), journal);
  const desired = desiredFor(practice, { loadBalancer: { create: { name: 'renamed' } } });
  const status = await apply(practice, desired, journal);
  assert.deepEqual([status.loadBalancer?.id, status.loadBalancer?.name], [loadBalancer?.id, 'renamed']);
});

test('a port that another protocol has is refused, and nothing is changed', async (t) => {
  const practice = await openPractice(t);
  const client = practice.client;
  const { id } = await createLoadBalancer(client, {
    name: 'busy',
    addressType: 'internet',
    clientToken: 'busy',
  });
  const plain = {
    ListenerPort: 443,
    BackendServerPort: 80,
    Bandwidth: -1,
    HealthCheck: 'off',
    StickySession: 'off',
  };
  await client.change('CreateLoadBalancerHTTPListener', { LoadBalancerId: id, ...plain });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = practice.proxy.changes();
  const desired = desiredFor(practice, { loadBalancer: { id } });
  const { code, data } = await problemOf(apply(practice, desired, new MemoryJournal('r13')));
  assert.deepEqual([code, data], ['LISTENER_PORT_TAKEN', { loadBalancer: id, port: 443, protocol: 'http' }]);
  assert.deepEqual(practice.proxy.changes(), before);
});

test('a load balancer that does not exist, and a name that two have, are said as such', async (t) => {
  const practice = await openPractice(t);
  const unknown = desiredFor(practice, { loadBalancer: { id: 'lb-nowhere' } });
  assert.equal(
    (await problemOf(apply(practice, unknown, new MemoryJournal('r14')))).code,
    'LOAD_BALANCER_NOT_FOUND',
  );
  for (const clientToken of ['one', 'two'])
    await createLoadBalancer(practice.client, {
      name: 'warifu',
      addressType: 'internet',
      clientToken,
    });
  const desired = desiredFor(practice);
  assert.equal(
    (await problemOf(apply(practice, desired, new MemoryJournal('r15')))).code,
    'LOAD_BALANCER_AMBIGUOUS',
  );
});

test('a locked load balancer is left alone', async (t) => {
  const practice = await openPractice(t);
  const { id } = await createLoadBalancer(practice.client, {
    name: 'warifu',
    addressType: 'internet',
    clientToken: 'locked',
  });
  await practice.simulator.lock(id, true);
  assert.equal(
    (await problemOf(apply(practice, desiredFor(practice), new MemoryJournal('r16')))).code,
    'LOAD_BALANCER_LOCKED',
  );
});

test('a plan that was agreed to is the one that is done', async (t) => {
  const practice = await openPractice(t);
  const desired = desiredFor(practice);
  const journal = new MemoryJournal('r17');
  const { digest } = await plan(practice, desired, journal);
  await createLoadBalancer(practice.client, {
    name: 'warifu',
    addressType: 'internet',
    clientToken: 'between',
  });
  const before = practice.proxy.changes();
  assert.equal(
    (await problemOf(finish(applyRollout(applyOptions(practice, desired, journal, { agreed: digest })))))
      .code,
    'ROLLOUT_PLAN_CHANGED',
  );
  assert.deepEqual(practice.proxy.changes(), before);
  const { digest: current } = await plan(practice, desired, journal);
  assert.equal(
    (await finish(applyRollout(applyOptions(practice, desired, journal, { agreed: current })))).result.ready,
    true,
  );
});

test('backends that do not answer end in a problem that names each, after what stands is told', async (t) => {
  const practice = await openPractice(t);
  await practice.simulator.stopBackend('i-demo-2');
  const stands: string[] = [];
  const patience = { healthy: 1, state: 20, visible: 0.2 };
  const options = applyOptions(practice, desiredFor(practice), new MemoryJournal('r18'), { patience });
  const run = finish(applyRollout(options), (event) => {
    if (event.type === 'interrupted')
      stands.push(`${event.step} ${event.status?.listener?.status} ${event.status?.ready}`);
  });
  const { code, data } = await problemOf(run);
  assert.equal(code, 'ROLLOUT_UNHEALTHY');
  assert.match(String(data['backends']), /^i-demo-1 normal, i-demo-2 (abnormal|unavailable)$/);
  assert.deepEqual(stands, ['wait-healthy running false']);
});

test('a lost reply to a change of attributes is settled by comparing', async (t) => {
  const practice = await openPractice(t);
  const journal = new MemoryJournal('r19');
  await apply(practice, desiredFor(practice), journal);
  const healthCheck = quickHealthCheck;
  const desired = desiredFor(practice, { listener: { gzip: false, healthCheck } });
  practice.proxy.lose('SetLoadBalancerHTTPSListenerAttribute', 'reply');
  assert.equal((await apply(practice, desired, journal)).ready, true);
  assert.equal(practice.proxy.changes()['SetLoadBalancerHTTPSListenerAttribute'], 1);
  assert.equal((await plan(practice, desired, journal)).settled, true);
});
