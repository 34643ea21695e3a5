/** The desktop app on the Electron double, in Japanese: the compiled main and preload, Chromium as the window. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ja } from '../../renderer/speech/ja.ts';
import { desktop } from '../electron/double/electron.ts';
import { startDouble } from '../electron/double-app.ts';
import { desktopScenario } from './app/desktop-scenario.ts';

test('a new user of the desktop app gets from nothing to a green Home', async (t) => {
  await using app = await startDouble({ locale: 'ja-JP' });
  await desktopScenario(t, app, ja);
  assert.deepEqual(app.complaints, []);
  const saves = desktop.asked.filter(({ defaultPath }) => defaultPath !== undefined);
  assert.ok(saves.length > 0);
  // Nobody else asks before a file that is there goes: GTK does not by itself.
  for (const { properties } of saves)
    assert.ok((properties as readonly string[] | undefined)?.includes('showOverwriteConfirmation'));
});
