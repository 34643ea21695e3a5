/**
 * What a rollout has begun and ended, written before and after every call that changes the cloud. After a
 * crash, a call that was begun and never ended may have been done: the next run looks.
 */
import { type RolloutResources, type RolloutStep, rolloutResources } from '../../contract/rollout.ts';
import type { Registry } from '../registry/registry.ts';

/** What is remembered of a call. Never a key, never a certificate. */
export interface CallDetail {
  readonly action: string;
  /** What was to be made, so that it is recognised later. */
  readonly name?: string;
  readonly sha1?: string;
  readonly sha256?: string;
  readonly loadBalancerId?: string;
  readonly port?: number;
  readonly servers?: readonly {
    readonly serverId: string;
    readonly serverIp: string;
    readonly type: string;
  }[];
  readonly clientToken?: string;
  /** What the answer gave. */
  readonly id?: string;
  readonly requestId?: string;
  /** Problem code of a refusal or a lost answer. */
  readonly problem?: string;
}

/** Instead of a problem code: an open call whose effect was looked for and not found. */
export const noTrace = 'NO_TRACE';

export type CallState = 'started' | 'done' | 'failed' | 'unknown';

export interface JournalEntry {
  readonly runId: string;
  readonly step: RolloutStep;
  readonly state: CallState;
  readonly at: string;
  readonly detail: CallDetail;
}

/** The journal of one rollout. Synchronous: when `append` returns, the entry survives a crash. */
export interface RolloutJournal {
  readonly rolloutId: string;
  /** Writes an entry, and with it, in one transaction, what the rollout now has. */
  append(entry: JournalEntry, resources?: RolloutResources): void;
  entries(): readonly JournalEntry[];
  resources(): RolloutResources;
}

/** The newest entry of every kind of call, when it is not known how that call ended. */
export function openCalls(journal: RolloutJournal): readonly JournalEntry[] {
  const newest = new Map<string, JournalEntry>();
  for (const entry of journal.entries()) newest.set(`${entry.step} ${entry.detail.action}`, entry);
  return [...newest.values()].filter(({ state }) => state === 'started' || state === 'unknown');
}

/** A journal in the registry, of a rollout that has its row there. */
export function registryJournal(registry: Registry, rolloutId: string, clock: () => Date): RolloutJournal {
  return {
    rolloutId,
    append({ detail, ...entry }, resources) {
      registry.write((rows) => {
        rows.rolloutSteps.append({ rolloutId, ...entry, detail: JSON.stringify(detail) });
        if (!resources) return;
        const row = rows.rollouts.get(rolloutId);
        if (row)
          rows.rollouts.update({
            ...row,
            resources: JSON.stringify(resources),
            updatedAt: clock().toISOString(),
          });
      });
    },
    entries: () =>
      registry.read((rows) =>
        rows.rolloutSteps.list(rolloutId).map(({ runId, step, state, at, detail }) => ({
          runId,
          step: step as RolloutStep,
          state,
          at,
          detail: JSON.parse(detail) as CallDetail,
        })),
      ),
    resources: () =>
      rolloutResources.parse(
        JSON.parse(registry.read((rows) => rows.rollouts.get(rolloutId)?.resources) || '{}'),
      ),
  };
}
