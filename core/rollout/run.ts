/** One run of apply or destroy: its circumstances, its journaled calls, its waiting. */
import { Problem } from '../../contract/problem.ts';
import type { DesiredRollout, RolloutEvent, RolloutResources, RolloutStep } from '../../contract/rollout.ts';
import type { SlbClient } from '../slb/client.ts';
import type { CallDetail, CallState, RolloutJournal } from './journal.ts';

/** Seconds until a wait is given up. */
export interface Patience {
  /** Load balancer active, listener running, things gone. A listener may take three minutes. */
  readonly state: number;
  readonly healthy: number;
  /** For something just made to become visible, or certainly not to. */
  readonly visible: number;
  /** For a certificate to count as unused after its listener is gone. */
  readonly released: number;
}

export const defaultPatience: Patience = { state: 300, healthy: 180, visible: 10, released: 180 };

export interface Run {
  readonly client: SlbClient;
  readonly desired: DesiredRollout;
  readonly journal: RolloutJournal;
  readonly runId: string;
  readonly clock: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal: AbortSignal | undefined;
  readonly patience: Patience;
}

export type Progress<T> = AsyncGenerator<RolloutEvent, T>;

/** @throws Problem ROLLOUT_CANCELLED once the run's signal is aborted; called between steps and while waiting. */
export function stopWhenCancelled({ signal }: Run, step: RolloutStep): void {
  if (signal?.aborted) throw new Problem('ROLLOUT_CANCELLED', { step });
}

export function record(
  run: Run,
  step: RolloutStep,
  state: CallState,
  detail: CallDetail,
  resources?: RolloutResources,
): void {
  run.journal.append({ runId: run.runId, step, state, at: run.clock().toISOString(), detail }, resources);
}

export interface JournaledCall<T> {
  readonly step: RolloutStep;
  readonly detail: CallDetail;
  send(): Promise<T & { readonly requestId: string }>;
  /** Looks whether the call has been done; `undefined` when there is no trace of it. */
  look(): Promise<T | undefined>;
  /** What the rollout has once the call is done. */
  settle(result: T, resources: RolloutResources): RolloutResources;
}

/** Sendings of one call, each after a thorough look for the one before. */
const sendings = 3;

/**
 * Sends a call between two journal entries. When the answer is lost it looks for the effect, and sends
 * again only when there is none.
 * @throws Problem of the call; SLB_UNKNOWN_OUTCOME when the answer keeps getting lost
 */
export async function* perform<T>(run: Run, call: JournaledCall<T>): Progress<T> {
  const { step, detail } = call;
  const finish = (result: T, outcome: Partial<CallDetail>): T => {
    record(run, step, 'done', { ...detail, ...outcome }, call.settle(result, run.journal.resources()));
    return result;
  };
  for (let sending = 1; ; sending++) {
    record(run, step, 'started', detail);
    try {
      const result = await call.send();
      finish(result, { requestId: result.requestId, ...idOf(result) });
      yield { type: 'call', step, action: detail.action, requestId: result.requestId };
      return result;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const lost = error.code === 'SLB_UNKNOWN_OUTCOME';
      record(run, step, lost ? 'unknown' : 'failed', {
        ...detail,
        problem: error.code,
        ...requestIdOf(error),
      });
      if (!lost) throw error;
      yield { type: 'step', step, state: 'unknown', name: detail.action, id: null };
      const found = await lookPatiently(run, call.look);
      if (found !== undefined) return finish(found, idOf(found));
      if (sending === sendings) throw error;
    }
  }
}

/** Looks several times, because what was just made may not be visible yet. */
export async function lookPatiently<T>(run: Run, look: () => Promise<T | undefined>): Promise<T | undefined> {
  const until = performance.now() + run.patience.visible * 1_000;
  for (let pause = 500; ; pause = Math.min(pause * 2, 4_000)) {
    const found = await look();
    if (found !== undefined || performance.now() >= until) return found;
    await run.sleep(pause);
  }
}

export interface Waiting<T> {
  readonly step: RolloutStep;
  readonly seconds: number;
  look(): Promise<{ readonly state: string; readonly reached?: T }>;
  /** The problem when the time is over. */
  late(state: string, seconds: number): Problem;
}

/** Looks every other second until the state is reached. @throws Problem of `late`; ROLLOUT_CANCELLED */
export async function* waitFor<T>(run: Run, { step, seconds, look, late }: Waiting<T>): Progress<T> {
  const begun = performance.now();
  for (let shown = ''; ; ) {
    const { state, reached } = await look();
    if (reached !== undefined) return reached;
    const waited = Math.round((performance.now() - begun) / 1_000);
    if (waited >= seconds) throw late(state, waited);
    if (state !== shown) yield { type: 'waiting', step, state, seconds: waited };
    shown = state;
    stopWhenCancelled(run, step);
    await run.sleep(waited < 5 ? 500 : 2_000);
  }
}

export function timedOut(name: string, expected: string): (state: string, seconds: number) => Problem {
  return (state, seconds) => new Problem('ROLLOUT_TIMED_OUT', { name, seconds, expected, state });
}

function idOf(result: unknown): Partial<CallDetail> {
  const id = typeof result === 'object' && result !== null && 'id' in result ? result.id : undefined;
  return typeof id === 'string' ? { id } : {};
}

function requestIdOf(problem: Problem): Partial<CallDetail> {
  const { requestId } = problem.data as { readonly requestId?: unknown };
  return typeof requestId === 'string' ? { requestId } : {};
}
