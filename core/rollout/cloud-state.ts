/** What the cloud says now about everything a rollout is about. */
import type {
  CloudCertificate,
  CloudLoadBalancerDetail,
  CloudServerCertificate,
} from '../../contract/cloud.ts';
import { Problem } from '../../contract/problem.ts';
import type { DesiredRollout, RolloutResources } from '../../contract/rollout.ts';
import { describeCaCertificates, describeServerCertificates } from '../slb/certificates.ts';
import type { SlbClient } from '../slb/client.ts';
import { type CloudHttpsListener, describeHttpsListener } from '../slb/listeners.ts';
import { describeLoadBalancer, describeLoadBalancers } from '../slb/load-balancers.ts';

export interface CloudState {
  readonly loadBalancer: CloudLoadBalancerDetail | undefined;
  readonly serverCertificates: readonly CloudServerCertificate[];
  readonly caCertificates: readonly CloudCertificate[];
  readonly listener: CloudHttpsListener | undefined;
}

/**
 * Reads it all; changes nothing.
 * @throws Problem LOAD_BALANCER_NOT_FOUND, LOAD_BALANCER_AMBIGUOUS, ROLLOUT_REFUSED, and those of `SlbClient.read`
 */
export async function readCloudState(
  client: SlbClient,
  desired: DesiredRollout,
  resources: RolloutResources,
): Promise<CloudState> {
  const [loadBalancer, serverCertificates, caCertificates] = await Promise.all([
    findLoadBalancer(client, desired, resources),
    describeServerCertificates(client),
    describeCaCertificates(client),
  ]);
  const listener =
    loadBalancer &&
    (await describeHttpsListener(client, { loadBalancerId: loadBalancer.id, port: desired.listener.port }));
  return { loadBalancer, serverCertificates, caCertificates, listener };
}

/** The load balancer of a rollout: the recorded one, the one named by id, or the only one of that name. */
export async function findLoadBalancer(
  client: SlbClient,
  desired: DesiredRollout,
  resources: RolloutResources,
): Promise<CloudLoadBalancerDetail | undefined> {
  const recorded = resources.loadBalancer?.id;
  if ('id' in desired.loadBalancer) {
    const { id } = desired.loadBalancer;
    if (recorded !== undefined && recorded !== id)
      throw new Problem('ROLLOUT_REFUSED', {
        reason: `it already has the load balancer ${recorded}; make another rollout for ${id}`,
      });
    const found = await describeLoadBalancer(client, id);
    if (!found) throw new Problem('LOAD_BALANCER_NOT_FOUND', { loadBalancer: id, regionId: client.regionId });
    return found;
  }
  const known = recorded === undefined ? undefined : await describeLoadBalancer(client, recorded);
  return known ?? (await findLoadBalancerByName(client, desired.loadBalancer.create.name));
}

/** @throws Problem LOAD_BALANCER_AMBIGUOUS: CLB lets several have one name. */
export async function findLoadBalancerByName(
  client: SlbClient,
  name: string,
): Promise<CloudLoadBalancerDetail | undefined> {
  const [first, ...others] = await describeLoadBalancers(client, { name });
  if (others.length > 0)
    throw new Problem('LOAD_BALANCER_AMBIGUOUS', {
      name,
      ids: [first!, ...others].map(({ id }) => id).join(', '),
    });
  return first && (await describeLoadBalancer(client, first.id));
}

/** For a step that looks at one thing only. */
export const nothingKnown: CloudState = {
  loadBalancer: undefined,
  serverCertificates: [],
  caCertificates: [],
  listener: undefined,
};
