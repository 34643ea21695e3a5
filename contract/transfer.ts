/**
 * Between the machine that holds a CA's key and the one that is connected, by a file in somebody's hand: public things
 * one way (certificates, revocations, CRL), requests the other. No private key ever crosses.
 */
import { z } from 'zod';
import { revocationReason } from './authority.ts';
import { issueInput } from './certificate.ts';
import { procedure } from './procedure.ts';
import { hex, instant, reference } from './values.ts';

const file = z.instanceof(Blob);

/** `authority`: from the CA's machine, signed by the CA. `requests`: to the CA's machine. */
export const transferKind = z.enum(['authority', 'requests']);

/** What would be signed or revoked. */
export const transferAsks = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('certificate'),
    /** The algorithm of the requester's key. */
    key: z.string(),
    profile: z.enum(['client', 'server']),
    days: z.number().int(),
    names: z.array(z.string()),
  }),
  z.object({ kind: z.literal('revocation'), serial: z.string(), reason: revocationReason }),
]);
export type TransferAsks = z.infer<typeof transferAsks>;

export const transferRequest = z.object({
  id: z.string(),
  kind: z.enum(['certificate', 'revocation']),
  /** Subject of what is asked for, read from the request itself. */
  label: z.string(),
  /** Profile, days and names of a certificate; serial and reason of a revocation. */
  detail: z.string(),
  /** The same in parts. */
  asks: transferAsks,
  createdAt: instant,
  /** `new`: not answered yet here. */
  state: z.enum(['new', 'done', 'refused']),
});
export type TransferRequest = z.infer<typeof transferRequest>;

/** `account-missing`: log in to its cloud account here, then take the file in once more. */
export const transferredRollout = z.object({
  name: z.string(),
  state: z.enum(['new', 'known', 'account-missing']),
});
export type TransferredRolloutView = z.infer<typeof transferredRollout>;

/** What a transfer file holds, and what taking it in would change here. */
export const transferView = z.object({
  kind: transferKind,
  createdAt: instant,
  /** SHA-256 of the file's contents: to be compared on both machines. */
  digest: hex,
  authority: z.object({
    name: z.string(),
    subject: z.string(),
    /** SHA-256 of its certificate. */
    fingerprint: hex,
    /** `new`: never seen here; compare the fingerprint with the CA's machine before taking it in. */
    state: z.enum(['new', 'known']),
  }),
  /** What is new here. */
  certificates: z.number().int(),
  revocations: z.number().int(),
  /** Numbers of the CRL; null for none. */
  crl: z.object({ here: z.number().int().nullable(), there: z.number().int().nullable() }),
  /** Answers to requests of this machine that were still waiting. */
  answers: z.number().int(),
  /** Desired states of the cloud that stand on this CA. */
  rollouts: z.array(transferredRollout),
  requests: z.array(transferRequest),
});
export type TransferView = z.infer<typeof transferView>;

export const waitingRequest = z.object({
  id: z.string(),
  kind: z.enum(['certificate', 'revocation']),
  label: z.string(),
  createdAt: instant,
});
export type WaitingRequest = z.infer<typeof waitingRequest>;

export const transfer = {
  /** With the CA's key here: what the connected machine needs. Without: what this machine asks of the CA. */
  export: procedure
    .input(z.object({ authority: reference }))
    .output(z.object({ fileName: z.string(), file, kind: transferKind, digest: hex })),
  inspect: procedure.input(z.object({ file })).output(transferView),
  /**
   * Takes a file in. A CA seen for the first time needs its `fingerprint`, read from the CA's own machine. Of requests,
   * those in `approve` are signed or revoked, those in `refuse` are answered with no; others stay as they are.
   */
  import: procedure
    .input(
      z.object({
        file,
        fingerprint: reference.optional(),
        approve: z.array(z.string()).max(100_000).default([]),
        refuse: z.array(z.string()).max(100_000).default([]),
      }),
    )
    .output(transferView),
  /** A key here, and a request for its certificate that waits for the next export. */
  requestCertificate: procedure.input(issueInput).output(waitingRequest),
  requestRevocation: procedure
    .input(z.object({ certificate: reference, reason: revocationReason.default('unspecified') }))
    .output(waitingRequest),
  /**
   * Takes a waiting request back, and its key with it. A file that was carried away before still asks for it: what
   * the CA signs then is a certificate without a key here.
   */
  withdraw: procedure.input(z.object({ request: reference })).output(waitingRequest),
  waiting: procedure.input(z.object({ authority: reference })).output(z.array(waitingRequest)),
};
