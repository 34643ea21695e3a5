import { implement } from '@orpc/server';
import { contract } from '../../contract/contract.ts';
import type { CoreContext } from '../context.ts';
import type { IncidentLog } from '../incident-log.ts';
import type { WaitingBundle } from '../kit/bundle.ts';
import type { Practice } from '../practice/practice.ts';
import { reported } from '../report.ts';
import type { StoreHost } from '../trust-store/store.ts';

/** What procedures work with. */
export interface Rooms {
  readonly context: CoreContext;
  readonly practice: Practice;
  readonly stores: StoreHost;
  /** Kits that a window has still to collect. */
  readonly kits: WaitingBundle;
  readonly log: IncidentLog;
  /** Resolves when what an interrupted restore has left is finished; the first procedure waits for it. */
  ready(): Promise<void>;
}

/** The contract, ready to be implemented room by room; every error leaves through `reported`. */
export const os = implement(contract)
  .$context<Rooms>()
  .use(async ({ context, path, next }) => {
    try {
      // A restore that cannot be finished must not stand in the way of another one.
      await context.ready().catch((error: unknown) => {
        if (path[0] !== 'backup') throw error;
      });
      return await next();
    } catch (error) {
      throw reported(error, context.log);
    }
  });
