import { type Columns, insertStatement, selectList } from '../columns.ts';
import type { RevocationRecord } from '../records.ts';
import { pages, type Statements } from '../statements.ts';

const columns: Columns<RevocationRecord> = {
  authorityId: 'authority_id',
  serial: 'serial',
  reason: 'reason',
  revokedAt: 'revoked_at',
  invalidityAt: 'invalidity_at',
};
const select = `SELECT ${selectList(columns)} FROM revocations`;

/** Revoked serials. They stand apart from certificates: a serial can be revoked without its certificate. */
export class RevocationsTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** @throws Problem REGISTRY_CONFLICT when the serial is revoked already. */
  insert(record: RevocationRecord): void {
    this.#statements.run(insertStatement('revocations', columns), { ...record });
  }

  get(authorityId: string, serial: string): RevocationRecord | undefined {
    return this.#statements.first(`${select} WHERE authority_id = :authorityId AND serial = :serial`, {
      authorityId,
      serial,
    });
  }

  count(authorityId: string): number {
    const sql = 'SELECT count(*) AS n FROM revocations WHERE authority_id = :authorityId';
    return this.#statements.first<{ n: number }>(sql, { authorityId })!.n;
  }

  /** In order of serial (as text). Consume it inside `registry.read` for one consistent picture. */
  iterate(authorityId: string): Generator<RevocationRecord> {
    const sql = `${select} WHERE authority_id = :authorityId AND serial > :after ORDER BY serial LIMIT :limit`;
    return pages(
      '',
      (after, limit) => this.#statements.all<RevocationRecord>(sql, { authorityId, after, limit }),
      (row) => row.serial,
    );
  }
}
