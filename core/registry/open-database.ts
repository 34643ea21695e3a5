import { closeSync, constants, existsSync, mkdirSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Problem } from '../../contract/problem.ts';
import { applicationId, migrations, schemaVersion } from './migrations.ts';

/**
 * Opens the registry file, making or migrating it. Everything that could write happens after the file has been
 * recognised as ours and as not newer than we are.
 *
 * @throws Problem REGISTRY_DAMAGED, REGISTRY_NEWER, or an error of SQLite or the file system, not yet translated.
 */
export function openDatabase(path: string, waitSeconds: number): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  createEmpty(path);
  recognise(path, waitSeconds);
  const database = connect(path, waitSeconds);
  try {
    initialize(database, path);
    useWriteAheadLog(database, waitSeconds);
    migrate(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/**
 * A connection as Warifu uses it. A file may come from anywhere: its schema calls no function, its cells are measured
 * before they are read. A log of 32 MB is brought into the file by whoever commits; mostly a `Reader` has done so before.
 */
export function connect(path: string, waitSeconds: number): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: waitSeconds * 1000, enableForeignKeyConstraints: true });
  try {
    database.exec(`
      PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
      PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 8192`);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** SQLite gives its -wal and -shm files the mode of the main file, so 0600 here is 0600 for all three. */
function createEmpty(path: string): void {
  closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600));
}

/**
 * Reads the 100-octet header (https://sqlite.org/fileformat.html §1.3) before SQLite may touch the file. The
 * application id is always in the main file: it is committed before the write-ahead log comes into use.
 */
function recognise(path: string, waitSeconds: number): void {
  const header = Buffer.alloc(100);
  const descriptor = openSync(path, 'r');
  const length = readSync(descriptor, header, 0, 100, 0);
  closeSync(descriptor);
  // Empty: new, or made by a process that died before its first commit. With a journal: died during it.
  if (length === 0 || existsSync(`${path}-journal`)) return;
  if (length < 100 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw new Problem('REGISTRY_DAMAGED', { path, reason: 'not an SQLite database' });
  }
  if (header.readUInt32BE(68) !== applicationId) {
    throw new Problem('REGISTRY_DAMAGED', { path, reason: 'an SQLite database of another program' });
  }
  // A read-only connection neither checkpoints nor deletes a log that a newer Warifu may have left.
  const reader = new DatabaseSync(path, { readOnly: true, timeout: waitSeconds * 1000 });
  try {
    refuseNewer(reader, path);
  } finally {
    reader.close();
  }
}

/** Stamps and fills an empty file in one transaction of the rollback journal: all of it or nothing. */
function initialize(database: DatabaseSync, path: string): void {
  if (pragma(database, 'application_id') === applicationId) return;
  transaction(database, () => {
    if (pragma(database, 'application_id') === applicationId) return;
    const { n } = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number };
    if (n > 0 || pragma(database, 'user_version') !== 0) {
      throw new Problem('REGISTRY_DAMAGED', { path, reason: 'an SQLite database of another program' });
    }
    database.exec(`PRAGMA application_id = ${applicationId}`);
    applyMigrations(database);
  });
}

/** The change of mode is not covered by SQLite's busy timeout, and two processes may make a registry at once. */
function useWriteAheadLog(database: DatabaseSync, waitSeconds: number): void {
  const deadline = Date.now() + waitSeconds * 1000;
  for (;;) {
    try {
      const { journal_mode: mode } = database.prepare('PRAGMA journal_mode = WAL').get() as {
        journal_mode: string;
      };
      if (mode === 'wal') return;
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== 5 || Date.now() > deadline) throw error;
    }
    if (Date.now() > deadline)
      throw new Error('the file system of the registry does not support a write-ahead log');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}

function migrate(database: DatabaseSync, path: string): void {
  if (pragma(database, 'user_version') === schemaVersion) return;
  transaction(database, () => {
    refuseNewer(database, path);
    applyMigrations(database);
  });
}

/** From the version found to the newest; runs inside a transaction. */
function applyMigrations(database: DatabaseSync): void {
  for (const step of migrations.slice(pragma(database, 'user_version'))) database.exec(step);
  database.exec(`PRAGMA user_version = ${schemaVersion}`);
}

function refuseNewer(database: DatabaseSync, path: string): void {
  const found = pragma(database, 'user_version');
  if (found > schemaVersion) throw new Problem('REGISTRY_NEWER', { path, found, supported: schemaVersion });
}

function transaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function pragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return (database.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[name]!;
}
