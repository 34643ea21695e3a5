/** The steps of a rollout that concern its listener: configured whole while stopped, then started, then healthy. */
import { Problem } from '../../contract/problem.ts';
import { describeHealthStatus } from '../slb/backends.ts';
import {
  type CloudHttpsListener,
  createHttpsListener,
  deleteListener,
  describeHttpsListener,
  setHttpsListener,
  startListener,
} from '../slb/listeners.ts';
import { readCloudState } from './cloud-state.ts';
import { type JournalEntry, noTrace } from './journal.ts';
import { listenerAttributes, listenerDifferences } from './listener-attributes.ts';
import { planListener } from './plan-listener.ts';
import { type Progress, perform, type Run, record, timedOut, waitFor } from './run.ts';

interface Certificates {
  readonly serverCertificateId: string;
  readonly caCertificateId: string;
}

/**
 * Creates the listener, changes it in one call, or replaces it where CLB cannot change it. Never without its
 * CA certificate: a listener that lets everybody in does not exist for a moment.
 */
export async function* configureListener(
  run: Run,
  loadBalancerId: string,
  certificates: Certificates,
): Progress<void> {
  const step = 'listener';
  const { client, desired, journal } = run;
  const { port } = desired.listener;
  const address = { loadBalancerId, port };
  const name = `https:${port}`;
  const item = planListener(
    desired,
    await readCloudState(client, desired, journal.resources()),
    journal.resources(),
    certificates,
  );
  yield {
    type: 'step',
    step,
    state: item.action === 'nothing' ? 'skipped' : 'started',
    name,
    id: loadBalancerId,
  };
  if (item.action === 'nothing') return;
  if (item.action !== 'create' && journal.resources().listener === null)
    record(
      run,
      step,
      'done',
      { action: 'adopt', loadBalancerId, port },
      { ...journal.resources(), listener: { port, made: false } },
    );
  if (item.action === 'replace') yield* removeListener(run, step, address);
  if (item.action === 'create' || item.action === 'replace')
    yield* createListener(run, address, certificates);
  else yield* changeListener(run, address, certificates);
  yield { type: 'step', step, state: 'done', name, id: loadBalancerId };
}

interface Address {
  readonly loadBalancerId: string;
  readonly port: number;
}

async function* createListener(run: Run, address: Address, certificates: Certificates): Progress<void> {
  const { client, desired, journal } = run;
  const made = journal.resources().listener?.made ?? true;
  const attributes = listenerAttributes(desired.listener, certificates);
  const detail = { action: 'CreateLoadBalancerHTTPSListener', ...address };
  try {
    yield* perform<object>(run, {
      step: 'listener',
      detail,
      send: () => createHttpsListener(client, address, attributes),
      look: () => describeHttpsListener(client, address),
      settle: (_, resources) => ({ ...resources, listener: { port: address.port, made } }),
    });
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'SLB_EXISTS')) throw error;
    // It was there before it could be seen: ours when an answer to its creation was lost, else somebody's of this minute.
    const ours = journal
      .entries()
      .some((entry) => entry.detail.action === detail.action && isWithoutAnswer(entry, address));
    const listener = { port: address.port, made: journal.resources().listener?.made ?? ours };
    record(run, 'listener', 'done', { ...detail, action: 'adopt' }, { ...journal.resources(), listener });
    return yield* changeListener(run, address, certificates);
  }
  yield* waitUntilVisible(run, address);
}

function isWithoutAnswer({ state, detail }: JournalEntry, { loadBalancerId, port }: Address): boolean {
  const lost = state === 'unknown' || detail.problem === noTrace;
  return lost && detail.loadBalancerId === loadBalancerId && detail.port === port;
}

async function* changeListener(run: Run, address: Address, certificates: Certificates): Progress<void> {
  const { client, desired } = run;
  const wanted = listenerAttributes(desired.listener, certificates);
  const listener = yield* waitUntilVisible(run, address);
  const different = Object.keys(listenerDifferences(listener, wanted));
  if (different.length === 0) return;
  const { BackendServerPort: _, ...changeable } = wanted;
  yield* perform(run, {
    step: 'listener',
    detail: { action: 'SetLoadBalancerHTTPSListenerAttribute', ...address, name: different.join(',') },
    // All attributes, not only the different ones: one call, so that the listener is never half the old and half the new.
    send: () => setHttpsListener(client, address, changeable),
    look: async () => {
      const now = await describeHttpsListener(client, address);
      return now && Object.keys(listenerDifferences(now, wanted)).length === 0 ? {} : undefined;
    },
    settle: (_result, resources) => resources,
  });
}

/** Deletes the listener and waits until it is gone. */
export async function* removeListener(
  run: Run,
  step: 'listener' | 'remove-listener',
  address: Address,
): Progress<void> {
  const { client } = run;
  const listener = await describeHttpsListener(client, address);
  if (listener) {
    // In a state of passage the API refuses.
    yield* waitForStatus(run, step, address, ['stopped', 'running']);
    yield* perform(run, {
      step,
      detail: { action: 'DeleteLoadBalancerListener', ...address },
      send: () => deleteListener(client, address),
      look: async () => ((await describeHttpsListener(client, address)) ? undefined : {}),
      settle: (_, resources) => (step === 'remove-listener' ? { ...resources, listener: null } : resources),
    });
  }
  yield* waitFor(run, {
    step,
    seconds: run.patience.state,
    look: async () => {
      const left = await describeHttpsListener(client, address);
      return left ? { state: left.status } : { state: 'absent', reached: true };
    },
    late: timedOut(`https:${address.port}`, 'absent'),
  });
}

function waitUntilVisible(run: Run, address: Address): Progress<CloudHttpsListener> {
  return waitFor(run, {
    step: 'listener',
    seconds: run.patience.state,
    look: async () => {
      const listener = await describeHttpsListener(run.client, address);
      return listener ? { state: listener.status, reached: listener } : { state: 'absent' };
    },
    late: timedOut(`https:${address.port}`, 'stopped'),
  });
}

/** Starts the listener when it is stopped, and waits until it runs. */
export async function* startConfiguredListener(run: Run, loadBalancerId: string): Progress<void> {
  const step = 'start-listener';
  const { client, desired } = run;
  const address = { loadBalancerId, port: desired.listener.port };
  const name = `https:${address.port}`;
  const status = yield* waitForStatus(run, step, address, ['stopped', 'running']);
  if (status === 'running') {
    yield { type: 'step', step, state: 'skipped', name, id: loadBalancerId };
    return;
  }
  yield { type: 'step', step, state: 'started', name, id: loadBalancerId };
  yield* perform(run, {
    step,
    detail: { action: 'StartLoadBalancerListener', ...address },
    send: () => startListener(client, address),
    look: async () =>
      ['starting', 'running'].includes((await describeHttpsListener(client, address))?.status ?? '')
        ? {}
        : undefined,
    settle: (_, resources) => resources,
  });
  yield* waitForStatus(run, step, address, ['running']);
  yield { type: 'step', step, state: 'done', name, id: loadBalancerId };
}

function waitForStatus(
  run: Run,
  step: 'listener' | 'remove-listener' | 'start-listener',
  address: Address,
  wanted: readonly string[],
): Progress<string> {
  return waitFor(run, {
    step,
    seconds: run.patience.state,
    look: async () => {
      const state = (await describeHttpsListener(run.client, address))?.status ?? 'absent';
      return wanted.includes(state) ? { state, reached: state } : { state };
    },
    late: timedOut(`https:${address.port}`, wanted.join(' / ')),
  });
}

/** Waits until every backend that gets requests is `normal`. @throws Problem ROLLOUT_UNHEALTHY */
export async function* waitUntilHealthy(run: Run, loadBalancerId: string): Progress<void> {
  const step = 'wait-healthy';
  const { client, desired } = run;
  const { port, backendServerPort, healthCheck } = desired.listener;
  const serving = desired.backends.filter(({ weight }) => weight > 0).map(({ serverId }) => serverId);
  const name = serving.join(', ');
  if (!healthCheck.on) {
    yield { type: 'step', step, state: 'skipped', name, id: loadBalancerId };
    return;
  }
  yield { type: 'step', step, state: 'started', name, id: loadBalancerId };
  yield* waitFor(run, {
    step,
    seconds: run.patience.healthy,
    look: async () => {
      const health = await describeHealthStatus(client, loadBalancerId, { port, protocol: 'https' });
      const states = serving.map((id) => ({
        id,
        status: health.find(({ serverId }) => serverId === id)?.status || 'unavailable',
      }));
      const state = states.map(({ id, status }) => `${id} ${status}`).join(', ');
      return states.every(({ status }) => status === 'normal') ? { state, reached: true } : { state };
    },
    late: (state, seconds) =>
      new Problem('ROLLOUT_UNHEALTHY', {
        backends: state,
        seconds,
        uri: healthCheck.uri,
        port: backendServerPort,
      }),
  });
  yield { type: 'step', step, state: 'done', name, id: loadBalancerId };
}
