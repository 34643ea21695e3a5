/**
 * The transfer file, version 1: lines of JSON in UTF-8, each ending in "\n".
 *
 *     {"warifu":"transfer 1","kind":…,"createdAt":…,"authority":{…},"audit":{…}}
 *     one line for each thing it carries: see `entrySchema`
 *     {"digest":"…"}      SHA-256, hex, of all lines before this one
 *     {"signature":"…"}   kind `authority` only: the CA's signature over "warifu transfer 1 <digest>"
 *
 * The signed text begins unlike any certificate or CRL, so that a signature here can never pass for one there.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { revocationReason } from '../../contract/authority.ts';
import { Problem } from '../../contract/problem.ts';
import { desiredRollout, rolloutResources } from '../../contract/rollout.ts';
import type { Certificate } from '../x509/certificate.ts';
import { describePublicKey, type Signer, verifySignature } from '../x509/key.ts';
import { Oid } from '../x509/oids.ts';

const format = 'transfer 1';
/** Some 150,000 certificates. */
const largest = 256 * 1024 * 1024;

const der = z.base64().max(1024 * 1024);
const instant = z.iso.datetime();
const serial = z.string().regex(/^[0-9a-f]{2,42}$/);

const headSchema = z.strictObject({
  warifu: z.literal(format),
  kind: z.enum(['authority', 'requests']),
  createdAt: instant,
  authority: z.strictObject({
    name: z.string().min(1).max(80),
    certificate: der,
    crlDays: z.int().min(1).max(3650),
  }),
  /** The end of the sender's audit log. */
  audit: z.strictObject({ seq: z.int().min(0), hash: z.hex().length(64) }),
});
export type TransferHead = z.infer<typeof headSchema>;

const certificateDetail = z.strictObject({
  request: der,
  profile: z.enum(['client', 'server']),
  names: z.array(z.string().max(253)).max(100),
  days: z.int().min(1).max(3660),
});
export type CertificateRequestDetail = z.infer<typeof certificateDetail>;

const revocationDetail = z.strictObject({ serial, reason: revocationReason });
export type RevocationRequestDetail = z.infer<typeof revocationDetail>;

const requestFields = { id: z.uuid(), label: z.string().max(2000), createdAt: instant };
const requestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...requestFields, kind: z.literal('certificate'), detail: certificateDetail }),
  z.strictObject({ ...requestFields, kind: z.literal('revocation'), detail: revocationDetail }),
]);
export type TransferredRequest = z.infer<typeof requestSchema>;

const entrySchema = z.union([
  z.strictObject({ certificate: der, profile: z.enum(['client', 'server']) }),
  z.strictObject({
    revocation: z.strictObject({
      serial,
      reason: revocationReason,
      revokedAt: instant,
      invalidityAt: instant.nullable(),
    }),
  }),
  z.strictObject({ crl: z.base64() }),
  z.strictObject({ answer: z.strictObject({ request: z.uuid(), state: z.enum(['done', 'refused']) }) }),
  z.strictObject({ request: requestSchema }),
  z.strictObject({
    rollout: z.strictObject({
      name: z.string().min(1).max(80),
      account: z.string().max(80),
      desired: desiredRollout,
      resources: rolloutResources,
    }),
  }),
]);
export type TransferEntry = z.infer<typeof entrySchema>;

export interface TransferFile {
  readonly head: TransferHead;
  readonly entries: readonly TransferEntry[];
  readonly digest: string;
  /** DER signature; undefined for requests. */
  readonly signature: Uint8Array | undefined;
}

/** The bytes of a transfer file; `signer` is the CA's, for kind `authority`. @throws Problem INPUT_TOO_LARGE */
export function writeTransfer(
  head: Omit<TransferHead, 'warifu'>,
  entries: Iterable<TransferEntry>,
  signer: Signer | undefined,
): { readonly bytes: Uint8Array; readonly digest: string } {
  const lines = [JSON.stringify({ warifu: format, ...head })];
  let size = 0;
  for (const entry of entries) {
    const line = JSON.stringify(entry);
    size += line.length;
    if (size > largest) throw new Problem('INPUT_TOO_LARGE', { what: 'transfer file', limit: largest });
    lines.push(line);
  }
  const body = `${lines.join('\n')}\n`;
  const digest = sha256(body);
  const signature = signer?.sign(signedText(digest));
  const end = [
    { digest },
    ...(signature === undefined ? [] : [{ signature: Buffer.from(signature).toString('base64') }]),
  ];
  return { bytes: Buffer.from(body + end.map((line) => `${JSON.stringify(line)}\n`).join('')), digest };
}

/**
 * Reads a whole file and checks its digest; {@link requireSignedBy} checks who made it.
 * @throws Problem NOT_A_TRANSFER_FILE, TRANSFER_DAMAGED, TRANSFER_NEWER, INPUT_TOO_LARGE
 */
export async function readTransfer(file: Blob): Promise<TransferFile> {
  if (file.size > largest) throw new Problem('INPUT_TOO_LARGE', { what: 'transfer file', limit: largest });
  const text = decode(await file.arrayBuffer());
  const version = /^\{"warifu":"transfer (\d{1,6})"/.exec(text)?.[1];
  if (version === undefined) throw new Problem('NOT_A_TRANSFER_FILE', {});
  if (version !== '1') throw new Problem('TRANSFER_NEWER', { found: Number(version), supported: 1 });
  const end = /\{"digest":"([0-9a-f]{64})"\}\n(?:\{"signature":"([A-Za-z0-9+/]+={0,2})"\}\n)?$/.exec(text);
  if (!end || sha256(text.slice(0, end.index)) !== end[1]) throw damaged('SHA-256');
  const [first = '', ...rest] = text.slice(0, end.index - 1).split('\n');
  const head = headSchema.safeParse(parse(first));
  if (!head.success) throw damaged('line 1');
  const entries = rest.map((line, index) => {
    const entry = entrySchema.safeParse(parse(line));
    if (!entry.success) throw damaged(`line ${index + 2}`);
    return entry.data;
  });
  const ids = entries.flatMap((entry) => ('request' in entry ? [entry.request.id] : []));
  if (new Set(ids).size < ids.length) throw damaged('request id');
  if ((end[2] === undefined) !== (head.data.kind === 'requests')) throw damaged('signature');
  const signature = end[2] === undefined ? undefined : Buffer.from(end[2], 'base64');
  // Base64 has several spellings of the same octets; only one of them is what was written.
  if (signature?.toString('base64') !== end[2]) throw damaged('signature base64');
  return { head: head.data, entries, digest: end[1]!, signature };
}

/** @throws Problem TRANSFER_FORGED unless this CA signed the file */
export function requireSignedBy(
  { digest, signature }: TransferFile,
  authority: Certificate,
  name: string,
): void {
  const what = 'transfer file';
  const text = signedText(digest);
  if (!signature || !verifySignature(what, authority.spki, signingAlgorithm(authority), text, signature))
    throw new Problem('TRANSFER_FORGED', { authority: name });
}

/** The one that `signerFor` chooses for such a key. */
function signingAlgorithm({ spki }: Certificate): string {
  const { type, bits } = describePublicKey(spki);
  if (type === 'rsa') return Oid.sha256WithRSAEncryption;
  return bits === 384 ? Oid.ecdsaWithSHA384 : Oid.ecdsaWithSHA256;
}

const signedText = (digest: string): Buffer => Buffer.from(`warifu ${format} ${digest}`);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const damaged = (reason: string): Problem => new Problem('TRANSFER_DAMAGED', { reason });

function decode(content: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw damaged('UTF-8');
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
