/** What the CLB API says, as plain data: arrays unwrapped, names in camel case, values as the API spells them. */
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { instant, label } from './values.ts';

export const cloudRegion = z.object({ regionId: z.string(), localName: z.string(), endpoint: z.string() });
export type CloudRegion = z.infer<typeof cloudRegion>;

export const cloudZone = z.object({
  zoneId: z.string(),
  localName: z.string(),
  slaveZones: z.array(z.object({ zoneId: z.string(), localName: z.string() })),
});
export type CloudZone = z.infer<typeof cloudZone>;

/** A certificate in CLB. The PEM itself is never given back. */
export const cloudCertificate = z.object({
  id: z.string(),
  name: z.string(),
  /** Hex pairs with colons; SHA-1 by its length. */
  fingerprint: z.string(),
  commonName: z.string(),
  /** ISO 8601; null when the cloud does not say. */
  expiresAt: z.string().nullable(),
});
export type CloudCertificate = z.infer<typeof cloudCertificate>;

export const cloudServerCertificate = cloudCertificate.extend({
  subjectAlternativeNames: z.array(z.string()),
  /** Comes from Certificate Management Service rather than from an upload. */
  managed: z.boolean(),
});
export type CloudServerCertificate = z.infer<typeof cloudServerCertificate>;

export const cloudLoadBalancer = z.object({
  id: z.string(),
  name: z.string(),
  address: z.string(),
  addressType: z.string(),
  status: z.string(),
  instanceChargeType: z.string(),
  vpcId: z.string(),
  vSwitchId: z.string(),
  createdAt: z.string(),
});
export type CloudLoadBalancer = z.infer<typeof cloudLoadBalancer>;

export const backendType = z.enum(['ecs', 'eni', 'eci']);
export type BackendType = z.infer<typeof backendType>;

export const cloudBackend = z.object({
  serverId: z.string(),
  weight: z.number(),
  type: z.string(),
  serverIp: z.string(),
});
export type CloudBackend = z.infer<typeof cloudBackend>;

export const cloudListenerPort = z.object({ port: z.number(), protocol: z.string() });
export type CloudListenerPort = z.infer<typeof cloudListenerPort>;

export const cloudLoadBalancerDetail = cloudLoadBalancer.extend({
  backends: z.array(cloudBackend),
  listeners: z.array(cloudListenerPort),
  deleteProtection: z.boolean(),
});
export type CloudLoadBalancerDetail = z.infer<typeof cloudLoadBalancerDetail>;

/** `normal`, `abnormal`, or `unavailable` (not checked, or not yet). */
export const backendHealth = z.object({
  serverId: z.string(),
  serverIp: z.string(),
  port: z.number(),
  listenerPort: z.number(),
  status: z.string(),
});
export type BackendHealth = z.infer<typeof backendHealth>;

/** An AccessKey as it is entered; the secret goes to the vault and comes back in no answer. */
export const cloudCredentials = z.object({
  accessKeyId: z.string().trim().min(1).max(128),
  accessKeySecret: z.string().min(1).max(256),
  securityToken: z.string().min(1).max(8192).optional(),
});
export type CloudCredentials = z.infer<typeof cloudCredentials>;

// ── accounts ───────────────────────────────────────────────────────────────────────────────────────

export const cloudAccountView = z.object({
  name: z.string(),
  accessKeyId: z.string(),
  regionId: z.string(),
  endpoint: z.string().nullable(),
  /** A simulator, never to be taken for the real cloud. */
  practice: z.boolean(),
  createdAt: instant,
});
export type CloudAccountView = z.infer<typeof cloudAccountView>;

export const cloud = {
  login: procedure
    .input(
      z.object({
        name: label.default('default'),
        accessKeyId: cloudCredentials.shape.accessKeyId,
        accessKeySecret: cloudCredentials.shape.accessKeySecret,
        regionId: z.string().trim().min(1).max(64),
        /** Overrides the region's endpoint; `http:` on loopback only. */
        endpoint: z.url().nullable().default(null),
        practice: z.boolean().default(false),
      }),
    )
    .output(cloudAccountView),
  accounts: procedure.output(z.array(cloudAccountView)),
  logout: procedure.input(z.object({ name: label })).output(z.object({ name: z.string() })),
  /** Asks the cloud with the account's key: what it answers is the proof that the key works. */
  regions: procedure.input(z.object({ account: label.optional() })).output(z.array(cloudRegion)),
  /** Every instance of the account in its region: what a rollout may stand on. */
  loadBalancers: procedure.input(z.object({ account: label.optional() })).output(z.array(cloudLoadBalancer)),
};
