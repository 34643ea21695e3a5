/** Revocation: recorded here and on the next CRL. CLB reads no CRL, so this alone does not shut a client out there. */
import { Problem } from '../../contract/problem.ts';
import { audit, type CoreContext, now, requireUnlocked } from '../context.ts';
import type { CertificateRecord, RevocationReason, RevocationRecord } from '../registry/records.ts';
import type { Rows } from '../registry/registry.ts';

export interface Revocation {
  readonly reason: RevocationReason;
  readonly invalidityAt?: string;
}

/**
 * `alongside` is written in the same transaction.
 * @throws Problem ALREADY_REVOKED (the first record stands); AUTHORITY_KEY_ABSENT for a CA whose key is on another
 *   machine, which must be asked instead
 */
export function revokeCertificate(
  context: CoreContext,
  certificate: CertificateRecord,
  revocation: Revocation,
  alongside: (rows: Rows) => void = () => {},
): RevocationRecord {
  requireUnlocked(context);
  return context.registry.write((rows) => {
    const authority = rows.authorities.get(certificate.authorityId);
    if (authority?.secretId === null)
      throw new Problem('AUTHORITY_KEY_ABSENT', { authority: authority.name });
    const existing = rows.revocations.get(certificate.authorityId, certificate.serial);
    if (existing)
      throw new Problem('ALREADY_REVOKED', { serial: existing.serial, revokedAt: existing.revokedAt });
    const record = revocationOf(context, certificate, revocation);
    rows.revocations.insert(record);
    audit(context, rows, 'certificate.revoked', {
      authority: authority?.name ?? certificate.authorityId,
      serial: certificate.serial,
      subject: certificate.subject,
      reason: revocation.reason,
    });
    alongside(rows);
    return record;
  });
}

export function revocationOf(
  context: CoreContext,
  { authorityId, serial }: { authorityId: string; serial: string },
  { reason, invalidityAt }: Revocation,
): RevocationRecord {
  return {
    authorityId,
    serial,
    reason,
    revokedAt: now(context).toISOString(),
    invalidityAt: invalidityAt ?? null,
  };
}
