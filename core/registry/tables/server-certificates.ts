import { Problem } from '../../../contract/problem.ts';
import { type Columns, insertStatement, type Row, selectList, updateStatement } from '../columns.ts';
import type { ServerCertificateRecord } from '../records.ts';
import type { Statements } from '../statements.ts';

const columns: Columns<ServerCertificateRecord> = {
  id: 'id',
  name: 'name',
  source: 'source',
  commonName: 'common_name',
  hosts: 'hosts',
  chainPem: 'chain_pem',
  requestPem: 'request_pem',
  fingerprint: 'fingerprint',
  notBefore: 'not_before',
  notAfter: 'not_after',
  secretId: 'secret_id',
  createdAt: 'created_at',
};
const select = `SELECT ${selectList(columns)} FROM server_certificates`;

/** The listener's own certificates: bought, requested or issued for Practice. */
export class ServerCertificatesTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** @throws Problem REGISTRY_CONFLICT when the name is taken. */
  insert(record: ServerCertificateRecord): void {
    this.#statements.run(insertStatement('server_certificates', columns), toRow(record));
  }

  /** Writes every field of the record of this id. @throws Problem REGISTRY_ABSENT_ROW */
  update(record: ServerCertificateRecord): void {
    const changed = this.#statements.run(updateStatement('server_certificates', columns), toRow(record));
    if (changed === 0)
      throw new Problem('REGISTRY_ABSENT_ROW', { table: 'server_certificates', row: record.id });
  }

  get(id: string): ServerCertificateRecord | undefined {
    return fromRow(this.#statements.first<Row>(`${select} WHERE id = :id`, { id }));
  }

  byName(name: string): ServerCertificateRecord | undefined {
    return fromRow(this.#statements.first<Row>(`${select} WHERE name = :name`, { name }));
  }

  /** Oldest first. */
  list(): ServerCertificateRecord[] {
    return this.#statements.all<Row>(`${select} ORDER BY created_at, id`).map((row) => fromRow(row)!);
  }
}

function toRow(record: ServerCertificateRecord): Row {
  return { ...record, hosts: JSON.stringify(record.hosts) };
}

function fromRow(row: Row | undefined): ServerCertificateRecord | undefined {
  if (row === undefined) return undefined;
  return { ...row, hosts: JSON.parse(row.hosts as string) } as unknown as ServerCertificateRecord;
}
