import { randomBytes, randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { refuse } from './api/errors.ts';
import type { DemoBackends } from './backends.ts';
import { type ListenerConfiguration, listenerKey, type PoolMember } from './data-plane/configuration.ts';
import { DataPlane } from './data-plane/data-plane.ts';
import type { HealthStatus } from './data-plane/health.ts';
import type { CloudState, Listener, LoadBalancer } from './state/model.ts';
import type { Store } from './state/store.ts';

/** How long things take, in milliseconds. */
export interface Delays {
  /** After a listener is made: how long Describe does not show it. */
  readonly consistency: number;
  /** After a change: how long further changes are refused as busy. */
  readonly configuring: number;
  readonly starting: number;
  readonly stopping: number;
  /** How long one second of a health check's interval and timeout lasts. */
  readonly second: number;
}

/** Quick enough not to bore, slow enough to be seen. Real listeners need one to three minutes. */
export const usualDelays: Delays = {
  consistency: 100,
  configuring: 0,
  starting: 300,
  stopping: 200,
  second: 1000,
};

/** The practice cloud: its state, the listeners that really run, and the time things take. */
export class Cloud {
  readonly backends: DemoBackends;
  readonly delays: Delays;
  readonly defaultRegionId: string;
  readonly clock: () => Date;
  readonly #store: Store;
  readonly #dataPlane: DataPlane;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Until when (ms) a load balancer or listener is busy with a change, by id or listener key. */
  readonly #busyUntil = new Map<string, number>();
  #readyAddress: string | undefined;
  #ownAddresses = true;

  constructor(
    store: Store,
    backends: DemoBackends,
    options: { readonly delays: Delays; readonly regionId: string; readonly clock: () => Date },
  ) {
    this.#store = store;
    this.backends = backends;
    this.delays = options.delays;
    this.defaultRegionId = options.regionId;
    this.clock = options.clock;
    this.#dataPlane = new DataPlane((serverId) => backends.find(serverId), options.delays.second);
  }

  get state(): CloudState {
    return this.#store.state;
  }

  /** Brings back what the state file held: changes that were under way are done, running listeners run. */
  async restore(): Promise<void> {
    this.#ownAddresses = await canBind('127.77.0.1');
    for (const loadBalancer of this.state.loadBalancers) {
      for (const listener of loadBalancer.listeners) {
        if (listener.status === 'stopping') listener.status = 'stopped';
        if (listener.status === 'starting') listener.status = 'running';
        if (serves(loadBalancer, listener))
          await this.#dataPlane.serve(this.#configuration(loadBalancer, listener));
      }
    }
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await this.#dataPlane.close();
    await this.save();
  }

  save(): Promise<void> {
    return this.#store.save();
  }

  now(): string {
    return this.clock().toISOString();
  }

  /** @throws ApiError `InvalidLoadBalancerId.NotFound`, also when it is in another region. */
  loadBalancer(id: string, regionId = this.defaultRegionId): LoadBalancer {
    const found = this.state.loadBalancers.find((lb) => lb.id === id && lb.regionId === regionId);
    if (found === undefined) throw refuse('InvalidLoadBalancerId.NotFound');
    return found;
  }

  listener(loadBalancer: LoadBalancer, port: number, protocol?: string): Listener | undefined {
    return loadBalancer.listeners.find(
      (l) => l.port === port && (protocol === undefined || l.protocol === protocol),
    );
  }

  /** An id like the cloud's: a prefix and twenty letters and digits. */
  newId(prefix: string): string {
    this.state.sequence += 1;
    const random = BigInt(`0x${randomBytes(16).toString('hex')}`)
      .toString(36)
      .padStart(20, '0');
    return `${prefix}-${(this.state.sequence.toString(36) + random).slice(0, 20)}`;
  }

  /** Takes the address that was kept ready, and keeps the next one ready. */
  newAddress(): string {
    const address = this.nextAddress;
    this.#readyAddress = undefined;
    return address;
  }

  /**
   * The loopback address that the next load balancer gets, its own where the system has more than one.
   * Known beforehand, so that a certificate for practice can cover it.
   */
  get nextAddress(): string {
    if (!this.#ownAddresses) return '127.0.0.1';
    const taken = new Set(this.state.loadBalancers.map(({ address }) => address));
    while (this.#readyAddress === undefined || taken.has(this.#readyAddress))
      this.#readyAddress = `127.${randomInt(64, 127)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
    return this.#readyAddress;
  }

  /** Marks something as being configured, so that the next change meets a busy answer. */
  markBusy(...keys: readonly string[]): void {
    for (const key of keys) this.#busyUntil.set(key, this.clock().getTime() + this.delays.configuring);
  }

  isBusy(key: string): boolean {
    return (this.#busyUntil.get(key) ?? 0) > this.clock().getTime();
  }

  /** Whether Describe already shows a listener. */
  isVisible(listener: Listener): boolean {
    return this.clock().getTime() - Date.parse(listener.createdAt) >= this.delays.consistency;
  }

  /** Starts a stopped listener: `starting` now, `running` once its port is open. */
  start(loadBalancer: LoadBalancer, listener: Listener): void {
    listener.status = 'starting';
    this.#after(this.delays.starting, async () => {
      if (listener.status !== 'starting' || !this.#exists(loadBalancer, listener)) return;
      try {
        if (loadBalancer.status === 'active') {
          await this.#dataPlane.serve(this.#configuration(loadBalancer, listener));
        }
        listener.status = 'running';
      } catch {
        // Nothing that OpenSSL would take, or no loopback port left: not started, rather than starting for ever.
        listener.status = 'stopped';
      }
      await this.save();
    });
  }

  /** Stops a running listener: nobody is served from now on; `stopped` after a while. */
  async stop(loadBalancer: LoadBalancer, listener: Listener): Promise<void> {
    listener.status = 'stopping';
    await this.#dataPlane.withdraw(keyOf(loadBalancer, listener));
    this.#after(this.delays.stopping, async () => {
      listener.status = 'stopped';
      await this.save();
    });
  }

  async removeListener(loadBalancer: LoadBalancer, listener: Listener): Promise<void> {
    loadBalancer.listeners = loadBalancer.listeners.filter((l) => l !== listener);
    if (loadBalancer.listeners.length === 0 && loadBalancer.status === 'active')
      loadBalancer.status = 'inactive';
    await this.#dataPlane.withdraw(keyOf(loadBalancer, listener));
  }

  async removeLoadBalancer(loadBalancer: LoadBalancer): Promise<void> {
    const { state } = this;
    state.loadBalancers = state.loadBalancers.filter((lb) => lb !== loadBalancer);
    state.vServerGroups = state.vServerGroups.filter((group) => group.loadBalancerId !== loadBalancer.id);
    const keys = loadBalancer.listeners.map((listener) => keyOf(loadBalancer, listener));
    await Promise.all(keys.map((key) => this.#dataPlane.withdraw(key)));
  }

  async lock(loadBalancerId: string, locked: boolean): Promise<void> {
    const loadBalancer = this.state.loadBalancers.find(({ id }) => id === loadBalancerId);
    if (loadBalancer === undefined) throw refuse('InvalidLoadBalancerId.NotFound');
    loadBalancer.status = locked ? 'locked' : 'active';
    await this.refresh(loadBalancer);
    await this.save();
  }

  /** Makes the running listeners of a load balancer agree with the state. */
  async refresh(loadBalancer: LoadBalancer): Promise<void> {
    for (const listener of loadBalancer.listeners) {
      const key = keyOf(loadBalancer, listener);
      if (serves(loadBalancer, listener)) {
        await this.#dataPlane.serve(this.#configuration(loadBalancer, listener));
      } else if (this.#dataPlane.runs(key)) {
        await this.#dataPlane.withdraw(key);
      }
    }
  }

  /** `host:port`, only when a running listener does not answer on its load balancer's address and port. */
  simulatorEndpoint(loadBalancer: LoadBalancer, listener: Listener): string | undefined {
    const endpoint = this.#dataPlane.elsewhere(keyOf(loadBalancer, listener));
    return endpoint && `${endpoint.host}:${endpoint.port}`;
  }

  health(loadBalancer: LoadBalancer, listener: Listener): { member: PoolMember; status: HealthStatus }[] {
    const key = keyOf(loadBalancer, listener);
    return this.pool(loadBalancer, listener).map((member) => ({
      member,
      status: this.#dataPlane.health(key, member),
    }));
  }

  /** The backend servers of a listener: those of its VServer group, else the default group. */
  pool(loadBalancer: LoadBalancer, listener: Listener): PoolMember[] {
    const { VServerGroupId, BackendServerPort } = listener.settings;
    if (VServerGroupId !== undefined) {
      return this.state.vServerGroups.find(({ id }) => id === VServerGroupId)?.servers ?? [];
    }
    if (BackendServerPort === undefined) return [];
    return loadBalancer.backendServers.map((server) => ({ ...server, port: BackendServerPort }));
  }

  traffic() {
    return this.#dataPlane.traffic();
  }

  #configuration(loadBalancer: LoadBalancer, listener: Listener): ListenerConfiguration {
    const { settings } = listener;
    const identity = this.state.serverCertificates.find(({ id }) => id === settings.ServerCertificateId);
    const ca = this.state.caCertificates.find(({ id }) => id === settings.CACertificateId);
    return {
      loadBalancerId: loadBalancer.id,
      address: loadBalancer.address,
      port: listener.port,
      protocol: listener.protocol,
      settings,
      pool: this.pool(loadBalancer, listener),
      ...(identity && { identity: { certificate: identity.pem, key: identity.privateKey } }),
      ...(ca && { clientCa: ca.pem }),
    };
  }

  #exists(loadBalancer: LoadBalancer, listener: Listener): boolean {
    return this.state.loadBalancers.includes(loadBalancer) && loadBalancer.listeners.includes(listener);
  }

  #after(ms: number, work: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      // A state that could not be saved now is saved with the next change.
      work().catch(() => undefined);
    }, ms);
    this.#timers.add(timer);
  }
}

function keyOf(loadBalancer: LoadBalancer, listener: Listener): string {
  return listenerKey(loadBalancer.id, listener.port, listener.protocol);
}

function serves(loadBalancer: LoadBalancer, listener: Listener): boolean {
  return loadBalancer.status === 'active' && listener.status === 'running';
}

function canBind(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port: 0, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
