/** Step 3: certificates for people and servers. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { revocationReason } from './authority.ts';
import { procedure } from './procedure.ts';
import { fileBytes, hex, instant, keyAlgorithm, reference, secretText } from './values.ts';

export const certificateProfile = z.enum(['ca', 'client', 'server', 'probe']);
export const certificateState = z.enum(['valid', 'notYetValid', 'expired', 'revoked']);

/** Newest first when none is asked for. */
export const certificateSort = z.object({
  by: z.enum(['createdAt', 'notAfter', 'commonName', 'serial']),
  descending: z.boolean().default(false),
});
export type CertificateSort = z.infer<typeof certificateSort>;

export const certificateView = z.object({
  /** SHA-256 fingerprint. */
  id: hex,
  authority: z.string(),
  serial: hex,
  subject: z.string(),
  commonName: z.string(),
  profile: certificateProfile,
  key: z.string(),
  names: z.array(z.string()),
  notBefore: instant,
  notAfter: instant,
  state: certificateState,
  revokedAt: instant.nullable(),
  reason: revocationReason.nullable(),
  /** Whether Warifu keeps the private key, so that a PKCS#12 can be made. */
  hasKey: z.boolean(),
});
export type CertificateView = z.infer<typeof certificateView>;

const names = z.array(z.string().min(1).max(253)).max(100);

export const issueInput = z.object({
  authority: reference,
  profile: z.enum(['client', 'server']).default('client'),
  subject: z.string().min(1).max(1000),
  /** DNS names, IP addresses, e-mail addresses; the kind is told from the form. */
  names: names.default([]),
  days: z.number().int().min(1).max(3660).default(365),
  keyAlgorithm: keyAlgorithm.default('rsa-2048'),
});
export type IssueInput = z.infer<typeof issueInput>;

export const bulkInput = issueInput
  .omit({ subject: true, names: true })
  .extend({ subjects: issueInput.shape.subject.array().min(1).max(10_000) });
export type BulkInput = z.infer<typeof bulkInput>;

export const signInput = z.object({
  authority: reference,
  /** PKCS#10, PEM or DER. */
  request: fileBytes,
  profile: z.enum(['client', 'server']).default('client'),
  /** In place of the names that the request asks for. */
  names: names.optional(),
  days: z.number().int().min(1).max(3660).default(365),
});

/** Compatible: everything opens it, Windows Server 2016 and every macOS included. Modern: AES-256, for systems since about 2019. */
export const pkcs12Profile = z.enum(['compatible', 'modern']);

export const exportedFile = z.object({
  fileName: z.string(),
  bytes: fileBytes,
  /** Only when the file is protected and Warifu chose the password: shown once. */
  password: z.string().nullable(),
});

export const possiblyIssuedView = z.object({
  id: z.string(),
  authority: z.string(),
  serial: hex,
  subject: z.string(),
  profile: certificateProfile,
  createdAt: instant,
});

export const certificate = {
  issue: procedure.input(issueInput).output(certificateView),
  /** One for each subject, each with a key of its own; what was issued before an interruption stays issued. */
  issueBulk: procedure
    .input(bulkInput)
    .output(
      eventIterator(
        z.object({ done: z.int(), total: z.int(), subject: z.string() }),
        z.array(certificateView),
      ),
    ),
  sign: procedure.input(signInput).output(certificateView),
  list: procedure
    .input(
      z.object({
        authority: reference.optional(),
        profile: certificateProfile.optional(),
        state: z.enum(['valid', 'expired', 'revoked']).optional(),
        search: z.string().max(200).optional(),
        /** Only those that end before this. */
        endsBefore: instant.optional(),
        sort: certificateSort.optional(),
        /** The `next` of the page before; `offset` counts from there. */
        after: z
          .string()
          .regex(/^\d{1,15} /)
          .max(2000)
          .optional(),
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(1000).default(100),
      }),
    )
    .output(
      z.object({
        items: z.array(certificateView),
        total: z.number().int(),
        /** A broad search found more than `total`; counting was stopped there. */
        hasMore: z.boolean(),
        next: z.string().nullable(),
      }),
    ),
  get: procedure
    .input(z.object({ certificate: reference }))
    .output(certificateView.extend({ pem: z.string(), chainPem: z.string() })),
  revoke: procedure
    .input(
      z.object({
        certificate: reference,
        reason: revocationReason.default('unspecified'),
        invalidityAt: instant.optional(),
      }),
    )
    .output(certificateView),
  exportPem: procedure
    .input(z.object({ certificate: reference, chain: z.boolean().default(false) }))
    .output(exportedFile),
  exportPkcs12: procedure
    .input(
      z.object({
        certificate: reference,
        profile: pkcs12Profile.default('compatible'),
        password: secretText.optional(),
      }),
    )
    .output(exportedFile),
  /** Serials that were about to be signed when Warifu stopped: no certificate is known, one may exist. */
  possiblyIssued: procedure.output(z.array(possiblyIssuedView)),
  settlePossiblyIssued: procedure
    .input(z.object({ id: z.string(), decision: z.enum(['revoke', 'discard']) }))
    .output(z.object({ state: z.string() })),
};
