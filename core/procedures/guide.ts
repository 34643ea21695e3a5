import { guideStatus } from '../guide/status.ts';
import { os } from './base.ts';

export const guide = os.guide.router({
  status: os.guide.status.handler(({ context: rooms, signal }) => guideStatus(rooms, signal)),
});
