import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setImmediate as breath } from 'node:timers/promises';
import { Reader } from '../../../core/authority/reader.ts';
import { Registry } from '../../../core/registry/registry.ts';
import { certificate, clock, withRegistry } from './records.ts';

/** What the search is made of: one piece for each transaction, until they are merged. */
function pieces(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const { n } = database.prepare('SELECT count(DISTINCT segid) AS n FROM listed_search_idx').get()!;
    return Number(n);
  } finally {
    database.close();
  }
}

const serialOf = (n: number): string => (0x1000 + n).toString(16);
const insert = (registry: Registry, n: number): void =>
  registry.write((rows) => rows.certificates.insert(certificate(serialOf(n))));
const found = (registry: Registry, search: string): number =>
  registry.read(
    (rows) =>
      rows.certificates.list({ search, offset: 0, limit: 100, profile: 'client', sort: { by: 'serial' } })
        .total,
  );

test('a certificate merges nothing by itself; one step after the other does, and the search finds the same', () =>
  withRegistry((registry, path) => {
    const before = pieces(path);
    for (let n = 0; n < 12; n++) insert(registry, n);
    assert.equal(pieces(path), before + 12);
    registry.mergeSearch(128);
    assert.ok(pieces(path) < 4, `${pieces(path)} pieces`);
    assert.equal(found(registry, 'user 100'), 12);
    // With nothing left to merge a step changes nothing.
    const left = pieces(path);
    registry.mergeSearch(128);
    assert.equal(pieces(path), left);
  }));

test('the thread keeps the pieces few, and nobody who was sent to write meets it at the lock of the file', () =>
  withRegistry(async (opened, path) => {
    opened.close();
    // Who meets a lock is refused at once.
    const registry = Registry.open(path, { clock, waitSeconds: 0 });
    const reader = new Reader(path);
    try {
      await reader.page({ profile: 'client', offset: 0, limit: 1, sort: { by: 'serial' } }, clock());
      let next = 0;
      const writer = async (): Promise<void> => {
        while (next < 300) {
          const n = next++;
          await reader.ahead({ intentId: `${n}`, authorityId: 'authority-1', serial: serialOf(n) });
          insert(registry, n);
          await breath();
        }
      };
      await Promise.all([writer(), writer(), writer(), writer(), writer()]);
      assert.ok(pieces(path) < 40, `${pieces(path)} pieces`);
      assert.equal(found(registry, 'user 1'), 300);
      registry.verify();
    } finally {
      await reader.close();
      registry.close();
    }
  }));
