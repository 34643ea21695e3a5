import type { PlanItem } from '../../contract/rollout.ts';

/** Stands in a plan for an id that the cloud has not given yet. */
export const notYet = '(new)';

/** An API call as a plan shows it; the parameters are chosen by the caller, and hold no certificate and no key. */
export function call(
  action: string,
  parameters: Readonly<Record<string, string>>,
): PlanItem['apiCalls'][number] {
  return {
    action,
    summary: Object.entries(parameters)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
  };
}
