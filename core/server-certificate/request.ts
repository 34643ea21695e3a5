/** Buying a certificate: a new key and a request for a public CA, then the CA's answer joined to them. */
import { randomUUID } from 'node:crypto';
import { Problem } from '../../contract/problem.ts';
import type {
  CompleteRequestInput,
  RequestServerCertificateInput,
  ServerCertificateDetail,
  StoredServerCertificate,
} from '../../contract/server-certificate.ts';
import { audit, type CoreContext } from '../context.ts';
import { sealPrivateKey } from '../private-key.ts';
import type { ServerCertificateRecord } from '../registry/records.ts';
import { subjectAltName } from '../x509/extensions.ts';
import { generatePrivateKey, signerFor } from '../x509/key.ts';
import { buildName, commonName, type Name, nameText, parseNameText } from '../x509/name.ts';
import { toPem } from '../x509/pem.ts';
import { buildRequest, readRequest } from '../x509/request.ts';
import { isSameKey } from './check.ts';
import { type Host, parseHost } from './host.ts';
import { checkMaterial, readInput, refuseErrors } from './inspect.ts';
import { chooseLeaf, type Material, wipe } from './read.ts';
import { auditChain, chainFields, findServerCertificate, refuseTakenName } from './store.ts';
import { serverCertificateDetail, serverCertificateView } from './views.ts';

/** ub-common-name, RFC 5280 Appendix A. */
const commonNameLimit = 64;

/**
 * Makes a key, seals it, and makes the request that a public CA signs; both wait in the registry for its answer.
 * @throws Problem VALUE_INVALID for a host that is none, SERVER_CERTIFICATE_EXISTS, VAULT_LOCKED; X509Error NAME_INVALID
 */
export async function requestServerCertificate(
  context: CoreContext,
  input: RequestServerCertificateInput,
): Promise<ServerCertificateDetail> {
  const hosts = input.hosts.map(parseHost);
  const subject = input.subject === undefined ? subjectOf(hosts) : parseNameText(input.subject);
  context.registry.read((rows) => refuseTakenName(rows, input.name));
  const pkcs8 = await generatePrivateKey(input.keyAlgorithm);
  try {
    const der = buildRequest({ subject, extensions: [subjectAltName(hosts)] }, signerFor(pkcs8));
    return serverCertificateDetail(
      insertRequest(context, input.name, subject, hosts, der, pkcs8),
      context.clock(),
    );
  } finally {
    pkcs8.fill(0);
  }
}

/** CAs want the common name to be one of the hosts. */
function subjectOf(hosts: readonly Host[]): Name {
  const fitting = hosts.find(({ value }) => value.length <= commonNameLimit);
  if (!fitting)
    throw new Problem('NAME_INVALID', {
      what: hosts[0]?.value ?? '',
      reason: `more than ${commonNameLimit} characters`,
    });
  return buildName([[{ type: '2.5.4.3', value: fitting.value }]]);
}

function insertRequest(
  context: CoreContext,
  name: string,
  subject: Name,
  hosts: readonly Host[],
  der: Uint8Array,
  pkcs8: Uint8Array,
): ServerCertificateRecord {
  return context.registry.write((rows) => {
    refuseTakenName(rows, name);
    const secret = sealPrivateKey(context, pkcs8);
    const row: ServerCertificateRecord = {
      id: randomUUID(),
      name,
      source: 'requested',
      commonName: commonName(subject) || hosts[0]!.value,
      hosts: hosts.map(({ value }) => value),
      chainPem: null,
      requestPem: toPem('CERTIFICATE REQUEST', der),
      fingerprint: null,
      notBefore: null,
      notAfter: null,
      secretId: secret.id,
      createdAt: secret.createdAt,
    };
    rows.secrets.insert(secret);
    rows.serverCertificates.insert(row);
    audit(context, rows, 'server-certificate.requested', {
      name,
      subject: nameText(subject),
      hosts: row.hosts.join(', '),
    });
    return row;
  });
}

/**
 * Joins the CA's answer to the request it belongs to. The key is not touched: the request says which public key it is.
 * The certificate has to cover the hosts that were requested, or `hosts` in their place.
 * @throws Problem SERVER_CERTIFICATE_NOT_FOUND, SERVER_CERTIFICATE_NOT_PENDING, SERVER_CERTIFICATE_ABSENT,
 *   SERVER_CERTIFICATE_REFUSED (KEY_MISMATCH when it answers another request); X509Error as `readMaterial`.
 */
export function completeRequest(context: CoreContext, input: CompleteRequestInput): StoredServerCertificate {
  const pending = requirePending(findServerCertificate(context, input.certificate));
  const material = readInput(input);
  try {
    return joinAnswer(context, pending, material, input.hosts ?? pending.hosts);
  } finally {
    wipe(material);
  }
}

/** The answer in `material` joined to `pending`. @throws Problem as {@link completeRequest} */
export function joinAnswer(
  context: CoreContext,
  pending: PendingRecord,
  material: Pick<Material, 'certificates' | 'files'>,
  hosts: readonly string[],
): StoredServerCertificate {
  const publicKey = requestedKey(pending);
  const chosen = chooseLeaf(material.certificates, [publicKey]);
  if (!chosen) throw new Problem('SERVER_CERTIFICATE_ABSENT', { files: material.files.length });
  const check = checkMaterial(context, material, chosen, publicKey, hosts);
  refuseErrors(check);
  const record = context.registry.write((rows) => {
    // Another Warifu may have been faster.
    const row = {
      ...requirePending(rows.serverCertificates.get(pending.id) ?? pending),
      ...chainFields(check.chain),
    };
    rows.serverCertificates.update(row);
    auditChain(context, rows, 'completed', row, check.chain);
    return row;
  });
  return { certificate: serverCertificateView(record, context.clock()), findings: [...check.findings] };
}

/** The request that a certificate for this public key answers, when one waits. */
export function findPendingRequest(
  { registry }: Pick<CoreContext, 'registry'>,
  publicKey: Uint8Array,
): PendingRecord | undefined {
  const waiting = registry.read((rows) => rows.serverCertificates.list()).filter(isPending);
  return waiting.find((record) => isSameKey(requestedKey(record), publicKey));
}

function requestedKey({ requestPem }: PendingRecord): Uint8Array {
  return readRequest(Buffer.from(requestPem)).spki;
}

/** A row whose certificate is still to come. */
export type PendingRecord = ServerCertificateRecord & { readonly requestPem: string };

function isPending(record: ServerCertificateRecord): record is PendingRecord {
  return record.chainPem === null && record.requestPem !== null;
}

function requirePending(record: ServerCertificateRecord): PendingRecord {
  if (!isPending(record)) throw new Problem('SERVER_CERTIFICATE_NOT_PENDING', { name: record.name });
  return record;
}
