/** What to do about the default server group. */
import type { CloudBackend } from '../../contract/cloud.ts';
import type { DesiredBackend, DesiredRollout, PlanItem, RolloutResources } from '../../contract/rollout.ts';
import type { CloudState } from './cloud-state.ts';
import { call, notYet } from './plan-call.ts';

interface BackendChanges {
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
