import { KitBundle } from '../kit/bundle.ts';
import { collectKits, kitsToCollect, kitsToFolder } from '../kit/deliver.ts';
import { KitFolder } from '../kit/folder.ts';
import { prepareKits } from '../kit/plan.ts';
import { reportedEvents } from '../report.ts';
import { os } from './base.ts';

export const kit = os.kit.router({
  plan: os.kit.plan.handler(
    ({ input, context: { context } }) => prepareKits(context, input, KitFolder.open(input.folder)).plan,
  ),
  make: os.kit.make.handler(({ input, context: { context, log }, signal }) =>
    reportedEvents(kitsToFolder(context, { ...input, form: 'kit' }, input.folder, signal), log),
  ),
  check: os.kit.check.handler(
    ({ input, context: { context } }) => prepareKits(context, input, new KitBundle('')).plan,
  ),
  pack: os.kit.pack.handler(({ input, context: { context, kits, log }, signal }) =>
    reportedEvents(kitsToCollect(context, kits, input, signal), log),
  ),
  collect: os.kit.collect.handler(({ input, context: { kits } }) => collectKits(kits, input.id)),
});
