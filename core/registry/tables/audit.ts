import { type Columns, insertStatement, selectList } from '../columns.ts';
import type { AuditRecord } from '../records.ts';
import { pages, type Statements } from '../statements.ts';

const columns: Columns<AuditRecord> = {
  seq: 'seq',
  at: 'at',
  action: 'action',
  subject: 'subject',
  previous: 'previous',
  hash: 'hash',
  mac: 'mac',
};
const select = `SELECT ${selectList(columns)} FROM audit`;

/** The audit log's rows. What makes them a chain is `core/audit`. */
export class AuditTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  append(record: AuditRecord): void {
    this.#statements.run(insertStatement('audit', columns), { ...record });
  }

  last(): AuditRecord | undefined {
    return this.#statements.first(`${select} ORDER BY seq DESC LIMIT 1`);
  }

  /** From `fromSeq` on, in order. Consume it inside `registry.read` for one consistent picture. */
  iterate(fromSeq: number): Generator<AuditRecord> {
    const sql = `${select} WHERE seq > :after ORDER BY seq LIMIT :limit`;
    return pages(
      fromSeq - 1,
      (after, limit) => this.#statements.all<AuditRecord>(sql, { after, limit }),
      (row) => row.seq,
    );
  }
}
