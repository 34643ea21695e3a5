import { createHash } from 'node:crypto';
import { Problem } from '../../../contract/problem.ts';
import { type Columns, insertStatement, selectList } from '../columns.ts';
import type { CertificateProfile, CertificateRecord } from '../records.ts';
import { pages, type Statements } from '../statements.ts';

/** Revoked outweighs expired. A certificate whose time has not come yet counts as valid. */
export type CertificateState = 'valid' | 'expired' | 'revoked';

export interface CertificateQuery {
  readonly authorityId?: string | undefined;
  readonly profile?: CertificateProfile | undefined;
  readonly state?: CertificateState | undefined;
  /** Part of the subject, the common name or the serial (colons and capitals allowed). */
  readonly search?: string | undefined;
  /** Only those that end before this (ISO 8601 UTC). */
  readonly endsBefore?: string | undefined;
  /** Newest first when absent. */
  readonly sort?:
    | { readonly by: 'createdAt' | 'notAfter' | 'commonName' | 'serial'; readonly descending?: boolean }
    | undefined;
  readonly offset: number;
  readonly limit: number;
}

export interface ListedCertificate extends CertificateRecord {
  readonly state: CertificateState;
}

const columns: Columns<CertificateRecord> = {
  id: 'id',
  authorityId: 'authority_id',
  serial: 'serial',
  subject: 'subject',
  commonName: 'common_name',
  profile: 'profile',
  notBefore: 'not_before',
  notAfter: 'not_after',
  der: 'der',
  secretId: 'secret_id',
  createdAt: 'created_at',
};
type StoredCertificate = CertificateRecord & { readonly checksum: string };
const storedColumns: Columns<StoredCertificate> = { ...columns, checksum: 'checksum' };

const select = `SELECT ${selectList(storedColumns)} FROM certificates`;
const revoked = `EXISTS (SELECT 1 FROM revocations r WHERE r.authority_id = c.authority_id AND r.serial = c.serial)`;
const state = `CASE WHEN ${revoked} THEN 'revoked' WHEN c.not_after < :now THEN 'expired' ELSE 'valid' END`;

/** Certificates issued or taken in. Every row read is checked against its own fingerprint and checksum. */
export class CertificatesTable {
  readonly #statements: Statements;
  readonly #clock: () => Date;

  constructor(statements: Statements, clock: () => Date) {
    this.#statements = statements;
    this.#clock = clock;
  }

  /**
   * @throws Problem REGISTRY_CONFLICT when this authority has used the serial, or the certificate is here already.
   * @throws Problem REGISTRY_ROW_DAMAGED when `id` is not the SHA-256 of `der`.
   */
  insert(record: CertificateRecord): void {
    const row: StoredCertificate = { ...record, checksum: checksum(record) };
    intact(row);
    this.#statements.run(insertStatement('certificates', storedColumns), { ...row });
  }

  /** @throws Problem REGISTRY_ROW_DAMAGED, as every reader of this table. */
  get(id: string): CertificateRecord | undefined {
    const row = this.#statements.first<StoredCertificate>(`${select} WHERE id = :id`, { id });
    return row && intact(row);
  }

  bySerial(authorityId: string, serial: string): CertificateRecord | undefined {
    const sql = `${select} WHERE authority_id = :authorityId AND serial = :serial`;
    const row = this.#statements.first<StoredCertificate>(sql, { authorityId, serial });
    return row && intact(row);
  }

  count(): number {
    return this.#statements.first<{ n: number }>('SELECT count(*) AS n FROM certificates')!.n;
  }

  /** One page, and how many there are in all. */
  list(query: CertificateQuery): { readonly items: ListedCertificate[]; readonly total: number } {
    const { where, parameters } = conditions(query, this.#clock());
    const count = `SELECT count(*) AS n FROM certificates c WHERE :now = :now AND ${where}`;
    const total = this.#statements.first<{ n: number }>(count, parameters)!.n;
    const page = `SELECT ${selectList(storedColumns, 'c.')}, ${state} AS state FROM certificates c
      WHERE ${where} ORDER BY ${order(query.sort)} LIMIT :limit OFFSET :offset`;
    const rows = this.#statements.all<StoredCertificate & { state: CertificateState }>(page, {
      ...parameters,
      limit: query.limit,
      offset: query.offset,
    });
    return { items: rows.map((row) => ({ ...intact(row), state: row.state })), total };
  }

  /** Still valid now, not revoked, and over before `before` (ISO 8601 UTC); the first to end first. */
  expiring(before: string, limit: number): CertificateRecord[] {
    const sql = `SELECT ${selectList(storedColumns, 'c.')} FROM certificates c
      WHERE c.not_after >= :now AND c.not_after < :before AND NOT ${revoked} ORDER BY c.not_after, c.id LIMIT :limit`;
    const rows = this.#statements.all<StoredCertificate>(sql, {
      now: this.#clock().toISOString(),
      before,
      limit,
    });
    return rows.map(intact);
  }

  /**
   * How many end in each month (YYYY-MM), from now on, without revoked ones and those of tests. Reads the index of
   * not_after alone, then what was revoked, then those of tests (they live for a day), so that a million rows take
   * no longer than a look.
   */
  endsByMonth(): { readonly month: string; readonly count: number }[] {
    const now = this.#clock().toISOString();
    const soon = new Date(this.#clock().getTime() + 2 * 86_400_000).toISOString();
    const months = new Map<string, number>();
    const add = (sql: string, sign: number, limits: Record<string, string> = { now }): void => {
      for (const { month, n } of this.#statements.all<{ month: string; n: number }>(sql, limits))
        months.set(month, (months.get(month) ?? 0) + sign * n);
    };
    add(
      'SELECT substr(not_after, 1, 7) AS month, count(*) AS n FROM certificates WHERE not_after >= :now GROUP BY 1',
      1,
    );
    add(
      `SELECT substr(c.not_after, 1, 7) AS month, count(*) AS n FROM revocations r
        JOIN certificates c ON c.authority_id = r.authority_id AND c.serial = r.serial
        WHERE c.not_after >= :now AND c.profile <> 'probe' GROUP BY 1`,
      -1,
    );
    add(
      `SELECT substr(not_after, 1, 7) AS month, count(*) AS n FROM certificates
        WHERE not_after >= :now AND not_after < :soon AND profile = 'probe' GROUP BY 1`,
      -1,
      { now, soon },
    );
    return [...months]
      .filter(([, count]) => count > 0)
      .map(([month, count]) => ({ month, count }))
      .toSorted((a, b) => a.month.localeCompare(b.month));
  }

  /** Revoked, and its time is not over: who a server that reads no CRL still lets in. */
  countRevokedInForce(authorityId: string): number {
    const sql = `SELECT count(*) AS n FROM revocations r
      JOIN certificates c ON c.authority_id = r.authority_id AND c.serial = r.serial
      WHERE r.authority_id = :authorityId AND c.profile = 'client' AND c.not_after >= :now`;
    return this.#statements.first<{ n: number }>(sql, { authorityId, now: this.#clock().toISOString() })!.n;
  }

  /** All of them, in order of id; stops with REGISTRY_ROW_DAMAGED at the first that is not what it was. */
  *iterate(): Generator<CertificateRecord> {
    const sql = `${select} WHERE id > :after ORDER BY id LIMIT :limit`;
    const rows = pages(
      '',
      (after, limit) => this.#statements.all<StoredCertificate>(sql, { after, limit }),
      (row) => row.id,
    );
    for (const row of rows) yield intact(row);
  }
}

/** The id is the fingerprint and so vouches for `der`; the checksum vouches for the columns beside it. */
function intact(row: StoredCertificate): CertificateRecord {
  const { checksum: stored, ...rest } = row;
  const record = onlyFields(rest);
  if (createHash('sha256').update(row.der).digest('hex') !== row.id || checksum(record) !== stored) {
    throw new Problem('REGISTRY_ROW_DAMAGED', {
      table: 'certificates',
      row: `${row.id} (serial ${row.serial})`,
    });
  }
  return record;
}

function onlyFields(row: CertificateRecord): CertificateRecord {
  const fields = Object.keys(columns).map((field) => [field, row[field as keyof CertificateRecord]]);
  return Object.fromEntries(fields) as CertificateRecord;
}

/** SHA-256, hex, over the JSON array of every field but `der`, in the order of the columns. */
function checksum(record: CertificateRecord): string {
  const fields = Object.keys(columns).filter((field) => field !== 'der');
  const values = fields.map((field) => record[field as keyof CertificateRecord]);
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}

function conditions(query: CertificateQuery, now: Date) {
  const parameters: Record<string, string> = { now: now.toISOString() };
  const where = ['1'];
  if (query.authorityId !== undefined) {
    where.push('c.authority_id = :authorityId');
    parameters.authorityId = query.authorityId;
  }
  if (query.profile !== undefined) {
    where.push('c.profile = :profile');
    parameters.profile = query.profile;
  }
  if (query.state !== undefined) {
    where.push(`${state} = :state`);
    parameters.state = query.state;
  }
  if (query.endsBefore !== undefined) {
    where.push('c.not_after < :endsBefore');
    parameters.endsBefore = query.endsBefore;
  }
  const search = query.search?.trim() ?? '';
  if (search !== '') {
    where.push(String.raw`(c.subject LIKE :text ESCAPE '\' OR c.common_name LIKE :text ESCAPE '\'
      OR c.serial LIKE :hex ESCAPE '\')`);
    parameters.text = containing(search);
    parameters.hex = containing(search.toLowerCase().replace(/[:\s]/g, '') || search);
  }
  return { where: where.join(' AND '), parameters };
}

/** A LIKE pattern that takes `%` and `_` of the search text literally. */
function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

const sortColumns = {
  createdAt: 'c.created_at',
  notAfter: 'c.not_after',
  commonName: 'c.common_name',
  serial: 'c.serial',
};

function order(sort: CertificateQuery['sort']): string {
  const { by, descending = false } = sort ?? { by: 'createdAt', descending: true };
  const direction = descending ? 'DESC' : 'ASC';
  return `${sortColumns[by]} ${direction}, c.id ${direction}`;
}
