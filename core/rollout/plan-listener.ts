/** What to do about the listener. */
import { Problem } from '../../contract/problem.ts';
import type { DesiredRollout, PlanItem, RolloutResources } from '../../contract/rollout.ts';
import type { CloudState } from './cloud-state.ts';
import { listenerAttributes, listenerDifferences } from './listener-attributes.ts';
import { call, notYet } from './plan-call.ts';

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
