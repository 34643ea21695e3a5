/** VServer groups: servers with a port each, apart from the load balancer's default group. */
import type { CloudBackend } from '../../contract/cloud.ts';
import { type Done, done, list, number, text } from './answer.ts';
import { type Backend, backendServersJson } from './backends.ts';
import { absentWhenGone, type SlbClient } from './client.ts';

export interface VServer extends Backend {
  readonly port: number;
}

export interface CloudVServerGroup {
  readonly id: string;
  readonly name: string;
}

/** CreateVServerGroup. Not idempotent. */
export async function createVServerGroup(
  client: SlbClient,
  loadBalancerId: string,
  wanted: { readonly name: string; readonly servers: readonly VServer[] },
): Promise<{ readonly id: string } & Done> {
  const answer = await client.change('CreateVServerGroup', {
    LoadBalancerId: loadBalancerId,
    VServerGroupName: wanted.name,
    BackendServers: backendServersJson(wanted.servers),
  });
  return { id: text(answer, 'VServerGroupId'), ...done(answer) };
}

/** DescribeVServerGroups of one load balancer. */
export async function describeVServerGroups(
  client: SlbClient,
  loadBalancerId: string,
): Promise<readonly CloudVServerGroup[]> {
  const answer = await client.read('DescribeVServerGroups', { LoadBalancerId: loadBalancerId });
  return list(answer, 'VServerGroups', 'VServerGroup').map((row) => ({
    id: text(row, 'VServerGroupId'),
    name: text(row, 'VServerGroupName'),
  }));
}

/** DescribeVServerGroupAttribute; `undefined` when there is none. */
export async function describeVServerGroup(
  client: SlbClient,
  id: string,
): Promise<
  | (CloudVServerGroup & { readonly servers: readonly (CloudBackend & { readonly port: number })[] })
  | undefined
> {
  const answer = await absentWhenGone(client.read('DescribeVServerGroupAttribute', { VServerGroupId: id }));
  if (!answer || text(answer, 'VServerGroupId') === '') return undefined;
  return {
    id: text(answer, 'VServerGroupId'),
    name: text(answer, 'VServerGroupName'),
    servers: list(answer, 'BackendServers', 'BackendServer').map((row) => ({
      serverId: text(row, 'ServerId'),
      weight: number(row, 'Weight') ?? 100,
      type: text(row, 'Type') || 'ecs',
      serverIp: text(row, 'ServerIp'),
      port: number(row, 'Port') ?? 0,
    })),
  };
}

/** AddVServerGroupBackendServers. */
export async function addVServers(client: SlbClient, id: string, servers: readonly VServer[]): Promise<Done> {
  return done(
    await client.change('AddVServerGroupBackendServers', {
      VServerGroupId: id,
      BackendServers: backendServersJson(servers),
    }),
  );
}

/** RemoveVServerGroupBackendServers. */
export async function removeVServers(
  client: SlbClient,
  id: string,
  servers: readonly VServer[],
): Promise<Done> {
  return done(
    await client.change('RemoveVServerGroupBackendServers', {
      VServerGroupId: id,
      BackendServers: backendServersJson(servers),
    }),
  );
}

/** DeleteVServerGroup. @throws Problem SLB_IN_USE while a listener forwards to it. */
export async function deleteVServerGroup(client: SlbClient, id: string): Promise<Done> {
  return done(await client.change('DeleteVServerGroup', { VServerGroupId: id }));
}
