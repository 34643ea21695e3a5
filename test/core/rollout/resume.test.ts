/** Whatever stops a run, the next one ends with one of each, and knows them as its own. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { applyRollout } from '../../../core/rollout/apply.ts';
import { destroyRollout } from '../../../core/rollout/destroy.ts';
import { openCalls } from '../../../core/rollout/journal.ts';
import { noResources } from '../../../core/rollout/resources.ts';
import { regionIds } from '../../../core/slb/endpoints.ts';
import {
  apply,
  applyOptions,
  census,
  desiredFor,
  finish,
  Killed,
  type Loss,
  MemoryJournal,
  nothingLeft,
  oneOfEach,
  openPractice,
  type Practice,
  plan,
  problemOf,
} from './practice.ts';

let practice: Practice;
before(async () => {
  practice = await openPractice();
});
after(() => practice.close());

/** A region of its own for each case of one practice cloud; a second cloud when they are used up. */
let used = 0;
const freshRegion = (): string => {
  const region = regionIds[used++];
  assert.ok(region, 'no region left');
  return region;
};

async function assertSettledOnce(regionId: string, journal: MemoryJournal, label: string): Promise<void> {
  const desired = desiredFor(practice, regionId);
  const status = await apply(practice, desired, journal);
  assert.equal(status.ready, true, label);
  assert.deepEqual(await census(practice, regionId), oneOfEach, label);
  assert.equal((await plan(practice, desired, journal)).settled, true, label);
  const { loadBalancer, listener, serverCertificates, caCertificates, backends } = journal.standing;
  assert.deepEqual(
    [
      loadBalancer?.made,
      listener?.made,
      serverCertificates.map(({ made }) => made),
      caCertificates.map(({ made }) => made),
      backends.length,
    ],
    [true, true, [true], [true], 2],
    label,
  );
  assert.deepEqual(openCalls(journal), [], label);
}

/** Journal writes of an undisturbed run. */
const writes = 12;

test('an undisturbed run writes twelve entries', async () => {
  const regionId = freshRegion();
  const journal = new MemoryJournal('undisturbed');
  await assertSettledOnce(regionId, journal, 'undisturbed');
  assert.equal(journal.writes, writes);
});

for (const when of ['before', 'after'] as const)
  test(`a process that dies just ${when} any journal write leaves nothing that the next one makes again`, async () => {
    await Promise.all(
      Array.from({ length: writes }, async (_, index) => {
        const regionId = freshRegion();
        const journal = new MemoryJournal(`${when}-${index}`);
        journal.killAt = { write: index + 1, when };
        await assert.rejects(apply(practice, desiredFor(practice, regionId), journal), Killed);
        journal.killAt = undefined;
        await assertSettledOnce(regionId, journal, `${when} write ${index + 1}`);
      }),
    );
  });

test('cancelled at any event, a run stops between steps and continues later', async () => {
  used = 0;
  const other = await openPractice();
  const first = practice;
  practice = other;
  try {
    const length = (
      await finish(
        applyRollout(
          applyOptions(practice, desiredFor(practice, freshRegion()), new MemoryJournal('length')),
        ),
      )
    ).events.length;
    const outcomes = await Promise.all(
      Array.from({ length }, async (_, index) => {
        const regionId = freshRegion();
        const journal = new MemoryJournal(`cancel-${index}`);
        const abort = new AbortController();
        const options = applyOptions(practice, desiredFor(practice, regionId), journal, {
          signal: abort.signal,
        });
        const run = finish(applyRollout(options), (_event, count) => {
          if (count === index + 1) abort.abort();
        });
        const outcome = await run.then(
          () => 'finished',
          (error) => error.code,
        );
        assert.deepEqual(openCalls(journal), [], `no call is left open after event ${index + 1}`);
        await assertSettledOnce(regionId, journal, `event ${index + 1}`);
        return outcome;
      }),
    );
    // After the last steps there is nothing left to stop.
    assert.deepEqual([...new Set(outcomes)].toSorted(), ['ROLLOUT_CANCELLED', 'finished']);
    assert.ok(outcomes.filter((outcome) => outcome === 'finished').length <= 2, outcomes.join());
  } finally {
    await other.close();
    practice = first;
  }
});

const changing = [
  'CreateLoadBalancer',
  'UploadServerCertificate',
  'UploadCACertificate',
  'AddBackendServers',
  'CreateLoadBalancerHTTPSListener',
  'StartLoadBalancerListener',
];

test('lost requests and lost replies of every call are settled within the run', async () => {
  used = 0;
  const other = await openPractice();
  const first = practice;
  practice = other;
  try {
    const cases = changing.flatMap((action) =>
      (['request', 'reply'] as const).map((loss: Loss) => ({ action, loss })),
    );
    await Promise.all(
      cases.map(async ({ action, loss }) => {
        const regionId = freshRegion();
        practice.proxy.lose(regionId, action, loss);
        const journal = new MemoryJournal(`${loss}-${action}`);
        const { events } = await finish(
          applyRollout(applyOptions(practice, desiredFor(practice, regionId), journal)),
        );
        assert.ok(
          events.some((event) => event.type === 'step' && event.state === 'unknown' && event.name === action),
        );
        assert.ok(journal.log.some(({ state, detail }) => state === 'unknown' && detail.action === action));
        assert.equal(
          practice.proxy.changes(regionId)[action],
          loss === 'reply' ? 1 : 2,
          `${action} after a lost ${loss}`,
        );
        await assertSettledOnce(regionId, journal, `${loss} of ${action}`);
      }),
    );
    // Lost, and then the process dies before it could look.
    await Promise.all(
      changing.map(async (action) => {
        const regionId = freshRegion();
        practice.proxy.lose(regionId, action, 'reply');
        const journal = new MemoryJournal(`died-${action}`);
        const options = applyOptions(practice, desiredFor(practice, regionId), journal);
        await assert.rejects(
          finish(applyRollout(options), (event) => {
            if (event.type === 'step' && event.state === 'unknown') throw new Killed();
          }),
          Killed,
        );
        assert.deepEqual(
          openCalls(journal).map(({ state, detail }) => `${state} ${detail.action}`),
          [`unknown ${action}`],
        );
        await assertSettledOnce(regionId, journal, `died after ${action}`);
        assert.equal(practice.proxy.changes(regionId)[action], 1);
      }),
    );
  } finally {
    await other.close();
    practice = first;
  }
});

test('answers that keep getting lost end as an unknown outcome, and the next run still makes only one', async () => {
  const regionId = freshRegion();
  practice.proxy.lose(regionId, 'UploadServerCertificate', 'request', 3);
  const journal = new MemoryJournal('stubborn');
  assert.equal(
    (await problemOf(apply(practice, desiredFor(practice, regionId), journal))).code,
    'SLB_UNKNOWN_OUTCOME',
  );
  await assertSettledOnce(regionId, journal, 'stubborn');
});

test('a rollout that died while ordering its load balancer can still be destroyed whole', async () => {
  const regionId = freshRegion();
  const journal = new MemoryJournal('orphan');
  journal.killAt = { write: 2, when: 'before' };
  await assert.rejects(apply(practice, desiredFor(practice, regionId), journal), Killed);
  assert.equal((await census(practice, regionId)).loadBalancers, 1);
  assert.deepEqual(journal.standing, noResources);
  journal.killAt = undefined;
  const { result } = await finish(
    destroyRollout(applyOptions(practice, desiredFor(practice, regionId), journal)),
  );
  assert.deepEqual(result, noResources);
  assert.deepEqual(await census(practice, regionId), nothingLeft);
});

test('two processes that apply one rollout at once order one load balancer', async () => {
  const regionId = freshRegion();
  const desired = desiredFor(practice, regionId);
  const journals = [new MemoryJournal('same'), new MemoryJournal('same')];
  await Promise.allSettled(journals.map((journal) => apply(practice, desired, journal)));
  assert.equal((await census(practice, regionId)).loadBalancers, 1);
});

test('applied again after it was destroyed, a rollout orders anew', async () => {
  const regionId = freshRegion();
  const desired = desiredFor(practice, regionId);
  const journal = new MemoryJournal('again');
  const first = await apply(practice, desired, journal);
  await finish(destroyRollout(applyOptions(practice, desired, journal)));
  const second = await apply(practice, desired, journal);
  assert.notEqual(second.loadBalancer?.id, first.loadBalancer?.id);
  assert.deepEqual(await census(practice, regionId), oneOfEach);
});
