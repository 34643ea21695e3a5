import type { CertificateView } from '../../contract/certificate.ts';
import type { CertificateRecord } from '../registry/records.ts';
import type { Rows } from '../registry/registry.ts';
import { parseCertificate } from '../x509/certificate.ts';
import { readSubjectAltName } from '../x509/extensions.ts';
import { describePublicKey } from '../x509/key.ts';

/** A certificate as the contract shows it, with what other rows and its own DER say of it. */
export function certificateViewAt(
  rows: Pick<Rows, 'authorities' | 'revocations'>,
  record: CertificateRecord,
  at: Date,
): CertificateView {
  const { spki, extensions } = parseCertificate(record.der);
  const authority = rows.authorities.get(record.authorityId);
  const revocation = rows.revocations.get(record.authorityId, record.serial);
  return {
    id: record.id,
    authority: authority?.name ?? record.authorityId,
    serial: record.serial,
    subject: record.subject,
    commonName: record.commonName,
    profile: record.profile,
    key: describePublicKey(spki).text,
    names: (readSubjectAltName(extensions) ?? []).map(({ value }) => value),
    notBefore: record.notBefore,
    notAfter: record.notAfter,
    state: revocation ? 'revoked' : stateAt(record, at.toISOString()),
    revokedAt: revocation?.revokedAt ?? null,
    reason: revocation?.reason ?? null,
    hasKey: record.secretId !== null,
  };
}

function stateAt(
  { notBefore, notAfter }: CertificateRecord,
  at: string,
): 'valid' | 'expired' | 'notYetValid' {
  if (notAfter <= at) return 'expired';
  return notBefore > at ? 'notYetValid' : 'valid';
}
