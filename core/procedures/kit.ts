import { makeKits } from '../kit/make.ts';
import { prepareKits } from '../kit/plan.ts';
import { reportedEvents } from '../report.ts';
import { os } from './base.ts';

export const kit = os.kit.router({
  plan: os.kit.plan.handler(({ input, context: { context } }) => prepareKits(context, input).plan),
  make: os.kit.make.handler(({ input, context: { context, log }, signal }) =>
    reportedEvents(makeKits(context, input, signal), log),
  ),
});
