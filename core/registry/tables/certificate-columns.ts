/** Where a certificate row keeps what; apart from its table, so that a thread can read rows without the rest of it. */
import { type Columns, selectList } from '../columns.ts';
import type { CertificateRecord } from '../records.ts';

export const columns: Columns<CertificateRecord> = {
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
export type StoredCertificate = CertificateRecord & { readonly checksum: string };
export const storedColumns: Columns<StoredCertificate> = { ...columns, checksum: 'checksum' };

export const select = `SELECT ${selectList(storedColumns)} FROM certificates`;
