/** One glance: does mutual TLS hold, what needs the person, who answered, what ends when. */
import { z } from 'zod';
import { probeBalance, probeCase } from './probe.ts';
import { procedure } from './procedure.ts';
import { instant } from './values.ts';

/** The last time that a rollout was tried with real handshakes. */
export const handshakeEvidence = z.object({
  at: instant,
  host: z.string(),
  ok: z.boolean(),
  cases: z.array(probeCase),
  balance: probeBalance.nullable(),
  /** What stood in the cloud at that time; other ids mean that the evidence is of something else. */
  loadBalancerId: z.string(),
  serverCertificateId: z.string(),
  caCertificateId: z.string(),
});
export type HandshakeEvidence = z.infer<typeof handshakeEvidence>;

/** What waits for the person, with what its one next action needs to know. */
export const homeNeed = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prove'), rollout: z.string() }),
  z.object({ kind: z.literal('practice-stopped') }),
  z.object({ kind: z.literal('crl-ends'), authority: z.string(), at: instant, over: z.boolean() }),
  z.object({ kind: z.literal('authority-ends'), authority: z.string(), at: instant, over: z.boolean() }),
  z.object({
    kind: z.literal('server-certificate-ends'),
    name: z.string(),
    at: instant,
    over: z.boolean(),
  }),
  z.object({ kind: z.literal('clients-end'), count: z.number().int(), first: z.string(), at: instant }),
  /** CLB reads no CRL: these are still let in. */
  z.object({ kind: z.literal('revoked-still-let-in'), count: z.number().int(), authority: z.string() }),
  z.object({ kind: z.literal('backup-due'), changes: z.number().int() }),
  z.object({ kind: z.literal('possibly-issued'), count: z.number().int() }),
]);
export type HomeNeed = z.infer<typeof homeNeed>;

export const homeOverview = z.object({
  /**
   * `holds`: the last handshakes said so. `broken`: they said otherwise. `unproven`: there is a rollout, and no
   * handshakes with what it is now. `unmade`: there is nothing to prove yet.
   */
  verdict: z.enum(['holds', 'broken', 'unproven', 'unmade']),
  rollout: z
    .object({
      name: z.string(),
      practice: z.boolean(),
      regionId: z.string(),
      loadBalancerId: z.string().nullable(),
    })
    .nullable(),
  evidence: handshakeEvidence.nullable(),
  needs: z.array(homeNeed),
  counts: z.object({
    authorities: z.number().int(),
    rollouts: z.number().int(),
  }),
  /** Certificates by the month (YYYY-MM) that they end in, revoked ones left out; from this month on. */
  expiry: z.array(z.object({ month: z.string(), count: z.number().int() })),
  /** What would stop everybody when it ends. */
  milestones: z.array(
    z.object({ kind: z.enum(['server-certificate', 'authority']), name: z.string(), at: instant }),
  ),
});
export type HomeOverview = z.infer<typeof homeOverview>;

export const home = {
  /** From the registry alone: quick, and possible while the vault is locked. */
  overview: procedure.output(homeOverview),
};
