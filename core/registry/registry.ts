import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { backup, type DatabaseSync } from 'node:sqlite';
import { Problem } from '../../contract/problem.ts';
import { firstDifference } from './derived.ts';
import { connect, openDatabase } from './open-database.ts';
import { type Planned, readAhead } from './read-ahead.ts';
import { openingProblem, sqliteProblem } from './sqlite-error.ts';
import { Statements } from './statements.ts';
import { AuditTable } from './tables/audit.ts';
import { AuthoritiesTable } from './tables/authorities.ts';
import { CertificateList } from './tables/certificate-list.ts';
import { CertificatesTable } from './tables/certificates.ts';
import { CloudAccountsTable } from './tables/cloud-accounts.ts';
import { CrlsTable } from './tables/crls.ts';
import { IntentsTable } from './tables/intents.ts';
import { RequestsTable } from './tables/requests.ts';
import { RevocationsTable } from './tables/revocations.ts';
import { RolloutStepsTable, RolloutsTable } from './tables/rollouts.ts';
import { SecretsTable } from './tables/secrets.ts';
import { ServerCertificatesTable } from './tables/server-certificates.ts';
import { SettingsTable } from './tables/settings.ts';
import { incoming, type TakeOver, takeOver, takeOverAudit } from './take-over.ts';

/** The tables, within one transaction. */
export interface Rows {
  readonly authorities: AuthoritiesTable;
  readonly certificates: CertificatesTable;
  readonly certificateList: CertificateList;
  readonly intents: IntentsTable;
  readonly revocations: RevocationsTable;
  readonly crls: CrlsTable;
  readonly secrets: SecretsTable;
  readonly serverCertificates: ServerCertificatesTable;
  readonly cloudAccounts: CloudAccountsTable;
  readonly rollouts: RolloutsTable;
  readonly rolloutSteps: RolloutStepsTable;
  readonly audit: AuditTable;
  readonly requests: RequestsTable;
  readonly settings: SettingsTable;
}

export interface RegistryOptions {
  /** Decides what has expired. */
  readonly clock: () => Date;
  /** How long a writer waits for another process; 30 when absent. */
  readonly waitSeconds?: number | undefined;
}

export interface TakeOverSteps {
  /** With `merge`: the audit log of the other file wins. With `replace` it does anyway. */
  readonly replaceAudit: boolean;
  /** Ids of secrets that no longer open: with `merge` those of the other file take their place. */
  readonly damagedSecrets: readonly string[];
  readonly before: (rows: Rows) => void;
  readonly after: (rows: Rows) => void;
}

/**
 * The one file that records what Warifu made: SQLite with a write-ahead log and `synchronous = FULL`, so that
 * what `write` has returned from survives a killed process and a lost power line.
 *
 * One writer at a time, across processes; readers never wait for it. Every method throws Problem
 * REGISTRY_DAMAGED, REGISTRY_READ_ONLY or REGISTRY_UNAVAILABLE when the file lets it down.
 */
export class Registry {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #rows: Rows;
  readonly #path: string;
  readonly #waitSeconds: number;
  #mode: 'idle' | 'reading' | 'writing' = 'idle';

  private constructor(path: string, database: DatabaseSync, clock: () => Date, waitSeconds: number) {
    this.#path = path;
    this.#waitSeconds = waitSeconds;
    this.#database = database;
    const statements = new Statements(database);
    this.#statements = statements;
    const certificateList = new CertificateList(statements, clock);
    this.#rows = {
      authorities: new AuthoritiesTable(statements),
      certificates: new CertificatesTable(statements, certificateList),
      certificateList,
      intents: new IntentsTable(statements),
      revocations: new RevocationsTable(statements),
      crls: new CrlsTable(statements),
      secrets: new SecretsTable(statements),
      serverCertificates: new ServerCertificatesTable(statements),
      cloudAccounts: new CloudAccountsTable(statements),
      rollouts: new RolloutsTable(statements),
      rolloutSteps: new RolloutStepsTable(statements),
      audit: new AuditTable(statements),
      requests: new RequestsTable(statements),
      settings: new SettingsTable(statements),
    };
  }

  /**
   * Opens the registry, making it (0600, in a directory of 0700) or migrating it forward.
   * @throws Problem REGISTRY_NEWER, REGISTRY_DAMAGED, REGISTRY_READ_ONLY, REGISTRY_DISK_FULL, REGISTRY_UNAVAILABLE,
   *   or REGISTRY_BUSY after `waitSeconds`.
   */
  static open(path: string, options: RegistryOptions): Registry {
    const { clock, waitSeconds = 30 } = options;
    try {
      return new Registry(path, openDatabase(path, waitSeconds), clock, waitSeconds);
    } catch (error) {
      throw openingProblem(error, path, waitSeconds);
    }
  }

  /**
   * Another connection to a registry that this process has open: whoever opened it has recognised and migrated it.
   * @throws Problem REGISTRY_DAMAGED, REGISTRY_UNAVAILABLE
   */
  static openBeside(path: string, options: RegistryOptions): Registry {
    const { clock, waitSeconds = 30 } = options;
    try {
      // SQLite would make the file that somebody has moved away.
      statSync(path);
      return new Registry(path, connect(path, waitSeconds), clock, waitSeconds);
    } catch (error) {
      throw openingProblem(error, path, waitSeconds);
    }
  }

  /** Brings into memory, of the system at least, what writing `planned` will read. */
  readAhead(planned: Planned): void {
    this.read(() => readAhead(this.#statements, planned));
  }

  /**
   * Brings what is in the log into the file, as far as nobody reads the older state. Every connection does so by
   * itself, within a COMMIT, when the log has become long. Not by an SQLite that could lose what another connection
   * commits at that moment (https://sqlite.org/wal.html#walresetbug).
   */
  checkpoint(): void {
    const isSound = process.versions['sqlite']!.localeCompare('3.51.3', 'en', { numeric: true }) >= 0;
    if (isSound) this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  /**
   * One step of writing what the search has of the newest certificates into larger pieces, some `pages` long: where it
   * meets a word that many have, longer. Nothing else does so but a COMMIT that finds too many pieces
   * (https://sqlite.org/fts5.html#the_merge_command).
   */
  mergeSearch(pages: number): void {
    const merge = "INSERT INTO listed_search (listed_search, rank) VALUES ('merge', :pages)";
    this.write(() => this.#statements.run(merge, { pages }));
  }

  /** Runs `work` on one consistent snapshot. It must not return a promise, nor write. */
  read<T>(work: (rows: Rows) => T): T {
    // Inside a transaction of this registry the snapshot is there already.
    if (this.#mode !== 'idle') return work(this.#rows);
    return this.#transaction('reading', 'BEGIN', work);
  }

  /**
   * Runs `work` in one transaction: everything it wrote is on disk when this returns, or nothing is when it throws.
   * @throws Problem REGISTRY_CONFLICT, REGISTRY_REFERENCE, REGISTRY_DISK_FULL, or REGISTRY_BUSY after `waitSeconds`.
   */
  write<T>(work: (rows: Rows) => T): T {
    if (this.#mode !== 'idle') throw new Error(`write() inside ${this.#mode}: transactions do not nest`);
    return this.#transaction('writing', 'BEGIN IMMEDIATE', work);
  }

  /**
   * As {@link write}, but others have their turn while the disk is waited for: written when this returns, on disk when
   * it resolves. Every other connection reads it meanwhile.
   */
  async writeAside<T>(work: (rows: Rows) => T): Promise<T> {
    this.#database.exec('PRAGMA synchronous = NORMAL');
    let result: T;
    try {
      result = this.write(work);
    } finally {
      this.#database.exec('PRAGMA synchronous = FULL');
    }
    try {
      await using log = await open(`${this.#path}-wal`, 'r+');
      await log.datasync();
    } catch (error) {
      throw openingProblem(error, this.#path, this.#waitSeconds);
    }
    return result;
  }

  /**
   * Reads everything: SQLite's own structure and indexes, foreign keys, every certificate row against its checksums,
   * and what is derived from them. Minutes on a million rows; meant for `verify` and for backups, not for every start.
   * @throws Problem REGISTRY_DAMAGED or REGISTRY_ROW_DAMAGED with the first thing found.
   */
  verify(): { readonly certificates: number } {
    return this.read((rows) => {
      const [first] = this.#database.prepare('PRAGMA integrity_check(1)').all() as {
        integrity_check: string;
      }[];
      if (first?.integrity_check !== 'ok') {
        throw new Problem('REGISTRY_DAMAGED', {
          path: this.#path,
          reason: first?.integrity_check ?? 'no answer',
        });
      }
      const dangling = this.#database.prepare('PRAGMA foreign_key_check').get() as
        | { table: string }
        | undefined;
      if (dangling !== undefined) {
        throw new Problem('REGISTRY_DAMAGED', {
          path: this.#path,
          reason: `dangling reference in ${dangling.table}`,
        });
      }
      let certificates = 0;
      for (const _ of rows.certificates.iterate()) certificates += 1;
      const derived = firstDifference(this.#database);
      if (derived !== undefined) throw new Problem('REGISTRY_DAMAGED', { path: this.#path, reason: derived });
      return { certificates };
    });
  }

  /** Whether SQLite can read all of its own pages; far quicker than {@link verify}. @throws Problem REGISTRY_DAMAGED */
  quickCheck(): void {
    this.read(() => {
      const row = this.#database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
      if (row.quick_check !== 'ok')
        throw new Problem('REGISTRY_DAMAGED', { path: this.#path, reason: row.quick_check });
    });
  }

  /**
   * Writes a consistent copy to a new file (0600), by SQLite's online backup, while others go on writing. The copy
   * is on the disk when this resolves.
   * @throws Problem REGISTRY_DISK_FULL, REGISTRY_UNAVAILABLE; an error EEXIST of the file system
   */
  async snapshot(path: string): Promise<void> {
    closeSync(openSync(path, 'wx', 0o600));
    try {
      await backup(this.#database, path);
    } catch (error) {
      throw sqliteProblem(error, path, this.#waitSeconds);
    }
    const descriptor = openSync(path, 'r+');
    fsyncSync(descriptor);
    closeSync(descriptor);
  }

  /**
   * Takes the contents of another registry file of this schema into this one, in one transaction. `before` sees the
   * rows as they are and may throw to leave them so; `after` adds to what was taken over.
   * @throws Problem as {@link write}
   */
  takeOver(
    path: string,
    how: TakeOver,
    { replaceAudit, damagedSecrets, before, after }: TakeOverSteps,
  ): void {
    try {
      this.#database.prepare(`ATTACH DATABASE ? AS ${incoming}`).run(path);
    } catch (error) {
      throw sqliteProblem(error, path, this.#waitSeconds);
    }
    try {
      this.write((rows) => {
        before(rows);
        takeOver(this.#database, how, damagedSecrets);
        if (replaceAudit && how === 'merge') takeOverAudit(this.#database);
        after(rows);
      });
    } finally {
      this.#database.exec(`DETACH DATABASE ${incoming}`);
    }
  }

  /** Safe to call twice. */
  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #transaction<T>(mode: 'reading' | 'writing', begin: string, work: (rows: Rows) => T): T {
    try {
      this.#database.exec(mode === 'reading' ? `PRAGMA query_only = ON; ${begin}` : begin);
      this.#mode = mode;
      const result = work(this.#rows);
      if (result instanceof Promise) {
        // Its later writes would happen outside of the transaction.
        result.catch(() => {});
        throw new Error('the work of a transaction must be synchronous');
      }
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      throw this.#translate(error, mode);
    } finally {
      // SQLite has already rolled back by itself after some errors (full disk, I/O error).
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      if (mode === 'reading' && this.#database.isOpen) this.#database.exec('PRAGMA query_only = OFF');
      this.#mode = 'idle';
    }
  }

  #translate(error: unknown, mode: 'reading' | 'writing'): unknown {
    const problem = sqliteProblem(error, this.#path, this.#waitSeconds);
    const isMistake =
      mode === 'reading' && problem instanceof Problem && problem.code === 'REGISTRY_READ_ONLY';
    return isMistake ? new Error('a write inside read()', { cause: error }) : problem;
  }
}
