/** What stands in the cloud for a rollout, and whether that is what was planned. Changes nothing. */
import { Problem } from '../../contract/problem.ts';
import type {
  BackendState,
  DesiredRollout,
  RolloutCheck,
  RolloutPlan,
  RolloutResources,
  RolloutStatus,
} from '../../contract/rollout.ts';
import { describeHealthStatus } from '../slb/backends.ts';
import type { SlbClient } from '../slb/client.ts';
import { type ClbCertificates, clbCertificates } from './clb-rules.ts';
import { type CloudState, readCloudState } from './cloud-state.ts';
import { planRollout } from './plan.ts';
import { isFingerprintOf } from './plan-certificates.ts';

/** @throws Problem of `SlbClient.read`. What does not exist is null in the status. */
export async function observeRollout(
  client: SlbClient,
  desired: DesiredRollout,
  resources: RolloutResources,
  now: Date,
): Promise<RolloutStatus> {
  const cloud = await readCloudState(client, desired, resources).catch(unlessGone);
  const { loadBalancer, listener } = cloud;
  const health =
    loadBalancer && listener
      ? await describeHealthStatus(client, loadBalancer.id, { port: listener.port, protocol: 'https' })
      : [];
  const backends = (loadBalancer?.backends ?? []).map(({ serverId, weight }) => ({
    serverId,
    weight,
    health: health.find((row) => row.serverId === serverId)?.status || 'unavailable',
  }));
  const checks = checkCloud(desired, cloud, backends, resources, now);
  return {
    regionId: client.regionId,
    loadBalancer: loadBalancer
      ? {
          id: loadBalancer.id,
          name: loadBalancer.name,
          address: loadBalancer.address,
          status: loadBalancer.status,
        }
      : null,
    listener: listener
      ? {
          port: listener.port,
          status: listener.status,
          serverCertificateId: listener.serverCertificateId,
          caCertificateId: listener.caCertificateId || null,
        }
      : null,
    backends,
    endpoint:
      loadBalancer && listener
        ? (listener.simulatorEndpoint ?? hostPort(loadBalancer.address, listener.port))
        : null,
    checks,
    ready: checks.every(({ ok }) => ok),
  };
}

/** The cloud's side of step 7: each thing that has to hold before a client can be let in. */
function checkCloud(
  desired: DesiredRollout,
  cloud: CloudState,
  backends: readonly BackendState[],
  resources: RolloutResources,
  now: Date,
): RolloutCheck[] {
  const { loadBalancer, listener } = cloud;
  const { server, ca } = clbCertificates(desired);
  const serving = desired.backends
    .filter(({ weight }) => weight > 0)
    .map(({ serverId }) => backends.find((backend) => backend.serverId === serverId)?.health ?? 'absent');
  const pending = pendingItems(desired, cloud, resources, now);
  return [
    {
      check: 'load-balancer-active',
      ok: loadBalancer?.status === 'active',
      observed: loadBalancer ? `${loadBalancer.id} ${loadBalancer.status}` : 'absent',
    },
    {
      check: 'listener-running',
      ok: listener?.status === 'running',
      observed: listener ? `https:${listener.port} ${listener.status}` : 'absent',
    },
    {
      check: 'mutual-authentication',
      ok: !!listener?.caCertificateId,
      observed: listener?.caCertificateId || 'off',
    },
    {
      check: 'server-certificate-as-planned',
      ...compare(cloud.serverCertificates, listener?.serverCertificateId, server),
    },
    { check: 'ca-certificate-as-planned', ...compare(cloud.caCertificates, listener?.caCertificateId, ca) },
    {
      check: 'backends-healthy',
      ok:
        serving.length > 0 &&
        (!desired.listener.healthCheck.on || serving.every((state) => state === 'normal')),
      observed: backends.map(({ serverId, health }) => `${serverId} ${health}`).join(', ') || 'none',
    },
    { check: 'as-planned', ok: pending.length === 0, observed: pending.join(', ') || 'no difference' },
  ];
}

function compare(
  inCloud: CloudState['caCertificates'],
  id: string | undefined,
  wanted: ClbCertificates['ca'],
): { readonly ok: boolean; readonly observed: string } {
  const found = inCloud.find((certificate) => certificate.id === id);
  return {
    ok: !!found && isFingerprintOf(found.fingerprint, wanted),
    observed: found ? `${found.id} ${found.fingerprint}` : 'none',
  };
}

/** What a plan would still change. Deleting a superseded certificate is no difference of the rollout itself. */
function pendingItems(
  desired: DesiredRollout,
  cloud: CloudState,
  resources: RolloutResources,
  now: Date,
): readonly string[] {
  let plan: RolloutPlan;
  try {
    plan = planRollout(desired, cloud, resources, now);
  } catch (error) {
    if (error instanceof Problem) return [error.code];
    throw error;
  }
  return plan.items
    .filter(({ action }) => action !== 'nothing' && action !== 'delete')
    .map(({ resource, action }) => `${resource} ${action}`);
}

function unlessGone(error: unknown): CloudState {
  if (error instanceof Problem && error.code === 'LOAD_BALANCER_NOT_FOUND')
    return { loadBalancer: undefined, serverCertificates: [], caCertificates: [], listener: undefined };
  throw error;
}

function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
