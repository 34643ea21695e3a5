/** Server certificates that Warifu keeps: the chain in its row, the key sealed in the vault, both in one transaction. */
import { randomUUID } from 'node:crypto';
import { Problem } from '../../contract/problem.ts';
import type {
  ServerCertificateDetail,
  ServerCertificateView,
  StoredServerCertificate,
} from '../../contract/server-certificate.ts';
import { audit, type CoreContext } from '../context.ts';
import type { SecretRecord, ServerCertificateRecord } from '../registry/records.ts';
import type { Rows } from '../registry/registry.ts';
import { type Certificate, fingerprint1, fingerprint256, parseCertificate } from '../x509/certificate.ts';
import { commonName, nameText } from '../x509/name.ts';
import { hostsOf } from './host.ts';
import { checkMaterial, refuseErrors } from './inspect.ts';
import { type SlbForm, slbChainPem, slbKeyPem } from './slb-form.ts';
import { chainOf, serverCertificateDetail, serverCertificateView } from './views.ts';

export interface IssuedServerCertificate {
  readonly name: string;
  /** DER, leaf first, then those above it; the root may be among them. */
  readonly chain: readonly Uint8Array[];
  /** SubjectPublicKeyInfo of the key, DER. */
  readonly spki: Uint8Array;
  readonly key: SecretRecord;
}

/**
 * Keeps a certificate that one of the own CAs has just issued for a listener, in the transaction that records it.
 * @throws Problem SERVER_CERTIFICATE_REFUSED, SERVER_CERTIFICATE_EXISTS; X509Error for an empty or broken chain.
 */
export function storeIssued(
  context: CoreContext,
  rows: Rows,
  { name, chain, spki, key }: IssuedServerCertificate,
): StoredServerCertificate {
  const certificates = chain.map(parseCertificate);
  const leaf = certificates[0] ?? parseCertificate(new Uint8Array());
  const check = checkMaterial(context, { certificates, files: [] }, leaf, spki, []);
  refuseErrors(check);
  return {
    certificate: insertWithKey(context, rows, 'issued', name, check.chain, key),
    findings: [...check.findings],
  };
}

/** One new row with its key. @throws Problem SERVER_CERTIFICATE_EXISTS */
export function insertWithKey(
  context: CoreContext,
  rows: Rows,
  source: 'imported' | 'issued',
  name: string,
  chain: readonly Certificate[],
  key: SecretRecord,
): ServerCertificateView {
  refuseTakenName(rows, name);
  const row: ServerCertificateRecord = {
    id: randomUUID(),
    name,
    source,
    ...chainFields(chain),
    requestPem: null,
    secretId: key.id,
    createdAt: key.createdAt,
  };
  rows.secrets.insert(key);
  rows.serverCertificates.insert(row);
  auditChain(context, rows, source, row, chain);
  return serverCertificateView(row, context.clock());
}

/** What a row says of its chain. */
export function chainFields(
  chain: readonly Certificate[],
): Pick<
  ServerCertificateRecord,
  'commonName' | 'hosts' | 'chainPem' | 'fingerprint' | 'notBefore' | 'notAfter'
> {
  const leaf = chain[0]!;
  const hosts = hostsOf(leaf).map(({ value }) => value);
  return {
    commonName: commonName(leaf.subject) || (hosts[0] ?? ''),
    hosts,
    chainPem: slbChainPem(chain),
    fingerprint: fingerprint256(leaf.der),
    notBefore: leaf.notBefore.toISOString(),
    notAfter: leaf.notAfter.toISOString(),
  };
}

/** @throws Problem SERVER_CERTIFICATE_EXISTS */
export function refuseTakenName(rows: Rows, name: string): void {
  if (rows.serverCertificates.byName(name)) throw new Problem('SERVER_CERTIFICATE_EXISTS', { name });
}

export function auditChain(
  context: CoreContext,
  rows: Rows,
  verb: 'imported' | 'issued' | 'completed',
  { name, fingerprint }: ServerCertificateRecord,
  chain: readonly Certificate[],
): void {
  const { subject, serial, notAfter } = chain[0]!;
  audit(context, rows, `server-certificate.${verb}`, {
    name,
    subject: nameText(subject),
    serial,
    fingerprint,
    notAfter: notAfter.toISOString(),
  });
}

/** By name, id, or fingerprint (SHA-256 or SHA-1, colons allowed). @throws Problem SERVER_CERTIFICATE_NOT_FOUND */
export function findServerCertificate(
  { registry }: Pick<CoreContext, 'registry'>,
  reference: string,
): ServerCertificateRecord {
  const hex = reference.replaceAll(':', '').toLowerCase();
  const found = registry.read(
    ({ serverCertificates: table }) =>
      table.byName(reference) ??
      table.get(reference) ??
      table.list().findLast((record) => hasFingerprint(record, hex)),
  );
  if (!found) throw new Problem('SERVER_CERTIFICATE_NOT_FOUND', { certificate: reference });
  return found;
}

function hasFingerprint(record: ServerCertificateRecord, hex: string): boolean {
  if (hex.length === 64) return record.fingerprint === hex;
  return (
    hex.length === 40 &&
    chainOf(record)
      .slice(0, 1)
      .some(({ der }) => fingerprint1(der).replaceAll(':', '') === hex)
  );
}

/** Oldest first. */
export function listServerCertificates({
  registry,
  clock,
}: Pick<CoreContext, 'registry' | 'clock'>): ServerCertificateView[] {
  return registry
    .read((rows) => rows.serverCertificates.list())
    .map((record) => serverCertificateView(record, clock()));
}

/** @throws Problem SERVER_CERTIFICATE_NOT_FOUND */
export function getServerCertificate(
  context: Pick<CoreContext, 'registry' | 'clock'>,
  reference: string,
): ServerCertificateDetail {
  return serverCertificateDetail(findServerCertificate(context, reference), context.clock());
}

/**
 * A kept certificate in CLB's form, its key in plain text: for the upload alone, and for no longer than that takes.
 * @throws Problem SERVER_CERTIFICATE_NOT_FOUND, SERVER_CERTIFICATE_PENDING, VAULT_LOCKED, SECRET_DAMAGED
 */
export function slbForm(context: Pick<CoreContext, 'registry' | 'vault'>, reference: string): SlbForm {
  const { name, chainPem, secretId } = findServerCertificate(context, reference);
  if (chainPem === null) throw new Problem('SERVER_CERTIFICATE_PENDING', { name });
  const secret = context.registry.read((rows) => rows.secrets.get(secretId)!);
  const pkcs8 = context.vault.unseal('private-key', secretId, secret.sealed);
  try {
    return { serverCertificate: chainPem, privateKey: slbKeyPem(pkcs8) };
  } finally {
    pkcs8.fill(0);
  }
}
