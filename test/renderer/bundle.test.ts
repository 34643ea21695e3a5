import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const built = join(import.meta.dirname, '..', '..', 'dist', 'renderer');

test('the window loads less than 600 kB (gzip) at first', () => {
  const files = readdirSync(join(built, 'assets')).map((name) => join(built, 'assets', name));
  assert.ok(files.length > 0);
  const size = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
  assert.ok(size < 600_000, `${size} octets`);
});

test('the built page holds no style and no script of its own, only names of files', () => {
  const page = readFileSync(join(built, 'index.html'), 'utf8');
  assert.doesNotMatch(page, /<style|style=|<script(?![^>]*\bsrc=)/);
  assert.doesNotMatch(page, /https?:\/\//);
});
