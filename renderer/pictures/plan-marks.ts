import type { PlanAction } from '../../contract/rollout.ts';

/** What will happen, in one character: beside the word, never in place of it. */
export const planMarks: Readonly<Record<PlanAction, string>> = {
  create: '+',
  adopt: '→',
  change: '~',
  replace: '±',
  delete: '−',
  nothing: '=',
};
