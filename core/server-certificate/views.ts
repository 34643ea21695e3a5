/** Server certificates as the contract shows them. */
import type {
  ChainMember,
  ServerCertificateDetail,
  ServerCertificateView,
} from '../../contract/server-certificate.ts';
import type { ServerCertificateRecord } from '../registry/records.ts';
import { type Certificate, fingerprint1, fingerprint256, readCertificates } from '../x509/certificate.ts';
import { describePublicKey, signatureName } from '../x509/key.ts';
import { nameText } from '../x509/name.ts';
import { readRequest } from '../x509/request.ts';
import { checkKeyForClb, clbVerdict } from './check.ts';

export function serverCertificateView(record: ServerCertificateRecord, now: Date): ServerCertificateView {
  const [leaf] = chainOf(record);
  const { spki } = leaf ?? readRequest(Buffer.from(record.requestPem!));
  return {
    id: record.id,
    name: record.name,
    source: record.source,
    state: stateOf(record, now),
    commonName: record.commonName,
    hosts: [...record.hosts],
    key: describePublicKey(spki).text,
    fingerprint: record.fingerprint,
    fingerprintSha1: leaf ? fingerprint1(leaf.der) : null,
    notBefore: record.notBefore,
    notAfter: record.notAfter,
    clb: clbVerdict(checkKeyForClb(spki)),
    createdAt: record.createdAt,
  };
}

export function serverCertificateDetail(record: ServerCertificateRecord, now: Date): ServerCertificateDetail {
  const { chainPem, requestPem } = record;
  return {
    ...serverCertificateView(record, now),
    chain: chainOf(record).map(chainMember),
    chainPem,
    requestPem,
  };
}

/** Leaf first; empty while a request is pending. */
export function chainOf({ chainPem }: Pick<ServerCertificateRecord, 'chainPem'>): readonly Certificate[] {
  return chainPem === null ? [] : readCertificates(Buffer.from(chainPem));
}

export function chainMember(certificate: Certificate): ChainMember {
  return {
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    key: describePublicKey(certificate.spki).text,
    signature: signatureName(certificate.signatureAlgorithm),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    fingerprint: fingerprint256(certificate.der),
  };
}

function stateOf(
  { notBefore, notAfter }: ServerCertificateRecord,
  now: Date,
): ServerCertificateView['state'] {
  if (notBefore === null || notAfter === null) return 'pending';
  const at = now.toISOString();
  return notAfter <= at ? 'expired' : notBefore > at ? 'notYetValid' : 'valid';
}
