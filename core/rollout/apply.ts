/**
 * Leads the cloud to the desired state, one journaled call at a time. Every step looks first what is there,
 * so that a run after a crash, a lost answer or somebody else's change does only what is missing.
 */
import { randomUUID } from 'node:crypto';
import { Problem } from '../../contract/problem.ts';
import type { DesiredRollout, RolloutEvent, RolloutStatus, RolloutStep } from '../../contract/rollout.ts';
import type { SlbClient } from '../slb/client.ts';
import { bringBackends } from './backend-steps.ts';
import { bringCaCertificate, bringServerCertificate, deleteSuperseded } from './certificate-steps.ts';
import { clbCertificates } from './clb-rules.ts';
import { readCloudState } from './cloud-state.ts';
import type { RolloutJournal } from './journal.ts';
import { configureListener, startConfiguredListener, waitUntilHealthy } from './listener-steps.ts';
import { bringLoadBalancer, wakeLoadBalancer } from './load-balancer-steps.ts';
import { planRollout } from './plan.ts';
import { recover } from './recover.ts';
import { defaultPatience, type Patience, type Progress, type Run, stopWhenCancelled } from './run.ts';
import { observeRollout } from './status.ts';

export interface ApplyOptions {
  readonly client: SlbClient;
  readonly desired: DesiredRollout;
  readonly journal: RolloutJournal;
  /** Gives the server's private key, PEM or DER, unencrypted. Asked only when a certificate is uploaded; wiped after. */
  readonly serverKey: () => Uint8Array | Promise<Uint8Array>;
  readonly clock: () => Date;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly patience?: Partial<Patience>;
  /** Stops after this step, with what stands then. */
  readonly until?: 'ca-certificate';
  /** `digest` of the plan that a person has agreed to: anything else is refused. */
  readonly agreed?: string;
}

/**
 * Yields what happens and returns what stands. Run again after any problem, it continues.
 * @throws Problem of the checks before anything is sent; ROLLOUT_PLAN_CHANGED; ROLLOUT_CANCELLED between steps;
 *   ROLLOUT_UNHEALTHY and ROLLOUT_TIMED_OUT; those of the API calls. An `interrupted` event comes before it.
 */
export async function* applyRollout(options: ApplyOptions): Progress<RolloutStatus> {
  const run = openRun(options);
  const { client, desired, journal } = run;
  const beginning = planRollout(
    desired,
    await readCloudState(client, desired, journal.resources()),
    journal.resources(),
    run.clock(),
  );
  if (options.agreed !== undefined && options.agreed !== beginning.digest)
    throw new Problem('ROLLOUT_PLAN_CHANGED', {});
  let current: RolloutStep = 'load-balancer';
  const enter = (step: RolloutStep): void => {
    current = step;
    stopWhenCancelled(run, step);
  };

  try {
    yield* recover(run);
    const plan = planRollout(
      desired,
      await readCloudState(client, desired, journal.resources()),
      journal.resources(),
      run.clock(),
    );
    yield { type: 'plan', plan };
    const certificates = clbCertificates(desired);

    enter('load-balancer');
    const loadBalancerId = yield* bringLoadBalancer(run);
    enter('server-certificate');
    const serverCertificateId = yield* bringServerCertificate(run, certificates, options.serverKey);
    enter('ca-certificate');
    const caCertificateId = yield* bringCaCertificate(run, certificates);
    if (options.until === 'ca-certificate')
      return await observeRollout(client, desired, journal.resources(), run.clock());
    enter('backends');
    yield* bringBackends(run, loadBalancerId);
    enter('listener');
    yield* configureListener(run, loadBalancerId, { serverCertificateId, caCertificateId });
    enter('start-listener');
    yield* wakeLoadBalancer(run, loadBalancerId);
    yield* startConfiguredListener(run, loadBalancerId);
    enter('wait-healthy');
    yield* waitUntilHealthy(run, loadBalancerId);
    for (const item of plan.items.filter(({ action }) => action === 'delete')) {
      enter(item.resource === 'old-server-certificate' ? 'old-server-certificate' : 'old-ca-certificate');
      yield* deleteSuperseded(run, item);
    }
  } catch (error) {
    yield await interrupted(run, current);
    throw error;
  }
  return await observeRollout(client, desired, journal.resources(), run.clock());
}

export function openRun(options: Omit<ApplyOptions, 'serverKey' | 'agreed'>): Run {
  const { client, desired, journal, clock, sleep = pause, signal, patience } = options;
  return {
    client,
    desired,
    journal,
    clock,
    sleep,
    signal,
    patience: { ...defaultPatience, ...patience },
    runId: randomUUID(),
  };
}

/** What stands when a run stops short, as far as the cloud still answers. */
export async function interrupted(run: Run, step: RolloutStep): Promise<RolloutEvent> {
  const status = await observeRollout(run.client, run.desired, run.journal.resources(), run.clock()).catch(
    () => null,
  );
  return { type: 'interrupted', step, status };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
