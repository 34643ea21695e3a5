/** From what a person has at hand (name, serial, fingerprint, common name) to the one row that is meant. */
import { Problem } from '../../contract/problem.ts';
import type { CoreContext } from '../context.ts';
import type { AuthorityRecord, CertificateRecord } from '../registry/records.ts';

/** By name or id. @throws Problem AUTHORITY_NOT_FOUND */
export function findAuthority({ registry }: CoreContext, reference: string): AuthorityRecord {
  const found = registry.read(
    (rows) => rows.authorities.byName(reference) ?? rows.authorities.get(reference),
  );
  if (!found) throw new Problem('AUTHORITY_NOT_FOUND', { authority: reference });
  return found;
}

/**
 * By SHA-256 fingerprint, serial number (colons allowed) or exact common name.
 * @throws Problem CERTIFICATE_NOT_FOUND, CERTIFICATE_AMBIGUOUS
 */
export function findCertificate({ registry }: CoreContext, reference: string): CertificateRecord {
  const hex = reference.replaceAll(':', '').toLowerCase();
  return registry.read((rows) => {
    const byFingerprint = /^[0-9a-f]{64}$/.test(hex) ? rows.certificates.get(hex) : undefined;
    if (byFingerprint) return byFingerprint;
    const serials = rows.authorities.list().flatMap(({ id }) => rows.certificates.bySerial(id, hex) ?? []);
    const matches = serials.length > 0 ? serials : rows.certificates.byCommonName(reference);
    if (matches.length === 0) throw new Problem('CERTIFICATE_NOT_FOUND', { certificate: reference });
    if (matches.length > 1)
      throw new Problem('CERTIFICATE_AMBIGUOUS', { certificate: reference, count: matches.length });
    return matches[0]!;
  });
}
