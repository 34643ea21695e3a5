/**
 * Sends CLB API calls: RPC style, V3 signature, one POST to `/` with every parameter in the form body.
 * Nothing travels in the URL, because URLs end up in logs and error messages, and one parameter is a private key.
 */
import { Problem } from '../../contract/problem.ts';
import { type Endpoint, endpointFor } from './endpoints.ts';
import {
  type CallKind,
  type CloudRefusal,
  classify,
  type LostConnection,
  readFailure,
  refusalProblem,
} from './errors.ts';
import type { Answer, connect, SlbCredentials } from './sdk.ts';
import { Sequencer } from './sequencer.ts';

export interface SlbClientOptions {
  readonly regionId: string;
  readonly credentials: SlbCredentials;
  /** Instead of the region's own endpoint: `https://host`, or `http://127.0.0.1:port` for the simulator. */
  readonly endpoint?: string;
  /** Milliseconds without a byte before a call counts as lost. The cloud may need more than 3 s to answer a change. */
  readonly timeoutMs?: number;
  /** Milliseconds since an epoch, only used to measure how long a call has been retried. */
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
  /** Once aborted, no call is retried any more. */
  readonly signal?: AbortSignal;
}

/** Values of one call; `undefined` is left out, booleans and numbers are written as the API expects them. */
export type ActionParameters = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SlbClient {
  readonly regionId: string;
  readonly endpoint: Endpoint;
  /**
   * A call that changes nothing. Repeated a few times when the connection is lost.
   * @throws Problem SLB_BUSY, SLB_THROTTLED, SLB_GONE, SLB_DENIED, SLB_CLOCK, SLB_UNREACHABLE, SLB_REFUSED, UNKNOWN_REGION
   */
  read(action: string, parameters?: ActionParameters): Promise<Answer>;
  /**
   * A call that changes something. Never repeated once it may have been done: a lost answer is
   * SLB_UNKNOWN_OUTCOME, and the caller has to look. Changes to one load balancer happen one after another.
   * @throws Problem as {@link read}, and SLB_UNKNOWN_OUTCOME, SLB_EXISTS, SLB_IN_USE, SLB_BAD_CERTIFICATE, SLB_QUOTA, SLB_ACCOUNT
   */
  change(action: string, parameters?: ActionParameters): Promise<Answer>;
}

const defaultTimeoutMs = 20_000;
/** How long a busy load balancer is waited for; what the cloud's own Terraform provider allows. */
const busyWindowMs = 5 * 60_000;
const throttledWindowMs = 60_000;
const repeatsAfterLoss = 3;

/** Shared by all clients of this process, because two of them may work on one load balancer. */
const changesInProgress = new Sequencer();

/** @throws Problem UNKNOWN_REGION, ENDPOINT_REFUSED */
export function createSlbClient(options: SlbClientOptions): SlbClient {
  const endpoint = endpointFor(options.regionId, options.endpoint);
  const send = sender(endpoint, options);
  const call = (kind: CallKind, action: string, parameters: ActionParameters): Promise<Answer> =>
    persist(kind, action, endpoint, options, () =>
      send(action, { RegionId: options.regionId, ...parameters }),
    );
  return {
    regionId: options.regionId,
    endpoint,
    read: (action, parameters = {}) => call('read', action, parameters),
    change(action, parameters = {}) {
      const target = parameters['LoadBalancerId'] ?? parameters['VServerGroupId'];
      if (target === undefined) return call('change', action, parameters);
      return changesInProgress.run(`${endpoint.host} ${target}`, () => call('change', action, parameters));
    },
  };
}

type Sent = { readonly answer: Answer } | { readonly failure: CloudRefusal | LostConnection };

function sender(endpoint: Endpoint, { credentials, timeoutMs = defaultTimeoutMs }: SlbClientOptions) {
  let connection: ReturnType<typeof connect> | undefined;
  return async (action: string, parameters: ActionParameters): Promise<Sent> => {
    const body = Object.fromEntries(
      Object.entries(parameters).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)]],
      ),
    );
    // Loaded at the first call: most starts of Warifu make none.
    connection ??= (await import('./sdk.ts')).connect(endpoint, credentials, timeoutMs);
    try {
      return { answer: await connection(action, body) };
    } catch (thrown) {
      const secrets = [credentials.accessKeySecret, credentials.securityToken, body['PrivateKey']];
      return {
        failure: readFailure(
          thrown,
          secrets.filter((secret) => secret !== undefined),
        ),
      };
    }
  };
}

/** Repeats `attempt` as long as its failure is of a kind that passes and that cannot have done anything. */
async function persist(
  kind: CallKind,
  action: string,
  endpoint: Endpoint,
  { regionId, now = Date.now, sleep = pause, signal }: SlbClientOptions,
  attempt: () => Promise<Sent>,
): Promise<Answer> {
  const begun = now();
  let losses = 0;
  for (let round = 1; ; round++) {
    const sent = await attempt();
    if ('answer' in sent) return sent.answer;
    const { failure } = sent;
    const waited = now() - begun;
    const retry =
      'code' in failure
        ? retryAfterRefusal(kind, failure, round, waited)
        : retryAfterLoss(kind, failure, ++losses);
    if (retry === undefined || signal?.aborted)
      throw problemFor(kind, action, endpoint, regionId, failure, waited);
    await sleep(retry);
  }
}

/** Milliseconds until the next attempt, `undefined` when there is none. */
function retryAfterRefusal(
  kind: CallKind,
  refusal: CloudRefusal,
  round: number,
  waited: number,
): number | undefined {
  switch (classify(refusal)) {
    case 'busy':
      return waited < busyWindowMs ? Math.min(2_000 + round * 1_000, 5_000) : undefined;
    case 'throttled':
      return waited < throttledWindowMs ? Math.min(1_000 * 2 ** (round - 1), 16_000) : undefined;
    case 'nonce':
      return round <= repeatsAfterLoss ? 0 : undefined;
    case 'fault':
      return kind === 'read' && round <= repeatsAfterLoss ? 1_000 * round : undefined;
    default:
      return undefined;
  }
}

function retryAfterLoss(kind: CallKind, loss: LostConnection, losses: number): number | undefined {
  const harmless = kind === 'read' || !loss.sent;
  return harmless && losses <= repeatsAfterLoss ? 500 * losses : undefined;
}

function problemFor(
  kind: CallKind,
  action: string,
  endpoint: Endpoint,
  regionId: string,
  failure: CloudRefusal | LostConnection,
  waited: number,
): Problem {
  if (!('code' in failure)) {
    if (kind === 'change' && failure.sent)
      return new Problem('SLB_UNKNOWN_OUTCOME', { action, reason: failure.reason });
    return new Problem('SLB_UNREACHABLE', { action, endpoint: endpoint.host, reason: failure.reason });
  }
  if (kind === 'change' && classify(failure) === 'fault')
    return new Problem('SLB_UNKNOWN_OUTCOME', {
      action,
      reason: `${failure.code}, RequestId ${failure.requestId}`,
    });
  return refusalProblem(action, regionId, failure, Math.round(waited / 1_000));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Turns "there is no such thing" into `undefined`. */
export async function absentWhenGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Problem && error.code === 'SLB_GONE') return undefined;
    throw error;
  }
}
