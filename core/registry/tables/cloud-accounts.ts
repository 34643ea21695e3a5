import { Problem } from '../../../contract/problem.ts';
import { type Columns, insertStatement, type Row, selectList, updateStatement } from '../columns.ts';
import type { CloudAccountRecord } from '../records.ts';
import type { Statements } from '../statements.ts';

const columns: Columns<CloudAccountRecord> = {
  id: 'id',
  name: 'name',
  accessKeyId: 'access_key_id',
  secretId: 'secret_id',
  regionId: 'region_id',
  endpoint: 'endpoint',
  practice: 'practice',
  createdAt: 'created_at',
};
const select = `SELECT ${selectList(columns)} FROM cloud_accounts`;

/** Who Warifu is towards the cloud. The AccessKey secret itself is a row of `secrets`. */
export class CloudAccountsTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** @throws Problem REGISTRY_CONFLICT when the name is taken. */
  insert(record: CloudAccountRecord): void {
    this.#statements.run(insertStatement('cloud_accounts', columns), toRow(record));
  }

  /** Writes every field of the record of this id. @throws Problem REGISTRY_ABSENT_ROW */
  update(record: CloudAccountRecord): void {
    const changed = this.#statements.run(updateStatement('cloud_accounts', columns), toRow(record));
    if (changed === 0) throw new Problem('REGISTRY_ABSENT_ROW', { table: 'cloud_accounts', row: record.id });
  }

  get(id: string): CloudAccountRecord | undefined {
    return fromRow(this.#statements.first<Row>(`${select} WHERE id = :id`, { id }));
  }

  byName(name: string): CloudAccountRecord | undefined {
    return fromRow(this.#statements.first<Row>(`${select} WHERE name = :name`, { name }));
  }

  /** Oldest first. */
  list(): CloudAccountRecord[] {
    return this.#statements.all<Row>(`${select} ORDER BY created_at, id`).map((row) => fromRow(row)!);
  }

  /** Its secret stays; delete that too. @throws Problem REGISTRY_REFERENCE when a rollout still uses it. */
  delete(id: string): void {
    this.#statements.run('DELETE FROM cloud_accounts WHERE id = :id', { id });
  }
}

function toRow(record: CloudAccountRecord): Row {
  return { ...record, practice: record.practice ? 1 : 0 };
}

function fromRow(row: Row | undefined): CloudAccountRecord | undefined {
  if (row === undefined) return undefined;
  return { ...row, practice: row.practice === 1 } as unknown as CloudAccountRecord;
}
