import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { closeSync, fstatSync, openSync, readdirSync, readlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { Registry } from '../../../core/registry/registry.ts';
import type { CertificateQuery } from '../../../core/registry/tables/certificate-list.ts';
import { certificate, now, withRegistry } from './records.ts';

/** With the CA's own. */
const everyone = 241;
const query: CertificateQuery = { offset: 0, limit: 100, sort: { by: 'serial' } };

const withPeople = (work: (registry: Registry, path: string) => Promise<void>) =>
  withRegistry(async (registry, path) => {
    registry.write((rows) => {
      for (let n = 16; n < 256; n++)
        rows.certificates.insert(
          certificate(n.toString(16), {
            commonName: `佐藤 ${n}`,
            notAfter: new Date(now.getTime() + (n - 100) * 86_400_000).toISOString(),
          }),
        );
    });
    await work(registry, path);
  });

test('the thread says what the table says, whatever is asked at once', () =>
  withPeople(async (registry) => {
    const queries: CertificateQuery[] = [
      query,
      { ...query, state: 'valid', limit: 5 },
      { ...query, state: 'expired', offset: 7 },
      { ...query, search: '佐藤 1', sort: { by: 'notAfter', descending: true } },
      { ...query, search: 'nobody' },
    ];
    const pages = await Promise.all(queries.map((each) => registry.listing.page(each)));
    assert.deepEqual(
      pages.map(({ items, ...page }) => ({ ...page, ids: items.map(({ id }) => id) })),
      queries.map((each) => {
        const { items, ...page } = registry.read((rows) => rows.certificates.list(each));
        return { ...page, ids: items.map(({ id }) => id) };
      }),
    );
    assert.equal(pages[0]?.total, everyone);
  }));

test('what was written is in the next list', () =>
  withPeople(async (registry) => {
    const { total } = await registry.listing.page(query);
    registry.write((rows) => rows.certificates.insert(certificate('0abc')));
    const after = await registry.listing.page({ ...query, search: '0abc' });
    assert.deepEqual([after.total, after.items[0]?.serial], [1, '0abc']);
    assert.equal((await registry.listing.page(query)).total, total + 1);
  }));

test('who no longer waits is let go, and others are answered', () =>
  withPeople(async (registry) => {
    const impatient = new AbortController();
    const asked = registry.listing.page(query, impatient.signal);
    const other = registry.listing.page(query);
    impatient.abort(new Error('typed on'));
    await assert.rejects(asked, { message: 'typed on' });
    assert.equal((await other).total, everyone);
    await assert.rejects(registry.listing.page(query, impatient.signal), { message: 'typed on' });
  }));

test('a damaged row and a damaged file are reported as by any other reader', () =>
  withPeople(async (registry, path) => {
    const database = new DatabaseSync(path);
    database.exec(`UPDATE certificates SET subject = 'CN=somebody else' WHERE serial = '20'`);
    const { id } = certificate('20');
    await assert.rejects(registry.listing.page(query), {
      code: 'REGISTRY_ROW_DAMAGED',
      data: { table: 'certificates', row: `${id} (serial 20)` },
    });
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    await registry.listing.close();
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(fstatSync(file).size - 4096, 0xa5), 0, null, 4096);
    closeSync(file);
    await assert.rejects(registry.listing.page(query), { code: 'REGISTRY_DAMAGED' });
  }));

/** How often this process has the file, or its log, open. */
const opened = (path: string): number =>
  readdirSync('/proc/self/fd').filter((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`).startsWith(path);
    } catch {
      return false; // The one that lists them.
    }
  }).length;

test('once it is closed the file is free', { skip: process.platform !== 'linux' && 'reads /proc' }, () =>
  withPeople(async (registry, path) => {
    await registry.listing.page(query);
    await registry.listing.close();
    // Until then SQLite itself keeps a descriptor of the other connection: its closing would drop the locks of this one.
    registry.close();
    assert.equal(opened(path), 0);
  }),
);

test('a process that listed and forgot to close ends by itself, and not before its answers came', () =>
  withPeople(async (registry, path) => {
    registry.close();
    const file = (name: string) => JSON.stringify(join(import.meta.dirname, '../../../core/registry', name));
    const program = `
      const { Registry } = await import(${file('registry.ts')});
      const registry = Registry.open(${JSON.stringify(path)}, { clock: () => new Date() });
      for (let n = 0; n < 2; n++)
        console.log((await registry.listing.page({ offset: 0, limit: 1 })).total);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { timeout: 20_000 },
    );
    assert.equal(stdout, `${everyone}\n${everyone}\n`);
  }));

test('closing tells who still waits, and the next list starts anew', () =>
  withPeople(async (registry, path) => {
    const asked = registry.listing.page(query);
    const closing = registry.listing.close();
    await assert.rejects(asked, { code: 'REGISTRY_UNAVAILABLE', data: { path, reason: 'closed' } });
    await closing;
    assert.equal((await registry.listing.page(query)).total, everyone);
  }));
