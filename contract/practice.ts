/** Practice: the simulated region that a face runs beside the app. Never the real cloud. */
import { z } from 'zod';
import { procedure } from './procedure.ts';

export const practiceStatus = z.object({
  running: z.boolean(),
  endpoint: z.string().nullable(),
  regionId: z.string().nullable(),
  /** Name of the cloud account that points at it. */
  account: z.string().nullable(),
  /** What the next load balancer will be reached at, so that a server certificate can cover it. */
  nextAddress: z.string().nullable(),
  backends: z.array(z.object({ serverId: z.string(), url: z.string(), requests: z.number().int() })),
});
export type PracticeStatus = z.infer<typeof practiceStatus>;

export const practice = {
  start: procedure
    .input(z.object({ port: z.number().int().min(0).max(65535).default(0) }))
    .output(practiceStatus),
  stop: procedure.output(practiceStatus),
  status: procedure.output(practiceStatus),
};
