/** Step 1: the listener's own certificate, bought, requested, or issued for practice. */
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { serverCertificateFinding } from './server-certificate-findings.ts';
import { fileBytes, hex, instant, keyAlgorithm, label, reference, secretText } from './values.ts';

/** Whether CLB takes it: no obstacle, or the codes of the findings that are one. */
export const clbVerdict = z.object({
  accepted: z.boolean(),
  obstacles: z.array(serverCertificateFinding.shape.code),
});
export type ClbVerdict = z.infer<typeof clbVerdict>;

/** `public`: ends at a root that browsers trust. `private`: at a root of one's own. `unknown`: its issuer is not there. */
export const chainTrust = z.enum(['public', 'private', 'unknown']);
export type ChainTrust = z.infer<typeof chainTrust>;

export const chainMember = z.object({
  subject: z.string(),
  issuer: z.string(),
  key: z.string(),
  signature: z.string(),
  notBefore: instant,
  notAfter: instant,
  /** SHA-256. */
  fingerprint: hex,
});
export type ChainMember = z.infer<typeof chainMember>;

/** Everything a person brings: certificates, chain and key in one file or several, in any order and form. */
const files = z.array(fileBytes).min(1).max(20);
/** Host names or IP addresses that the listener is visited by. */
const hosts = z.array(z.string().trim().min(1).max(253)).max(100);

export const checkServerCertificateInput = z.object({
  files,
  password: secretText.optional(),
  hosts: hosts.default([]),
});
export type CheckServerCertificateInput = z.infer<typeof checkServerCertificateInput>;

export const serverCertificateReport = z.object({
  subject: z.string(),
  hosts: z.array(z.string()),
  /** What the listener will present, leaf first, without the root. */
  chain: z.array(chainMember),
  trust: chainTrust,
  findings: z.array(serverCertificateFinding),
  clb: clbVerdict,
});
export type ServerCertificateReport = z.infer<typeof serverCertificateReport>;

export const importServerCertificateInput = checkServerCertificateInput.extend({ name: label });
export type ImportServerCertificateInput = z.infer<typeof importServerCertificateInput>;

export const requestServerCertificateInput = z.object({
  name: label,
  hosts: hosts.min(1),
  /** RFC 4514 text; the first host as common name when left out. */
  subject: z.string().min(1).max(1000).optional(),
  keyAlgorithm: keyAlgorithm.default('rsa-2048'),
});
export type RequestServerCertificateInput = z.infer<typeof requestServerCertificateInput>;

/** The CA's answer to a request; `hosts` stands in for those that were requested when the CA granted others. */
export const completeRequestInput = z.object({
  certificate: reference,
  files,
  password: secretText.optional(),
  hosts: hosts.optional(),
});
export type CompleteRequestInput = z.infer<typeof completeRequestInput>;

export const serverCertificateState = z.enum(['pending', 'notYetValid', 'valid', 'expired']);

export const serverCertificateView = z.object({
  id: z.string(),
  name: z.string(),
  source: z.enum(['imported', 'requested', 'issued']),
  state: serverCertificateState,
  commonName: z.string(),
  hosts: z.array(z.string()),
  key: z.string(),
  /** SHA-256; null while the CA's answer is awaited, as are the three below. */
  fingerprint: hex.nullable(),
  /** SHA-1 in pairs with colons, as CLB shows it. */
  fingerprintSha1: z.string().nullable(),
  notBefore: instant.nullable(),
  notAfter: instant.nullable(),
  clb: clbVerdict,
  createdAt: instant,
});
export type ServerCertificateView = z.infer<typeof serverCertificateView>;

export const serverCertificateDetail = serverCertificateView.extend({
  chain: z.array(chainMember),
  /** PEM, leaf first, without the root. */
  chainPem: z.string().nullable(),
  requestPem: z.string().nullable(),
});
export type ServerCertificateDetail = z.infer<typeof serverCertificateDetail>;

/** What an import says besides the row it made: warnings and notes. */
export const storedServerCertificate = z.object({
  certificate: serverCertificateView,
  findings: z.array(serverCertificateFinding),
});
export type StoredServerCertificate = z.infer<typeof storedServerCertificate>;

// ── procedures ─────────────────────────────────────────────────────────────────────────────────────

export const issueServerCertificateInput = z.object({
  name: label,
  /** The own CA that signs; browsers trust it only where it was installed. */
  authority: reference,
  hosts: hosts.min(1),
  days: z.number().int().min(1).max(3660).default(365),
  keyAlgorithm: keyAlgorithm.default('rsa-2048'),
});

export const serverCertificate = {
  /** Says what CLB and browsers would find wrong; stores nothing. */
  check: procedure.input(checkServerCertificateInput).output(serverCertificateReport),
  import: procedure.input(importServerCertificateInput).output(storedServerCertificate),
  request: procedure.input(requestServerCertificateInput).output(serverCertificateDetail),
  complete: procedure.input(completeRequestInput).output(storedServerCertificate),
  issue: procedure.input(issueServerCertificateInput).output(storedServerCertificate),
  list: procedure.output(z.array(serverCertificateView)),
  get: procedure.input(z.object({ certificate: reference })).output(serverCertificateDetail),
};
