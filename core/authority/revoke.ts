/** Revocation: recorded here and on the next CRL. CLB reads no CRL, so this alone does not shut a client out there. */
import { Problem } from '../../contract/problem.ts';
import { audit, type CoreContext, now, requireUnlocked } from '../context.ts';
import type {
  CertificateRecord,
  IntentRecord,
  RevocationReason,
  RevocationRecord,
} from '../registry/records.ts';

export interface Revocation {
  readonly reason: RevocationReason;
  readonly invalidityAt?: string;
}

/** @throws Problem ALREADY_REVOKED; the first record stands */
export function revokeCertificate(
  context: CoreContext,
  certificate: CertificateRecord,
  revocation: Revocation,
): RevocationRecord {
  requireUnlocked(context);
  return context.registry.write((rows) => {
    const existing = rows.revocations.get(certificate.authorityId, certificate.serial);
    if (existing)
      throw new Problem('ALREADY_REVOKED', { serial: existing.serial, revokedAt: existing.revokedAt });
    const record = revocationOf(context, certificate, revocation);
    rows.revocations.insert(record);
    audit(context, rows, 'certificate.revoked', {
      serial: certificate.serial,
      subject: certificate.subject,
      reason: revocation.reason,
    });
    return record;
  });
}

function revocationOf(
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

/**
 * Closes an intent that a crash left open: `revoke` puts its serial on the CRL, for a certificate that may exist
 * somewhere; `discard` says that none was ever made.
 * @throws Problem INTENT_NOT_FOUND
 */
export function settlePossiblyIssued(
  context: CoreContext,
  id: string,
  decision: 'revoke' | 'discard',
): IntentRecord['state'] {
  requireUnlocked(context);
  return context.registry.write((rows) => {
    const intent = rows.intents.get(id);
    if (intent?.state !== 'open') throw new Problem('INTENT_NOT_FOUND', { id });
    const state = decision === 'revoke' ? 'revoked' : 'discarded';
    if (decision === 'revoke')
      rows.revocations.insert(revocationOf(context, intent, { reason: 'unspecified' }));
    rows.intents.settle(id, state, null);
    audit(context, rows, `intent.${state}`, { serial: intent.serial, subject: intent.subject });
    return state;
  });
}
