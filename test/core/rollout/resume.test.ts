/** Whatever stops a run, the next one ends with one of each, and knows them as its own. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { RolloutEvent } from '../../../contract/rollout.ts';
import { applyRollout } from '../../../core/rollout/apply.ts';
import { destroyRollout } from '../../../core/rollout/destroy.ts';
import { openCalls } from '../../../core/rollout/journal.ts';
import { noResources } from '../../../core/rollout/resources.ts';
import {
  apply,
  applyOptions,
  census,
  desiredFor,
  finish,
  Killed,
  MemoryJournal,
  nothingLeft,
  oneOfEach,
  openPractice,
  type Practice,
  plan,
  problemOf,
} from './practice.ts';

/** Runs every case on a practice cloud of its own, all at the same time. */
async function onEach<C>(
  t: TestContext,
  cases: readonly C[],
  work: (each: C, practice: Practice, journal: MemoryJournal) => Promise<void>,
): Promise<void> {
  await Promise.all(
    cases.map(async (each) => work(each, await openPractice(t), new MemoryJournal(JSON.stringify(each)))),
  );
}

async function assertSettledOnce(practice: Practice, journal: MemoryJournal, label: string): Promise<void> {
  const desired = desiredFor(practice);
  const status = await apply(practice, desired, journal);
  assert.equal(status.ready, true, `${label}: ${JSON.stringify(status.checks.filter(({ ok }) => !ok))}`);
  assert.deepEqual(await census(practice), oneOfEach, label);
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
const eachWrite = Array.from({ length: writes }, (_, index) => index + 1);

test('an undisturbed run writes twelve entries', async (t) => {
  const practice = await openPractice(t);
  const journal = new MemoryJournal('undisturbed');
  await assertSettledOnce(practice, journal, 'undisturbed');
  assert.equal(journal.writes, writes);
});

for (const when of ['before', 'after'] as const)
  test(`a process that dies just ${when} any journal write leaves nothing that the next one makes again`, async (t) => {
    await onEach(t, eachWrite, async (write, practice, journal) => {
      journal.killAt = { write, when };
      await assert.rejects(apply(practice, desiredFor(practice), journal), Killed);
      journal.killAt = undefined;
      await assertSettledOnce(practice, journal, `${when} write ${write}`);
    });
  });

test('cancelled at any event, a run stops between steps and continues later', async (t) => {
  const undisturbed = await openPractice(t);
  const options = applyOptions(undisturbed, desiredFor(undisturbed), new MemoryJournal('length'));
  // How often it has to wait is chance.
  const told = (event: RolloutEvent): boolean => event.type !== 'waiting';
  const events = (await finish(applyRollout(options))).events.filter(told);
  const outcomes: string[] = [];
  await onEach(t, [...events.keys()], async (index, practice, journal) => {
    const abort = new AbortController();
    let count = 0;
    const run = finish(
      applyRollout(applyOptions(practice, desiredFor(practice), journal, { signal: abort.signal })),
      (event) => {
        if (told(event) && ++count === index + 1) abort.abort();
      },
    );
    outcomes[index] = await run.then(
      () => 'finished',
      (error) => error.code,
    );
    assert.deepEqual(openCalls(journal), [], `no call is left open after event ${index + 1}`);
    await assertSettledOnce(practice, journal, `event ${index + 1}`);
  });
  assert.deepEqual([...new Set(outcomes)].toSorted(), ['ROLLOUT_CANCELLED', 'finished']);
  // Only the last step, the wait for healthy backends, has nothing after it to stop before.
  const lastStep = events.findIndex((event) => event.type === 'step' && event.step === 'wait-healthy');
  assert.ok(lastStep > 5);
  assert.ok(
    outcomes.slice(0, lastStep).every((outcome) => outcome === 'ROLLOUT_CANCELLED'),
    outcomes.map((outcome, i) => `${outcome} ${JSON.stringify(events[i])}`).join('\n'),
  );
});

const changing = [
  'CreateLoadBalancer',
  'UploadServerCertificate',
  'UploadCACertificate',
  'AddBackendServers',
  'CreateLoadBalancerHTTPSListener',
  'StartLoadBalancerListener',
];

for (const loss of ['request', 'reply'] as const)
  test(`a lost ${loss} of any call is settled within the run`, async (t) => {
    await onEach(t, changing, async (action, practice, journal) => {
      practice.proxy.lose(action, loss);
      const { events } = await finish(applyRollout(applyOptions(practice, desiredFor(practice), journal)));
      assert.ok(
        events.some((event) => event.type === 'step' && event.state === 'unknown' && event.name === action),
      );
      assert.ok(journal.log.some(({ state, detail }) => state === 'unknown' && detail.action === action));
      assert.equal(
        practice.proxy.changes()[action],
        loss === 'reply' ? 1 : 2,
        `${action} after a lost ${loss}`,
      );
      await assertSettledOnce(practice, journal, `${loss} of ${action}`);
    });
  });

test('a reply is lost and then the process dies before it could look: the next one looks', async (t) => {
  await onEach(t, changing, async (action, practice, journal) => {
    practice.proxy.lose(action, 'reply');
    const run = finish(applyRollout(applyOptions(practice, desiredFor(practice), journal)), (event) => {
      if (event.type === 'step' && event.state === 'unknown') throw new Killed();
    });
    await assert.rejects(run, Killed);
    assert.deepEqual(
      openCalls(journal).map(({ state, detail }) => `${state} ${detail.action}`),
      [`unknown ${action}`],
    );
    await assertSettledOnce(practice, journal, `died after ${action}`);
    assert.equal(practice.proxy.changes()[action], 1);
  });
});

test('answers that keep getting lost end as an unknown outcome, and the next run still makes only one', async (t) => {
  const practice = await openPractice(t);
  practice.proxy.lose('UploadServerCertificate', 'request', 3);
  const journal = new MemoryJournal('stubborn');
  assert.equal((await problemOf(apply(practice, desiredFor(practice), journal))).code, 'SLB_UNKNOWN_OUTCOME');
  await assertSettledOnce(practice, journal, 'stubborn');
});

test('a rollout that died while ordering its load balancer can still be destroyed whole', async (t) => {
  const practice = await openPractice(t);
  const journal = new MemoryJournal('orphan');
  journal.killAt = { write: 2, when: 'before' };
  await assert.rejects(apply(practice, desiredFor(practice), journal), Killed);
  assert.equal((await census(practice)).loadBalancers, 1);
  assert.deepEqual(journal.standing, noResources);
  journal.killAt = undefined;
  const { result } = await finish(destroyRollout(applyOptions(practice, desiredFor(practice), journal)));
  assert.deepEqual(result, noResources);
  assert.deepEqual(await census(practice), nothingLeft);
});

test('two processes that apply one rollout at once order one load balancer', async (t) => {
  const practice = await openPractice(t);
  const journals = [new MemoryJournal('same'), new MemoryJournal('same')];
  await Promise.allSettled(journals.map((journal) => apply(practice, desiredFor(practice), journal)));
  assert.equal((await census(practice)).loadBalancers, 1);
});

test('applied again after it was destroyed, a rollout orders anew', async (t) => {
  const practice = await openPractice(t);
  const desired = desiredFor(practice);
  const journal = new MemoryJournal('again');
  const first = await apply(practice, desired, journal);
  await finish(destroyRollout(applyOptions(practice, desired, journal)));
  const second = await apply(practice, desired, journal);
  assert.notEqual(second.loadBalancer?.id, first.loadBalancer?.id);
  assert.deepEqual(await census(practice), oneOfEach);
});

test('a listener whose creation was lost and that is not visible yet is found to exist, and known as own', async (t) => {
  const practice = await openPractice(t, { consistency: 1_500 });
  practice.proxy.lose('CreateLoadBalancerHTTPSListener', 'reply');
  const journal = new MemoryJournal('late');
  const status = await apply(practice, desiredFor(practice), journal);
  assert.equal(status.ready, true);
  assert.ok(journal.log.some(({ detail }) => detail.problem === 'SLB_EXISTS'));
  await assertSettledOnce(practice, journal, 'late');
});
