/** What a transfer file would change here, before anything is changed. */
import type { TransferView } from '../../contract/transfer.ts';
import type { CoreContext } from '../context.ts';
import type { AuthorityRecord } from '../registry/records.ts';
import type { Rows } from '../registry/registry.ts';
import { type Certificate, fingerprint256, parseCertificate } from '../x509/certificate.ts';
import { type Crl, readCrl } from '../x509/crl.ts';
import { nameText } from '../x509/name.ts';
import { requireSignedBy, type TransferFile } from './file.ts';
import { stateOf } from './rollouts.ts';
import { describeRequest } from './wanted.ts';

/** A file whose author has been checked, as far as files of its kind have one. */
export interface OpenedTransfer {
  readonly file: TransferFile;
  readonly certificate: Certificate;
  /** The same CA here, by its certificate; undefined when it was never seen. */
  readonly known: AuthorityRecord | undefined;
  readonly crl: Crl | undefined;
}

/**
 * A file of kind `authority` must be signed by the CA that it carries, and so must its CRL; whether that CA is the
 * one that is meant, only a fingerprint from elsewhere can tell.
 * @throws Problem TRANSFER_FORGED; X509Error for a certificate or CRL that cannot be read
 */
export function openTransfer(
  { registry }: Pick<CoreContext, 'registry'>,
  file: TransferFile,
): OpenedTransfer {
  const { name, certificate: der } = file.head.authority;
  const certificate = parseCertificate(Buffer.from(der, 'base64'));
  if (file.head.kind === 'authority') requireSignedBy(file, certificate, name);
  const id = fingerprint256(certificate.der);
  const known = registry.read((rows) =>
    rows.authorities.list().find(({ certificateId }) => certificateId === id),
  );
  const crls = file.entries.flatMap((entry) => ('crl' in entry ? [Buffer.from(entry.crl, 'base64')] : []));
  return { file, certificate, known, crl: crls[0] && readCrl(crls[0], certificate.spki) };
}

export function describeTransfer(
  { registry }: Pick<CoreContext, 'registry'>,
  opened: OpenedTransfer,
): TransferView {
  const { file, certificate, known, crl } = opened;
  const { head, entries, digest } = file;
  return registry.read((rows) => ({
    kind: head.kind,
    createdAt: head.createdAt,
    digest,
    authority: {
      name: known?.name ?? head.authority.name,
      subject: nameText(certificate.subject),
      fingerprint: fingerprint256(certificate.der),
      state: known ? 'known' : 'new',
    },
    certificates: entries.filter(
      (entry) => 'certificate' in entry && !rows.certificates.get(idOf(entry.certificate)),
    ).length,
    revocations: entries.filter(
      (entry) => 'revocation' in entry && !(known && rows.revocations.get(known.id, entry.revocation.serial)),
    ).length,
    crl: { here: (known && rows.crls.latest(known.id)?.number) ?? null, there: crl?.number ?? null },
    answers: entries.filter(
      (entry) => 'answer' in entry && rows.requests.get(entry.answer.request)?.state === 'waiting',
    ).length,
    rollouts: entries.flatMap((entry) =>
      'rollout' in entry ? [{ name: entry.rollout.name, state: stateOf(rows, entry.rollout) }] : [],
    ),
    requests: entries.flatMap((entry) =>
      'request' in entry
        ? [{ ...describeRequest(rows, known, entry.request), state: stateHere(rows, entry.request.id) }]
        : [],
    ),
  }));
}

const idOf = (der: string): string => fingerprint256(Buffer.from(der, 'base64'));

function stateHere(rows: Rows, id: string): 'new' | 'done' | 'refused' {
  const state = rows.requests.get(id)?.state;
  return state === undefined || state === 'waiting' ? 'new' : state;
}
