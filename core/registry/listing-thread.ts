/**
 * A thread that reads pages of certificates for {@link Listing}, on a connection of its own: one step of SQLite can
 * take seconds when a large file is not in memory yet, and cannot be left in between. It writes nothing, and knows no
 * words: an error of SQLite goes back as it is.
 */
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as breath } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Statements } from './statements.ts';
import { type StoredCertificate, select } from './tables/certificate-columns.ts';
import { CertificateList, type CertificateQuery, type ListedPage } from './tables/certificate-list.ts';

export interface ThreadStart {
  readonly path: string;
  readonly waitSeconds: number;
}

export type Wish =
  | { readonly id: number; readonly query: CertificateQuery; readonly now: Date }
  /** Whoever asked no longer waits. */
  | { readonly id: number; readonly dropped: true };

/** An error as it crosses to another thread, with what SQLite adds to it. */
export type ThreadError = Pick<Error, 'message' | 'stack'> & {
  readonly code?: string;
  readonly errcode?: number;
};

export type Answer = { readonly id: number } & (
  | { readonly page: Omit<ListedPage, 'ids'> & { readonly rows: readonly StoredCertificate[] } }
  | { readonly error: ThreadError }
);

const { path, waitSeconds } = workerData as ThreadStart;
const port = parentPort!;
const waiting = new Set<number>();
const database = new DatabaseSync(path, { readOnly: true, timeout: waitSeconds * 1000 });
database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -32768');
const statements = new Statements(database);

port.on('message', (wish: Wish) => {
  if ('dropped' in wish) waiting.delete(wish.id);
  else void answer(wish);
});

async function answer({ id, query, now }: Extract<Wish, { query: CertificateQuery }>): Promise<void> {
  waiting.add(id);
  try {
    const work = pageOf(query, now);
    while (waiting.has(id)) {
      const { done, value } = onOneSnapshot(() => work.next());
      if (done) return port.postMessage({ id, page: value } satisfies Answer);
      // Wishes that came meanwhile are heard here, and take turns.
      await breath();
    }
  } catch (error) {
    const { message, stack, code, errcode } = error as ThreadError;
    port.postMessage({ id, error: { message, stack, code, errcode } as ThreadError } satisfies Answer);
  } finally {
    waiting.delete(id);
  }
}

function* pageOf(query: CertificateQuery, now: Date) {
  const { ids, ...page } = yield* new CertificateList(statements, () => now).page(query);
  const rows = ids.flatMap(
    (id) => statements.first<StoredCertificate>(`${select} WHERE id = :id`, { id }) ?? [],
  );
  return { ...page, rows };
}

function onOneSnapshot<T>(work: () => T): T {
  database.exec('BEGIN');
  try {
    return work();
  } finally {
    // SQLite has already rolled back by itself after some errors.
    if (database.isTransaction) database.exec('COMMIT');
  }
}
