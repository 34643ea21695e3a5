/** Everything that may be asked of a Warifu from outside of its window. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { app, circumstances } from '../electron/double/state.ts';
import { startDouble } from '../electron/double-app.ts';

test('a second start brings the window to the front and says nothing else; links are refused', async () => {
  await using running = await startDouble({ locale: 'en-US' });
  let focused = 0;
  running.window.on('focus', () => focused++);
  const address = running.page.url();
  app.emit('second-instance', {}, ['warifu', 'warifu://app/#/settings', '--switch'], '/');
  assert.equal(focused, 1);
  let refused = false;
  app.emit('open-url', { preventDefault: () => (refused = true) }, 'warifu://app/#/settings');
  assert.ok(refused);
  assert.equal(running.page.url(), address);
  assert.ok(circumstances.about?.applicationVersion);
});
