import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Registry } from '../../../core/registry/registry.ts';
import { clock, withDirectory, withRegistry } from './records.ts';

const writer = fileURLToPath(new URL('writer.ts', import.meta.url));

/** A writer process, and the serials it has acknowledged so far. */
function startWriter(
  path: string,
  prefix: string,
  count: number,
): { child: ChildProcess; acknowledged: () => string[] } {
  const child = spawn(process.execPath, [writer, path, prefix, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout!.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  return { child, acknowledged: () => text.split('\n').slice(0, -1) };
}

test('two processes that write at once both finish, and nothing is lost', () =>
  withRegistry(async (registry, path) => {
    const writers = [startWriter(path, '10', 200), startWriter(path, '20', 200)];
    const ends = await Promise.all(writers.map(({ child }) => once(child, 'close')));
    assert.deepEqual(
      ends.map(([code]) => code),
      [0, 0],
    );
    registry.read((rows) => {
      assert.equal(rows.settings.get('count'), '400');
      for (const serial of writers.flatMap(({ acknowledged }) => acknowledged())) {
        assert.ok(rows.certificates.bySerial('authority-1', serial), serial);
      }
    });
    assert.deepEqual(registry.verify(), { certificates: 401 });
  }));

test('two processes that make the same registry at once make one', () =>
  withDirectory(async (directory) => {
    const path = join(directory, 'registry.sqlite');
    const ends = await Promise.all(
      ['10', '20', '30'].map((prefix) => once(startWriter(path, prefix, 0).child, 'close')),
    );
    assert.deepEqual(
      ends.map(([code]) => code),
      [0, 0, 0],
    );
    const registry = Registry.open(path, { clock });
    registry.verify();
    registry.close();
  }));

test('a writer killed at any moment loses nothing that it had acknowledged', () =>
  withRegistry(async (registry, path) => {
    let acknowledgedInAll = 0;
    for (let round = 0; round < 8; round += 1) {
      const { child, acknowledged } = startWriter(path, `4${round}`, 1_000_000);
      while (acknowledged().length === 0) await delay(5);
      await delay(Math.random() * 150);
      child.kill('SIGKILL');
      await once(child, 'close');
      const serials = acknowledged();
      acknowledgedInAll += serials.length;
      registry.read((rows) => {
        for (const serial of serials) assert.ok(rows.certificates.bySerial('authority-1', serial), serial);
      });
    }
    const { certificates } = registry.verify();
    assert.ok(certificates - 1 >= acknowledgedInAll && certificates - 1 <= acknowledgedInAll + 8);
    assert.equal(
      registry.read((rows) => rows.settings.get('count')),
      String(certificates - 1),
    );
  }));
