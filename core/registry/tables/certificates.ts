import { createHash } from 'node:crypto';
import { Problem } from '../../../contract/problem.ts';
import { type Columns, insertStatement, selectList } from '../columns.ts';
import type { CertificateRecord } from '../records.ts';
import { pages, type Statements } from '../statements.ts';
import type { CertificateList, CertificateQuery } from './certificate-list.ts';

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

/** As it was read, not yet compared with its checksums. */
type StoredCertificate = CertificateRecord & { readonly checksum: string };
const storedColumns: Columns<StoredCertificate> = { ...columns, checksum: 'checksum' };

const select = `SELECT ${selectList(storedColumns)} FROM certificates`;

export interface CertificatePage {
  readonly items: readonly CertificateRecord[];
  readonly total: number;
  /** A broad search met more than `total`; counting was stopped there. */
  readonly hasMore: boolean;
  /** For `after` of the query for the next page; null at the end. */
  readonly next: string | null;
}

/** Certificates issued or taken in. Every row read is checked against its own fingerprint and checksum. */
export class CertificatesTable {
  readonly #statements: Statements;
  readonly #list: CertificateList;

  constructor(statements: Statements, list: CertificateList) {
    this.#statements = statements;
    this.#list = list;
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

  /** The newest first. */
  byCommonName(commonName: string): CertificateRecord[] {
    const sql = `${select} WHERE common_name = :commonName ORDER BY created_at DESC, id DESC`;
    return this.#statements.all<StoredCertificate>(sql, { commonName }).map(intact);
  }

  /** One page, in one go. What people ask for goes through `Listing`. */
  list(query: CertificateQuery): CertificatePage {
    const work = this.#list.page(query);
    for (;;) {
      const { done, value } = work.next();
      if (!done) continue;
      const { ids, ...page } = value;
      return { ...page, items: ids.flatMap((id) => this.get(id) ?? []) };
    }
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

/**
 * The id is the fingerprint and so vouches for `der`; the checksum vouches for the columns beside it.
 * @throws Problem REGISTRY_ROW_DAMAGED
 */
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
