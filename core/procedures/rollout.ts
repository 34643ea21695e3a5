import { reportedEvents } from '../report.ts';
import { askedByName } from '../rollout/asked.ts';
import {
  applyByName,
  destroyByName,
  listRollouts,
  planByName,
  statusByName,
  verifyByName,
} from '../rollout/rollouts.ts';
import { os } from './base.ts';

export const rollout = os.rollout.router({
  plan: os.rollout.plan.handler(({ input, context: { context }, signal }) =>
    planByName(context, input, signal),
  ),
  apply: os.rollout.apply.handler(({ input, context: { context, log }, signal }) =>
    reportedEvents(applyByName(context, input, signal), log),
  ),
  list: os.rollout.list.handler(({ context: { context } }) => listRollouts(context)),
  get: os.rollout.get.handler(({ input, context: { context } }) => askedByName(context, input.name)),
  status: os.rollout.status.handler(({ input, context: { context }, signal }) =>
    statusByName(context, input.name, signal),
  ),
  verify: os.rollout.verify.handler(({ input, context: { context, log }, signal }) =>
    reportedEvents(verifyByName(context, input, signal), log),
  ),
  destroy: os.rollout.destroy.handler(({ input, context: { context, log }, signal }) =>
    reportedEvents(destroyByName(context, input.name, signal), log),
  ),
});
