import type { LoadBalancer } from '../../state/model.ts';
import { type Action, action, done, type Reply } from '../action.ts';
import { refuse } from '../errors.ts';
import { hasTags, tagList, timeFields } from '../formats.ts';
import { boolean, integer, oneOf, required, tags, text } from '../parameters.ts';

const name = text({ length: [1, 80] });
const onOff = oneOf('on', 'off');
const target = { LoadBalancerId: required(text()), RegionId: text() };

const createFields = {
  RegionId: required(text()),
  Address: text(),
  AddressIPVersion: oneOf('ipv4', 'ipv6'),
  AddressType: oneOf('internet', 'intranet'),
  AutoPay: boolean(),
  Bandwidth: integer(1, 5120),
  ClientToken: text({ length: [1, 64] }),
  DeleteProtection: onOff,
  InstanceChargeType: oneOf('PayBySpec', 'PayByCLCU'),
  InternetChargeType: oneOf('paybytraffic', 'paybybandwidth'),
  LoadBalancerName: name,
  LoadBalancerSpec: oneOf(
    'slb.s1.small',
    'slb.s2.small',
    'slb.s2.medium',
    'slb.s3.small',
    'slb.s3.medium',
    'slb.s3.large',
  ),
  MasterZoneId: text(),
  ModificationProtectionReason: name,
  ModificationProtectionStatus: oneOf('NonProtection', 'ConsoleProtection'),
  PayType: oneOf('PayOnDemand'),
  ResourceGroupId: text(),
  SlaveZoneId: text(),
  Tag: tags(),
  VSwitchId: text(),
  VpcId: text(),
};

const createLoadBalancer = action(createFields, (cloud, values) => {
  const { ClientToken: token, ...wanted } = values;
  const request = JSON.stringify(wanted, Object.keys(createFields).sort().concat('key', 'value'));
  const earlier = cloud.state.clientTokens.find((known) => known.token === token);
  if (earlier !== undefined) {
    if (earlier.request !== request) throw refuse('IdempotentParameterMismatch');
    const made = cloud.state.loadBalancers.find(({ id }) => id === earlier.loadBalancerId);
    if (made !== undefined) return describeCreated(made);
  }

  const id = cloud.newId('lb');
  const byCapacity = wanted.InstanceChargeType === 'PayByCLCU';
  const inVpc = wanted.VSwitchId !== undefined;
  const loadBalancer: LoadBalancer = {
    id,
    regionId: wanted.RegionId,
    name: wanted.LoadBalancerName ?? id,
    status: 'active',
    address: cloud.newAddress(),
    addressType: wanted.AddressType ?? (inVpc ? 'intranet' : 'internet'),
    bandwidth: wanted.Bandwidth ?? 5120,
    createdAt: cloud.now(),
    deleteProtection: wanted.DeleteProtection ?? 'off',
    instanceChargeType: wanted.InstanceChargeType ?? 'PayBySpec',
    internetChargeType: wanted.InternetChargeType ?? 'paybytraffic',
    spec: byCapacity ? 'slb.lcu.elastic' : (wanted.LoadBalancerSpec ?? 'slb.s1.small'),
    masterZoneId: wanted.MasterZoneId ?? `${wanted.RegionId}-a`,
    slaveZoneId: wanted.SlaveZoneId ?? `${wanted.RegionId}-b`,
    resourceGroupId: wanted.ResourceGroupId ?? 'rg-practice',
    vpcId: wanted.VpcId ?? (inVpc ? 'vpc-practice' : ''),
    vSwitchId: wanted.VSwitchId ?? '',
    tags: [...(wanted.Tag ?? [])],
    backendServers: [],
    listeners: [],
  };
  cloud.state.loadBalancers.push(loadBalancer);
  if (token !== undefined) cloud.state.clientTokens.push({ token, request, loadBalancerId: id });
  return describeCreated(loadBalancer);
});

const describeLoadBalancers = action(
  {
    RegionId: required(text()),
    Address: text(),
    AddressType: text(),
    LoadBalancerId: text(),
    LoadBalancerName: name,
    LoadBalancerStatus: text(),
    MasterZoneId: text(),
    NetworkType: oneOf('vpc', 'Classic'),
    PageNumber: integer(1, 1_000_000),
    PageSize: integer(1, 100),
    ResourceGroupId: text(),
    ServerId: text(),
    SlaveZoneId: text(),
    Tag: tags(),
    VSwitchId: text(),
    VpcId: text(),
  },
  (cloud, values) => {
    const { PageNumber = 1, PageSize = 50 } = values;
    const is = (wanted: string | undefined, actual: string) => wanted === undefined || wanted === actual;
    const ids = values.LoadBalancerId?.split(',');
    const found = cloud.state.loadBalancers.filter(
      (lb) =>
        lb.regionId === values.RegionId &&
        (ids === undefined || ids.includes(lb.id)) &&
        is(values.Address, lb.address) &&
        is(values.AddressType, lb.addressType) &&
        is(values.LoadBalancerName, lb.name) &&
        is(values.LoadBalancerStatus, lb.status) &&
        is(values.MasterZoneId, lb.masterZoneId) &&
        is(values.SlaveZoneId, lb.slaveZoneId) &&
        is(values.NetworkType?.toLowerCase(), networkType(lb)) &&
        is(values.ResourceGroupId, lb.resourceGroupId) &&
        is(values.VSwitchId, lb.vSwitchId) &&
        is(values.VpcId, lb.vpcId) &&
        (values.ServerId === undefined || lb.backendServers.some((s) => s.serverId === values.ServerId)) &&
        hasTags(lb.tags, values.Tag),
    );
    const page = found.slice((PageNumber - 1) * PageSize, PageNumber * PageSize);
    return {
      LoadBalancers: { LoadBalancer: page.map(describe) },
      PageNumber,
      PageSize,
      TotalCount: found.length,
    };
  },
);

const describeLoadBalancerAttribute = action(target, (cloud, values) => {
  const loadBalancer = cloud.loadBalancer(values.LoadBalancerId, values.RegionId);
  const listeners = [...loadBalancer.listeners].sort((a, b) => a.port - b.port);
  return {
    ...describe(loadBalancer),
    BackendServers: {
      BackendServer: loadBalancer.backendServers.map((server) => ({
        ServerId: server.serverId,
        ServerIp: server.serverIp,
        Weight: server.weight,
        Type: server.type,
        Description: server.description,
      })),
    },
    ListenerPorts: { ListenerPort: listeners.map(({ port }) => port) },
    // The API misspells one of the two, and keeps both.
    ListenerPortsAndProtocal: {
      ListenerPortAndProtocal: listeners.map(({ port, protocol }) => ({
        ListenerPort: port,
        ListenerProtocal: protocol,
      })),
    },
    ListenerPortsAndProtocol: {
      ListenerPortAndProtocol: listeners.map(({ port, protocol, settings }) => ({
        ListenerPort: port,
        ListenerProtocol: protocol,
        Description: settings.Description ?? `${protocol}_${port}`,
        ...(settings.ListenerForward === 'on'
          ? { ListenerForward: 'on', ForwardPort: settings.ForwardPort }
          : {}),
      })),
    },
  };
});

const setLoadBalancerName = action({ ...target, LoadBalancerName: required(name) }, (cloud, values) => {
  changeable(cloud.loadBalancer(values.LoadBalancerId, values.RegionId)).name = values.LoadBalancerName;
  return done;
});

const setLoadBalancerStatus = action(
  { ...target, LoadBalancerStatus: required(oneOf('active', 'inactive')) },
  async (cloud, values) => {
    const loadBalancer = changeable(cloud.loadBalancer(values.LoadBalancerId, values.RegionId));
    loadBalancer.status = values.LoadBalancerStatus;
    await cloud.refresh(loadBalancer);
    return done;
  },
);

const setLoadBalancerDeleteProtection = action(
  { LoadBalancerId: required(text()), RegionId: required(text()), DeleteProtection: required(onOff) },
  (cloud, values) => {
    const loadBalancer = changeable(cloud.loadBalancer(values.LoadBalancerId, values.RegionId));
    loadBalancer.deleteProtection = values.DeleteProtection;
    return done;
  },
);

const deleteLoadBalancer = action(target, async (cloud, values) => {
  const loadBalancer = changeable(cloud.loadBalancer(values.LoadBalancerId, values.RegionId));
  if (loadBalancer.deleteProtection === 'on') throw refuse('OperationDenied.DeleteProtectionIsOn');
  await cloud.removeLoadBalancer(loadBalancer);
  return done;
});

export const loadBalancerActions: Readonly<Record<string, Action>> = {
  CreateLoadBalancer: createLoadBalancer,
  DescribeLoadBalancers: describeLoadBalancers,
  DescribeLoadBalancerAttribute: describeLoadBalancerAttribute,
  SetLoadBalancerName: setLoadBalancerName,
  SetLoadBalancerStatus: setLoadBalancerStatus,
  SetLoadBalancerDeleteProtection: setLoadBalancerDeleteProtection,
  DeleteLoadBalancer: deleteLoadBalancer,
};

/** @throws ApiError when the load balancer is locked: nothing about it can change then. */
export function changeable(loadBalancer: LoadBalancer): LoadBalancer {
  if (loadBalancer.status === 'locked') throw refuse('ActionNotAllowed');
  return loadBalancer;
}

function networkType(loadBalancer: LoadBalancer): string {
  return loadBalancer.vSwitchId === '' ? 'classic' : 'vpc';
}

function describeCreated(loadBalancer: LoadBalancer): Reply {
  return {
    LoadBalancerId: loadBalancer.id,
    LoadBalancerName: loadBalancer.name,
    Address: loadBalancer.address,
    AddressIPVersion: 'ipv4',
    NetworkType: networkType(loadBalancer),
    VpcId: loadBalancer.vpcId,
    VSwitchId: loadBalancer.vSwitchId,
    ResourceGroupId: loadBalancer.resourceGroupId,
    OrderId: 0,
  };
}

function describe(loadBalancer: LoadBalancer): Record<string, unknown> {
  return {
    LoadBalancerId: loadBalancer.id,
    LoadBalancerName: loadBalancer.name,
    LoadBalancerStatus: loadBalancer.status,
    LoadBalancerSpec: loadBalancer.spec,
    Address: loadBalancer.address,
    AddressIPVersion: 'ipv4',
    AddressType: loadBalancer.addressType,
    Bandwidth: loadBalancer.bandwidth,
    DeleteProtection: loadBalancer.deleteProtection,
    InstanceChargeType: loadBalancer.instanceChargeType,
    InternetChargeType: loadBalancer.internetChargeType,
    MasterZoneId: loadBalancer.masterZoneId,
    SlaveZoneId: loadBalancer.slaveZoneId,
    ModificationProtectionStatus: 'NonProtection',
    ModificationProtectionReason: '',
    NetworkType: networkType(loadBalancer),
    PayType: 'PayOnDemand',
    RegionId: loadBalancer.regionId,
    RegionIdAlias: loadBalancer.regionId,
    ResourceGroupId: loadBalancer.resourceGroupId,
    VpcId: loadBalancer.vpcId,
    VSwitchId: loadBalancer.vSwitchId,
    Tags: tagList(loadBalancer.tags),
    ...timeFields('CreateTime', loadBalancer.createdAt),
  };
}
