/** The way from what the cloud says now to what is desired. Pure: the same in, the same out. */
import { createHash } from 'node:crypto';
import type { CloudBackend, CloudCertificate } from '../../contract/cloud.ts';
import { Problem } from '../../contract/problem.ts';
import type {
  DesiredBackend,
  DesiredRollout,
  OwnedCertificate,
  PlanItem,
  RolloutPlan,
  RolloutResources,
} from '../../contract/rollout.ts';
import { type ClbCertificate, type ClbCertificates, checkAgainstClb, clbCertificates } from './clb-rules.ts';
import type { CloudState } from './cloud-state.ts';
import { listenerAttributes, listenerDifferences } from './listener-attributes.ts';

/** Stands in a plan for an id that the cloud has not given yet. */
const notYet = '(new)';

/**
 * @throws Problem the first of `checkAgainstClb`, before anything is compared; LOAD_BALANCER_LOCKED, LISTENER_PORT_TAKEN
 */
export function planRollout(
  desired: DesiredRollout,
  cloud: CloudState,
  resources: RolloutResources,
  now: Date,
): RolloutPlan {
  const [refusal] = checkAgainstClb(desired, now);
  if (refusal) throw refusal;
  const certificates = clbCertificates(desired);
  const serverCertificate = planServerCertificate(certificates, cloud, resources);
  const caCertificate = planCaCertificate(certificates, cloud, resources);
  const items = [
    planLoadBalancer(desired, cloud, resources),
    serverCertificate,
    caCertificate,
    planBackends(desired, cloud, resources),
    planListener(desired, cloud, resources, {
      serverCertificateId: serverCertificate.id ?? notYet,
      caCertificateId: caCertificate.id ?? notYet,
    }),
    ...planSuperseded(cloud, resources, certificates),
  ];
  const digest = createHash('sha256').update(
    JSON.stringify(
      items.map(({ resource, action, name, id, willBe }) => [resource, action, name, id, willBe]),
    ),
  );
  return { items, settled: items.every(({ action }) => action === 'nothing'), digest: digest.digest('hex') };
}

// ── load balancer ──────────────────────────────────────────────────────────────────────────────────

export function planLoadBalancer(
  desired: DesiredRollout,
  { loadBalancer }: CloudState,
  resources: RolloutResources,
): PlanItem {
  const wanted = 'create' in desired.loadBalancer ? desired.loadBalancer.create : undefined;
  if (!loadBalancer) {
    if (!wanted)
      throw new Problem('LOAD_BALANCER_NOT_FOUND', { loadBalancer: '', regionId: desired.regionId });
    const willBe = {
      LoadBalancerName: wanted.name,
      AddressType: wanted.addressType,
      InstanceChargeType: 'PayByCLCU',
    };
    return {
      resource: 'load-balancer',
      action: 'create',
      name: wanted.name,
      id: null,
      now: null,
      willBe,
      reason: 'absent',
      costNote: 'billed-by-clcu',
      apiCalls: [call('CreateLoadBalancer', willBe)],
    };
  }
  if (loadBalancer.status === 'locked')
    throw new Problem('LOAD_BALANCER_LOCKED', { loadBalancer: loadBalancer.id });
  const { id } = loadBalancer;
  const item = { resource: 'load-balancer', name: loadBalancer.name, id } as const;
  const owned = resources.loadBalancer?.id === id ? resources.loadBalancer : undefined;
  const rename = owned?.made && wanted && wanted.name !== loadBalancer.name;
  // One without listeners is inactive by itself; with listeners somebody stopped it.
  const wake = loadBalancer.status === 'inactive' && loadBalancer.listeners.length > 0;
  const now = { LoadBalancerName: loadBalancer.name, LoadBalancerStatus: loadBalancer.status };
  if (rename || wake) {
    const willBe = {
      LoadBalancerName: rename ? wanted.name : loadBalancer.name,
      LoadBalancerStatus: wake ? 'active' : loadBalancer.status,
    };
    const apiCalls = [
      ...(rename ? [call('SetLoadBalancerName', { LoadBalancerId: id, LoadBalancerName: wanted.name })] : []),
      ...(wake ? [call('SetLoadBalancerStatus', { LoadBalancerId: id, LoadBalancerStatus: 'active' })] : []),
    ];
    return { ...item, action: 'change', now, willBe, reason: wake ? 'not-running' : 'differs', apiCalls };
  }
  if (!owned)
    return {
      ...item,
      action: 'adopt',
      now,
      willBe: now,
      reason: wanted ? 'same-name' : 'same-id',
      apiCalls: [],
    };
  return { ...item, action: 'nothing', now, willBe: now, reason: 'as-desired', apiCalls: [] };
}

// ── certificates ───────────────────────────────────────────────────────────────────────────────────

export function planServerCertificate(
  { server }: ClbCertificates,
  cloud: CloudState,
  resources: RolloutResources,
): PlanItem {
  const inUse = cloud.listener?.serverCertificateId;
  return planCertificate(
    'server-certificate',
    server,
    cloud.serverCertificates,
    resources.serverCertificates,
    inUse,
  );
}

export function planCaCertificate(
  { ca }: ClbCertificates,
  cloud: CloudState,
  resources: RolloutResources,
): PlanItem {
  const inUse = cloud.listener?.caCertificateId;
  return planCertificate('ca-certificate', ca, cloud.caCertificates, resources.caCertificates, inUse);
}

const certificateCalls = {
  'server-certificate': {
    upload: 'UploadServerCertificate',
    rename: 'SetServerCertificateName',
    remove: 'DeleteServerCertificate',
    idName: 'ServerCertificateId',
    name: 'ServerCertificateName',
  },
  'ca-certificate': {
    upload: 'UploadCACertificate',
    rename: 'SetCACertificateName',
    remove: 'DeleteCACertificate',
    idName: 'CACertificateId',
    name: 'CACertificateName',
  },
} as const;

function planCertificate(
  resource: keyof typeof certificateCalls,
  wanted: ClbCertificate,
  inCloud: readonly CloudCertificate[],
  owned: readonly OwnedCertificate[],
  inUse: string | undefined,
): PlanItem {
  const calls = certificateCalls[resource];
  const recorded = owned.find(
    ({ id, sha256 }) => sha256 === wanted.sha256 && inCloud.some((certificate) => certificate.id === id),
  );
  const found = inCloud.find(({ id }) => id === recorded?.id) ?? findByFingerprint(inCloud, wanted, inUse);
  const willBe = { Fingerprint: wanted.sha1, CommonName: wanted.commonName, [calls.name]: wanted.name };
  if (!found) {
    const before = inCloud.find(({ id }) => owned.some((mine) => mine.id === id) && id === inUse);
    const now = before
      ? { Fingerprint: before.fingerprint, CommonName: before.commonName, [calls.name]: before.name }
      : null;
    const apiCalls = [call(calls.upload, { [calls.name]: wanted.name })];
    return {
      resource,
      action: 'create',
      name: wanted.name,
      id: null,
      now,
      willBe,
      reason: before ? 'differs' : 'absent',
      apiCalls,
    };
  }
  const now = { Fingerprint: found.fingerprint, CommonName: found.commonName, [calls.name]: found.name };
  const item = { resource, name: found.name, id: found.id, now } as const;
  if (recorded?.made && found.name !== wanted.name) {
    const apiCalls = [call(calls.rename, { [calls.idName]: found.id, [calls.name]: wanted.name })];
    return { ...item, action: 'change', willBe, reason: 'differs', apiCalls };
  }
  if (!recorded) return { ...item, action: 'adopt', willBe: now, reason: 'same-certificate', apiCalls: [] };
  return { ...item, action: 'nothing', willBe: now, reason: 'as-desired', apiCalls: [] };
}

/** Among several uploads of one certificate: the one the listener has, then the one of that name, then any. */
function findByFingerprint(
  inCloud: readonly CloudCertificate[],
  wanted: ClbCertificate,
  inUse: string | undefined,
): CloudCertificate | undefined {
  const same = inCloud.filter(({ fingerprint }) => isFingerprintOf(fingerprint, wanted));
  return same.find(({ id }) => id === inUse) ?? same.find(({ name }) => name === wanted.name) ?? same[0];
}

/** The API does not say which hash it shows; its samples are as long as SHA-1. */
export function isFingerprintOf(
  fingerprint: string,
  certificate: Pick<ClbCertificate, 'sha1' | 'sha256'>,
): boolean {
  const hex = fingerprint.replaceAll(':', '').toLowerCase();
  return hex === certificate.sha1.replaceAll(':', '').toLowerCase() || hex === certificate.sha256;
}

/** Certificates that an earlier run uploaded and that the listener no longer has. */
function planSuperseded(
  cloud: CloudState,
  resources: RolloutResources,
  { server, ca }: ClbCertificates,
): readonly PlanItem[] {
  const old = (
    resource: keyof typeof certificateCalls,
    inCloud: readonly CloudCertificate[],
    owned: readonly OwnedCertificate[],
    wanted: ClbCertificate,
    inUse: string | undefined,
  ): readonly PlanItem[] => {
    const current = owned.find(({ sha256 }) => sha256 === wanted.sha256)?.id;
    // As long as the listener has not been moved to the new one, the old one is needed.
    if (current === undefined || current !== inUse) return [];
    return owned
      .filter(
        ({ id, made, sha256 }) =>
          made && sha256 !== wanted.sha256 && inCloud.some((certificate) => certificate.id === id),
      )
      .map(({ id, name }) => ({
        resource: resource === 'server-certificate' ? 'old-server-certificate' : 'old-ca-certificate',
        action: 'delete',
        name,
        id,
        now: { [certificateCalls[resource].idName]: id },
        willBe: null,
        reason: 'superseded',
        apiCalls: [call(certificateCalls[resource].remove, { [certificateCalls[resource].idName]: id })],
      }));
  };
  return [
    ...old(
      'server-certificate',
      cloud.serverCertificates,
      resources.serverCertificates,
      server,
      cloud.listener?.serverCertificateId,
    ),
    ...old(
      'ca-certificate',
      cloud.caCertificates,
      resources.caCertificates,
      ca,
      cloud.listener?.caCertificateId,
    ),
  ];
}

// ── backends ───────────────────────────────────────────────────────────────────────────────────────

export interface BackendChanges {
  readonly add: readonly DesiredBackend[];
  readonly reweigh: readonly DesiredBackend[];
  readonly remove: readonly CloudBackend[];
}

/**
 * What to do to the default server group. On an adopted load balancer, servers that this rollout did not
 * add stay: other listeners may rely on them.
 */
export function backendChanges(
  desired: DesiredRollout,
  { loadBalancer }: CloudState,
  resources: RolloutResources,
): BackendChanges {
  const present = loadBalancer?.backends ?? [];
  const matching = (wanted: DesiredBackend) =>
    present.find((backend) => backendKey(backend) === backendKey(wanted));
  const mine = new Set(resources.backends.map(backendKey));
  const wholeGroupIsMine =
    resources.loadBalancer?.made === true && resources.loadBalancer.id === loadBalancer?.id;
  return {
    add: desired.backends.filter((wanted) => !matching(wanted)),
    reweigh: desired.backends.filter(
      (wanted) => (matching(wanted)?.weight ?? wanted.weight) !== wanted.weight,
    ),
    remove: present.filter(
      (backend) =>
        (wholeGroupIsMine || mine.has(backendKey(backend))) &&
        !desired.backends.some((wanted) => backendKey(wanted) === backendKey(backend)),
    ),
  };
}

/** A network interface may be there with several addresses; an instance is there once. */
export function backendKey({
  serverId,
  serverIp,
  type,
}: {
  readonly serverId: string;
  readonly serverIp?: string | undefined;
  readonly type: string;
}): string {
  return type === 'ecs' || !serverIp ? serverId : `${serverId} ${serverIp}`;
}

export function planBackends(
  desired: DesiredRollout,
  cloud: CloudState,
  resources: RolloutResources,
): PlanItem {
  const present = cloud.loadBalancer?.backends ?? [];
  const changes = backendChanges(desired, cloud, resources);
  const id = cloud.loadBalancer?.id ?? null;
  const apiCalls = [
    ...changeCall('RemoveBackendServers', id, changes.remove),
    ...changeCall('AddBackendServers', id, changes.add),
    ...changeCall('SetBackendServers', id, changes.reweigh),
  ];
  const action = apiCalls.length === 0 ? 'nothing' : present.length === 0 ? 'create' : 'change';
  const gone = new Set(changes.remove.map(backendKey));
  const staying = present.filter((backend) => !gone.has(backendKey(backend)));
  return {
    resource: 'backends',
    action,
    name: desired.backends.map(({ serverId }) => serverId).join(', '),
    id,
    now: present.length === 0 ? null : weights(present),
    willBe: { ...weights(staying), ...weights(desired.backends) },
    reason: action === 'nothing' ? 'as-desired' : present.length === 0 ? 'absent' : 'differs',
    apiCalls,
  };
}

function weights(
  backends: readonly { readonly serverId: string; readonly weight: number }[],
): Record<string, string> {
  return Object.fromEntries(backends.map(({ serverId, weight }) => [serverId, String(weight)]));
}

function changeCall(
  action: string,
  id: string | null,
  backends: readonly { readonly serverId: string; readonly weight: number }[],
) {
  if (backends.length === 0) return [];
  return [
    call(action, {
      LoadBalancerId: id ?? notYet,
      BackendServers: backends.map(({ serverId, weight }) => `${serverId}:${weight}`).join(','),
    }),
  ];
}

// ── listener ───────────────────────────────────────────────────────────────────────────────────────

export function planListener(
  desired: DesiredRollout,
  cloud: CloudState,
  resources: RolloutResources,
  certificates: { readonly serverCertificateId: string; readonly caCertificateId: string },
): PlanItem {
  const { port } = desired.listener;
  const { listener, loadBalancer } = cloud;
  const before = resources.listener?.port ?? port;
  if (before !== port)
    throw new Problem('ROLLOUT_REFUSED', {
      reason: `its listener is on port ${before}; destroy it first, or make another rollout for port ${port}`,
    });
  const wanted = listenerAttributes(desired.listener, certificates);
  const address = { LoadBalancerId: loadBalancer?.id ?? notYet, ListenerPort: String(port) };
  const all = plain(wanted);
  const item = { resource: 'listener', name: `https:${port}`, id: loadBalancer?.id ?? null } as const;
  const creation = [
    call('CreateLoadBalancerHTTPSListener', { ...address, ...all }),
    call('StartLoadBalancerListener', address),
  ];
  if (!listener) {
    const other = loadBalancer?.listeners.find(
      (taken) => taken.port === port && ['tcp', 'http'].includes(taken.protocol),
    );
    if (loadBalancer && other)
      throw new Problem('LISTENER_PORT_TAKEN', {
        loadBalancer: loadBalancer.id,
        port,
        protocol: other.protocol,
      });
    return { ...item, action: 'create', now: null, willBe: all, reason: 'absent', apiCalls: creation };
  }
  const differences = listenerDifferences(listener, wanted);
  const now = {
    Status: listener.status,
    ...Object.fromEntries(Object.entries(differences).map(([name, { now }]) => [name, now])),
  };
  const willBe = {
    Status: 'running',
    ...Object.fromEntries(Object.entries(differences).map(([name, { willBe }]) => [name, willBe])),
  };
  const start = listener.status === 'stopped' ? [call('StartLoadBalancerListener', address)] : [];
  if (listener.vServerGroupId !== '' || differences['BackendServerPort']) {
    const reason = differences['BackendServerPort'] ? 'backend-port-fixed' : 'server-group-in-the-way';
    const apiCalls = [call('DeleteLoadBalancerListener', address), ...creation];
    return {
      ...item,
      action: 'replace',
      now,
      willBe: { Status: 'running', ...all },
      reason,
      costNote: 'interrupts-listener',
      apiCalls,
    };
  }
  if (Object.keys(differences).length > 0) {
    const changed = Object.fromEntries(
      Object.entries(differences).map(([name, { willBe }]) => [name, willBe]),
    );
    const apiCalls = [call('SetLoadBalancerHTTPSListenerAttribute', { ...address, ...changed }), ...start];
    return { ...item, action: 'change', now, willBe, reason: 'differs', apiCalls };
  }
  if (listener.status === 'stopped')
    return { ...item, action: 'change', now, willBe, reason: 'not-running', apiCalls: start };
  if (resources.listener?.port !== port)
    return { ...item, action: 'adopt', now, willBe, reason: 'port-exists', apiCalls: [] };
  return { ...item, action: 'nothing', now, willBe: now, reason: 'as-desired', apiCalls: [] };
}

function plain(attributes: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
}

function call(action: string, parameters: Readonly<Record<string, string>>): PlanItem['apiCalls'][number] {
  return {
    action,
    summary: Object.entries(parameters)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
  };
}
