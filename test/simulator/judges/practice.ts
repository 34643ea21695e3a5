import type { Simulator } from '../../../simulator/simulator.ts';
import { type Answer, type Call, popCore, until } from './alibaba-clients.ts';
import type { Identity } from './openssl.ts';

/** Delays that do not make a test wait. */
export const quick = { starting: 10, stopping: 10, consistency: 0, configuring: 0, second: 10 };

/** A listener built through the API, and the hands to change it. */
export interface Practice {
  readonly call: Call;
  readonly RegionId: string;
  readonly LoadBalancerId: string;
  readonly ListenerPort: number;
  readonly ServerCertificateId: string;
  readonly CACertificateId: string | undefined;
  /** Where the listener answers. */
  readonly target: { readonly host: string; readonly port: number };
  describe(): Promise<Answer>;
  set(changes: Record<string, unknown>): Promise<Answer>;
}

/** Uploads, makes a load balancer with all demo servers, makes an HTTPS listener, starts it, waits until all are healthy. */
export async function practise(
  simulator: Simulator,
  wishes: {
    readonly server: Identity;
    readonly ca?: Identity;
    readonly port?: number;
    readonly settings?: Record<string, unknown>;
    readonly backends?: readonly Record<string, unknown>[];
  },
): Promise<Practice> {
  const call = popCore(simulator, 'POST');
  const RegionId = simulator.regionId;
  const { ServerCertificateId } = await call('UploadServerCertificate', {
    RegionId,
    ServerCertificate: wishes.server.certificate,
    PrivateKey: wishes.server.key,
  });
  const uploadedCa =
    wishes.ca && (await call('UploadCACertificate', { RegionId, CACertificate: wishes.ca.certificate }));
  const CACertificateId = uploadedCa?.CACertificateId as string | undefined;
  const { LoadBalancerId, Address } = await call('CreateLoadBalancer', { RegionId });
  const backends = wishes.backends ?? simulator.backends.map(({ serverId }) => ({ ServerId: serverId }));
  await call('AddBackendServers', { LoadBalancerId, BackendServers: JSON.stringify(backends) });
  const ListenerPort = wishes.port ?? 18443;
  const listener = { RegionId, LoadBalancerId, ListenerPort };
  await call('CreateLoadBalancerHTTPSListener', {
    ...listener,
    BackendServerPort: 80,
    Bandwidth: -1,
    Scheduler: 'rr',
    StickySession: 'off',
    HealthCheck: 'on',
    HealthCheckURI: '/health',
    HealthyThreshold: 2,
    UnhealthyThreshold: 2,
    ServerCertificateId,
    ...(CACertificateId === undefined ? {} : { CACertificateId }),
    ...wishes.settings,
  });
  await call('StartLoadBalancerListener', { ...listener, ListenerProtocol: 'https' });
  const describe = () => call('DescribeLoadBalancerHTTPSListenerAttribute', listener);
  const running = await until(describe, ({ Status }) => Status === 'running');
  if (running.HealthCheck === 'on')
    await until(
      () => health(call, LoadBalancerId),
      (all) => all.every(isNormal),
    );
  const [host, port] = running.SimulatorEndpoint?.split(':') ?? [Address, ListenerPort];
  return {
    call,
    RegionId,
    LoadBalancerId,
    ListenerPort,
    ServerCertificateId,
    CACertificateId,
    target: { host, port: Number(port) },
    describe,
    set: (changes) => call('SetLoadBalancerHTTPSListenerAttribute', { ...listener, ...changes }),
  };
}

export async function health(
  call: Call,
  LoadBalancerId: string,
): Promise<{ ServerId: string; ServerHealthStatus: string }[]> {
  return (await call('DescribeHealthStatus', { LoadBalancerId })).BackendServers.BackendServer;
}

function isNormal({ ServerHealthStatus }: { ServerHealthStatus: string }): boolean {
  return ServerHealthStatus === 'normal';
}
