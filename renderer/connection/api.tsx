/** The contract for components: queries, and actions that ask for the vault when they need it. */
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import type { WarifuClient } from '../../contract/contract.ts';
import { problemOf, type WindowProblem } from './problem-of.ts';

interface Api {
  readonly client: WarifuClient;
  readonly query: ReturnType<typeof createTanstackQueryUtils<WarifuClient>>;
}

const ApiContext = createContext<Api | null>(null);
/** A CA that asks at every signature: what is to be approved. */
export interface Approval {
  readonly authority: string;
  readonly signatures: number;
}
/** Opens the vault, or approves signatures, by asking the person; false when they would rather not. */
type Unlock = (approval?: Approval) => Promise<boolean>;
const UnlockContext = createContext<Unlock>(async () => false);
export const UnlockProvider = UnlockContext.Provider;

export function ApiProvider({ client, children }: { client: WarifuClient; children: ReactNode }) {
  const api = useMemo(() => ({ client, query: createTanstackQueryUtils(client) }), [client]);
  const [queryClient] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          // Core is on this machine: an answer is right or wrong, asking again makes it neither. There is no network to lose.
          queries: { retry: false, staleTime: 1000, networkMode: 'always' },
          mutations: { networkMode: 'always' },
        },
      }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <ApiContext.Provider value={api}>{children}</ApiContext.Provider>
    </QueryClientProvider>
  );
}

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (!api) throw new Error('useApi outside of ApiProvider');
  return api;
}

export const useUnlock = (): Unlock => useContext(UnlockContext);

export interface Action<I, O> {
  /** Undefined when it did not succeed; `problem` says why. */
  run(input: I): Promise<O | undefined>;
  readonly pending: boolean;
  readonly problem: WindowProblem | null;
  clear(): void;
}

/**
 * Something that changes the world. A locked vault is opened by asking, then it is tried once more; afterwards
 * everything that is shown is looked at again, since what is shown is derived.
 */
export function useAction<I, O>(work: (client: WarifuClient, input: I) => Promise<O>): Action<I, O> {
  const { client } = useApi();
  const attempt = useAttempt();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<WindowProblem | null>(null);
  const latest = useRef(work);
  latest.current = work;
  const run = useCallback(
    async (input: I): Promise<O | undefined> => {
      setPending(true);
      setProblem(null);
      try {
        return await attempt(() => latest.current(client, input));
      } catch (error) {
        setProblem(problemOf(error));
        return undefined;
      } finally {
        setPending(false);
      }
    },
    [client, attempt],
  );
  return { run, pending, problem, clear: useCallback(() => setProblem(null), []) };
}

function approvalOf({ data }: WindowProblem): Approval {
  return { authority: String(data['authority']), signatures: Number(data['signatures'] ?? 1) };
}

/** Runs work, asks for the vault when it is locked, and makes every view look again. */
function useAttempt(): <T>(work: () => Promise<T>) => Promise<T> {
  const unlock = useUnlock();
  const queries = useQueryClient();
  return useCallback(
    async <T,>(work: () => Promise<T>): Promise<T> => {
      const asking = async (questions: number): Promise<T> => {
        try {
          return await work();
        } catch (error) {
          const problem = problemOf(error);
          // At most twice: a locked vault may hold a CA that asks.
          if (questions === 0) throw error;
          if (problem?.code === 'VAULT_LOCKED' && (await unlock())) return asking(questions - 1);
          if (problem?.code === 'SIGNATURE_NOT_APPROVED' && (await unlock(approvalOf(problem))))
            return asking(questions - 1);
          throw error;
        }
      };
      try {
        return await asking(2);
      } finally {
        void queries.invalidateQueries();
      }
    },
    [unlock, queries],
  );
}

export interface Progress<I, E, R> {
  start(input: I): Promise<R | undefined>;
  /** Asks it to stop at its next safe point. */
  cancel(): void;
  readonly running: boolean;
  readonly events: readonly E[];
  readonly result: R | null;
  readonly problem: WindowProblem | null;
  /** Stopped by the person. */
  readonly cancelled: boolean;
}

/** Long work that tells its progress. */
export function useProgress<I, E, R>(
  open: (client: WarifuClient, input: I, signal: AbortSignal) => Promise<AsyncIterator<E, R>>,
): Progress<I, E, R> {
  const { client } = useApi();
  const attempt = useAttempt();
  const controller = useRef<AbortController | null>(null);
  const latest = useRef(open);
  latest.current = open;
  const [state, setState] = useState({
    running: false,
    events: [] as readonly E[],
    result: null as R | null,
    problem: null as WindowProblem | null,
    cancelled: false,
  });
  const start = useCallback(
    async (input: I): Promise<R | undefined> => {
      const own = new AbortController();
      controller.current = own;
      setState({ running: true, events: [], result: null, problem: null, cancelled: false });
      try {
        const result = await attempt(async () => {
          const events = await latest.current(client, input, own.signal);
          for (;;) {
            const { done, value } = await events.next();
            if (done) return value;
            setState((before) => ({ ...before, events: [...before.events, value] }));
          }
        });
        setState((before) => ({ ...before, running: false, result }));
        return result;
      } catch (error) {
        setState((before) => ({
          ...before,
          running: false,
          problem: own.signal.aborted ? null : problemOf(error),
          cancelled: own.signal.aborted,
        }));
        return undefined;
      }
    },
    [client, attempt],
  );
  return { ...state, start, cancel: useCallback(() => controller.current?.abort(), []) };
}
