/** What leaves Warifu: certificates as PEM, identities as PKCS#12. A private key leaves in a PKCS#12 only. */
import type { z } from 'zod';
import type { exportedFile, pkcs12Profile } from '../../contract/certificate.ts';
import { Problem } from '../../contract/problem.ts';
import { audit, type CoreContext, requireUnlocked } from '../context.ts';
import { writePkcs12Aside } from '../pkcs12/aside.ts';
import type { CertificateRecord } from '../registry/records.ts';
import { certificatePem } from '../x509/certificate.ts';
import { generatePassword } from '../x509/pkcs12/password.ts';
import { safeFileName } from './file-name.ts';

export type ExportedFile = z.infer<typeof exportedFile>;

/** The certificate and those above it, leaf first, DER. */
export function chainOf({ registry }: CoreContext, record: CertificateRecord): readonly Uint8Array[] {
  if (record.profile === 'ca') return [record.der];
  return registry.read((rows) => {
    const authority = rows.authorities.get(record.authorityId);
    const issuer = authority && rows.certificates.get(authority.certificateId);
    return issuer ? [record.der, issuer.der] : [record.der];
  });
}

export function exportPem(context: CoreContext, record: CertificateRecord, withChain: boolean): ExportedFile {
  const pem = (withChain ? chainOf(context, record) : [record.der]).map(certificatePem).join('');
  return { fileName: `${fileStem(record)}.crt`, bytes: Buffer.from(pem).toString('base64'), password: null };
}

/**
 * A PKCS#12 with key and chain. Without `password` a strong one is made and returned, once; it is kept nowhere.
 * @throws Problem KEY_NOT_KEPT, VAULT_LOCKED (meanwhile too: nothing goes out then), SECRET_DAMAGED, AUTHORITY_KEY_STAYS
 */
export async function exportPkcs12(
  context: CoreContext,
  record: CertificateRecord,
  profile: z.infer<typeof pkcs12Profile>,
  password?: string,
): Promise<ExportedFile> {
  const key = unsealKey(context, record);
  const chosen = password ?? generatePassword();
  const bytes = await writePkcs12Aside({
    profile,
    password: chosen,
    friendlyName: record.commonName || record.serial,
    key,
    certificates: [...chainOf(context, record)],
  }).finally(() => key.fill(0));
  context.registry.write((rows) => {
    // Locked meanwhile, it would go out and nothing sealed would tell of it.
    requireUnlocked(context);
    audit(context, rows, 'certificate.exported', {
      serial: record.serial,
      subject: record.subject,
      format: `pkcs12-${profile}`,
    });
  });
  return {
    fileName: `${fileStem(record)}.p12`,
    bytes: Buffer.from(bytes).toString('base64'),
    password: password === undefined ? chosen : null,
  };
}

/**
 * The kept private key of a person or server, PKCS#8 DER. The caller wipes it.
 * @throws Problem KEY_NOT_KEPT, VAULT_LOCKED; AUTHORITY_KEY_STAYS, since a CA's key leaves the vault only to sign
 */
export function unsealKey({ registry, vault }: CoreContext, record: CertificateRecord): Uint8Array {
  const { secretId } = record;
  if (record.profile === 'ca') throw new Problem('AUTHORITY_KEY_STAYS', { authority: record.commonName });
  if (secretId === null) throw new Problem('KEY_NOT_KEPT', { commonName: record.commonName });
  const secret = registry.read((rows) => rows.secrets.get(secretId)!);
  return vault.unseal('private-key', secretId, secret.sealed);
}

function fileStem({ commonName, serial }: CertificateRecord): string {
  return safeFileName(commonName, `certificate-${serial.slice(0, 8)}`);
}
