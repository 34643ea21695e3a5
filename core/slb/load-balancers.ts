/** CLB instances. */
import type { CloudLoadBalancer, CloudLoadBalancerDetail } from '../../contract/cloud.ts';
import { type Done, done, list, number, text } from './answer.ts';
import { backendsOf } from './backends.ts';
import { absentWhenGone, type SlbClient } from './client.ts';
import type { Answer } from './sdk.ts';

export interface NewLoadBalancer {
  /** 1–80 characters, a letter first. */
  readonly name: string;
  readonly addressType: 'internet' | 'intranet';
  readonly vpcId?: string | undefined;
  /** Makes it an instance of a VPC; with `intranet` the API needs it. */
  readonly vSwitchId?: string | undefined;
  readonly masterZoneId?: string | undefined;
  readonly slaveZoneId?: string | undefined;
  readonly resourceGroupId?: string | undefined;
  /** The same token never makes a second instance. */
  readonly clientToken: string;
}

/**
 * CreateLoadBalancer, billed by CLCU and traffic from then on. Charge types are always sent: the API's
 * default, pay-by-specification, is no longer sold on the international site.
 */
export async function createLoadBalancer(
  client: SlbClient,
  wanted: NewLoadBalancer,
): Promise<{ readonly id: string; readonly address: string } & Done> {
  const answer = await client.change('CreateLoadBalancer', {
    LoadBalancerName: wanted.name,
    AddressType: wanted.addressType,
    VpcId: wanted.vpcId,
    VSwitchId: wanted.vSwitchId,
    MasterZoneId: wanted.masterZoneId,
    SlaveZoneId: wanted.slaveZoneId,
    ResourceGroupId: wanted.resourceGroupId,
    PayType: 'PayOnDemand',
    InstanceChargeType: 'PayByCLCU',
    InternetChargeType: wanted.addressType === 'internet' ? 'paybytraffic' : undefined,
    ClientToken: wanted.clientToken,
  });
  return { id: text(answer, 'LoadBalancerId'), address: text(answer, 'Address'), ...done(answer) };
}

/** DescribeLoadBalancers, all pages; with `name`, those of exactly this name. */
export async function describeLoadBalancers(
  client: SlbClient,
  filter: { readonly name?: string } = {},
): Promise<readonly CloudLoadBalancer[]> {
  const found: CloudLoadBalancer[] = [];
  for (let page = 1; ; page++) {
    const answer = await client.read('DescribeLoadBalancers', {
      PageNumber: page,
      PageSize: 100,
      LoadBalancerName: filter.name,
    });
    const rows = list(answer, 'LoadBalancers', 'LoadBalancer').map(loadBalancer);
    found.push(...rows);
    if (rows.length < 100 || found.length >= (number(answer, 'TotalCount') ?? 0)) break;
  }
  // The API's own filter may match more than the whole name.
  return filter.name === undefined ? found : found.filter(({ name }) => name === filter.name);
}

/** DescribeLoadBalancerAttribute; `undefined` when there is no such instance in the region. */
export async function describeLoadBalancer(
  client: SlbClient,
  id: string,
): Promise<CloudLoadBalancerDetail | undefined> {
  const answer = await absentWhenGone(client.read('DescribeLoadBalancerAttribute', { LoadBalancerId: id }));
  if (!answer || text(answer, 'LoadBalancerId') === '') return undefined;
  return {
    ...loadBalancer(answer),
    backends: [...backendsOf(answer)],
    listeners: list(answer, 'ListenerPortsAndProtocol', 'ListenerPortAndProtocol').map((row) => ({
      port: number(row, 'ListenerPort') ?? 0,
      protocol: text(row, 'ListenerProtocol'),
    })),
    deleteProtection: text(answer, 'DeleteProtection') === 'on',
  };
}

/** SetLoadBalancerName. */
export async function setLoadBalancerName(client: SlbClient, id: string, name: string): Promise<Done> {
  return done(await client.change('SetLoadBalancerName', { LoadBalancerId: id, LoadBalancerName: name }));
}

/** SetLoadBalancerStatus. */
export async function setLoadBalancerStatus(
  client: SlbClient,
  id: string,
  status: 'active' | 'inactive',
): Promise<Done> {
  return done(
    await client.change('SetLoadBalancerStatus', { LoadBalancerId: id, LoadBalancerStatus: status }),
  );
}

/** SetLoadBalancerDeleteProtection. */
export async function setDeleteProtection(client: SlbClient, id: string, on: boolean): Promise<Done> {
  return done(
    await client.change('SetLoadBalancerDeleteProtection', {
      LoadBalancerId: id,
      DeleteProtection: on ? 'on' : 'off',
    }),
  );
}

/** DeleteLoadBalancer: with all its listeners. */
export async function deleteLoadBalancer(client: SlbClient, id: string): Promise<Done> {
  return done(await client.change('DeleteLoadBalancer', { LoadBalancerId: id }));
}

function loadBalancer(answer: Answer): CloudLoadBalancer {
  return {
    id: text(answer, 'LoadBalancerId'),
    name: text(answer, 'LoadBalancerName'),
    address: text(answer, 'Address'),
    addressType: text(answer, 'AddressType'),
    status: text(answer, 'LoadBalancerStatus'),
    instanceChargeType: text(answer, 'InstanceChargeType'),
    vpcId: text(answer, 'VpcId'),
    vSwitchId: text(answer, 'VSwitchId'),
    createdAt: text(answer, 'CreateTime'),
  };
}
