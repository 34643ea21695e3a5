import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Registry } from '../../../core/registry/registry.ts';
import { type JournalEntry, openCalls, registryJournal } from '../../../core/rollout/journal.ts';
import { noResources } from '../../../core/rollout/resources.ts';
import { MemoryJournal } from './practice.ts';

const clock = () => new Date('2026-01-02T03:04:05Z');
const entry = (state: JournalEntry['state'], action: string): JournalEntry => ({
  runId: 'run',
  step: 'load-balancer',
  state,
  at: clock().toISOString(),
  detail: { action },
});

test('entries and resources survive in the registry, written together', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'warifu-journal-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'registry.db');
  const at = clock().toISOString();
  const resources = { ...noResources, loadBalancer: { id: 'lb-1', name: 'warifu', made: true } };
  const first = Registry.open(path, { clock });
  first.write((rows) => {
    rows.secrets.insert({ id: 's', kind: 'access-key', sealed: new Uint8Array([1]), createdAt: at });
    rows.cloudAccounts.insert({
      id: 'a',
      name: 'a',
      accessKeyId: 'k',
      secretId: 's',
      regionId: 'ap-northeast-1',
      endpoint: null,
      practice: true,
      createdAt: at,
    });
    rows.rollouts.insert({
      id: 'r',
      name: 'r',
      accountId: 'a',
      desired: '{}',
      resources: '{}',
      createdAt: at,
      updatedAt: at,
    });
  });
  const journal = registryJournal(first, 'r', clock);
  assert.deepEqual(journal.resources(), noResources);
  journal.append(entry('started', 'CreateLoadBalancer'));
  journal.append(entry('done', 'CreateLoadBalancer'), resources);
  journal.append(entry('started', 'UploadCACertificate'));
  first.close();

  const second = Registry.open(path, { clock });
  t.after(() => second.close());
  const reopened = registryJournal(second, 'r', clock);
  assert.deepEqual(reopened.resources(), resources);
  assert.deepEqual(reopened.entries(), [
    entry('started', 'CreateLoadBalancer'),
    entry('done', 'CreateLoadBalancer'),
    entry('started', 'UploadCACertificate'),
  ]);
  assert.deepEqual(openCalls(reopened), [entry('started', 'UploadCACertificate')]);
});

test('a call is open until the newest entry of its kind says how it ended', () => {
  const journal = new MemoryJournal('r');
  const open = (...entries: readonly JournalEntry[]) => {
    journal.log.splice(0, Number.POSITIVE_INFINITY, ...entries);
    return openCalls(journal).map(({ state, detail }) => `${detail.action} ${state}`);
  };
  assert.deepEqual(open(), []);
  assert.deepEqual(open(entry('started', 'A')), ['A started']);
  assert.deepEqual(open(entry('started', 'A'), entry('unknown', 'A')), ['A unknown']);
  assert.deepEqual(open(entry('started', 'A'), entry('unknown', 'A'), entry('done', 'A')), []);
  assert.deepEqual(open(entry('started', 'A'), entry('failed', 'A'), entry('started', 'B')), ['B started']);
  assert.deepEqual(open(entry('done', 'A'), entry('started', 'A')), ['A started']);
});
