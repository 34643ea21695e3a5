/** Takes down what a rollout made, and nothing else: adopted things stay. */
import { Problem } from '../../contract/problem.ts';
import type { RolloutResources, RolloutStep } from '../../contract/rollout.ts';
import { removeBackendServers } from '../slb/backends.ts';
import {
  deleteCaCertificate,
  deleteServerCertificate,
  describeCaCertificates,
  describeServerCertificates,
} from '../slb/certificates.ts';
import { deleteLoadBalancer, describeLoadBalancer } from '../slb/load-balancers.ts';
import { type ApplyOptions, interrupted, openRun } from './apply.ts';
import { members, toBackend } from './backend-steps.ts';
import { removeListener } from './listener-steps.ts';
import { backendKey } from './plan-backends.ts';
import { recover } from './recover.ts';
import { type CertificateKind, noResources, withoutBackends, withoutCertificate } from './resources.ts';
import { type Progress, perform, type Run, record, stopWhenCancelled } from './run.ts';

/**
 * Yields what happens and returns what is left: `noResources` when all is done. Run again after any problem, it continues.
 * @throws Problem LOAD_BALANCER_SHARED when the load balancer it made carries listeners of others;
 *   SLB_IN_USE for a certificate that another listener uses; ROLLOUT_CANCELLED; those of the API calls
 */
export async function* destroyRollout(
  options: Omit<ApplyOptions, 'serverKey' | 'agreed'>,
): Progress<RolloutResources> {
  const run = openRun(options);
  let current: RolloutStep = 'remove-listener';
  const enter = (step: RolloutStep): void => {
    current = step;
    stopWhenCancelled(run, step);
  };
  try {
    yield* recover(run);
    yield* refuseWhenShared(run);
    enter('remove-listener');
    yield* takeListenerDown(run);
    enter('remove-backends');
    yield* takeBackendsOut(run);
    enter('remove-load-balancer');
    yield* takeLoadBalancerDown(run);
    enter('remove-certificates');
    const inUse = [
      yield* deleteCertificates(run, 'serverCertificates'),
      yield* deleteCertificates(run, 'caCertificates'),
    ].find((problem) => problem !== undefined);
    if (inUse) throw inUse;
  } catch (error) {
    yield await interrupted(run, current);
    throw error;
  }
  record(run, 'remove-certificates', 'done', { action: 'destroy' }, noResources);
  return run.journal.resources();
}

async function* refuseWhenShared({ client, journal }: Run): Progress<void> {
  const { loadBalancer, listener } = journal.resources();
  if (!loadBalancer?.made) return;
  const standing = await describeLoadBalancer(client, loadBalancer.id);
  const foreign = (standing?.listeners ?? []).filter(({ port }) => !listener?.made || port !== listener.port);
  if (foreign.length > 0)
    throw new Problem('LOAD_BALANCER_SHARED', {
      loadBalancer: loadBalancer.id,
      ports: foreign.map(({ port }) => port).join(', '),
    });
}

async function* takeListenerDown(run: Run): Progress<void> {
  const step = 'remove-listener';
  const { loadBalancer, listener } = run.journal.resources();
  if (!loadBalancer || !listener) return;
  const named = { step, name: `https:${listener.port}`, id: loadBalancer.id } as const;
  if (!listener.made) {
    yield { type: 'step', ...named, state: 'skipped' };
    return;
  }
  yield { type: 'step', ...named, state: 'started' };
  yield* removeListener(run, step, { loadBalancerId: loadBalancer.id, port: listener.port });
  record(
    run,
    step,
    'done',
    { action: 'gone', loadBalancerId: loadBalancer.id, port: listener.port },
    { ...run.journal.resources(), listener: null },
  );
  yield { type: 'step', ...named, state: 'done' };
}

/** From an adopted load balancer, the servers that this rollout added. One that it made goes whole. */
async function* takeBackendsOut(run: Run): Progress<void> {
  const step = 'remove-backends';
  const { client } = run;
  const { loadBalancer, backends } = run.journal.resources();
  if (!loadBalancer || loadBalancer.made || backends.length === 0) return;
  const mine = new Set(backends.map(backendKey));
  const present = async () =>
    ((await describeLoadBalancer(client, loadBalancer.id))?.backends ?? []).filter((backend) =>
      mine.has(backendKey(backend)),
    );
  const leaving = await present();
  if (leaving.length === 0) return;
  const named = {
    step,
    name: leaving.map(({ serverId }) => serverId).join(', '),
    id: loadBalancer.id,
  } as const;
  yield { type: 'step', ...named, state: 'started' };
  yield* perform(run, {
    step,
    detail: { action: 'RemoveBackendServers', loadBalancerId: loadBalancer.id, servers: members(leaving) },
    send: () => removeBackendServers(client, loadBalancer.id, leaving.map(toBackend)),
    look: async () => ((await present()).length === 0 ? {} : undefined),
    settle: (_, resources) => withoutBackends(resources, members(leaving)),
  });
  yield { type: 'step', ...named, state: 'done' };
}

async function* takeLoadBalancerDown(run: Run): Progress<void> {
  const step = 'remove-load-balancer';
  const { client } = run;
  const { loadBalancer } = run.journal.resources();
  if (!loadBalancer) return;
  const { id, name, made } = loadBalancer;
  if (!made) {
    yield { type: 'step', step, state: 'skipped', name, id };
    return;
  }
  const forget = (resources: RolloutResources): RolloutResources => ({
    ...resources,
    loadBalancer: null,
    listener: null,
    backends: [],
  });
  yield { type: 'step', step, state: 'started', name, id };
  if (await describeLoadBalancer(client, id))
    yield* perform(run, {
      step,
      detail: { action: 'DeleteLoadBalancer', id, name },
      send: () => deleteLoadBalancer(client, id),
      look: async () => ((await describeLoadBalancer(client, id)) ? undefined : {}),
      settle: (_, resources) => forget(resources),
    });
  else record(run, step, 'done', { action: 'gone', id, name }, forget(run.journal.resources()));
  yield { type: 'step', step, state: 'done', name, id };
}

/** Deletes all that nothing else uses, and gives the refusal of the last one that something does. */
async function* deleteCertificates(run: Run, kind: CertificateKind): Progress<Problem | undefined> {
  const step = 'remove-certificates';
  const { client } = run;
  const server = kind === 'serverCertificates';
  const inCloud = async () =>
    new Set(
      (server ? await describeServerCertificates(client) : await describeCaCertificates(client)).map(
        ({ id }) => id,
      ),
    );
  let inUse: Problem | undefined;
  for (const { id, name, made } of run.journal.resources()[kind]) {
    if (!made) {
      yield { type: 'step', step, state: 'skipped', name, id };
      continue;
    }
    yield { type: 'step', step, state: 'started', name, id };
    if ((await inCloud()).has(id)) {
      const refusal = yield* deleteCertificate(id, name);
      if (refusal) {
        inUse = refusal;
        continue;
      }
    } else
      record(
        run,
        step,
        'done',
        { action: 'gone', id, name },
        withoutCertificate(run.journal.resources(), kind, id),
      );
    yield { type: 'step', step, state: 'done', name, id };
  }
  return inUse;

  /** Just after its listener is gone, the cloud may still count a certificate as used. */
  async function* deleteCertificate(id: string, name: string): Progress<Problem | undefined> {
    const call = {
      step,
      detail: { action: server ? 'DeleteServerCertificate' : 'DeleteCACertificate', id, name },
      send: () => (server ? deleteServerCertificate(client, id) : deleteCaCertificate(client, id)),
      look: async () => ((await inCloud()).has(id) ? undefined : {}),
      settle: (_: object, resources: RolloutResources) => withoutCertificate(resources, kind, id),
    } as const;
    const until = performance.now() + run.patience.released * 1_000;
    for (;;)
      try {
        yield* perform(run, call);
        return undefined;
      } catch (error) {
        if (!(error instanceof Problem && error.code === 'SLB_IN_USE')) throw error;
        if (performance.now() >= until) return error;
        stopWhenCancelled(run, step);
        yield { type: 'waiting', step, state: 'in use', seconds: 0 };
        await run.sleep(3_000);
      }
  }
}
