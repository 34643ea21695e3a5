import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { keepPlace, placeOf } from '../../main/window-place.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const place = { bounds: { x: 100, y: 50, width: 900, height: 700 }, maximized: true };
const first = { bounds: { width: 1280, height: 800 }, maximized: false };

test('a window comes back to where it stood, as long as that can be seen', (t) => {
  const home = mkdtempSync(join(tmpdir(), 'warifu place-'));
  t.after(() => rmSync(home, { recursive: true }));
  assert.deepEqual(placeOf(home, [screen]), first, 'never opened before');
  keepPlace(home, place);
  assert.deepEqual(placeOf(home, [screen]), place);
  const elsewhere = { ...screen, x: 5000 };
  assert.deepEqual(placeOf(home, [elsewhere]), { bounds: { width: 900, height: 700 }, maximized: true });
});

test('a place that somebody has spoiled is forgotten', (t) => {
  const home = mkdtempSync(join(tmpdir(), 'warifu place-'));
  t.after(() => rmSync(home, { recursive: true }));
  for (const odd of [
    '',
    '{',
    '{"bounds":{"x":"0"}}',
    JSON.stringify({ ...place, bounds: { ...place.bounds, width: 1e9 } }),
  ]) {
    writeFileSync(join(home, 'window.json'), odd);
    assert.deepEqual(placeOf(home, [screen]), first, odd);
  }
  keepPlace(join(home, 'not there'), place);
  assert.equal(readFileSync(join(home, 'window.json'), 'utf8').length > 0, true);
});
