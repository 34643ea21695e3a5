/** On the CA's machine: requests that came by a file are signed, revoked or refused, each once. */
import { Problem } from '../../contract/problem.ts';
import { requireIssuer } from '../authority/issue.ts';
import { issueFromRequest } from '../authority/request.ts';
import { revokeCertificate } from '../authority/revoke.ts';
import { audit, type CoreContext, requireUnlocked } from '../context.ts';
import type { AuthorityRecord, RequestRecord } from '../registry/records.ts';
import type { Rows } from '../registry/registry.ts';
import type { TransferredRequest } from './file.ts';
import type { OpenedTransfer } from './inspect.ts';
import { describeRequest } from './wanted.ts';

export interface Decisions {
  readonly approve: readonly string[];
  readonly refuse: readonly string[];
}

/**
 * Each answer is recorded in the transaction of what it tells of; a file taken in twice, or again after a crash,
 * signs nothing twice.
 * @throws Problem AUTHORITY_NOT_FOUND, AUTHORITY_KEY_ABSENT, VAULT_LOCKED, SIGNATURE_NOT_APPROVED, and what issuing
 *   and revoking throw: what was answered before stays answered
 */
export async function answerRequests(
  context: CoreContext,
  { file, known }: OpenedTransfer,
  decisions: Decisions,
): Promise<void> {
  if (!known) throw new Problem('AUTHORITY_NOT_FOUND', { authority: file.head.authority.name });
  requireUnlocked(context);
  const open = file.entries.flatMap((entry) =>
    'request' in entry && !isAnswered(context, entry.request.id) ? [entry.request] : [],
  );
  const approved = open.filter(({ id }) => decisions.approve.includes(id));
  const toSign = approved.filter(({ kind }) => kind === 'certificate').length;
  if (toSign > 0) requireIssuer(context, known, toSign);
  // The same file may be taken in twice at once, and others have their turn while a signature is made.
  const isTaken = ({ id }: TransferredRequest): boolean => context.issuing.has(id) || isAnswered(context, id);
  for (const request of approved) {
    if (isTaken(request)) continue;
    requireUnlocked(context);
    if (request.kind === 'certificate') await sign(context, known, request);
    else revoke(context, known, request);
  }
  for (const request of open.filter(({ id }) => decisions.refuse.includes(id))) {
    requireUnlocked(context);
    if (!isTaken(request)) refuse(context, known, request);
  }
}

function isAnswered({ registry }: CoreContext, id: string): boolean {
  return registry.read((rows) => rows.requests.get(id) !== undefined);
}

async function sign(
  context: CoreContext,
  authority: AuthorityRecord,
  request: Extract<TransferredRequest, { kind: 'certificate' }>,
): Promise<void> {
  const { names, ...detail } = request.detail;
  const input = { authority: authority.id, ...detail, ...(names.length === 0 ? {} : { names }) };
  await context.issuing.during(request.id, () =>
    issueFromRequest(context, input, (rows) =>
      rows.requests.insert(answerTo(rows, request, authority, 'done')),
    ),
  );
}

/** One that was revoked meanwhile is answered all the same: it is as was asked. */
function revoke(
  context: CoreContext,
  authority: AuthorityRecord,
  request: Extract<TransferredRequest, { kind: 'revocation' }>,
): void {
  const { serial, reason } = request.detail;
  const { certificate, revocation } = context.registry.read((rows) => ({
    certificate: rows.certificates.bySerial(authority.id, serial),
    revocation: rows.revocations.get(authority.id, serial),
  }));
  if (!certificate) throw new Problem('CERTIFICATE_NOT_FOUND', { certificate: serial });
  const record = (rows: Rows): void => rows.requests.insert(answerTo(rows, request, authority, 'done'));
  if (revocation) context.registry.write(record);
  else revokeCertificate(context, certificate, { reason }, record);
}

function refuse(context: CoreContext, authority: AuthorityRecord, request: TransferredRequest): void {
  context.registry.write((rows) => {
    const record = answerTo(rows, request, authority, 'refused');
    rows.requests.insert(record);
    audit(context, rows, 'transfer.refused', {
      authority: authority.name,
      request: record.id,
      subject: record.label,
    });
  });
}

function answerTo(
  rows: Rows,
  request: TransferredRequest,
  authority: AuthorityRecord,
  state: 'done' | 'refused',
): RequestRecord {
  const { id, kind, detail, createdAt } = request;
  const { label } = describeRequest(rows, authority, request);
  const authorityId = authority.id;
  return { id, authorityId, kind, label, detail: JSON.stringify(detail), state, secretId: null, createdAt };
}
