/**
 * Issuing, in the order that loses nothing:
 *   1. write serial, intent and audit record (first transaction);
 *   2. build the TBSCertificate, lint it, sign it (the signer checks its signature);
 *   3. write certificate, key and audit record, settle the intent (second transaction).
 * A crash between 1 and 3 leaves an open intent, listed as *possibly issued*; a serial is never used twice.
 * Others have their turn between the steps. Keys are sealed before: a vault that is locked meanwhile keeps nothing from
 * being recorded.
 */
import { randomUUID } from 'node:crypto';
import { Problem } from '../../contract/problem.ts';
import { audit, type CoreContext, now } from '../context.ts';
import { sealPrivateKey } from '../private-key.ts';
import type { PlannedIntent } from '../registry/read-ahead.ts';
import type {
  AuthorityRecord,
  CertificateProfile,
  CertificateRecord,
  SecretRecord,
} from '../registry/records.ts';
import type { Rows } from '../registry/registry.ts';
import {
  buildTbsCertificate,
  type Certificate,
  type CertificateTemplate,
  fingerprint256,
  parseCertificate,
  randomSerial,
  signStructureAside,
} from '../x509/certificate.ts';
import type { GeneralName } from '../x509/extensions.ts';
import { type Signer, signerFor } from '../x509/key.ts';
import { lintTbsCertificate } from '../x509/lint.ts';
import { commonName, type Name, nameText } from '../x509/name.ts';
import { type LeafPurpose, leafExtensions } from './profiles.ts';

const dayMs = 86_400_000;
/** Clocks of clients run behind; a certificate valid from this very second is refused by some of them. */
export const backdateMs = 5 * 60_000;

export interface LeafRequest {
  readonly authority: AuthorityRecord;
  /** What the registry files it under; `probe` keeps test certificates out of people's lists. */
  readonly profile: Exclude<CertificateProfile, 'ca'>;
  readonly purpose: LeafPurpose;
  readonly subject: Name;
  readonly spki: Uint8Array;
  readonly names: readonly GeneralName[];
  readonly validity: Validity;
  /** Kept, sealed, when Warifu made the key. */
  readonly privateKey?: Uint8Array;
  /** Written in the transaction that records the certificate. */
  readonly alongside?: (rows: Rows, certificate: CertificateRecord) => void;
}

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** From now (five minutes back) for `days` days. */
export function validityFromNow(context: CoreContext, days: number): Validity {
  const start = now(context).getTime();
  return { notBefore: new Date(start - backdateMs), notAfter: new Date(start + days * dayMs) };
}

/** The issuing key of an authority with its certificate, unsealed for as short as the caller keeps it. */
export interface Issuer {
  readonly authority: AuthorityRecord;
  readonly certificate: Certificate;
  readonly signer: Signer;
}

/**
 * For work that ends in `signatures` signatures of this CA: refuses before anything is made. The key itself is first
 * looked at by {@link openIssuer}.
 * @throws Problem VAULT_LOCKED, AUTHORITY_KEY_ABSENT, AUTHORITY_EXPIRED, SIGNATURE_NOT_APPROVED
 */
export function requireIssuer(context: CoreContext, authority: AuthorityRecord, signatures = 1): void {
  issuerRows(context, authority);
  // Throws when it is locked; and who begins with this uses the vault, which stays open meanwhile.
  context.vault.openId();
  context.consents.require(authority, signatures);
}

/** The CA, for one signature. @throws Problem SECRET_DAMAGED, and as {@link requireIssuer} */
export function openIssuer(context: CoreContext, authority: AuthorityRecord): Issuer {
  const { der, secret } = issuerRows(context, authority);
  const key = context.vault.unseal('private-key', secret.id, secret.sealed);
  const signer = signerFor(key);
  key.fill(0);
  context.consents.take(authority);
  return { authority, certificate: parseCertificate(der), signer };
}

function issuerRows(
  context: CoreContext,
  authority: AuthorityRecord,
): { readonly der: Uint8Array; readonly secret: SecretRecord } {
  const { name, certificateId, secretId } = authority;
  if (secretId === null) throw new Problem('AUTHORITY_KEY_ABSENT', { authority: name });
  const { der, notAfter, secret } = context.registry.read((rows) => ({
    ...rows.certificates.get(certificateId)!,
    secret: rows.secrets.get(secretId)!,
  }));
  if (notAfter <= now(context).toISOString())
    throw new Problem('AUTHORITY_EXPIRED', { authority: name, notAfter });
  return { der, secret };
}

/**
 * Issues one leaf and returns its row.
 * @throws Problem OUTLIVES_AUTHORITY, COMMON_NAME_OF_AUTHORITY, LINT_REFUSED, VAULT_LOCKED, AUTHORITY_*
 */
export async function issueLeaf(context: CoreContext, request: LeafRequest): Promise<CertificateRecord> {
  const planned = { intentId: randomUUID(), authorityId: request.authority.id, serial: randomSerial() };
  await context.reader.ahead(planned);
  // From here to the intent nobody has a turn: a vault that was locked meanwhile stands in the way of all of it.
  const issuer = openIssuer(context, request.authority);
  refuseBeforeSerial(request, issuer);
  const key = request.privateKey === undefined ? null : sealPrivateKey(context, request.privateKey);
  return context.issuing.during(planned.intentId, async () => {
    await recordIntent(context, request, planned);
    const der = await signLeaf(request, issuer, planned.serial);
    const createdAt = context.clock().toISOString();
    const row = certificateRow(der, planned.authorityId, request.profile, key?.id ?? null, createdAt);
    const { id: certificateId, commonName, secretId } = row;
    await context.reader.ahead({ ...planned, certificateId, commonName, secretId });
    await recordCertificate(context, request, planned.intentId, row, key);
    return row;
  });
}

function refuseBeforeSerial({ subject, validity }: LeafRequest, { certificate }: Issuer): void {
  if (validity.notAfter > certificate.notAfter)
    throw new Problem('OUTLIVES_AUTHORITY', {
      notAfter: validity.notAfter.toISOString(),
      authorityNotAfter: certificate.notAfter.toISOString(),
    });
  const name = commonName(subject);
  if (name !== '' && name === commonName(certificate.subject))
    throw new Problem('COMMON_NAME_OF_AUTHORITY', { commonName: name });
}

function recordIntent(
  context: CoreContext,
  request: LeafRequest,
  { intentId, authorityId, serial }: PlannedIntent,
): Promise<void> {
  const subject = nameText(request.subject);
  return context.registry.writeAside((rows) => {
    rows.intents.insert({
      id: intentId,
      authorityId,
      serial,
      subject,
      profile: request.profile,
      createdAt: context.clock().toISOString(),
      state: 'open',
      certificateId: null,
    });
    audit(context, rows, 'certificate.intent', {
      authority: request.authority.name,
      serial,
      subject,
      profile: request.profile,
    });
  });
}

function signLeaf(request: LeafRequest, issuer: Issuer, serial: string): Promise<Uint8Array> {
  const template: CertificateTemplate = {
    serial,
    issuer: issuer.certificate.subject,
    subject: request.subject,
    ...request.validity,
    spki: request.spki,
    extensions: leafExtensions(
      request.purpose,
      request.spki,
      Buffer.from(request.authority.keyIdentifier, 'hex'),
      request.names,
    ),
  };
  return signLinted(template, issuer.signer, issuer.certificate);
}

/** Builds, lints and signs. @throws Problem LINT_REFUSED */
export async function signLinted(
  template: CertificateTemplate,
  signer: Signer,
  issuer?: Certificate,
): Promise<Uint8Array> {
  const tbs = buildTbsCertificate(template, signer.algorithm);
  const refused = lintTbsCertificate(tbs, issuer).find(({ severity }) => severity === 'error');
  if (refused) throw new Problem('LINT_REFUSED', { rule: refused.id, message: refused.message });
  return signStructureAside(tbs, signer);
}

function recordCertificate(
  context: CoreContext,
  request: LeafRequest,
  intentId: string,
  row: CertificateRecord,
  key: SecretRecord | null,
): Promise<void> {
  return context.registry.writeAside((rows) => {
    if (key) rows.secrets.insert(key);
    rows.certificates.insert(row);
    rows.intents.settle(intentId, 'issued', row.id);
    request.alongside?.(rows, row);
    audit(context, rows, 'certificate.issued', {
      authority: request.authority.name,
      serial: row.serial,
      subject: row.subject,
      fingerprint: row.id,
    });
  });
}

/** The registry's row for a certificate. */
export function certificateRow(
  der: Uint8Array,
  authorityId: string,
  profile: CertificateProfile,
  secretId: string | null,
  createdAt: string,
): CertificateRecord {
  const certificate = parseCertificate(der);
  return {
    id: fingerprint256(der),
    authorityId,
    serial: certificate.serial,
    subject: nameText(certificate.subject),
    commonName: commonName(certificate.subject),
    profile,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    der,
    secretId,
    createdAt,
  };
}
