import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Problem } from '../../../contract/problem.ts';
import { certificateViewAt } from '../../../core/authority/certificate-view.ts';
import { Reader } from '../../../core/authority/reader.ts';
import type { Registry } from '../../../core/registry/registry.ts';
import type { CertificateQuery } from '../../../core/registry/tables/certificate-list.ts';
import { buildTbsCertificate, signStructure } from '../../../core/x509/certificate.ts';
import { generatePrivateKey, signerFor } from '../../../core/x509/key.ts';
import { parseNameText } from '../../../core/x509/name.ts';
import { certificate, now, withRegistry } from '../registry/records.ts';

const everyone = 240;
const query: CertificateQuery = { profile: 'client', offset: 0, limit: 100, sort: { by: 'serial' } };
const signer = signerFor(await generatePrivateKey('ec-p256'));

/** A row whose DER can be read. */
function person(n: number) {
  const serial = n.toString(16).padStart(4, '0');
  const commonName = `佐藤 ${n}`;
  const notAfter = new Date(now.getTime() + (n - 100) * 86_400_000);
  const name = parseNameText(`CN=${commonName}`);
  const template = { serial, issuer: name, subject: name, notBefore: new Date(0), notAfter };
  const tbs = buildTbsCertificate({ ...template, spki: signer.spki, extensions: [] }, signer.algorithm);
  const der = signStructure(tbs, signer);
  return certificate(serial, { der, commonName, notAfter: notAfter.toISOString() });
}

const withPeople = (work: (reader: Reader, registry: Registry, path: string) => Promise<void>) =>
  withRegistry(async (registry, path) => {
    registry.write((rows) => {
      for (let n = 16; n < 256; n++) rows.certificates.insert(person(n));
      for (const serial of ['0010', '0020'])
        rows.revocations.insert({
          authorityId: 'authority-1',
          serial,
          reason: 'superseded',
          revokedAt: now.toISOString(),
          invalidityAt: null,
        });
    });
    const reader = new Reader(path);
    try {
      await work(reader, registry, path);
    } finally {
      await reader.close();
    }
  });

test('the thread says what the table says, whatever is asked at once', () =>
  withPeople(async (reader, registry) => {
    const queries: CertificateQuery[] = [
      query,
      { ...query, state: 'valid', limit: 5 },
      { ...query, state: 'expired', offset: 7 },
      { ...query, search: '佐藤 1', sort: { by: 'notAfter', descending: true } },
      { ...query, search: 'nobody' },
    ];
    const pages = await Promise.all(queries.map((each) => reader.page(each, now)));
    assert.deepEqual(
      pages,
      queries.map((each) =>
        registry.read((rows) => {
          const { items, ...page } = rows.certificates.list(each);
          return { ...page, items: items.map((record) => certificateViewAt(rows, record, now)) };
        }),
      ),
    );
    assert.equal(pages[0]?.total, everyone);
    assert.deepEqual(
      [pages[0]?.items[0]?.state, pages[0]?.items[1]?.state, pages[1]?.items[0]?.key],
      ['revoked', 'expired', 'EC P-256'],
    );
  }));

test('what was written is in the next list', () =>
  withPeople(async (reader, registry) => {
    const { total } = await reader.page(query, now);
    registry.write((rows) => rows.certificates.insert(person(0xabc)));
    const after = await reader.page({ ...query, search: '0abc' }, now);
    assert.deepEqual([after.total, after.items[0]?.serial], [1, '0abc']);
    assert.equal((await reader.page(query, now)).total, total + 1);
  }));

test('who no longer waits is let go, and others are answered', () =>
  withPeople(async (reader) => {
    const impatient = new AbortController();
    const asked = reader.page(query, now, impatient.signal);
    const other = reader.page(query, now);
    impatient.abort(new Error('typed on'));
    await assert.rejects(asked, { message: 'typed on' });
    assert.equal((await other).total, everyone);
    await assert.rejects(reader.page(query, now, impatient.signal), { message: 'typed on' });
  }));

test('a damaged row and a damaged file are reported as by any other reader', () =>
  withPeople(async (reader, _, path) => {
    const database = new DatabaseSync(path);
    database.exec(`UPDATE certificates SET subject = 'CN=somebody else' WHERE serial = '0020'`);
    const { id } = database.prepare(`SELECT id FROM certificates WHERE serial = '0020'`).get() as {
      id: string;
    };
    await assert.rejects(reader.page(query, now), {
      code: 'REGISTRY_ROW_DAMAGED',
      data: { table: 'certificates', row: `${id} (serial 0020)` },
    });
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    await reader.close();
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(fstatSync(file).size - 4096, 0xa5), 0, null, 4096);
    closeSync(file);
    await assert.rejects(reader.page(query, now), problem('REGISTRY_DAMAGED'));
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
  withPeople(async (reader, registry, path) => {
    await reader.page(query, now);
    await reader.close();
    // Until then SQLite itself keeps a descriptor of the other connection: its closing would drop the locks of this one.
    registry.close();
    assert.equal(opened(path), 0);
  }),
);

test('a process that listed and forgot to close ends by itself, and not before its answers came', () =>
  withPeople(async (_, registry, path) => {
    registry.close();
    const file = (name: string) => JSON.stringify(join(import.meta.dirname, '../../../core', name));
    const program = `
      const { Registry } = await import(${file('registry/registry.ts')});
      const { Reader } = await import(${file('authority/reader.ts')});
      const registry = Registry.open(${JSON.stringify(path)}, { clock: () => new Date() });
      const reader = new Reader(${JSON.stringify(path)});
      for (let n = 0; n < 2; n++)
        console.log((await reader.page({ profile: 'client', offset: 0, limit: 1 }, new Date())).total);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { timeout: 20_000 },
    );
    assert.equal(stdout, `${everyone}\n${everyone}\n`);
  }));

test('closing tells who still waits, and the next list starts anew', () =>
  withPeople(async (reader, _, path) => {
    const asked = reader.page(query, now);
    const closing = reader.close();
    await assert.rejects(asked, { code: 'REGISTRY_UNAVAILABLE', data: { path, reason: 'closed' } });
    await closing;
    assert.equal((await reader.page(query, now)).total, everyone);
  }));

/** Pages in the log, and how many of them are in the file already (https://sqlite.org/pragma.html#pragma_wal_checkpoint). */
function logOf(path: string): { readonly log: number; readonly checkpointed: number } {
  const database = new DatabaseSync(path);
  const answer = database.prepare('PRAGMA wal_checkpoint(NOOP)').get();
  database.close();
  return answer as { log: number; checkpointed: number };
}

const problem = (code: string) => (error: unknown) => error instanceof Problem && error.code === code;

const planned = (serial: string) => ({ intentId: `intent ${serial}`, authorityId: 'authority-1', serial });

test('what is planned is read by a thread that runs, which brings the log into the file now and then', () =>
  withPeople(async (reader, _, path) => {
    await reader.ahead(planned('0abc'));
    assert.ok(!reader.isRunning);
    await reader.page(query, now);
    const before = logOf(path);
    assert.ok(before.log > 50 && before.checkpointed === 0, JSON.stringify(before));
    for (let n = 0; n < 10; n++)
      await reader.ahead({
        ...planned(`0ab${n}`),
        certificateId: `${n}`,
        commonName: '鈴木',
        secretId: null,
      });
    // A slow machine's thread may still be at it.
    while (logOf(path).checkpointed < before.log) await reader.page(query, now);
  }));

test('many certificates are worth a thread', () =>
  withPeople(async (reader) => {
    for (let n = 0; n < 20; n++) await reader.ahead(planned(`0ab${n}`));
    assert.ok(reader.isRunning);
  }));

test('a file that is gone is reported, and none is made in its place', () =>
  withPeople(async (reader, registry, path) => {
    registry.close();
    renameSync(path, `${path} elsewhere`);
    await assert.rejects(reader.page(query, now), problem('REGISTRY_UNAVAILABLE'));
    assert.ok(!existsSync(path));
  }));

test('a certificate that cannot be read is named as what it is', () =>
  withPeople(async (reader, registry) => {
    registry.write((rows) => rows.certificates.insert(certificate('0abc')));
    await assert.rejects(reader.page({ ...query, search: '0abc' }, now), problem('DER_MALFORMED'));
  }));

test('reading ahead stops nobody: not when the thread is at other work, nor when the file is damaged', () =>
  withPeople(async (reader, registry, path) => {
    const asked = reader.page(query, now);
    const ahead = reader.ahead(planned('0abc'));
    const closing = reader.close();
    await Promise.all([ahead, closing, assert.rejects(asked, { code: 'REGISTRY_UNAVAILABLE' })]);
    const { total } = await reader.page({ ...query, search: 'nobody' }, now);
    assert.equal(total, 0);
    registry.checkpoint();
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(fstatSync(file).size - 4096, 0xa5), 0, null, 4096);
    closeSync(file);
    await reader.ahead(planned('0abc'));
  }));
