import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Registry } from '../../../core/registry/registry.ts';
import { clock, withDirectory } from './records.ts';

/** Runs `work` in a file system of its own, as small as `size`; needs the right to mount one. */
async function withSmallDisk(t: TestContext, size: string, work: (directory: string) => void): Promise<void> {
  await withDirectory((directory) => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory], { stdio: 'ignore' });
    } catch {
      t.skip('needs the right to mount a tmpfs');
      return;
    }
    try {
      work(directory);
    } finally {
      execFileSync('umount', ['--lazy', directory]);
    }
  });
}

test('a full disk refuses the write, keeps everything before it, and lets go on when there is room', (t) =>
  withSmallDisk(t, '1m', (directory) => {
    const registry = Registry.open(join(directory, 'registry.sqlite'), { clock });
    let written = 0;
    const fill = () => {
      for (; ; written += 1) registry.write((rows) => rows.settings.set(`k${written}`, 'x'.repeat(10_000)));
    };
    assert.throws(fill, { code: 'REGISTRY_DISK_FULL' });
    assert.ok(written > 3);
    registry.read((rows) => {
      for (let n = 0; n < written; n += 1) assert.equal(rows.settings.get(`k${n}`)?.length, 10_000);
      assert.equal(rows.settings.get(`k${written}`), undefined);
    });
    registry.verify();
    execFileSync('mount', ['-o', 'remount,size=4m', directory]);
    registry.write((rows) => rows.settings.set('later', 'fits'));
    registry.close();
  }));

test('a disk that is full from the start is named, and the empty file it left is no obstacle later', (t) =>
  withSmallDisk(t, '16k', (directory) => {
    const path = join(directory, 'registry.sqlite');
    assert.throws(() => Registry.open(path, { clock }), { code: 'REGISTRY_DISK_FULL' });
    execFileSync('mount', ['-o', 'remount,size=4m', directory]);
    Registry.open(path, { clock }).close();
  }));

test('a read-only disk is named, and nothing is changed', (t) =>
  withSmallDisk(t, '4m', (directory) => {
    const path = join(directory, 'registry.sqlite');
    Registry.open(path, { clock }).close();
    execFileSync('mount', ['-o', 'remount,ro', directory]);
    assert.throws(() => Registry.open(path, { clock }), { code: 'REGISTRY_READ_ONLY' });
  }));
