import { homeOverview } from '../home/overview.ts';
import { os } from './base.ts';

export const home = os.home.router({
  overview: os.home.overview.handler(({ context: { context, practice } }) => homeOverview(context, practice)),
});
