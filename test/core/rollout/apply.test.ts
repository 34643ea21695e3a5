import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Practice, apply, applyOptions, census, desiredFor, finish, MemoryJournal, oneOfEach, openPractice, plan } from './practice.ts';
import { applyRollout } from '../../../core/rollout/apply.ts';

let practice: Practice;
before(async () => {
  practice = await openPractice();
});
after(() => practice.close());

test('an empty region comes to what is desired, and a second plan has nothing to do', async () => {
  const regionId = 'ap-northeast-1';
  const desired = desiredFor(practice, regionId);
  const journal = new MemoryJournal('r');
  const first = await plan(practice, desired, journal);
  assert.deepEqual(
    first.items.map(({ resource, action }) => `${action} ${resource}`),
    ['create load-balancer', 'create server-certificate', 'create ca-certificate', 'create backends', 'create listener'],
  );
  const { events, result } = await finish(applyRollout(applyOptions(practice, desired, journal)));
  console.error(events, result);
  assert.equal(result.ready, true);
  assert.deepEqual(await census(practice, regionId), oneOfEach);
});
