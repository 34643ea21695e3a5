import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { destroyRollout } from '../../../core/rollout/destroy.ts';
import { noResources } from '../../../core/rollout/resources.ts';
import { addBackendServers } from '../../../core/slb/backends.ts';
import { uploadCaCertificate } from '../../../core/slb/certificates.ts';
import { regionIds } from '../../../core/slb/endpoints.ts';
import { createRedirectListener, deleteListener } from '../../../core/slb/listeners.ts';
import {
  createLoadBalancer,
  deleteLoadBalancer,
  describeLoadBalancer,
} from '../../../core/slb/load-balancers.ts';
import {
  apply,
  applyOptions,
  census,
  desiredFor,
  finish,
  Killed,
  MemoryJournal,
  nothingLeft,
  openPractice,
  type Practice,
  problemOf,
} from './practice.ts';

let practice: Practice;
before(async () => {
  practice = await openPractice();
});
after(() => practice.close());

const destroy = async (
  regionId: string,
  journal: MemoryJournal,
  change: Parameters<typeof desiredFor>[2] = {},
) =>
  (await finish(destroyRollout(applyOptions(practice, desiredFor(practice, regionId, change), journal))))
    .result;

test('all that a rollout made goes, and a second destroy finds nothing to do', async () => {
  const journal = new MemoryJournal('d1');
  await apply(practice, desiredFor(practice, 'cn-beijing'), journal);
  assert.deepEqual(await destroy('cn-beijing', journal), noResources);
  assert.deepEqual(await census(practice, 'cn-beijing'), nothingLeft);
  const before = practice.proxy.changes('cn-beijing');
  await destroy('cn-beijing', journal);
  assert.deepEqual(practice.proxy.changes('cn-beijing'), before);
});

test('what was adopted stays: load balancer, its other servers, the certificate uploaded by hand', async () => {
  const regionId = 'cn-hangzhou';
  const client = practice.client(regionId);
  const { id } = await createLoadBalancer(client, {
    name: 'theirs',
    addressType: 'internet',
    clientToken: 'theirs',
  });
  await addBackendServers(client, id, [{ serverId: 'i-demo-2', weight: 30 }]);
  const ca = await uploadCaCertificate(client, { name: 'theirs', pem: practice.ca.pem });
  const change = { loadBalancer: { id }, backends: [{ serverId: 'i-demo-1' }] };
  const journal = new MemoryJournal('d2');
  await apply(practice, desiredFor(practice, regionId, change), journal);
  assert.deepEqual(await destroy(regionId, journal, change), noResources);
  const left = await describeLoadBalancer(client, id);
  assert.deepEqual([left?.listeners, left?.backends.map(({ serverId }) => serverId)], [[], ['i-demo-2']]);
  assert.deepEqual(await census(practice, regionId), {
    loadBalancers: 1,
    listeners: 0,
    backends: 1,
    serverCertificates: 0,
    caCertificates: 1,
  });
  assert.ok(ca.id);
});

test('a load balancer that has got listeners of others is not deleted, and nothing is taken down', async () => {
  const regionId = 'cn-qingdao';
  const journal = new MemoryJournal('d3');
  const { loadBalancer } = await apply(practice, desiredFor(practice, regionId), journal);
  const other = { loadBalancerId: loadBalancer!.id, port: 8080 };
  await createRedirectListener(practice.client(regionId), other, 443);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = await census(practice, regionId);
  const { code, data } = await problemOf(destroy(regionId, journal));
  assert.deepEqual([code, data], ['LOAD_BALANCER_SHARED', { loadBalancer: loadBalancer!.id, ports: '8080' }]);
  assert.deepEqual(await census(practice, regionId), before);
  await deleteListener(practice.client(regionId), other, 'http');
  await destroy(regionId, journal);
  assert.deepEqual(await census(practice, regionId), nothingLeft);
});

test('what somebody else deleted already is no obstacle', async () => {
  const regionId = 'cn-shanghai';
  const journal = new MemoryJournal('d4');
  const { loadBalancer } = await apply(practice, desiredFor(practice, regionId), journal);
  await deleteLoadBalancer(practice.client(regionId), loadBalancer!.id);
  assert.deepEqual(await destroy(regionId, journal), noResources);
  assert.deepEqual(await census(practice, regionId), nothingLeft);
});

test('killed at any journal write or with any reply lost, destroying ends the next time', async () => {
  const calls = [
    'DeleteLoadBalancerListener',
    'DeleteLoadBalancer',
    'DeleteServerCertificate',
    'DeleteCACertificate',
  ];
  const kills = Array.from({ length: 9 }, (_, index) => index + 1);
  await Promise.all([
    ...kills.map(async (write, index) => {
      const regionId = regionIds[index]!.startsWith('cn-') ? `ap-southeast-${index + 1}` : regionIds[index]!;
      const journal = new MemoryJournal(`kill-${write}`);
      await apply(practice, desiredFor(practice, regionId), journal);
      journal.killAt = { write: journal.writes + write, when: write % 2 === 0 ? 'before' : 'after' };
      await assert.rejects(destroy(regionId, journal), Killed, `write ${write}`);
      journal.killAt = undefined;
      assert.deepEqual(await destroy(regionId, journal), noResources);
      assert.deepEqual(await census(practice, regionId), nothingLeft, `write ${write}`);
    }),
    ...calls.map(async (action, index) => {
      const regionId = ['us-east-1', 'us-west-1', 'na-south-1', 'me-east-1'][index]!;
      const journal = new MemoryJournal(`lost-${action}`);
      await apply(practice, desiredFor(practice, regionId), journal);
      practice.proxy.lose(regionId, action, 'reply');
      assert.deepEqual(await destroy(regionId, journal), noResources, action);
      assert.deepEqual(await census(practice, regionId), nothingLeft, action);
    }),
  ]);
});
