import type { Cloud } from '../../cloud.ts';
import type { BackendServer, LoadBalancer } from '../../state/model.ts';
import { type Action, action, type Reply } from '../action.ts';
import { invalid, refuse } from '../errors.ts';
import { type BackendServerItem, backendServers, integer, oneOf, required, text } from '../parameters.ts';
import { changeable } from './load-balancers.ts';

const target = { LoadBalancerId: required(text()), RegionId: text() };

const addBackendServers = action({ ...target, BackendServers: backendServers() }, async (cloud, values) => {
  const loadBalancer = free(cloud, cloud.loadBalancer(values.LoadBalancerId, values.RegionId));
  // Of several entries for one server, only the first counts.
  const items = new Map((values.BackendServers ?? []).toReversed().map((item) => [item.ServerId, item]));
  for (const serverId of items.keys()) {
    if (loadBalancer.backendServers.some((server) => server.serverId === serverId)) {
      throw invalid('The resource already exists.');
    }
  }
  const added = [...items.values()].toReversed().map((item) => newBackendServer(cloud, item));
  loadBalancer.backendServers = [...loadBalancer.backendServers, ...added];
  return applied(cloud, loadBalancer);
});

const setBackendServers = action({ ...target, BackendServers: backendServers() }, async (cloud, values) => {
  const loadBalancer = free(cloud, cloud.loadBalancer(values.LoadBalancerId, values.RegionId));
  const changes = (values.BackendServers ?? []).map((item) => {
    const server = loadBalancer.backendServers.find(({ serverId }) => serverId === item.ServerId);
    if (server === undefined) throw refuse('InvalidServerId.NotFound');
    return { server, item };
  });
  for (const { server, item } of changes) {
    if (item.Weight !== undefined) server.weight = item.Weight;
    if (item.Description !== undefined) server.description = item.Description;
  }
  return applied(cloud, loadBalancer);
});

const removeBackendServers = action(
  { ...target, BackendServers: required(backendServers()) },
  async (cloud, values) => {
    const loadBalancer = free(cloud, cloud.loadBalancer(values.LoadBalancerId, values.RegionId));
    const gone = new Set(values.BackendServers.map(({ ServerId }) => ServerId));
    loadBalancer.backendServers = loadBalancer.backendServers.filter(({ serverId }) => !gone.has(serverId));
    return applied(cloud, loadBalancer);
  },
);

const describeHealthStatus = action(
  { ...target, ListenerPort: integer(1, 65535), ListenerProtocol: oneOf('tcp', 'udp', 'http', 'https') },
  (cloud, values) => {
    const loadBalancer = cloud.loadBalancer(values.LoadBalancerId, values.RegionId);
    const listeners = loadBalancer.listeners.filter(
      (listener) =>
        (values.ListenerPort === undefined || listener.port === values.ListenerPort) &&
        (values.ListenerProtocol === undefined || listener.protocol === values.ListenerProtocol),
    );
    if (values.ListenerPort !== undefined && listeners.length === 0) throw refuse('CheckedListenerNotFound');
    const BackendServer = listeners.flatMap((listener) =>
      cloud.health(loadBalancer, listener).map(({ member, status }) => ({
        ServerId: member.serverId,
        ServerIp: member.serverIp,
        Port: member.port,
        ListenerPort: listener.port,
        Protocol: listener.protocol,
        ServerHealthStatus: status,
      })),
    );
    return { BackendServers: { BackendServer } };
  },
);

export const backendServerActions: Readonly<Record<string, Action>> = {
  AddBackendServers: addBackendServers,
  SetBackendServers: setBackendServers,
  RemoveBackendServers: removeBackendServers,
  DescribeHealthStatus: describeHealthStatus,
};

/** @throws ApiError `InvalidServerId.NotFound` when no demo server has the id. */
export function newBackendServer(cloud: Cloud, item: BackendServerItem): BackendServer {
  const server = cloud.backends.get(item.ServerId);
  if (server === undefined) throw refuse('InvalidServerId.NotFound');
  return {
    serverId: server.serverId,
    serverIp: server.serverIp,
    type: item.Type ?? 'ecs',
    weight: item.Weight ?? 100,
    description: item.Description ?? '',
  };
}

function free(cloud: Cloud, loadBalancer: LoadBalancer): LoadBalancer {
  if (cloud.isBusy(loadBalancer.id)) throw refuse('BackendServer.configuring');
  return changeable(loadBalancer);
}

async function applied(cloud: Cloud, loadBalancer: LoadBalancer): Promise<Reply> {
  cloud.markBusy(loadBalancer.id);
  await cloud.refresh(loadBalancer);
  return {
    LoadBalancerId: loadBalancer.id,
    BackendServers: {
      BackendServer: loadBalancer.backendServers.map((server) => ({
        ServerId: server.serverId,
        Weight: String(server.weight),
        Type: server.type,
        Description: server.description,
      })),
    },
  };
}
