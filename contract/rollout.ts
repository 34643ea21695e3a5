/** A rollout: desired state, the plan that leads there, the progress of applying it, and what stands. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { backendType } from './cloud.ts';
import { probeProgress, probeResult } from './probe.ts';
import { procedure } from './procedure.ts';
import { instant, label, reference } from './values.ts';

// ── desired ────────────────────────────────────────────────────────────────────────────────────────

const newLoadBalancer = z.object({
  name: z.string(),
  addressType: z.enum(['internet', 'intranet']).default('internet'),
  vpcId: z.string().min(1).optional(),
  vSwitchId: z.string().min(1).optional(),
  masterZoneId: z.string().min(1).optional(),
  slaveZoneId: z.string().min(1).optional(),
  resourceGroupId: z.string().min(1).optional(),
});

export const tlsCipherPolicies = [
  'tls_cipher_policy_1_0',
  'tls_cipher_policy_1_1',
  'tls_cipher_policy_1_2',
  'tls_cipher_policy_1_2_strict',
  'tls_cipher_policy_1_2_strict_with_1_3',
] as const;

/** Times in seconds. */
export const healthCheck = z.object({
  on: z.boolean().default(true),
  /** A path that the backends answer; CLB's documentation refuses a bare `/`. */
  uri: z.string().default('/healthz'),
  method: z.enum(['head', 'get']).default('head'),
  httpCodes: z
    .array(z.enum(['http_2xx', 'http_3xx', 'http_4xx', 'http_5xx']))
    .min(1)
    .default(['http_2xx']),
  /** Host header of the check; without it the backend's own address. */
  domain: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,80}$/)
    .optional(),
  interval: z.int().min(1).max(50).default(2),
  timeout: z.int().min(1).max(300).default(5),
  healthyThreshold: z.int().min(2).max(10).default(3),
  unhealthyThreshold: z.int().min(2).max(10).default(3),
});

export const desiredListener = z.object({
  port: z.int().min(1).max(65535).default(443),
  backendServerPort: z.int().min(1).max(65535).default(80),
  scheduler: z.enum(['rr', 'wrr']).default('rr'),
  /** Mbit/s; -1 is unlimited, as pay-by-traffic instances require. */
  bandwidth: z.union([z.literal(-1), z.int().min(1).max(5120)]).default(-1),
  /** One of {@link tlsCipherPolicies}, or a policy of the account, `tls-…`. */
  tlsCipherPolicy: z
    .union([z.enum(tlsCipherPolicies), z.string().regex(/^tls-[\w-]{1,60}$/)])
    .default('tls_cipher_policy_1_2'),
  http2: z.boolean().default(true),
  gzip: z.boolean().default(true),
  idleTimeout: z.int().min(1).max(60).default(15),
  requestTimeout: z.int().min(1).max(180).default(60),
  healthCheck: healthCheck.prefault({}),
});
export type DesiredListener = z.infer<typeof desiredListener>;

export const desiredBackend = z.object({
  serverId: z.string().min(1).max(80),
  weight: z.int().min(0).max(100).default(100),
  type: backendType.default('ecs'),
  /** For eni and eci. */
  serverIp: z.string().min(1).optional(),
});
export type DesiredBackend = z.infer<typeof desiredBackend>;

/** Everything a rollout should lead to, without any private key. */
export const desiredRollout = z.object({
  regionId: z.string().min(1),
  loadBalancer: z.union([z.object({ id: z.string().min(1) }), z.object({ create: newLoadBalancer })]),
  /** The listener's own certificate: PEM, leaf first. Its key is asked for when it is uploaded. */
  serverCertificate: z.object({ name: z.string(), chainPem: z.string().max(256 * 1024) }),
  /** Whose client certificates are let in. */
  caCertificate: z.object({ name: z.string(), pem: z.string().max(64 * 1024) }),
  listener: desiredListener.prefault({}),
  backends: z
    .array(desiredBackend)
    .min(1)
    .max(200)
    .refine(
      (backends) =>
        new Set(backends.map(({ serverId, serverIp }) => `${serverId} ${serverIp ?? ''}`)).size ===
        backends.length,
      {
        message: 'a backend is named twice',
      },
    ),
});
export type DesiredRollout = z.infer<typeof desiredRollout>;
export type DesiredRolloutInput = z.input<typeof desiredRollout>;

// ── plan ───────────────────────────────────────────────────────────────────────────────────────────

export const rolloutResourceTypes = [
  'load-balancer',
  'server-certificate',
  'ca-certificate',
  'backends',
  'listener',
  'old-server-certificate',
  'old-ca-certificate',
] as const;
export const rolloutResourceType = z.enum(rolloutResourceTypes);
export type RolloutResourceType = z.infer<typeof rolloutResourceType>;

/** `replace` is delete and create, with an interruption between. `delete` is only for what an earlier run superseded. */
export const planActions = ['create', 'adopt', 'change', 'replace', 'delete', 'nothing'] as const;
export const planAction = z.enum(planActions);
export type PlanAction = z.infer<typeof planAction>;

export const planReasons = [
  'absent',
  'same-id',
  'same-name',
  'same-certificate',
  'differs',
  'port-exists',
  'backend-port-fixed',
  'server-group-in-the-way',
  'not-running',
  'superseded',
  'as-desired',
] as const;
export const planReason = z.enum(planReasons);
export type PlanReason = z.infer<typeof planReason>;

export const costNote = z.enum(['billed-by-clcu', 'interrupts-listener']);
export type CostNote = z.infer<typeof costNote>;

/** Attributes under the API's names. */
const attributes = z.record(z.string(), z.string());

export const planItem = z.object({
  resource: rolloutResourceType,
  action: planAction,
  name: z.string(),
  /** Id in the cloud, once there is one. */
  id: z.string().nullable(),
  /** What is there, for the attributes that matter; null when there is nothing. */
  now: attributes.nullable(),
  willBe: attributes.nullable(),
  reason: planReason,
  costNote: costNote.optional(),
  /** `summary` is `Name=value` pairs, without certificates and without any key. */
  apiCalls: z.array(z.object({ action: z.string(), summary: z.string() })),
});
export type PlanItem = z.infer<typeof planItem>;

export const rolloutPlan = z.object({
  items: z.array(planItem),
  /** True when there is nothing to do. */
  settled: z.boolean(),
  /** Identifies what is to be done; given to apply, it refuses to do anything else. */
  digest: z.string(),
});
export type RolloutPlan = z.infer<typeof rolloutPlan>;

// ── what it made or adopted ────────────────────────────────────────────────────────────────────────

const ownedCertificate = z.object({
  id: z.string(),
  name: z.string(),
  /** SHA-256 of the (leaf) certificate, hex. */
  sha256: z.string(),
  /** Uploaded by this rollout, so that destroying it deletes the certificate too. */
  made: z.boolean(),
});
export type OwnedCertificate = z.infer<typeof ownedCertificate>;

/** The cloud resources of one rollout. `made` ones are taken down with it, adopted ones are not. */
export const rolloutResources = z.object({
  loadBalancer: z.object({ id: z.string(), name: z.string(), made: z.boolean() }).nullable().default(null),
  serverCertificates: z.array(ownedCertificate).default([]),
  caCertificates: z.array(ownedCertificate).default([]),
  listener: z.object({ port: z.int(), made: z.boolean() }).nullable().default(null),
  /** Servers that this rollout added to the default server group. */
  backends: z.array(z.object({ serverId: z.string(), serverIp: z.string(), type: z.string() })).default([]),
});
export type RolloutResources = z.infer<typeof rolloutResources>;

// ── what stands ────────────────────────────────────────────────────────────────────────────────────

export const backendState = z.object({ serverId: z.string(), weight: z.number(), health: z.string() });
export type BackendState = z.infer<typeof backendState>;

export const rolloutChecks = [
  'load-balancer-active',
  'listener-running',
  'mutual-authentication',
  'server-certificate-as-planned',
  'ca-certificate-as-planned',
  'backends-healthy',
  'as-planned',
] as const;
export const rolloutCheck = z.object({ check: z.enum(rolloutChecks), ok: z.boolean(), observed: z.string() });
export type RolloutCheck = z.infer<typeof rolloutCheck>;

export const rolloutStatus = z.object({
  regionId: z.string(),
  loadBalancer: z
    .object({ id: z.string(), name: z.string(), address: z.string(), status: z.string() })
    .nullable(),
  listener: z
    .object({
      port: z.number(),
      status: z.string(),
      serverCertificateId: z.string(),
      /** Null: anybody is let in. */
      caCertificateId: z.string().nullable(),
    })
    .nullable(),
  backends: z.array(backendState),
  /** `host:port` to connect to; null until there is a listener. */
  endpoint: z.string().nullable(),
  checks: z.array(rolloutCheck),
  /** Every check holds. */
  ready: z.boolean(),
});
export type RolloutStatus = z.infer<typeof rolloutStatus>;

// ── progress ───────────────────────────────────────────────────────────────────────────────────────

export const rolloutSteps = [
  'load-balancer',
  'server-certificate',
  'ca-certificate',
  'backends',
  'listener',
  'start-listener',
  'wait-healthy',
  'old-server-certificate',
  'old-ca-certificate',
  'remove-listener',
  'remove-backends',
  'remove-load-balancer',
  'remove-certificates',
] as const;
export const rolloutStep = z.enum(rolloutSteps);
export type RolloutStep = z.infer<typeof rolloutStep>;

export const rolloutEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('plan'), plan: rolloutPlan }),
  z.object({
    type: z.literal('step'),
    step: rolloutStep,
    state: z.enum(['started', 'done', 'skipped', 'unknown']),
    name: z.string(),
    id: z.string().nullable(),
  }),
  z.object({ type: z.literal('call'), step: rolloutStep, action: z.string(), requestId: z.string() }),
  z.object({ type: z.literal('waiting'), step: rolloutStep, state: z.string(), seconds: z.number() }),
  /** Sent before the problem of a run that stops short: what stands now. */
  z.object({ type: z.literal('interrupted'), step: rolloutStep, status: rolloutStatus.nullable() }),
]);
export type RolloutEvent = z.infer<typeof rolloutEvent>;

// ── procedures ─────────────────────────────────────────────────────────────────────────────────────

/** A rollout as a person asks for it: certificates by name, everything else as in the desired state. */
export const rolloutRequest = z.object({
  name: label.default('default'),
  account: label.optional(),
  serverCertificate: reference,
  /** The CA whose client certificates are let in. */
  authority: reference,
  loadBalancer: desiredRollout.shape.loadBalancer,
  listener: desiredListener.prefault({}),
  backends: desiredRollout.shape.backends,
});
export type RolloutRequest = z.input<typeof rolloutRequest>;

export const rolloutView = z.object({
  name: z.string(),
  account: z.string(),
  practice: z.boolean(),
  regionId: z.string(),
  resources: rolloutResources,
  updatedAt: instant,
});
export type RolloutView = z.infer<typeof rolloutView>;

/** A rollout as it was last asked for, to be asked for again; names are null when the thing is gone from here. */
export const rolloutAsked = z.object({
  name: z.string(),
  account: z.string(),
  serverCertificate: z.string().nullable(),
  authority: z.string().nullable(),
  loadBalancer: desiredRollout.shape.loadBalancer,
  listener: desiredListener,
  backends: desiredRollout.shape.backends,
});
export type RolloutAsked = z.infer<typeof rolloutAsked>;

export const rollout = {
  plan: procedure.input(rolloutRequest).output(rolloutPlan),
  /** Safe to run again: it looks first, and does only what is missing. With `digest`, only that plan. */
  apply: procedure
    .input(
      rolloutRequest.extend({
        digest: z.string().optional(),
        /** Stops when both certificates are uploaded; another run goes on from there. */
        until: z.literal('ca-certificate').optional(),
      }),
    )
    .output(eventIterator(rolloutEvent, rolloutStatus)),
  list: procedure.output(z.array(rolloutView)),
  get: procedure.input(z.object({ name: label.default('default') })).output(rolloutAsked),
  status: procedure.input(z.object({ name: label.default('default') })).output(rolloutStatus),
  /** Shows the listener right, wrong and no certificates; needs the CA's key to make the wrong ones. */
  verify: procedure
    .input(
      z.object({
        name: label.default('default'),
        client: reference.optional(),
        requests: z.number().int().min(0).max(1000).default(20),
      }),
    )
    .output(eventIterator(probeProgress, probeResult)),
  destroy: procedure
    .input(z.object({ name: label.default('default') }))
    .output(eventIterator(rolloutEvent, rolloutResources)),
};
