/** What happened here, in a chain that shows when a link was altered. */
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { hex, instant } from './values.ts';

/** `noun.verb` of everything that is recorded. */
export const auditActions = [
  'authority.created',
  'authority.imported',
  'authority.signing-changed',
  'backup.created',
  'backup.reminder-changed',
  'backup.restored',
  'backup.saved',
  'certificate.exported',
  'certificate.intent',
  'certificate.issued',
  'certificate.revoked',
  'cloud.account-added',
  'cloud.account-removed',
  'cloud.account-replaced',
  'crl.published',
  'intent.discarded',
  'intent.revoked',
  'kit.made',
  'rollout.applied',
  'rollout.apply',
  'rollout.destroyed',
  'rollout.received',
  'server-certificate.completed',
  'server-certificate.imported',
  'server-certificate.issued',
  'server-certificate.requested',
  'store.installed',
  'store.removed',
  'transfer.certificate-requested',
  'transfer.exported',
  'transfer.received',
  'transfer.refused',
  'transfer.revocation-requested',
  'transfer.withdrawn',
  'vault.created',
  'vault.idle-limit-changed',
  'vault.keychain-added',
  'vault.passphrase-changed',
  'vault.recovery-code-renewed',
  'vault.slot-removed',
] as const;
export type AuditAction = (typeof auditActions)[number];

export const auditEntry = z.object({
  seq: z.number().int(),
  /** ISO 8601, UTC; as it stands, in a record that was damaged. */
  at: z.string(),
  action: z.string(),
  subject: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  hash: hex,
  sealed: z.boolean(),
});

export type AuditEntry = z.infer<typeof auditEntry>;

export const auditHead = z.object({ seq: z.number().int().min(0), hash: hex.length(64) });

export const auditBreak = z.enum(['gap', 'chain', 'hash', 'mac', 'truncated', 'rewritten', 'anchor']);
export type AuditBreak = z.infer<typeof auditBreak>;

export const auditMissing = z.enum(['certificate', 'revocation', 'crl']);
export type AuditMissing = z.infer<typeof auditMissing>;

export const audit = {
  show: procedure
    .input(
      z.object({
        from: z.number().int().min(1).optional(),
        limit: z.number().int().min(1).max(1000).default(100),
      }),
    )
    .output(z.object({ entries: z.array(auditEntry), total: z.number().int() })),
  /** Where the log ends now: short enough for paper, and the anchor of a later verification. */
  head: procedure.output(auditHead.extend({ at: instant })),
  /**
   * The chain, the seals (with the vault unlocked), the end kept beside the log, and that the certificates and
   * revocations it tells of are still there.
   */
  verify: procedure
    .input(
      z.object({
        /** Heads from paper, a backup or a transfer file, that the log must go on from. */
        anchors: z.array(auditHead).max(100).default([]),
      }),
    )
    .output(
      z.object({
        ok: z.boolean(),
        records: z.number().int(),
        head: auditHead.nullable(),
        /** Whether seals could be checked: the vault was unlocked. */
        sealsChecked: z.boolean(),
        /** The last record whose seal was checked; what follows it anybody could have written. */
        sealedThrough: z.number().int(),
        /** The first broken record, and what kind of break. */
        broken: z.object({ seq: z.number().int(), kind: auditBreak }).nullable(),
        /** What the log tells of and the registry lacks; at most the first 100. */
        missing: z.array(z.object({ seq: z.number().int(), what: auditMissing, id: z.string() })),
      }),
    ),
};
