import { type Columns, insertStatement, selectList } from '../columns.ts';
import type { AuthorityRecord } from '../records.ts';
import type { Statements } from '../statements.ts';

const columns: Columns<AuthorityRecord> = {
  id: 'id',
  name: 'name',
  certificateId: 'certificate_id',
  keyIdentifier: 'key_identifier',
  secretId: 'secret_id',
  crlDays: 'crl_days',
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
