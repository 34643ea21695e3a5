/** What happened here, in a chain that shows when a link was altered. */
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { hex, instant } from './values.ts';

export const auditEntry = z.object({
  seq: z.number().int(),
  at: instant,
  action: z.string(),
  subject: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  hash: hex,
  sealed: z.boolean(),
});

export const audit = {
  show: procedure
    .input(
      z.object({
        from: z.number().int().min(1).optional(),
        limit: z.number().int().min(1).max(1000).default(100),
      }),
    )
    .output(z.object({ entries: z.array(auditEntry), total: z.number().int() })),
  verify: procedure.output(
    z.object({
      ok: z.boolean(),
      records: z.number().int(),
      head: z.object({ seq: z.number().int(), hash: hex }).nullable(),
      /** Whether seals could be checked: the vault was unlocked. */
      sealsChecked: z.boolean(),
      broken: z.object({ seq: z.number().int(), kind: z.string() }).nullable(),
    }),
  ),
};
