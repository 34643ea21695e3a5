/** Finds out what became of the calls that an earlier run began and did not live to see answered. */
import type { RolloutResources } from '../../contract/rollout.ts';
import { describeCaCertificates, describeServerCertificates } from '../slb/certificates.ts';
import { describeHttpsListener } from '../slb/listeners.ts';
import { describeLoadBalancer } from '../slb/load-balancers.ts';
import { findLoadBalancerByName } from './cloud-state.ts';
import { type CallDetail, noTrace, openCalls } from './journal.ts';
import { backendKey } from './plan-backends.ts';
import { isFingerprintOf } from './plan-certificates.ts';
import { withBackends, withCertificate } from './resources.ts';
import { lookPatiently, type Progress, type Run, record } from './run.ts';

/**
 * Enters into the rollout's resources what such calls made, so that it is neither made again nor forgotten
 * when the rollout is destroyed. Calls that left no trace are closed; repeating them is for the next steps.
 */
export async function* recover(run: Run): Progress<void> {
  for (const { step, detail } of openCalls(run.journal)) {
    const effect = traces[detail.action];
    const found = effect && (await lookPatiently(run, () => effect(run, detail)));
    if (!found) {
      record(run, step, 'failed', { ...detail, problem: noTrace });
      continue;
    }
    record(run, step, 'done', { ...detail, id: found.id }, found.settle(run.journal.resources()));
    yield { type: 'step', step, state: 'done', name: detail.action, id: found.id };
  }
}

interface Trace {
  readonly id: string;
  settle(resources: RolloutResources): RolloutResources;
}

/**
 * Where to look for the effect of each call that makes something. A created thing that is found was made by
 * the open call: before that call was begun, none like it was there.
 */
const traces: Readonly<Record<string, (run: Run, detail: CallDetail) => Promise<Trace | undefined>>> = {
  async CreateLoadBalancer({ client }, { name = '' }) {
    const found = await findLoadBalancerByName(client, name);
    return (
      found && {
        id: found.id,
        settle: (resources) => ({ ...resources, loadBalancer: { id: found.id, name, made: true } }),
      }
    );
  },
  async UploadServerCertificate({ client }, detail) {
    const { name = '', sha1 = '', sha256 = '' } = detail;
    const found = (await describeServerCertificates(client)).find(({ fingerprint }) =>
      isFingerprintOf(fingerprint, { sha1, sha256 }),
    );
    return (
      found && {
        id: found.id,
        settle: (resources) =>
          withCertificate(resources, 'serverCertificates', { id: found.id, name, sha256, made: true }),
      }
    );
  },
  async UploadCACertificate({ client }, detail) {
    const { name = '', sha1 = '', sha256 = '' } = detail;
    const found = (await describeCaCertificates(client)).find(({ fingerprint }) =>
      isFingerprintOf(fingerprint, { sha1, sha256 }),
    );
    return (
      found && {
        id: found.id,
        settle: (resources) =>
          withCertificate(resources, 'caCertificates', { id: found.id, name, sha256, made: true }),
      }
    );
  },
  async AddBackendServers({ client }, { loadBalancerId = '', servers = [] }) {
    const present = new Set((await describeLoadBalancer(client, loadBalancerId))?.backends.map(backendKey));
    const added = servers.filter((server) => present.has(backendKey(server)));
    return added.length === 0
      ? undefined
      : { id: loadBalancerId, settle: (resources) => withBackends(resources, added) };
  },
  async CreateLoadBalancerHTTPSListener({ client }, { loadBalancerId = '', port = 0 }) {
    const found = await describeHttpsListener(client, { loadBalancerId, port });
    return (
      found && {
        id: loadBalancerId,
        settle: (resources) => ({ ...resources, listener: { port, made: true } }),
      }
    );
  },
};
