import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

type Parameters = Readonly<Record<string, SQLInputValue>>;

/** Prepares each SQL text once. The tables know this, never the connection. */
export class Statements {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Runs a statement; returns the number of rows it changed. */
  run(sql: string, parameters: Parameters = {}): number {
    return Number(this.#prepare(sql).run(parameters).changes);
  }

  /** The first row as a plain object, or `undefined`. */
  first<R>(sql: string, parameters: Parameters = {}): R | undefined {
    const row = this.#prepare(sql).get(parameters);
    return row === undefined ? undefined : ({ ...row } as R);
  }

  all<R>(sql: string, parameters: Parameters = {}): R[] {
    return this.#prepare(sql)
      .all(parameters)
      .map((row) => ({ ...row }) as R);
  }

  /** One row after the other, for a reader that may stop. */
  *each<R>(sql: string, parameters: Parameters = {}): Generator<R> {
    for (const row of this.#prepare(sql).iterate(parameters)) yield { ...row } as R;
  }

  #prepare(sql: string): StatementSync {
    const prepared = this.#prepared.get(sql) ?? this.#database.prepare(sql);
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/** Rows fetched at a time: few enough that memory stays flat, enough that the calls do not count. */
const pageSize = 500;

/**
 * Walks a table page by page. No statement stays open between two rows, so a slow consumer holds neither the
 * writer nor an old snapshot. `fetch` returns at most `limit` rows after `last`, in key order.
 */
export function* pages<R, K>(
  first: K,
  fetch: (after: K, limit: number) => readonly R[],
  keyOf: (row: R) => K,
): Generator<R> {
  for (let after = first; ; ) {
    const page = fetch(after, pageSize);
    yield* page;
    if (page.length < pageSize) return;
    after = keyOf(page[page.length - 1]!);
  }
}
