import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashLoop } from '../crash/crash-loop.ts';

// `npm run test:crash` does it 500 times.
test('killed at random moments, Warifu loses nothing it had acknowledged and doubles nothing', async () => {
  const tally = await crashLoop(24);
  assert.equal(tally.kills, 24);
  assert.ok(tally.issued > 0, 'no certificate was ever acknowledged: the loop shows nothing');
});
