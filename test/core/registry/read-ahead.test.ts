import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { places } from '../../../core/registry/read-ahead.ts';
import { withRegistry } from './records.ts';

/** Their new entries come last, or among few: those pages are in memory from the certificate before. */
const inOrder = [
  'intents_open',
  'listed_by_created_at',
  'listed_by_not_after',
  'listed_by_group',
  'listed_by_row',
];

test('what is read ahead is a page of every index whose entries lie anywhere, and nothing is scanned', () =>
  withRegistry((_, path) => {
    const database = new DatabaseSync(path, { readOnly: true });
    const plans = Object.values(places)
      .flat()
      .map((sql) => {
        const [step] = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[];
        return step!.detail;
      });
    const indexes = database
      .prepare(
        `SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name IN ('secrets', 'certificates', 'intents', 'listed')`,
      )
      .all() as { name: string }[];
    database.close();
    assert.deepEqual(
      plans.filter((plan) => !plan.startsWith('SEARCH ')),
      [],
    );
    const read = plans.flatMap((plan) => /INDEX (\w+)/.exec(plan)?.[1] ?? []);
    assert.deepEqual([...read, ...inOrder].toSorted(), indexes.map(({ name }) => name).toSorted());
  }));
