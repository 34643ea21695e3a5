/** The default server group of a load balancer, and the health of its members. */
import type { BackendHealth, BackendType, CloudBackend } from '../../contract/cloud.ts';
import { type Done, done, list, number, text } from './answer.ts';
import type { SlbClient } from './client.ts';
import type { Answer } from './sdk.ts';

export interface Backend {
  readonly serverId: string;
  /** 0–100; 0 gets no requests. */
  readonly weight: number;
  readonly type?: BackendType | undefined;
  /** For eni and eci. */
  readonly serverIp?: string | undefined;
}

/** Most entries the API takes in one call. */
const perCall = 20;

/** AddBackendServers, in calls of at most 20. */
export function addBackendServers(
  client: SlbClient,
  loadBalancerId: string,
  backends: readonly Backend[],
): Promise<Done> {
  return changeBackends(client, 'AddBackendServers', loadBalancerId, backends);
}

/** SetBackendServers: new weights for members, in calls of at most 20. */
export function setBackendServers(
  client: SlbClient,
  loadBalancerId: string,
  backends: readonly Backend[],
): Promise<Done> {
  return changeBackends(client, 'SetBackendServers', loadBalancerId, backends);
}

/** RemoveBackendServers, in calls of at most 20. */
export function removeBackendServers(
  client: SlbClient,
  loadBalancerId: string,
  backends: readonly Backend[],
): Promise<Done> {
  return changeBackends(client, 'RemoveBackendServers', loadBalancerId, backends);
}

async function changeBackends(
  client: SlbClient,
  action: string,
  loadBalancerId: string,
  backends: readonly Backend[],
): Promise<Done> {
  let last: Done = { requestId: '' };
  for (let from = 0; from < backends.length; from += perCall) {
    const part = backends.slice(from, from + perCall);
    last = done(
      await client.change(action, {
        LoadBalancerId: loadBalancerId,
        BackendServers: backendServersJson(part),
      }),
    );
  }
  return last;
}

/** The parameter BackendServers: JSON text with every value as text. */
export function backendServersJson(backends: readonly (Backend & { readonly port?: number })[]): string {
  return JSON.stringify(
    backends.map(({ serverId, weight, type = 'ecs', serverIp, port }) => ({
      ServerId: serverId,
      Weight: String(weight),
      Type: type,
      ...(serverIp === undefined || serverIp === '' ? {} : { ServerIp: serverIp }),
      ...(port === undefined ? {} : { Port: String(port) }),
    })),
  );
}

/** DescribeHealthStatus for one listener. */
export async function describeHealthStatus(
  client: SlbClient,
  loadBalancerId: string,
  listener: { readonly port: number; readonly protocol: string },
): Promise<readonly BackendHealth[]> {
  const answer = await client.read('DescribeHealthStatus', {
    LoadBalancerId: loadBalancerId,
    ListenerPort: listener.port,
    ListenerProtocol: listener.protocol,
  });
  return list(answer, 'BackendServers', 'BackendServer').map((row) => ({
    serverId: text(row, 'ServerId'),
    serverIp: text(row, 'ServerIp'),
    port: number(row, 'Port') ?? 0,
    listenerPort: number(row, 'ListenerPort') ?? 0,
    status: text(row, 'ServerHealthStatus'),
  }));
}

/** The `BackendServers` of an answer. */
export function backendsOf(answer: Answer): readonly CloudBackend[] {
  return list(answer, 'BackendServers', 'BackendServer').map((row) => ({
    serverId: text(row, 'ServerId'),
    weight: number(row, 'Weight') ?? 100,
    type: text(row, 'Type') || 'ecs',
    serverIp: text(row, 'ServerIp'),
  }));
}
