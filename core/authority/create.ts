/** Step 2 of the tutorial: a CA. Key, self-signed v3 certificate and an empty first CRL, in one go. */
import { randomUUID } from 'node:crypto';
import type { CreateAuthorityInput } from '../../contract/authority.ts';
import { Problem } from '../../contract/problem.ts';
import { audit, type CoreContext, now, requireUnlocked } from '../context.ts';
import { sealPrivateKey } from '../private-key.ts';
import type { AuthorityRecord } from '../registry/records.ts';
import { parseCertificate, randomSerial } from '../x509/certificate.ts';
import { generatePrivateKey, keyIdentifier, signerFor } from '../x509/key.ts';
import { parseNameText } from '../x509/name.ts';
import { signCrl } from './crl.ts';
import { backdateMs, certificateRow, signLinted } from './issue.ts';
import { rootExtensions } from './profiles.ts';

/**
 * Makes a root CA whose key stays sealed in the vault. Key, certificate, first CRL and record are written in one transaction:
 * a CA exists wholly or not at all.
 * @throws Problem AUTHORITY_EXISTS, VAULT_LOCKED, NAME_INVALID, LINT_REFUSED
 */
export async function createAuthority(
  context: CoreContext,
  input: CreateAuthorityInput,
): Promise<AuthorityRecord> {
  const subject = parseNameText(input.subject);
  refuseExisting(context, input.name);
  requireUnlocked(context);
  const privateKey = await generatePrivateKey(input.keyAlgorithm);
  const signer = signerFor(privateKey);
  const start = now(context);
  // As early as the leaves it signs in its first minutes.
  const notBefore = new Date(start.getTime() - backdateMs);
  const notAfter = new Date(start);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + input.years);
  const der = await signLinted(
    {
      serial: randomSerial(),
      issuer: subject,
      subject,
      notBefore,
      notAfter,
      spki: signer.spki,
      extensions: rootExtensions(signer.spki),
    },
    signer,
  );

  const createdAt = context.clock().toISOString();
  const id = randomUUID();
  const key = sealPrivateKey(context, privateKey);
  privateKey.fill(0);
  const row = certificateRow(der, id, 'ca', key.id, createdAt);
  const authority: AuthorityRecord = {
    id,
    name: input.name,
    certificateId: row.id,
    keyIdentifier: Buffer.from(keyIdentifier(signer.spki)).toString('hex'),
    secretId: key.id,
    crlDays: input.crlDays,
    signing: input.signing,
    createdAt,
  };
  context.registry.write((rows) => {
    if (rows.authorities.byName(input.name)) throw new Problem('AUTHORITY_EXISTS', { authority: input.name });
    rows.secrets.insert(key);
    rows.authorities.insert(authority);
    rows.certificates.insert(row);
    audit(context, rows, 'authority.created', {
      authority: input.name,
      subject: row.subject,
      serial: row.serial,
      fingerprint: row.id,
    });
    signCrl(context, rows, authority, { certificate: parseCertificate(der), signer });
  });
  return authority;
}

function refuseExisting({ registry }: CoreContext, name: string): void {
  if (registry.read((rows) => rows.authorities.byName(name)))
    throw new Problem('AUTHORITY_EXISTS', { authority: name });
}
