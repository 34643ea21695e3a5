/** Server and CA certificates in CLB: regional, immutable but for their names, never given back as PEM. */
import type { CloudCertificate, CloudServerCertificate } from '../../contract/cloud.ts';
import { type Done, done, list, number, text, texts } from './answer.ts';
import type { SlbClient } from './client.ts';
import type { Answer } from './sdk.ts';

/**
 * UploadServerCertificate. Not idempotent: a repeat makes a second certificate.
 * @param upload.chainPem leaf first, 64 columns, no blank line.
 * @param upload.privateKeyPem unencrypted, `RSA PRIVATE KEY`.
 */
export async function uploadServerCertificate(
  client: SlbClient,
  upload: { readonly name: string; readonly chainPem: string; readonly privateKeyPem: string },
): Promise<CloudServerCertificate & Done> {
  const answer = await client.change('UploadServerCertificate', {
    ServerCertificateName: upload.name,
    ServerCertificate: upload.chainPem,
    PrivateKey: upload.privateKeyPem,
  });
  return { ...serverCertificate(answer), ...done(answer) };
}

/** UploadCACertificate: exactly one certificate. Not idempotent. */
export async function uploadCaCertificate(
  client: SlbClient,
  upload: { readonly name: string; readonly pem: string },
): Promise<CloudCertificate & Done> {
  const answer = await client.change('UploadCACertificate', {
    CACertificateName: upload.name,
    CACertificate: upload.pem,
  });
  return { ...caCertificate(answer), ...done(answer) };
}

/** DescribeServerCertificates: all of the region. */
export async function describeServerCertificates(
  client: SlbClient,
): Promise<readonly CloudServerCertificate[]> {
  const answer = await client.read('DescribeServerCertificates');
  return list(answer, 'ServerCertificates', 'ServerCertificate').map(serverCertificate);
}

/** DescribeCACertificates: all of the region. */
export async function describeCaCertificates(client: SlbClient): Promise<readonly CloudCertificate[]> {
  const answer = await client.read('DescribeCACertificates');
  return list(answer, 'CACertificates', 'CACertificate').map(caCertificate);
}

/** DeleteServerCertificate. @throws Problem SLB_IN_USE while a listener has it, and for a while after. */
export async function deleteServerCertificate(client: SlbClient, id: string): Promise<Done> {
  return done(await client.change('DeleteServerCertificate', { ServerCertificateId: id }));
}

/** DeleteCACertificate. @throws Problem SLB_IN_USE while a listener has it, and for a while after. */
export async function deleteCaCertificate(client: SlbClient, id: string): Promise<Done> {
  return done(await client.change('DeleteCACertificate', { CACertificateId: id }));
}

/** SetServerCertificateName. */
export async function setServerCertificateName(client: SlbClient, id: string, name: string): Promise<Done> {
  return done(
    await client.change('SetServerCertificateName', { ServerCertificateId: id, ServerCertificateName: name }),
  );
}

/** SetCACertificateName. */
export async function setCaCertificateName(client: SlbClient, id: string, name: string): Promise<Done> {
  return done(await client.change('SetCACertificateName', { CACertificateId: id, CACertificateName: name }));
}

function serverCertificate(answer: Answer): CloudServerCertificate {
  return {
    ...certificate(answer, text(answer, 'ServerCertificateId'), text(answer, 'ServerCertificateName')),
    subjectAlternativeNames: [...texts(answer, 'SubjectAlternativeNames', 'SubjectAlternativeName')],
    managed: number(answer, 'IsAliCloudCertificate') === 1,
  };
}

function caCertificate(answer: Answer): CloudCertificate {
  return certificate(answer, text(answer, 'CACertificateId'), text(answer, 'CACertificateName'));
}

function certificate(answer: Answer, id: string, name: string): CloudCertificate {
  const expires = number(answer, 'ExpireTimeStamp');
  return {
    id,
    name,
    fingerprint: text(answer, 'Fingerprint'),
    commonName: text(answer, 'CommonName'),
    expiresAt: expires === undefined ? text(answer, 'ExpireTime') || null : new Date(expires).toISOString(),
  };
}
