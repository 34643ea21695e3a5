import { type Columns, insertStatement, selectList } from '../columns.ts';
import type { SecretRecord } from '../records.ts';
import { pages, type Statements } from '../statements.ts';

const columns: Columns<SecretRecord> = { id: 'id', kind: 'kind', sealed: 'sealed', createdAt: 'created_at' };
const select = `SELECT ${selectList(columns)} FROM secrets`;

/** Private keys and credentials as the vault sealed them. This room never sees what is inside. */
export class SecretsTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  insert(record: SecretRecord): void {
    this.#statements.run(insertStatement('secrets', columns), { ...record });
  }

  get(id: string): SecretRecord | undefined {
    return this.#statements.first(`${select} WHERE id = :id`, { id });
  }

  /** All of them, by id. */
  iterate(): Generator<SecretRecord> {
    const sql = `${select} WHERE id > :after ORDER BY id LIMIT :limit`;
    return pages(
      '',
      (after, limit) => this.#statements.all<SecretRecord>(sql, { after, limit }),
      ({ id }) => id,
    );
  }

  /** Whether anything is sealed at all: a new vault must never be made beside secrets that it cannot open. */
  any(): boolean {
    return this.#statements.first('SELECT 1 FROM secrets LIMIT 1') !== undefined;
  }

  /** @throws Problem REGISTRY_REFERENCE at the end of the transaction when a record still points at it. */
  delete(id: string): void {
    this.#statements.run('DELETE FROM secrets WHERE id = :id', { id });
  }
}
