import { request } from 'node:http';
import type { ListenerSettings } from '../api/listener-fields.ts';
import { listenerDefaults } from '../api/listener-fields.ts';
import type { FindBackend, PoolMember } from './configuration.ts';
import { memberKey } from './scheduler.ts';

/** `unavailable`: not checked, or not checked often enough yet. */
export type HealthStatus = 'normal' | 'abnormal' | 'unavailable';

interface Patient {
  readonly member: PoolMember;
  status: HealthStatus;
  /** Checks in a row with the same outcome. */
  run: { readonly passed: boolean; readonly length: number };
  timer: NodeJS.Timeout | undefined;
}

/** Checks the backend servers of one listener, each at its interval, and remembers what it found. */
export class HealthChecker {
  readonly #findBackend: FindBackend;
  readonly #secondMs: number;
  readonly #patients = new Map<string, Patient>();
  #settings: ListenerSettings = {};
  #closed = false;

  /** `secondMs`: how long one second of interval or timeout lasts, in milliseconds. */
  constructor(findBackend: FindBackend, secondMs: number) {
    this.#findBackend = findBackend;
    this.#secondMs = secondMs;
  }

  /** Takes over new settings and members. What is known of members that stay is kept. */
  configure(settings: ListenerSettings, pool: readonly PoolMember[]): void {
    const switched = settings.HealthCheck !== this.#settings.HealthCheck;
    this.#settings = settings;
    const wanted = new Map(pool.map((member) => [memberKey(member), member]));
    for (const [key, patient] of this.#patients) {
      if (switched || !wanted.has(key)) {
        clearTimeout(patient.timer);
        this.#patients.delete(key);
      }
    }
    if (settings.HealthCheck !== 'on') return;
    for (const [key, member] of wanted) {
      if (this.#patients.has(key)) continue;
      const patient: Patient = {
        member,
        status: 'unavailable',
        run: { passed: false, length: 0 },
        timer: undefined,
      };
      this.#patients.set(key, patient);
      void this.#check(patient);
    }
  }

  status(member: PoolMember): HealthStatus {
    return this.#patients.get(memberKey(member))?.status ?? 'unavailable';
  }

  /** Whether requests may go to a member: always, when health checks are off. */
  mayServe(member: PoolMember): boolean {
    return this.#settings.HealthCheck !== 'on' || this.status(member) === 'normal';
  }

  close(): void {
    this.#closed = true;
    for (const patient of this.#patients.values()) clearTimeout(patient.timer);
    this.#patients.clear();
  }

  async #check(patient: Patient): Promise<void> {
    const passed = await this.#passes(patient.member);
    if (this.#closed || this.#patients.get(memberKey(patient.member)) !== patient) return;

    const length = passed === patient.run.passed ? patient.run.length + 1 : 1;
    patient.run = { passed, length };
    const { HealthyThreshold, UnhealthyThreshold, HealthCheckInterval } = {
      ...listenerDefaults,
      ...this.#settings,
    };
    if (passed && length >= HealthyThreshold) patient.status = 'normal';
    if (!passed && length >= UnhealthyThreshold) patient.status = 'abnormal';
    patient.timer = setTimeout(() => void this.#check(patient), HealthCheckInterval * this.#secondMs);
    patient.timer.unref();
  }

  #passes(member: PoolMember): Promise<boolean> {
    const settings = { ...listenerDefaults, ...this.#settings };
    const target = this.#findBackend(member.serverId, settings.HealthCheckConnectPort ?? member.port);
    if (target === undefined) return Promise.resolve(false);
    const domain = settings.HealthCheckDomain;
    return new Promise((resolve) => {
      const check = request(
        {
          ...target,
          method: settings.HealthCheckMethod.toUpperCase(),
          path: settings.HealthCheckURI,
          headers: { host: domain === undefined || domain === '$_ip' ? member.serverIp : domain },
          timeout: settings.HealthCheckTimeout * this.#secondMs,
          agent: false,
        },
        (response) => {
          response.resume();
          resolve(isAccepted(response.statusCode ?? 0, settings.HealthCheckHttpCode));
        },
      );
      check.on('timeout', () => check.destroy(new Error('health check timed out')));
      check.on('error', () => resolve(false));
      check.end();
    });
  }
}

/** `accepted` is like `http_2xx,http_3xx`. */
function isAccepted(status: number, accepted: string): boolean {
  return accepted.split(',').includes(`http_${Math.floor(status / 100)}xx`);
}
