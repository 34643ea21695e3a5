import { type Columns, insertStatement, selectList } from '../columns.ts';
import type { CrlRecord } from '../records.ts';
import type { Statements } from '../statements.ts';

const columns: Columns<CrlRecord> = {
  authorityId: 'authority_id',
  number: 'number',
  thisUpdate: 'this_update',
  nextUpdate: 'next_update',
  entries: 'entries',
  der: 'der',
};
const select = `SELECT ${selectList(columns)} FROM crls`;

/** Published CRLs, and the counter of their numbers. */
export class CrlsTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /**
   * Takes the next CRL number of this authority, from 1 (RFC 5280 §5.2.3). Once the transaction is committed the
   * number is used up, even when no CRL follows: a number must never stand on two CRLs.
   */
  nextNumber(authorityId: string): number {
    const sql = `INSERT INTO crl_numbers (authority_id, last) VALUES (:authorityId, 1)
      ON CONFLICT (authority_id) DO UPDATE SET last = last + 1 RETURNING last`;
    return this.#statements.first<{ last: number }>(sql, { authorityId })!.last;
  }

  /**
   * Numbers made elsewhere (an imported CA) move the counter forward, never back.
   * @throws Problem REGISTRY_CONFLICT when this authority has a CRL of that number.
   */
  insert(record: CrlRecord): void {
    this.#statements.run(insertStatement('crls', columns), { ...record });
    const sql = `INSERT INTO crl_numbers (authority_id, last) VALUES (:authorityId, :number)
      ON CONFLICT (authority_id) DO UPDATE SET last = max(last, excluded.last)`;
    this.#statements.run(sql, { authorityId: record.authorityId, number: record.number });
  }

  /** Leaves out that many numbers of every authority. */
  skipNumbers(count: number): void {
    this.#statements.run('UPDATE crl_numbers SET last = last + :count', { count });
  }

  has(authorityId: string, number: number): boolean {
    const sql = 'SELECT 1 FROM crls WHERE authority_id = :authorityId AND number = :number';
    return this.#statements.first(sql, { authorityId, number }) !== undefined;
  }

  /** The one with the highest number. */
  latest(authorityId: string): CrlRecord | undefined {
    const sql = `${select} WHERE authority_id = :authorityId ORDER BY number DESC LIMIT 1`;
    return this.#statements.first(sql, { authorityId });
  }
}
