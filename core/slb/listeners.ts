/** HTTPS listeners, and the HTTP listener that redirects to one. */

import { type Done, done, list, number, text } from './answer.ts';
import { absentWhenGone, type SlbClient } from './client.ts';
import type { Answer } from './sdk.ts';

/** The attributes of an HTTPS listener that Warifu sets, named and spelled as in the API. */
export interface HttpsListenerAttributes {
  readonly Description?: string | undefined;
  /** Mbit/s; -1 is unlimited, and what pay-by-traffic instances take. */
  readonly Bandwidth?: number | undefined;
  readonly Scheduler?: 'rr' | 'wrr' | undefined;
  readonly StickySession?: 'on' | 'off' | undefined;
  readonly ServerCertificateId?: string | undefined;
  /** Its presence *is* mutual authentication; there is no other switch. */
  readonly CACertificateId?: string | undefined;
  readonly TLSCipherPolicy?: string | undefined;
  readonly EnableHttp2?: 'on' | 'off' | undefined;
  readonly Gzip?: 'on' | 'off' | undefined;
  /** Seconds. */
  readonly IdleTimeout?: number | undefined;
  /** Seconds. */
  readonly RequestTimeout?: number | undefined;
  readonly XForwardedFor_proto?: 'on' | 'off' | undefined;
  readonly HealthCheck?: 'on' | 'off' | undefined;
  readonly HealthCheckURI?: string | undefined;
  readonly HealthCheckMethod?: 'head' | 'get' | undefined;
  /** `http_2xx`, or several with commas. */
  readonly HealthCheckHttpCode?: string | undefined;
  readonly HealthCheckDomain?: string | undefined;
  /** Seconds. */
  readonly HealthCheckInterval?: number | undefined;
  /** Seconds. */
  readonly HealthCheckTimeout?: number | undefined;
  readonly HealthyThreshold?: number | undefined;
  readonly UnhealthyThreshold?: number | undefined;
}

export interface ListenerAddress {
  readonly loadBalancerId: string;
  readonly port: number;
}

/**
 * CreateLoadBalancerHTTPSListener. The listener is born stopped. Without a token: a repeat is refused.
 * @throws Problem SLB_EXISTS when the port is taken.
 */
export async function createHttpsListener(
  client: SlbClient,
  { loadBalancerId, port }: ListenerAddress,
  attributes: HttpsListenerAttributes & { readonly BackendServerPort: number },
): Promise<Done> {
  return done(
    await client.change('CreateLoadBalancerHTTPSListener', {
      LoadBalancerId: loadBalancerId,
      ListenerPort: port,
      ...attributes,
    }),
  );
}

/** SetLoadBalancerHTTPSListenerAttribute: all given attributes in one call; the backend port cannot change. */
export async function setHttpsListener(
  client: SlbClient,
  { loadBalancerId, port }: ListenerAddress,
  attributes: HttpsListenerAttributes,
): Promise<Done> {
  return done(
    await client.change('SetLoadBalancerHTTPSListenerAttribute', {
      LoadBalancerId: loadBalancerId,
      ListenerPort: port,
      ...attributes,
    }),
  );
}

/** An HTTPS listener as it stands. */
export interface CloudHttpsListener {
  readonly port: number;
  /** `stopped`, `starting`, `running`, `configuring`, `stopping`. */
  readonly status: string;
  readonly serverCertificateId: string;
  /** Empty: no mutual authentication. */
  readonly caCertificateId: string;
  readonly backendServerPort: number | undefined;
  readonly vServerGroupId: string;
  /** Every attribute of the answer that is text or a number, under the API's name; missing ones are missing. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Where the simulator really answers, when that is not the load balancer's address and port. */
  readonly simulatorEndpoint: string | undefined;
}

/** DescribeLoadBalancerHTTPSListenerAttribute; `undefined` when there is none, or not visible yet. */
export async function describeHttpsListener(
  client: SlbClient,
  { loadBalancerId, port }: ListenerAddress,
): Promise<CloudHttpsListener | undefined> {
  const answer = await absentWhenGone(
    client.read('DescribeLoadBalancerHTTPSListenerAttribute', {
      LoadBalancerId: loadBalancerId,
      ListenerPort: port,
    }),
  );
  const answeredPort = answer && number(answer, 'ListenerPort');
  // Right after its creation the API may answer 200 without a port.
  if (!answer || !answeredPort) return undefined;
  return {
    port: answeredPort,
    status: text(answer, 'Status'),
    serverCertificateId: text(answer, 'ServerCertificateId'),
    caCertificateId: text(answer, 'CACertificateId'),
    backendServerPort: number(answer, 'BackendServerPort'),
    vServerGroupId: text(answer, 'VServerGroupId'),
    attributes: plainFields(answer),
    simulatorEndpoint: text(answer, 'SimulatorEndpoint') || undefined,
  };
}

/** StartLoadBalancerListener: only from stopped. The protocol is always sent, since a port may carry two. */
export async function startListener(
  client: SlbClient,
  address: ListenerAddress,
  protocol = 'https',
): Promise<Done> {
  return done(await client.change('StartLoadBalancerListener', listenerParameters(address, protocol)));
}

/** StopLoadBalancerListener. */
export async function stopListener(
  client: SlbClient,
  address: ListenerAddress,
  protocol = 'https',
): Promise<Done> {
  return done(await client.change('StopLoadBalancerListener', listenerParameters(address, protocol)));
}

/** DeleteLoadBalancerListener: only when stopped or running. */
export async function deleteListener(
  client: SlbClient,
  address: ListenerAddress,
  protocol = 'https',
): Promise<Done> {
  return done(await client.change('DeleteLoadBalancerListener', listenerParameters(address, protocol)));
}

/** DescribeLoadBalancerListeners of one load balancer, all pages. */
export async function describeListeners(
  client: SlbClient,
  loadBalancerId: string,
): Promise<readonly { readonly port: number; readonly protocol: string; readonly status: string }[]> {
  const found: { port: number; protocol: string; status: string }[] = [];
  let next: string | undefined;
  do {
    const answer = await client.read('DescribeLoadBalancerListeners', {
      'LoadBalancerId.1': loadBalancerId,
      MaxResults: 100,
      NextToken: next,
    });
    for (const row of list(answer, 'Listeners', 'Listener'))
      found.push({
        port: number(row, 'ListenerPort') ?? 0,
        protocol: text(row, 'ListenerProtocol'),
        status: text(row, 'Status'),
      });
    next = text(answer, 'NextToken') || undefined;
  } while (next !== undefined);
  return found;
}

/** CreateLoadBalancerHTTPListener that answers every request with a redirect to the HTTPS listener. */
export async function createRedirectListener(
  client: SlbClient,
  { loadBalancerId, port }: ListenerAddress,
  forwardPort: number,
): Promise<Done> {
  return done(
    await client.change('CreateLoadBalancerHTTPListener', {
      LoadBalancerId: loadBalancerId,
      ListenerPort: port,
      ListenerForward: 'on',
      ForwardPort: forwardPort,
      HealthCheck: 'off',
      StickySession: 'off',
    }),
  );
}

/** DescribeLoadBalancerHTTPListenerAttribute; `undefined` when there is none. */
export async function describeHttpListener(
  client: SlbClient,
  { loadBalancerId, port }: ListenerAddress,
): Promise<
  { readonly port: number; readonly status: string; readonly forwardPort: number | undefined } | undefined
> {
  const answer = await absentWhenGone(
    client.read('DescribeLoadBalancerHTTPListenerAttribute', {
      LoadBalancerId: loadBalancerId,
      ListenerPort: port,
    }),
  );
  const answeredPort = answer && number(answer, 'ListenerPort');
  if (!answer || !answeredPort) return undefined;
  const forwards = text(answer, 'ListenerForward') === 'on';
  return {
    port: answeredPort,
    status: text(answer, 'Status'),
    forwardPort: forwards ? number(answer, 'ForwardPort') : undefined,
  };
}

/** ListTLSCipherPolicies: the account's own policies, beside the system's `tls_cipher_policy_…`. */
export async function listTlsCipherPolicies(
  client: SlbClient,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const answer = await client.read('ListTLSCipherPolicies', { MaxItems: 100 });
  return list(answer, 'TLSCipherPolicies', 'TLSCipherPolicy').map((row) => ({
    id: text(row, 'InstanceId'),
    name: text(row, 'Name'),
  }));
}

function listenerParameters({ loadBalancerId, port }: ListenerAddress, protocol: string) {
  return { LoadBalancerId: loadBalancerId, ListenerPort: port, ListenerProtocol: protocol };
}

function plainFields(answer: Answer): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(answer).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[name, String(value)]]
        : [],
    ),
  );
}
