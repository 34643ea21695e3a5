/**
 * What a request really asks for, read from the request itself: the words beside it are the sender's, and a file of
 * requests is signed by nobody.
 */
import type { TransferRequest } from '../../contract/transfer.ts';
import type { AuthorityRecord } from '../registry/records.ts';
import type { Rows } from '../registry/registry.ts';
import { readSubjectAltName } from '../x509/extensions.ts';
import { describePublicKey } from '../x509/key.ts';
import { nameText } from '../x509/name.ts';
import { readRequest } from '../x509/request.ts';
import type { TransferredRequest } from './file.ts';

/** @throws X509Error for a request that cannot be read, or whose signature is not its key's */
export function describeRequest(
  rows: Rows,
  authority: AuthorityRecord | undefined,
  request: TransferredRequest,
): Omit<TransferRequest, 'state'> {
  const { id, kind, createdAt } = request;
  if (request.kind === 'revocation') {
    const { serial, reason } = request.detail;
    const certificate = authority && rows.certificates.bySerial(authority.id, serial);
    return {
      id,
      kind,
      createdAt,
      label: certificate?.subject ?? serial,
      detail: `${serial} ${reason}`,
      asks: { kind: request.kind, serial, reason },
    };
  }
  const { request: pkcs10, profile, names, days } = request.detail;
  const { subject, spki, requestedExtensions } = readRequest(Buffer.from(pkcs10, 'base64'));
  const requested = (readSubjectAltName(requestedExtensions) ?? []).map(({ value }) => value);
  const covered = names.length > 0 ? names : requested;
  return {
    id,
    kind,
    createdAt,
    label: nameText(subject),
    detail: [profile, `${days} d`, ...covered].join(' · '),
    asks: { kind: request.kind, key: describePublicKey(spki).text, profile, days, names: covered },
  };
}
