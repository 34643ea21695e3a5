/** The way from what the cloud says now to what is desired. Pure: the same in, the same out. */
import { createHash } from 'node:crypto';
import { Problem } from '../../contract/problem.ts';
import type { DesiredRollout, PlanItem, RolloutPlan, RolloutResources } from '../../contract/rollout.ts';
import { checkAgainstClb, clbCertificates } from './clb-rules.ts';
import type { CloudState } from './cloud-state.ts';
import { planBackends } from './plan-backends.ts';
import { call, notYet } from './plan-call.ts';
import { planCaCertificate, planServerCertificate, planSuperseded } from './plan-certificates.ts';
import { planListener } from './plan-listener.ts';

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
