import { Problem } from '../../../contract/problem.ts';
import { type Columns, insertStatement, selectList } from '../columns.ts';
import type { RequestRecord } from '../records.ts';
import type { Statements } from '../statements.ts';

const columns: Columns<RequestRecord> = {
  id: 'id',
  authorityId: 'authority_id',
  kind: 'kind',
  label: 'label',
  detail: 'detail',
  state: 'state',
  secretId: 'secret_id',
  createdAt: 'created_at',
};
const select = `SELECT ${selectList(columns)} FROM requests`;

/** What was asked of a CA on another machine, and whether the answer has come. */
export class RequestsTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  insert(record: RequestRecord): void {
    this.#statements.run(insertStatement('requests', columns), { ...record });
  }

  get(id: string): RequestRecord | undefined {
    return this.#statements.first(`${select} WHERE id = :id`, { id });
  }

  /** Oldest first. */
  waiting(authorityId: string): RequestRecord[] {
    const sql = `${select} WHERE authority_id = :authorityId AND state = 'waiting' ORDER BY created_at, id`;
    return this.#statements.all(sql, { authorityId });
  }

  /** Those that this machine has answered, or got an answer to. Oldest first. */
  answered(authorityId: string): RequestRecord[] {
    const sql = `${select} WHERE authority_id = :authorityId AND state <> 'waiting' ORDER BY created_at, id`;
    return this.#statements.all(sql, { authorityId });
  }

  delete(id: string): void {
    this.#statements.run('DELETE FROM requests WHERE id = :id', { id });
  }

  /**
   * Closes a waiting request, once.
   * @throws Problem REGISTRY_ABSENT_ROW when it does not exist or was settled before.
   */
  settle(id: string, state: Exclude<RequestRecord['state'], 'waiting'>): void {
    const changed = this.#statements.run(
      `UPDATE requests SET state = :state WHERE id = :id AND state = 'waiting'`,
      { id, state },
    );
    if (changed === 0) throw new Problem('REGISTRY_ABSENT_ROW', { table: 'requests', row: id });
  }
}
