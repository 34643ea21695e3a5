/** What this machine asks of a CA whose key is elsewhere; each waits until an answer comes back. */
import { randomUUID } from 'node:crypto';
import type { IssueInput } from '../../contract/certificate.ts';
import { Problem } from '../../contract/problem.ts';
import type { WaitingRequest } from '../../contract/transfer.ts';
import { findAuthority, findCertificate } from '../authority/find.ts';
import { generalName } from '../authority/profiles.ts';
import { audit, type CoreContext, requireUnlocked } from '../context.ts';
import { sealPrivateKey } from '../private-key.ts';
import type { AuthorityRecord, RequestRecord, RevocationReason } from '../registry/records.ts';
import { subjectAltName } from '../x509/extensions.ts';
import { generatePrivateKey, signerFor } from '../x509/key.ts';
import { nameText, parseNameText } from '../x509/name.ts';
import { buildRequest } from '../x509/request.ts';
import type { CertificateRequestDetail, RevocationRequestDetail } from './file.ts';

/** @throws Problem AUTHORITY_KEY_PRESENT, VAULT_LOCKED; X509Error NAME_INVALID, VALUE_INVALID */
export async function requestCertificate(context: CoreContext, input: IssueInput): Promise<WaitingRequest> {
  const authority = keyless(findAuthority(context, input.authority));
  requireUnlocked(context);
  const subject = parseNameText(input.subject);
  const names = input.names.map(generalName);
  const key = await generatePrivateKey(input.keyAlgorithm);
  try {
    const extensions = names.length === 0 ? [] : [subjectAltName(names)];
    const detail: CertificateRequestDetail = {
      request: Buffer.from(buildRequest({ subject, extensions }, signerFor(key))).toString('base64'),
      profile: input.profile,
      names: input.names,
      days: input.days,
    };
    return insert(context, authority, 'certificate', nameText(subject), detail, key);
  } finally {
    key.fill(0);
  }
}

/** @throws Problem CERTIFICATE_NOT_FOUND, AUTHORITY_KEY_PRESENT, ALREADY_REVOKED */
export function requestRevocation(
  context: CoreContext,
  reference: string,
  reason: RevocationReason,
): WaitingRequest {
  const certificate = findCertificate(context, reference);
  const { authority, revocation } = context.registry.read((rows) => ({
    authority: rows.authorities.get(certificate.authorityId)!,
    revocation: rows.revocations.get(certificate.authorityId, certificate.serial),
  }));
  if (revocation)
    throw new Problem('ALREADY_REVOKED', { serial: revocation.serial, revokedAt: revocation.revokedAt });
  const detail: RevocationRequestDetail = { serial: certificate.serial, reason };
  return insert(context, keyless(authority), 'revocation', certificate.subject, detail, undefined);
}

/** Request and key go; the audit log keeps that they were. @throws Problem REQUEST_NOT_WAITING */
export function withdrawRequest(context: CoreContext, id: string): WaitingRequest {
  return context.registry.write((rows) => {
    const request = rows.requests.get(id);
    if (request?.state !== 'waiting') throw new Problem('REQUEST_NOT_WAITING', { request: id });
    const { kind, label, createdAt, secretId, authorityId } = request;
    rows.requests.delete(id);
    if (secretId !== null) rows.secrets.delete(secretId);
    audit(context, rows, 'transfer.withdrawn', {
      authority: rows.authorities.get(authorityId)!.name,
      request: id,
      subject: label,
    });
    return { id, kind, label, createdAt };
  });
}

function keyless(authority: AuthorityRecord): AuthorityRecord {
  if (authority.secretId !== null) throw new Problem('AUTHORITY_KEY_PRESENT', { authority: authority.name });
  return authority;
}

function insert(
  context: CoreContext,
  authority: AuthorityRecord,
  kind: RequestRecord['kind'],
  label: string,
  detail: CertificateRequestDetail | RevocationRequestDetail,
  privateKey: Uint8Array | undefined,
): WaitingRequest {
  const createdAt = context.clock().toISOString();
  const id = randomUUID();
  const key = privateKey === undefined ? null : sealPrivateKey(context, privateKey);
  context.registry.write((rows) => {
    if (key) rows.secrets.insert(key);
    rows.requests.insert({
      id,
      authorityId: authority.id,
      kind,
      label,
      detail: JSON.stringify(detail),
      state: 'waiting',
      secretId: key?.id ?? null,
      createdAt,
    });
    audit(context, rows, `transfer.${kind}-requested`, {
      authority: authority.name,
      request: id,
      subject: label,
    });
  });
  return { id, kind, label, createdAt };
}
