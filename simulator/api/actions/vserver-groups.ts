import type { Cloud } from '../../cloud.ts';
import type { GroupServer, VServerGroup } from '../../state/model.ts';
import { type Action, action, done } from '../action.ts';
import { ApiError, invalid, refuse } from '../errors.ts';
import { apiTime, hasTags, tagList } from '../formats.ts';
import { type BackendServerItem, backendServers, boolean, required, tags, text } from '../parameters.ts';
import { newBackendServer } from './backend-servers.ts';
import { changeable } from './load-balancers.ts';

const servers = backendServers({ port: true });
const group = { RegionId: required(text()), VServerGroupId: required(text()) };

const createVServerGroup = action(
  {
    RegionId: required(text()),
    LoadBalancerId: required(text()),
    VServerGroupName: text({ length: [1, 80] }),
    BackendServers: servers,
    Tag: tags(),
  },
  (cloud, values) => {
    const loadBalancer = changeable(cloud.loadBalancer(values.LoadBalancerId, values.RegionId));
    const made: VServerGroup = {
      id: cloud.newId('rsp'),
      loadBalancerId: loadBalancer.id,
      regionId: values.RegionId,
      name: values.VServerGroupName ?? '',
      createdAt: cloud.now(),
      servers: newServers(cloud, values.BackendServers ?? []),
      tags: [...(values.Tag ?? [])],
    };
    cloud.state.vServerGroups.push(made);
    return describeServers(made);
  },
);

const describeVServerGroups = action(
  {
    RegionId: required(text()),
    LoadBalancerId: required(text()),
    Description: text(),
    IncludeListener: boolean(),
    IncludeRule: boolean(),
    Tag: tags(),
  },
  (cloud, values) => {
    const loadBalancer = cloud.loadBalancer(values.LoadBalancerId, values.RegionId);
    const found = cloud.state.vServerGroups.filter(
      (g) =>
        g.loadBalancerId === loadBalancer.id &&
        (values.Description === undefined || g.name === values.Description) &&
        hasTags(g.tags, values.Tag),
    );
    const VServerGroup = found.map((g) => {
      const using = loadBalancer.listeners.filter(({ settings }) => settings.VServerGroupId === g.id);
      const Listener = using.map(({ port, protocol }) => ({ Port: port, Protocol: protocol }));
      return {
        VServerGroupId: g.id,
        VServerGroupName: g.name,
        CreateTime: apiTime(g.createdAt),
        ServerCount: g.servers.length,
        Tags: tagList(g.tags),
        AssociatedObjects: {
          Listeners: { Listener: values.IncludeListener === true ? Listener : [] },
          Rules: { Rule: [] },
        },
      };
    });
    return { VServerGroups: { VServerGroup } };
  },
);

const describeVServerGroupAttribute = action(group, (cloud, values) => {
  const found = find(cloud, values.VServerGroupId, values.RegionId);
  return {
    ...describeServers(found),
    VServerGroupName: found.name,
    LoadBalancerId: found.loadBalancerId,
    CreateTime: apiTime(found.createdAt),
    Tags: tagList(found.tags),
  };
});

const addServers = action({ ...group, BackendServers: required(servers) }, async (cloud, values) => {
  const found = find(cloud, values.VServerGroupId, values.RegionId);
  const added = newServers(cloud, values.BackendServers);
  if (added.some((server) => found.servers.some((known) => isSame(known, server)))) {
    throw invalid('The resource already exists.');
  }
  found.servers = [...found.servers, ...added];
  await cloud.refresh(changeable(cloud.loadBalancer(found.loadBalancerId, found.regionId)));
  return describeServers(found);
});

const removeServers = action({ ...group, BackendServers: required(servers) }, async (cloud, values) => {
  const found = find(cloud, values.VServerGroupId, values.RegionId);
  found.servers = found.servers.filter(
    (server) =>
      !values.BackendServers.some((gone) => gone.ServerId === server.serverId && gone.Port === server.port),
  );
  await cloud.refresh(changeable(cloud.loadBalancer(found.loadBalancerId, found.regionId)));
  return describeServers(found);
});

const deleteVServerGroup = action(group, (cloud, values) => {
  const found = find(cloud, values.VServerGroupId, values.RegionId);
  const used = cloud
    .loadBalancer(found.loadBalancerId, found.regionId)
    .listeners.some(({ settings }) => settings.VServerGroupId === found.id);
  if (used) throw refuse('RspoolVipExist');
  cloud.state.vServerGroups = cloud.state.vServerGroups.filter((g) => g !== found);
  return done;
});

export const vServerGroupActions: Readonly<Record<string, Action>> = {
  CreateVServerGroup: createVServerGroup,
  DescribeVServerGroups: describeVServerGroups,
  DescribeVServerGroupAttribute: describeVServerGroupAttribute,
  AddVServerGroupBackendServers: addServers,
  RemoveVServerGroupBackendServers: removeServers,
  DeleteVServerGroup: deleteVServerGroup,
};

function find(cloud: Cloud, id: string, regionId: string): VServerGroup {
  const found = cloud.state.vServerGroups.find((g) => g.id === id && g.regionId === regionId);
  if (found === undefined) {
    throw new ApiError(404, 'InvalidParameter', 'The specified VServerGroupId does not exist.');
  }
  return found;
}

function newServers(cloud: Cloud, items: readonly BackendServerItem[]): GroupServer[] {
  return items.map((item) => ({ ...newBackendServer(cloud, item), port: item.Port ?? 80 }));
}

function isSame(a: GroupServer, b: GroupServer): boolean {
  return a.serverId === b.serverId && a.port === b.port;
}

function describeServers(found: VServerGroup) {
  const BackendServer = found.servers.map((server) => ({
    ServerId: server.serverId,
    ServerIp: server.serverIp,
    Port: server.port,
    Weight: server.weight,
    Type: server.type,
    Description: server.description,
  }));
  return { VServerGroupId: found.id, BackendServers: { BackendServer } };
}
