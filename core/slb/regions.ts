/** Regions, zones, and what is sold there. */
import type { CloudRegion, CloudZone } from '../../contract/cloud.ts';
import { list, text } from './answer.ts';
import type { SlbClient } from './client.ts';

export type AnswerLanguage = 'en-US' | 'ja' | 'zh-CN';

/** DescribeRegions: every region where the account can have CLB. Also the lightest proof that an AccessKey works. */
export async function describeRegions(
  client: SlbClient,
  language: AnswerLanguage = 'en-US',
): Promise<readonly CloudRegion[]> {
  const answer = await client.read('DescribeRegions', { AcceptLanguage: language });
  return list(answer, 'Regions', 'Region').map((row) => ({
    regionId: text(row, 'RegionId'),
    localName: text(row, 'LocalName'),
    endpoint: text(row, 'RegionEndpoint'),
  }));
}

/** DescribeZones of the client's region. */
export async function describeZones(
  client: SlbClient,
  language: AnswerLanguage = 'en-US',
): Promise<readonly CloudZone[]> {
  const answer = await client.read('DescribeZones', { AcceptLanguage: language });
  return list(answer, 'Zones', 'Zone').map((row) => ({
    zoneId: text(row, 'ZoneId'),
    localName: text(row, 'LocalName'),
    slaveZones: list(row, 'SlaveZones', 'SlaveZone').map((slave) => ({
      zoneId: text(slave, 'ZoneId'),
      localName: text(slave, 'LocalName'),
    })),
  }));
}

/** DescribeAvailableResource: which zones sell which kind of address. */
export async function describeAvailableResource(client: SlbClient): Promise<
  readonly {
    readonly masterZoneId: string;
    readonly slaveZoneId: string;
    readonly addressTypes: readonly string[];
  }[]
> {
  const answer = await client.read('DescribeAvailableResource');
  return list(answer, 'AvailableResources', 'AvailableResource').map((row) => ({
    masterZoneId: text(row, 'MasterZoneId'),
    slaveZoneId: text(row, 'SlaveZoneId'),
    addressTypes: list(row, 'SupportResources', 'SupportResource').map((resource) =>
      text(resource, 'AddressType'),
    ),
  }));
}
