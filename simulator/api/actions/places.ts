import { type Action, action } from '../action.ts';
import { boolean, integer, oneOf, required, text } from '../parameters.ts';
import { regions } from '../regions.ts';

const describeRegions = action({ RegionId: text(), AcceptLanguage: text() }, (_cloud, values, host) => ({
  Regions: {
    Region: regions.map((region) => ({
      RegionId: region.id,
      LocalName: values.AcceptLanguage?.startsWith('zh') ? region.zh : region.en,
      // Ourselves for every region: a client that follows this must never end up in the real cloud.
      RegionEndpoint: host,
    })),
  },
}));

const describeZones = action({ RegionId: required(text()), AcceptLanguage: text() }, (_cloud, values) => ({
  Zones: {
    Zone: zonesOf(values.RegionId).map((zone, _at, zones) => ({
      ZoneId: zone,
      LocalName: zone,
      SlaveZones: {
        SlaveZone: zones.filter((z) => z !== zone).map((slave) => ({ ZoneId: slave, LocalName: slave })),
      },
    })),
  },
}));

const describeAvailableResource = action(
  { RegionId: required(text()), AddressType: text(), AddressIPVersion: oneOf('ipv4', 'ipv6') },
  (_cloud, values) => {
    const offered = ['vpc', 'classic_internet', 'classic_intranet'].filter(
      (type) => values.AddressType === undefined || type === values.AddressType,
    );
    const SupportResource =
      values.AddressIPVersion === 'ipv6'
        ? []
        : offered.map((AddressType) => ({ AddressType, AddressIPVersion: 'ipv4' }));
    const [a = '', b = ''] = zonesOf(values.RegionId);
    const pairs = [
      { MasterZoneId: a, SlaveZoneId: b },
      { MasterZoneId: b, SlaveZoneId: a },
    ];
    return {
      AvailableResources: {
        AvailableResource: pairs.map((pair) => ({ ...pair, SupportResources: { SupportResource } })),
      },
    };
  },
);

/** The system policies are fixed; this lists the custom ones, of which the simulator has none. */
const listTlsCipherPolicies = action(
  {
    RegionId: required(text()),
    IncludeListener: boolean(),
    MaxItems: integer(1, 100),
    Name: text({ length: [2, 128] }),
    NextToken: text(),
    TLSCipherPolicyId: text(),
  },
  () => ({ IsTruncated: false, TotalCount: 0, TLSCipherPolicies: [] }),
);

export const placeActions: Readonly<Record<string, Action>> = {
  DescribeRegions: describeRegions,
  DescribeZones: describeZones,
  DescribeAvailableResource: describeAvailableResource,
  ListTLSCipherPolicies: listTlsCipherPolicies,
};

function zonesOf(regionId: string): string[] {
  return [`${regionId}-a`, `${regionId}-b`];
}
