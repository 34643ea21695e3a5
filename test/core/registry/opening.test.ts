import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { schemaVersion } from '../../../core/registry/migrations.ts';
import { Registry } from '../../../core/registry/registry.ts';
import { certificate, clock, withDirectory, withRegistry } from './records.ts';

const open = (path: string) => Registry.open(path, { clock });

/** Opens, expects the problem, and shows that not one octet of the file changed. */
function refused(path: string, expected: object): void {
  const before = readFileSync(path);
  assert.throws(() => open(path).close(), expected);
  assert.deepEqual(readFileSync(path), before);
}

test('a new registry is readable by its owner alone', { skip: process.platform === 'win32' }, () =>
  withDirectory((directory) => {
    const home = join(directory, 'a', 'home');
    const registry = open(join(home, 'registry.sqlite'));
    registry.write((rows) => rows.settings.set('a', 'b'));
    assert.equal(statSync(home).mode & 0o777, 0o700);
    for (const name of readdirSync(home)) assert.equal(statSync(join(home, name)).mode & 0o777, 0o600, name);
    registry.close();
    registry.close();
  }),
);

test('what was written is there after closing and opening again', () =>
  withRegistry((registry, path) => {
    registry.write((rows) => rows.certificates.insert(certificate('0a')));
    registry.close();
    const again = open(path);
    assert.deepEqual(
      again.read((rows) => rows.certificates.bySerial('authority-1', '0a')),
      certificate('0a'),
    );
    assert.deepEqual(again.verify(), { certificates: 2 });
    again.close();
  }));

test('the file keeps its promises: write-ahead log, foreign keys, a name of its own', () =>
  withRegistry((registry, path) => {
    registry.close();
    const database = new DatabaseSync(path, { readOnly: true });
    const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get()!)[0];
    assert.equal(pragma('journal_mode'), 'wal');
    assert.equal(pragma('application_id'), 0x57524655);
    assert.equal(pragma('user_version'), schemaVersion);
    database.close();
  }));

test('a registry of a newer schema is named with both versions and left alone', () =>
  withRegistry((registry, path) => {
    registry.close();
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    refused(path, { code: 'REGISTRY_NEWER', data: { path, found: 99, supported: schemaVersion } });
  }));

test('a newer registry that still has its log is left alone, log and all', () =>
  withRegistry((registry, path) => {
    registry.close();
    // A process that is killed leaves its log behind.
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync(process.argv[1]);
      database.exec('PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 99');
      process.kill(process.pid, 'SIGKILL');`;
    assert.throws(() => execFileSync(process.execPath, ['-e', script, path], { stdio: 'ignore' }));
    const log = readFileSync(`${path}-wal`);
    assert.ok(log.length > 0);
    refused(path, { code: 'REGISTRY_NEWER' });
    assert.deepEqual(readFileSync(`${path}-wal`), log);
  }));

test('the database of another program is not taken over', () =>
  withDirectory((directory) => {
    const path = join(directory, 'registry.sqlite');
    const database = new DatabaseSync(path);
    database.exec('CREATE TABLE theirs (a)');
    database.close();
    refused(path, { code: 'REGISTRY_DAMAGED' });
  }));

test('random octets, a text file and a truncated registry are refused and left alone', () =>
  withRegistry((registry, path) => {
    registry.close();
    const whole = readFileSync(path);
    for (const content of [
      randomBytes(8192),
      Buffer.from('hello\n'),
      whole.subarray(0, 60),
      whole.subarray(0, 5000),
    ]) {
      writeFileSync(path, content);
      refused(path, { code: 'REGISTRY_DAMAGED' });
    }
  }));

test('an empty file, as a killed first start leaves it, becomes a registry', () =>
  withDirectory((directory) => {
    const path = join(directory, 'registry.sqlite');
    writeFileSync(path, '');
    const registry = open(path);
    assert.deepEqual(registry.verify(), { certificates: 0 });
    registry.close();
  }));

test('a directory in the place of the file, or a file in the place of the directory, is named', () =>
  withDirectory((directory) => {
    mkdirSync(join(directory, 'registry.sqlite'));
    assert.throws(() => open(join(directory, 'registry.sqlite')), { code: 'REGISTRY_UNAVAILABLE' });
    writeFileSync(join(directory, 'file'), '');
    assert.throws(() => open(join(directory, 'file', 'registry.sqlite')), { code: 'REGISTRY_UNAVAILABLE' });
  }));
