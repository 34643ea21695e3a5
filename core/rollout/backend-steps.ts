/** The step of a rollout that concerns its backends: the default server group of its load balancer. */
import { addBackendServers, type Backend, removeBackendServers, setBackendServers } from '../slb/backends.ts';
import { describeLoadBalancer } from '../slb/load-balancers.ts';
import { nothingKnown } from './cloud-state.ts';
import { backendChanges, backendKey } from './plan-backends.ts';
import { withBackends, withoutBackends } from './resources.ts';
import { type Progress, perform, type Run } from './run.ts';

export async function* bringBackends(run: Run, loadBalancerId: string): Progress<void> {
  const step = 'backends';
  const { client, desired, journal } = run;
  const present = async () => (await describeLoadBalancer(client, loadBalancerId))?.backends ?? [];
  const { add, reweigh, remove } = backendChanges(
    desired,
    { ...nothingKnown, loadBalancer: await describeLoadBalancer(client, loadBalancerId) },
    journal.resources(),
  );
  const name = desired.backends.map(({ serverId }) => serverId).join(', ');
  if (add.length + reweigh.length + remove.length === 0) {
    yield { type: 'step', step, state: 'skipped', name, id: loadBalancerId };
    return;
  }
  yield { type: 'step', step, state: 'started', name, id: loadBalancerId };
  if (remove.length > 0) {
    const gone = new Set(remove.map(backendKey));
    yield* perform(run, {
      step,
      detail: { action: 'RemoveBackendServers', loadBalancerId, servers: members(remove) },
      send: () => removeBackendServers(client, loadBalancerId, remove.map(toBackend)),
      look: async () => ((await present()).some((backend) => gone.has(backendKey(backend))) ? undefined : {}),
      settle: (_, resources) => withoutBackends(resources, members(remove)),
    });
  }
  if (add.length > 0)
    yield* perform(run, {
      step,
      detail: { action: 'AddBackendServers', loadBalancerId, servers: members(add) },
      send: () => addBackendServers(client, loadBalancerId, add),
      look: async () => {
        const there = new Set((await present()).map(backendKey));
        return add.every((backend) => there.has(backendKey(backend))) ? {} : undefined;
      },
      settle: (_, resources) => withBackends(resources, members(add)),
    });
  if (reweigh.length > 0)
    yield* perform(run, {
      step,
      detail: { action: 'SetBackendServers', loadBalancerId, servers: members(reweigh) },
      send: () => setBackendServers(client, loadBalancerId, reweigh),
      look: async () => {
        const there = new Map((await present()).map((backend) => [backendKey(backend), backend.weight]));
        return reweigh.every((backend) => there.get(backendKey(backend)) === backend.weight) ? {} : undefined;
      },
      settle: (_, resources) => resources,
    });
  yield { type: 'step', step, state: 'done', name, id: loadBalancerId };
}

export function members(
  backends: readonly {
    readonly serverId: string;
    readonly serverIp?: string | undefined;
    readonly type: string;
  }[],
) {
  return backends.map(({ serverId, serverIp = '', type }) => ({ serverId, serverIp, type }));
}

export function toBackend({
  serverId,
  serverIp,
  type,
}: {
  readonly serverId: string;
  readonly serverIp: string;
  readonly type: string;
}): Backend {
  return type === 'eni' || type === 'eci'
    ? { serverId, weight: 100, type, serverIp }
    : { serverId, weight: 100 };
}
