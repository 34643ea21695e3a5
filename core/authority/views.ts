/** Rows as the contract shows them. */
import type { AuthorityView, CrlView } from '../../contract/authority.ts';
import type { CertificateView } from '../../contract/certificate.ts';
import { type CoreContext, now } from '../context.ts';
import type { AuthorityRecord, CertificateRecord, CrlRecord } from '../registry/records.ts';
import { fingerprint1, parseCertificate } from '../x509/certificate.ts';
import { describePublicKey } from '../x509/key.ts';
import { toPem } from '../x509/pem.ts';
import { certificateViewAt } from './certificate-view.ts';

export function authorityView({ registry }: CoreContext, authority: AuthorityRecord): AuthorityView {
  return registry.read((rows) => {
    const row = rows.certificates.get(authority.certificateId)!;
    const certificate = parseCertificate(row.der);
    const key = describePublicKey(certificate.spki);
    const latest = rows.crls.latest(authority.id);
    const count = (state?: 'revoked'): number =>
      rows.certificateList.count({ authorityId: authority.id, state });
    return {
      id: authority.id,
      name: authority.name,
      subject: row.subject,
      key: key.text,
      serial: row.serial,
      fingerprint: row.id,
      fingerprintSha1: fingerprint1(row.der),
      notBefore: row.notBefore,
      notAfter: row.notAfter,
      crlDays: authority.crlDays,
      signing: authority.signing,
      hasKey: authority.secretId !== null,
      issued: count() - 1,
      revoked: count('revoked'),
      crl: latest ? { number: latest.number, nextUpdate: latest.nextUpdate } : null,
      clbObstacle: key.type === 'rsa' && [1024, 2048, 4096].includes(key.bits) ? null : key.text,
    };
  });
}

export function certificateView(context: CoreContext, record: CertificateRecord): CertificateView {
  return context.registry.read((rows) => certificateViewAt(rows, record, now(context)));
}

export function crlView(
  authority: AuthorityRecord,
  { number, thisUpdate, nextUpdate, entries, der }: CrlRecord,
): CrlView {
  return { authority: authority.name, number, thisUpdate, nextUpdate, entries, pem: toPem('X509 CRL', der) };
}
