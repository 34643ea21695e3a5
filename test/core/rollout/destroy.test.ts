import assert from 'node:assert/strict';
import { test } from 'node:test';
import { destroyRollout } from '../../../core/rollout/destroy.ts';
import { noResources } from '../../../core/rollout/resources.ts';
import { addBackendServers } from '../../../core/slb/backends.ts';
import { uploadCaCertificate } from '../../../core/slb/certificates.ts';
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

const destroy = async (
  practice: Practice,
  journal: MemoryJournal,
  change: Parameters<typeof desiredFor>[1] = {},
) => (await finish(destroyRollout(applyOptions(practice, desiredFor(practice, change), journal)))).result;

test('all that a rollout made goes, and a second destroy finds nothing to do', async (t) => {
  const practice = await openPractice(t);
  const journal = new MemoryJournal('d1');
  await apply(practice, desiredFor(practice), journal);
  assert.deepEqual(await destroy(practice, journal), noResources);
  assert.deepEqual(await census(practice), nothingLeft);
  const before = practice.proxy.changes();
  await destroy(practice, journal);
  assert.deepEqual(practice.proxy.changes(), before);
});

test('what was adopted stays: load balancer, its other servers, the certificate uploaded by hand', async (t) => {
  const practice = await openPractice(t);
  const { client } = practice;
  const { id } = await createLoadBalancer(client, {
    name: 'theirs',
    addressType: 'internet',
    clientToken: 'theirs',
  });
  await addBackendServers(client, id, [{ serverId: 'i-demo-2', weight: 30 }]);
  const ca = await uploadCaCertificate(client, { name: 'theirs', pem: practice.ca.pem });
  const change = { loadBalancer: { id }, backends: [{ serverId: 'i-demo-1' }] };
  const journal = new MemoryJournal('d2');
  const status = await apply(practice, desiredFor(practice, change), journal);
  assert.equal(status.listener?.caCertificateId, ca.id);
  assert.deepEqual(await destroy(practice, journal, change), noResources);
  const left = await describeLoadBalancer(client, id);
  assert.deepEqual([left?.listeners, left?.backends.map(({ serverId }) => serverId)], [[], ['i-demo-2']]);
  assert.deepEqual(await census(practice), {
    loadBalancers: 1,
    listeners: 0,
    backends: 1,
    serverCertificates: 0,
    caCertificates: 1,
  });
});

test('a load balancer that has got listeners of others is not deleted, and nothing is taken down', async (t) => {
  const practice = await openPractice(t);
  const journal = new MemoryJournal('d3');
  const { loadBalancer } = await apply(practice, desiredFor(practice), journal);
  const other = { loadBalancerId: loadBalancer!.id, port: 8080 };
  await createRedirectListener(practice.client, other, 443);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = await census(practice);
  const { code, data } = await problemOf(destroy(practice, journal));
  assert.deepEqual([code, data], ['LOAD_BALANCER_SHARED', { loadBalancer: loadBalancer!.id, ports: '8080' }]);
  assert.deepEqual(await census(practice), before);
  await deleteListener(practice.client, other, 'http');
  await destroy(practice, journal);
  assert.deepEqual(await census(practice), nothingLeft);
});

test('what somebody else deleted already is no obstacle', async (t) => {
  const practice = await openPractice(t);
  const journal = new MemoryJournal('d4');
  const { loadBalancer } = await apply(practice, desiredFor(practice), journal);
  await deleteLoadBalancer(practice.client, loadBalancer!.id);
  assert.deepEqual(await destroy(practice, journal), noResources);
  assert.deepEqual(await census(practice), nothingLeft);
});

/** Journal writes of destroying an applied rollout: two for each call, one for the listener gone, one at the end. */
const writes = 10;

test('killed at any journal write, destroying ends the next time', async (t) => {
  await Promise.all(
    Array.from({ length: writes }, async (_, index) => {
      for (const when of ['before', 'after'] as const) {
        const practice = await openPractice(t);
        const label = `${when} write ${index + 1}`;
        const journal = new MemoryJournal(label);
        await apply(practice, desiredFor(practice), journal);
        journal.killAt = { write: journal.writes + index + 1, when };
        await assert.rejects(destroy(practice, journal), Killed, label);
        journal.killAt = undefined;
        assert.deepEqual(await destroy(practice, journal), noResources, label);
        assert.deepEqual(await census(practice), nothingLeft, label);
      }
    }),
  );
});

test('with the reply or the request of any call lost, destroying ends', async (t) => {
  const calls = [
    'DeleteLoadBalancerListener',
    'DeleteLoadBalancer',
    'DeleteServerCertificate',
    'DeleteCACertificate',
  ];
  await Promise.all(
    calls.flatMap((action) =>
      (['request', 'reply'] as const).map(async (loss) => {
        const practice = await openPractice(t);
        const journal = new MemoryJournal(`${loss}-${action}`);
        await apply(practice, desiredFor(practice), journal);
        practice.proxy.lose(action, loss);
        assert.deepEqual(await destroy(practice, journal), noResources, action);
        assert.deepEqual(await census(practice), nothingLeft, action);
      }),
    ),
  );
});
