import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { WineMachine, wineMissing } from './wine-machine.ts';

describe('tour as a Windows process', { skip: wineMissing }, () => {
  let machine: WineMachine;
  before(() => {
    machine = new WineMachine();
  });
  after(() => machine?.remove());

  test('takes all seven steps, and leaves the stores and keys of the user alone', async () => {
    type Tour = { readonly ok: boolean; readonly steps: readonly { readonly status: string }[] };
    const { exitCode, answer } = await machine.warifu<Tour>('tour');
    assert.deepEqual([exitCode, answer.ok], [0, true]);
    assert.deepEqual(
      answer.steps.map(({ status }) => status),
      Array(7).fill('done'),
    );
    for (const store of ['MY', 'CA', 'ROOT', 'WarifuPractice', 'WarifuPracticeRoot'])
      assert.deepEqual(await machine.registry(store), []);
    assert.equal(await machine.holdsKey(), false);
  });
});
