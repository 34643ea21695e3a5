/** The file that leaves: from the CA's machine what the connected one needs; from the connected one what it asks for. */
import { openAsBlob, writeFileSync } from 'node:fs';
import { auditHead } from '../audit/log.ts';
import { openIssuer } from '../authority/issue.ts';
import { audit, type CoreContext } from '../context.ts';
import type { AuthorityRecord, RequestRecord } from '../registry/records.ts';
import type { Rows } from '../registry/registry.ts';
import { type TransferEntry, type TransferHead, writeTransfer } from './file.ts';
import { rolloutsOf } from './rollouts.ts';

export interface MadeTransfer {
  readonly fileName: string;
  /** Lies in the scratch directory and goes with this process: to be saved somewhere else. */
  readonly file: Blob;
  readonly kind: TransferHead['kind'];
  readonly digest: string;
}

/**
 * Public things only. The certificates of probes are left out: nobody uses them again.
 * @throws Problem VAULT_LOCKED, AUTHORITY_EXPIRED, SIGNATURE_NOT_APPROVED where the CA's key is here
 */
export async function exportTransfer(
  context: CoreContext,
  authority: AuthorityRecord,
): Promise<MadeTransfer> {
  const kind = authority.secretId === null ? 'requests' : 'authority';
  const signer = kind === 'authority' ? openIssuer(context, authority).signer : undefined;
  const createdAt = context.clock().toISOString();
  const { bytes, digest } = context.registry.read((rows) =>
    writeTransfer(
      {
        kind,
        createdAt,
        authority: {
          name: authority.name,
          certificate: base64(rows.certificates.get(authority.certificateId)!.der),
          crlDays: authority.crlDays,
        },
        audit: auditHead(rows),
      },
      kind === 'authority' ? publicEntries(rows, authority) : requestEntries(rows, authority),
      signer,
    ),
  );
  context.registry.write((rows) =>
    audit(context, rows, 'transfer.exported', { authority: authority.name, kind, digest }),
  );
  const path = context.scratch.path('transfer');
  writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' });
  const stem = authority.name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60);
  const fileName = `${stem}-${createdAt.slice(0, 10)}-${digest.slice(0, 8)}.warifu-${kind}`;
  return { fileName, file: await openAsBlob(path), kind, digest };
}

function* publicEntries(rows: Rows, authority: AuthorityRecord): Generator<TransferEntry> {
  for (const { authorityId, profile, der } of rows.certificates.iterate()) {
    if (authorityId === authority.id && (profile === 'client' || profile === 'server'))
      yield { certificate: base64(der), profile };
  }
  for (const { serial, reason, revokedAt, invalidityAt } of rows.revocations.iterate(authority.id))
    yield { revocation: { serial, reason, revokedAt, invalidityAt } };
  const crl = rows.crls.latest(authority.id);
  if (crl) yield { crl: base64(crl.der) };
  yield* rolloutsOf(rows, authority);
  for (const { id, state } of rows.requests.answered(authority.id)) {
    if (state !== 'waiting') yield { answer: { request: id, state } };
  }
}

function* requestEntries(rows: Rows, authority: AuthorityRecord): Generator<TransferEntry> {
  for (const request of rows.requests.waiting(authority.id)) yield { request: transferred(request) };
}

function transferred({ id, kind, label, detail, createdAt }: RequestRecord) {
  return { id, kind, label, createdAt, detail: JSON.parse(detail) };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
