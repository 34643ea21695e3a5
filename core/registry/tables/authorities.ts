import { Problem } from '../../../contract/problem.ts';
import { type Columns, insertStatement, selectList, updateStatement } from '../columns.ts';
import type { AuthorityRecord } from '../records.ts';
import type { Statements } from '../statements.ts';

const columns: Columns<AuthorityRecord> = {
  id: 'id',
  name: 'name',
  certificateId: 'certificate_id',
  keyIdentifier: 'key_identifier',
  secretId: 'secret_id',
  crlDays: 'crl_days',
  signing: 'signing',
  createdAt: 'created_at',
};
const select = `SELECT ${selectList(columns)} FROM authorities`;

/** The CAs of this home. */
export class AuthoritiesTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /**
   * Its certificate (and secret) may be inserted before or after, within the same transaction.
   * @throws Problem REGISTRY_CONFLICT when the name is taken.
   */
  insert(record: AuthorityRecord): void {
    this.#statements.run(insertStatement('authorities', columns), { ...record });
  }

  /** Writes every field of the record of this id. @throws Problem REGISTRY_ABSENT_ROW */
  update(record: AuthorityRecord): void {
    const changed = this.#statements.run(updateStatement('authorities', columns), { ...record });
    if (changed === 0) throw new Problem('REGISTRY_ABSENT_ROW', { table: 'authorities', row: record.id });
  }

  get(id: string): AuthorityRecord | undefined {
    return this.#statements.first(`${select} WHERE id = :id`, { id });
  }

  byName(name: string): AuthorityRecord | undefined {
    return this.#statements.first(`${select} WHERE name = :name`, { name });
  }

  /** Oldest first. */
  list(): AuthorityRecord[] {
    return this.#statements.all(`${select} ORDER BY created_at, id`);
  }
}
