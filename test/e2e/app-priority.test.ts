import assert from 'node:assert/strict';
import { once } from 'node:events';
import { constants, getPriority } from 'node:os';
import { test } from 'node:test';
import { Desk } from './warifu.ts';

test('the app goes before what only calculates where the system grants it, and goes on where it does not', async () => {
  using desk = new Desk();
  const app = desk.start('--json', 'app', '--no-browser');
  const [first] = (await once(app.stdout!, 'data')) as [Buffer];
  const { address } = JSON.parse(String(first)) as { address: string };
  const mayRaise = process.platform === 'win32' || process.getuid?.() === 0;
  const expected = mayRaise ? constants.priority.PRIORITY_ABOVE_NORMAL : getPriority();
  for (let n = 0; getPriority(app.pid!) !== expected; n++) {
    assert.ok(n < 250, `${getPriority(app.pid!)} in place of ${expected}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.ok((await fetch(address)).ok);
  const ended = once(app, 'exit');
  app.kill('SIGINT');
  assert.deepEqual(await ended, [0, null]);
});
