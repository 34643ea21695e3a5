import { Gatekeeper } from './api/authentication.ts';
import { ApiServer, type FaultPlan } from './api/server.ts';
import { DemoBackends } from './backends.ts';
import { Cloud, type Delays, usualDelays } from './cloud.ts';
import type { ListenerTraffic } from './data-plane/listener.ts';
import { Store } from './state/store.ts';

export interface SimulatorOptions {
  /** Port of the API on 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  /** File that keeps the state from one run to the next. Without it the state dies with the simulator. */
  readonly statePath?: string;
  /** Number of demo servers, `i-demo-1` and so on. 2 when not said. */
  readonly backends?: number;
  /** The AccessKey to answer to. Invented when not said; with a state file, the one that made it. */
  readonly accessKeyId?: string;
  readonly accessKeySecret?: string;
  /** The region of requests that name none. */
  readonly regionId?: string;
  readonly delays?: Partial<Delays>;
  /** What should go wrong. */
  readonly faults?: FaultPlan;
  readonly clock?: () => Date;
}

export interface Simulator {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly regionId: string;
  readonly backends: readonly { readonly serverId: string; readonly url: string }[];
  /** The address that the next load balancer will get. */
  nextAddress(): string;
  /** What each running listener has served and refused since it was opened. */
  traffic(): readonly ListenerTraffic[];
  /** Takes a demo server down, as when an instance fails. */
  stopBackend(serverId: string): Promise<void>;
  /** Locks a load balancer, as for an unpaid bill, or unlocks it. @throws ApiError when there is none */
  lock(loadBalancerId: string, locked: boolean): Promise<void>;
  /** Ends everything: API, listeners, demo servers. The state is saved. */
  close(): Promise<void>;
}

/**
 * Starts a practice cloud: the API of Alibaba Cloud CLB (SLB 2014-05-15) on the loopback address,
 * load balancers that really terminate TLS on this machine, and demo servers behind them.
 * @throws SimulatorError `PORT_BUSY`, `STATE_DAMAGED`, `STATE_OTHER_ACCESS_KEY`
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const regionId = options.regionId ?? 'cn-hangzhou';
  const clock = options.clock ?? (() => new Date());
  const store = await Store.open(options.statePath, {
    ...(options.accessKeyId === undefined ? {} : { id: options.accessKeyId }),
    ...(options.accessKeySecret === undefined ? {} : { secret: options.accessKeySecret }),
  });
  const backends = await DemoBackends.start(options.backends ?? 2);
  const cloud = new Cloud(store, backends, {
    delays: { ...usualDelays, ...options.delays },
    regionId,
    clock,
  });
  const api = new ApiServer(
    cloud,
    new Gatekeeper(store.accessKey.id, store.accessKey.secret, clock),
    options.faults,
  );

  const close = async () => {
    await api.close();
    await cloud.close();
    await backends.close();
  };
  let endpoint: string;
  try {
    endpoint = await api.listen(options.port);
    await cloud.restore();
    await cloud.save();
  } catch (error) {
    await backends.close();
    throw error;
  }
  return {
    endpoint,
    accessKeyId: store.accessKey.id,
    accessKeySecret: store.accessKey.secret,
    regionId,
    backends: backends.list().map(({ serverId, url }) => ({ serverId, url })),
    nextAddress: () => cloud.nextAddress,
    traffic: () => cloud.traffic(),
    stopBackend: (serverId) => backends.stop(serverId),
    lock: (loadBalancerId, locked) => cloud.lock(loadBalancerId, locked),
    close,
  };
}
