/** The steps of a rollout that concern its load balancer: ordered once, adopted, named, awake. */
import { createHash } from 'node:crypto';
import { Problem } from '../../contract/problem.ts';
import {
  createLoadBalancer,
  describeLoadBalancer,
  setLoadBalancerName,
  setLoadBalancerStatus,
} from '../slb/load-balancers.ts';
import { findLoadBalancer, findLoadBalancerByName, nothingKnown } from './cloud-state.ts';
import type { RolloutJournal } from './journal.ts';
import { planLoadBalancer } from './plan.ts';
import { type Progress, perform, type Run, record, timedOut, waitFor } from './run.ts';

export async function* bringLoadBalancer(run: Run): Progress<string> {
  const step = 'load-balancer';
  const { client, desired, journal } = run;
  const found = await findLoadBalancer(client, desired, journal.resources());
  if (found) {
    const item = planLoadBalancer(desired, { ...nothingKnown, loadBalancer: found }, journal.resources());
    yield {
      type: 'step',
      step,
      state: item.action === 'nothing' ? 'skipped' : 'started',
      name: found.name,
      id: found.id,
    };
    if (journal.resources().loadBalancer?.id !== found.id) {
      const resources = {
        ...journal.resources(),
        loadBalancer: { id: found.id, name: found.name, made: false },
      };
      record(run, step, 'done', { action: 'adopt', id: found.id, name: found.name }, resources);
    }
    if (item.action === 'change' && item.willBe && item.willBe['LoadBalancerName'] !== found.name)
      yield* renameLoadBalancer(run, found.id, item.willBe['LoadBalancerName']!);
    yield* waitUntilActive(run, found.id, found.status === 'inactive');
    if (item.action !== 'nothing')
      yield { type: 'step', step, state: 'done', name: found.name, id: found.id };
    return found.id;
  }
  const created = yield* orderLoadBalancer(run);
  yield* waitUntilActive(run, created.id, false);
  yield { type: 'step', step, state: 'done', name: created.name, id: created.id };
  return created.id;
}

async function* orderLoadBalancer(run: Run): Progress<{ readonly id: string; readonly name: string }> {
  const { client, desired } = run;
  if (!('create' in desired.loadBalancer))
    throw new Problem('LOAD_BALANCER_NOT_FOUND', { loadBalancer: '', regionId: client.regionId });
  const wanted = desired.loadBalancer.create;
  const clientToken = orderToken(run.journal, wanted);
  yield { type: 'step', step: 'load-balancer', state: 'started', name: wanted.name, id: null };
  return yield* perform<{ readonly id: string; readonly name: string }>(run, {
    step: 'load-balancer',
    detail: { action: 'CreateLoadBalancer', name: wanted.name, clientToken },
    send: async () => ({
      ...(await createLoadBalancer(client, { ...wanted, clientToken })),
      name: wanted.name,
    }),
    look: async () => await findLoadBalancerByName(client, wanted.name),
    settle: ({ id, name }, resources) => ({ ...resources, loadBalancer: { id, name, made: true } }),
  });
}

/**
 * The same for every attempt at one order, also after a crash and in another process, so that the cloud
 * itself sees the repeat; another one once an order was fulfilled (and its instance destroyed since).
 */
function orderToken(journal: RolloutJournal, wanted: object): string {
  const fulfilled = journal
    .entries()
    .filter(({ state, detail }) => state === 'done' && detail.action === 'CreateLoadBalancer').length;
  return `warifu-${createHash('sha256')
    .update(JSON.stringify([journal.rolloutId, fulfilled, wanted]))
    .digest('hex')
    .slice(0, 40)}`;
}

async function* renameLoadBalancer(run: Run, id: string, name: string): Progress<void> {
  yield* perform(run, {
    step: 'load-balancer',
    detail: { action: 'SetLoadBalancerName', id, name },
    send: () => setLoadBalancerName(run.client, id, name),
    look: async () => ((await describeLoadBalancer(run.client, id))?.name === name ? {} : undefined),
    settle: (_, resources) =>
      resources.loadBalancer
        ? { ...resources, loadBalancer: { ...resources.loadBalancer, name } }
        : resources,
  });
}

/** One that was inactive before is woken later, when it has a listener. */
async function* waitUntilActive(run: Run, id: string, inactiveBefore: boolean): Progress<void> {
  yield* waitFor(run, {
    step: 'load-balancer',
    seconds: run.patience.state,
    look: async () => {
      const state = (await describeLoadBalancer(run.client, id))?.status ?? 'absent';
      if (state === 'locked') throw new Problem('LOAD_BALANCER_LOCKED', { loadBalancer: id });
      return state === 'active' || (inactiveBefore && state === 'inactive')
        ? { state, reached: true }
        : { state };
    },
    late: timedOut(id, 'active'),
  });
}

/** A load balancer whose listeners were all gone, or that somebody stopped, forwards nothing until it is active. */
export async function* wakeLoadBalancer(run: Run, id: string): Progress<void> {
  const status = async () => (await describeLoadBalancer(run.client, id))?.status;
  if ((await status()) !== 'inactive') return;
  yield* perform(run, {
    step: 'start-listener',
    detail: { action: 'SetLoadBalancerStatus', id },
    send: () => setLoadBalancerStatus(run.client, id, 'active'),
    look: async () => ((await status()) === 'active' ? {} : undefined),
    settle: (_, resources) => resources,
  });
}
