import { os } from './base.ts';

export const practice = os.practice.router({
  start: os.practice.start.handler(({ input, context }) => context.practice.start(input.port)),
  stop: os.practice.stop.handler(({ context }) => context.practice.stop()),
  status: os.practice.status.handler(({ context }) => context.practice.status()),
});
