/** The seven steps as derived state: each is done when the world says so, not when a button was clicked. */
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { instant } from './values.ts';

/** In the order of the tutorial. */
export const guideSteps = [
  'server-certificate',
  'authority',
  'client-certificate',
  'upload',
  'install',
  'listener',
  'test',
] as const;
export const guideStepName = z.enum(guideSteps);
export type GuideStepName = z.infer<typeof guideStepName>;

/** What a step looks at. */
export const guideChecks = [
  'server-certificate-valid',
  'server-certificate-hosts',
  'server-certificate-clb',
  'authority-valid',
  'authority-clb',
  'crl-current',
  'client-certificates-valid',
  'server-certificate-uploaded',
  'ca-certificate-uploaded',
  'identity-installed',
  'authority-trusted',
  'load-balancer-active',
  'listener-running',
  'mutual-authentication',
  'server-certificate-as-planned',
  'ca-certificate-as-planned',
  'backends-healthy',
  'as-planned',
  'right-certificate-let-in',
  'others-refused',
  'backends-even',
  'checked',
] as const;
export const guideCheck = z.enum(guideChecks);
export type GuideCheck = z.infer<typeof guideCheck>;

export const guideEvidence = z.object({
  check: guideCheck,
  /** Null: worth knowing, not needed for the step. */
  ok: z.boolean().nullable(),
  /** Names, ids, states as they are; instants as ISO 8601. */
  observed: z.string(),
});
export type GuideEvidence = z.infer<typeof guideEvidence>;

export const guideStep = z.object({
  step: guideStepName,
  /** `unknown`: the world could not be asked, for the reason in `problem`. */
  state: z.enum(['done', 'open', 'unknown']),
  evidence: z.array(guideEvidence),
  /** What the step stands for: openssl, certutil and aliyun commands with the real names in them. */
  commands: z.array(z.string()),
  problem: z.object({ code: z.string(), data: z.record(z.string(), z.unknown()) }).nullable(),
});
export type GuideStep = z.infer<typeof guideStep>;

/** Good defaults for the forms, from what is there. */
export const guideProposal = z.object({
  rollout: z.string(),
  hosts: z.array(z.string()),
  serverCertificate: z.string().nullable(),
  authority: z.string().nullable(),
  /** Id of the client certificate to install and to test with. */
  client: z.string().nullable(),
  /** The instance of an earlier run, or null for a new one called `loadBalancerName`. */
  loadBalancerId: z.string().nullable(),
  loadBalancerName: z.string(),
  backends: z.array(z.object({ serverId: z.string(), weight: z.number().int() })),
  /** Seconds between health checks: short in Practice, where everybody waits for them. */
  healthCheckInterval: z.number().int(),
  port: z.number().int(),
  backendPort: z.number().int(),
});
export type GuideProposal = z.infer<typeof guideProposal>;

export const guideStatus = z.object({
  /** Where the steps lead; null before an account is chosen. */
  account: z.object({ name: z.string(), practice: z.boolean(), regionId: z.string() }).nullable(),
  steps: z.array(guideStep),
  done: z.number().int(),
  /** What to do now: the first open step whose needs are met. Null when all hold. */
  next: guideStepName.nullable(),
  proposal: guideProposal,
  checkedAt: instant,
});
export type GuideStatus = z.infer<typeof guideStatus>;

export const guide = {
  /** Looks at the registry, the cloud, this computer's stores and the last handshakes; changes nothing. */
  status: procedure.output(guideStatus),
};
