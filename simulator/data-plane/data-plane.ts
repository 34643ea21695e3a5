import type { Endpoint, FindBackend, ListenerConfiguration, PoolMember } from './configuration.ts';
import { listenerKey } from './configuration.ts';
import type { HealthStatus } from './health.ts';
import { type ListenerTraffic, RunningListener } from './listener.ts';

/** All running listeners, by {@link listenerKey}. */
export class DataPlane {
  readonly #findBackend: FindBackend;
  readonly #secondMs: number;
  readonly #running = new Map<string, RunningListener>();

  constructor(findBackend: FindBackend, secondMs: number) {
    this.#findBackend = findBackend;
    this.#secondMs = secondMs;
  }

  /** Opens a listener, or gives a running one its new configuration. */
  async serve(configuration: ListenerConfiguration): Promise<void> {
    const key = keyOf(configuration);
    const running = this.#running.get(key);
    if (running !== undefined) return running.configure(configuration);
    const listener = new RunningListener(configuration, this.#findBackend, this.#secondMs, () =>
      this.#portOfForward(configuration),
    );
    this.#running.set(key, listener);
    try {
      await listener.open();
    } catch (error) {
      this.#running.delete(key);
      throw error;
    }
  }

  /** Closes a listener and every connection it has. */
  async withdraw(key: string): Promise<void> {
    const listener = this.#running.get(key);
    this.#running.delete(key);
    await listener?.close();
  }

  runs(key: string): boolean {
    return this.#running.has(key);
  }

  /** Where a running listener answers, when that is not where its load balancer says. */
  elsewhere(key: string): Endpoint | undefined {
    const listener = this.#running.get(key);
    const { endpoint, configuration } = listener ?? {};
    if (endpoint === undefined || configuration === undefined) return undefined;
    const asSaid = endpoint.port === configuration.port && endpoint.host === configuration.address;
    return asSaid ? undefined : endpoint;
  }

  health(key: string, member: PoolMember): HealthStatus {
    return this.#running.get(key)?.health(member) ?? 'unavailable';
  }

  traffic(): ListenerTraffic[] {
    return [...this.#running.values()].map((listener) => listener.traffic());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((key) => this.withdraw(key)));
  }

  #portOfForward({ loadBalancerId, settings }: ListenerConfiguration): number {
    const port = settings.ForwardPort ?? 443;
    return this.#running.get(listenerKey(loadBalancerId, port, 'https'))?.endpoint?.port ?? port;
  }
}

function keyOf({ loadBalancerId, port, protocol }: ListenerConfiguration): string {
  return listenerKey(loadBalancerId, port, protocol);
}
