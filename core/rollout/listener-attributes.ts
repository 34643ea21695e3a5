/** The listener as desired, in the API's attributes, and how an existing one differs from that. */
import type { DesiredListener } from '../../contract/rollout.ts';
import type { CloudHttpsListener, HttpsListenerAttributes } from '../slb/listeners.ts';

export type ListenerAttributes = HttpsListenerAttributes & { readonly BackendServerPort: number };

/** Every attribute that Warifu decides about; sent whole, so that no default of the API gets a say. */
export function listenerAttributes(
  listener: DesiredListener,
  certificates: { readonly serverCertificateId: string; readonly caCertificateId: string },
): ListenerAttributes {
  const { healthCheck } = listener;
  return {
    BackendServerPort: listener.backendServerPort,
    Bandwidth: listener.bandwidth,
    Scheduler: listener.scheduler,
    // With sticky sessions round robin could not be seen.
    StickySession: 'off',
    ServerCertificateId: certificates.serverCertificateId,
    CACertificateId: certificates.caCertificateId,
    TLSCipherPolicy: listener.tlsCipherPolicy,
    EnableHttp2: onOff(listener.http2),
    Gzip: onOff(listener.gzip),
    IdleTimeout: listener.idleTimeout,
    RequestTimeout: listener.requestTimeout,
    HealthCheck: onOff(healthCheck.on),
    ...(healthCheck.on
      ? {
          HealthCheckURI: healthCheck.uri,
          HealthCheckMethod: healthCheck.method,
          HealthCheckHttpCode: healthCheck.httpCodes.join(','),
          HealthCheckDomain: healthCheck.domain,
          HealthCheckInterval: healthCheck.interval,
          HealthCheckTimeout: healthCheck.timeout,
          HealthyThreshold: healthCheck.healthyThreshold,
          UnhealthyThreshold: healthCheck.unhealthyThreshold,
        }
      : {}),
  };
}

export interface Difference {
  readonly now: string;
  readonly willBe: string;
}

/** Attributes in which `listener` is not as wanted. One that the answer does not show cannot be compared. */
export function listenerDifferences(
  listener: CloudHttpsListener,
  wanted: ListenerAttributes,
): Readonly<Record<string, Difference>> {
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([name, value]) => {
      // A listener without CACertificateId lets everybody in: its absence is a difference, not a gap in the answer.
      const now = name === 'CACertificateId' ? listener.caCertificateId : listener.attributes[name];
      if (value === undefined || now === undefined || normal(name, now) === normal(name, String(value)))
        return [];
      return [[name, { now, willBe: String(value) }]];
    }),
  );
}

function normal(name: string, value: string): string {
  return name === 'HealthCheckHttpCode' ? value.split(',').sort().join(',') : value;
}

function onOff(value: boolean): 'on' | 'off' {
  return value ? 'on' : 'off';
}
