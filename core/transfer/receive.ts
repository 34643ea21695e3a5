/** On the connected machine: what the CA's machine sent is taken in, in one transaction. */
import { randomUUID } from 'node:crypto';
import { Problem } from '../../contract/problem.ts';
import { certificateRow } from '../authority/issue.ts';
import { audit, type CoreContext } from '../context.ts';
import type { AuthorityRecord, RequestRecord } from '../registry/records.ts';
import type { Rows } from '../registry/registry.ts';
import { fingerprint256, isSignedBy, parseCertificate } from '../x509/certificate.ts';
import { keyIdentifier } from '../x509/key.ts';
import { readRequest } from '../x509/request.ts';
import type { CertificateRequestDetail, TransferEntry } from './file.ts';
import type { OpenedTransfer } from './inspect.ts';
import { receiveRollout } from './rollouts.ts';

/**
 * Only ever adds: an older file changes nothing that a newer one has brought.
 * @throws Problem TRANSFER_UNCONFIRMED for a new CA without its fingerprint, or with another; TRANSFER_FORGED for a
 *   certificate in it that its CA did not sign; AUTHORITY_EXISTS when another CA here has its name
 */
export function receiveFromAuthority(
  context: CoreContext,
  opened: OpenedTransfer,
  fingerprint: string | undefined,
): void {
  const id = fingerprint256(opened.certificate.der);
  if (!opened.known && normal(fingerprint ?? '') !== id)
    throw new Problem('TRANSFER_UNCONFIRMED', {
      authority: opened.file.head.authority.name,
      fingerprint: id,
    });
  context.registry.write((rows) => {
    const authority = opened.known ?? insertAuthority(context, rows, opened);
    const waiting = new Map(
      rows.requests.waiting(authority.id).map((request) => [publicKeyWaitedFor(request), request]),
    );
    for (const entry of opened.file.entries) take(context, rows, authority, entry, opened, waiting);
    insertCrl(rows, authority, opened);
    const { digest, head } = opened.file;
    const there = { 'there-seq': head.audit.seq, 'there-hash': head.audit.hash };
    audit(context, rows, 'transfer.received', { authority: authority.name, digest, ...there });
  });
}

const normal = (text: string): string => text.replaceAll(/[\s:]/g, '').toLowerCase();

function insertAuthority(
  context: CoreContext,
  rows: Rows,
  { file, certificate }: OpenedTransfer,
): AuthorityRecord {
  const { name, crlDays } = file.head.authority;
  if (rows.authorities.byName(name)) throw new Problem('AUTHORITY_EXISTS', { authority: name });
  const createdAt = context.clock().toISOString();
  const id = randomUUID();
  const row = certificateRow(certificate.der, id, 'ca', null, createdAt);
  const authority: AuthorityRecord = {
    id,
    name,
    certificateId: row.id,
    keyIdentifier: Buffer.from(keyIdentifier(certificate.spki)).toString('hex'),
    secretId: null,
    crlDays,
    signing: 'unlocked',
    createdAt,
  };
  rows.authorities.insert(authority);
  rows.certificates.insert(row);
  audit(context, rows, 'authority.imported', { authority: name, fingerprint: row.id });
  return authority;
}

function take(
  context: CoreContext,
  rows: Rows,
  authority: AuthorityRecord,
  entry: TransferEntry,
  { certificate: issuer }: OpenedTransfer,
  waiting: ReadonlyMap<string, RequestRecord>,
): void {
  if ('certificate' in entry) {
    const certificate = parseCertificate(Buffer.from(entry.certificate, 'base64'));
    if (!isSignedBy(certificate, issuer)) throw new Problem('TRANSFER_FORGED', { authority: authority.name });
    if (rows.certificates.get(fingerprint256(certificate.der))) return;
    const secretId = waiting.get(hex(certificate.spki))?.secretId ?? null;
    const createdAt = context.clock().toISOString();
    rows.certificates.insert(
      certificateRow(certificate.der, authority.id, entry.profile, secretId, createdAt),
    );
  } else if ('revocation' in entry) {
    if (!rows.revocations.get(authority.id, entry.revocation.serial))
      rows.revocations.insert({ authorityId: authority.id, ...entry.revocation });
  } else if ('rollout' in entry) {
    receiveRollout(context, rows, entry.rollout);
  } else if ('answer' in entry) {
    const request = rows.requests.get(entry.answer.request);
    if (request?.state === 'waiting' && request.authorityId === authority.id)
      rows.requests.settle(request.id, entry.answer.state);
  }
}

function insertCrl(rows: Rows, authority: AuthorityRecord, { crl }: OpenedTransfer): void {
  const { number, nextUpdate } = crl ?? {};
  // Warifu's CRLs have both; another's would not be found again by either.
  if (!crl || !number || !nextUpdate || (rows.crls.latest(authority.id)?.number ?? 0) >= number) return;
  rows.crls.insert({
    authorityId: authority.id,
    number,
    thisUpdate: crl.thisUpdate.toISOString(),
    nextUpdate: nextUpdate.toISOString(),
    entries: crl.entries.size,
    der: crl.der,
  });
}

/** The key that an answer must be for: the answer itself names only the request. */
function publicKeyWaitedFor({ kind, detail }: RequestRecord): string {
  if (kind === 'revocation') return '';
  return hex(
    readRequest(Buffer.from((JSON.parse(detail) as CertificateRequestDetail).request, 'base64')).spki,
  );
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
