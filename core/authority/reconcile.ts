/** What the audit log tells, held against what is there: a row deleted behind Warifu's back is missed here. */
import type { AuditMissing } from '../../contract/audit.ts';
import type { AuditRecord } from '../registry/records.ts';
import type { Rows } from '../registry/registry.ts';

export interface Missing {
  /** The record that tells of it. */
  readonly seq: number;
  readonly what: AuditMissing;
  /** Fingerprint of a certificate, serial of a revocation, number of a CRL. */
  readonly id: string;
}

/** At most `limit`, in the order of the log. @throws Problem REGISTRY_ROW_DAMAGED for a certificate that was changed */
export function missingFromRegistry(rows: Rows, limit: number): readonly Missing[] {
  const authorityIds = new Map(rows.authorities.list().map(({ name, id }) => [name, id]));
  const missing: Missing[] = [];
  for (const record of rows.audit.iterate(1)) {
    const found = missingOf(record, rows, authorityIds);
    if (found !== undefined) missing.push({ seq: record.seq, ...found });
    if (missing.length === limit) break;
  }
  return missing;
}

function missingOf(
  { action, subject }: AuditRecord,
  rows: Rows,
  authorityIds: ReadonlyMap<string, string>,
): Omit<Missing, 'seq'> | undefined {
  const told = toldIn(subject);
  const authorityId = authorityIds.get(String(told['authority'])) ?? '';
  switch (action) {
    case 'authority.created':
    case 'authority.imported':
    case 'certificate.issued': {
      const id = String(told['fingerprint'] ?? '');
      return id !== '' && rows.certificates.get(id) === undefined ? { what: 'certificate', id } : undefined;
    }
    case 'certificate.revoked':
    case 'intent.revoked': {
      const serial = String(told['serial']);
      return rows.revocations.get(authorityId, serial) ? undefined : { what: 'revocation', id: serial };
    }
    case 'crl.published': {
      const number = Number(told['number']);
      return rows.crls.has(authorityId, number) ? undefined : { what: 'crl', id: String(number) };
    }
    default:
      return undefined;
  }
}

/** Nothing can be looked for that a record does not tell in the way Warifu writes it. */
function toldIn(subject: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(subject)) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
