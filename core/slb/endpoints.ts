/** Where the CLB API of a region answers. */
import { Problem } from '../../contract/problem.ts';

/** Regions served by the central endpoint; the official SDK's endpoint map. RegionId is mandatory there. */
// biome-ignore format: a table
const centralRegions = [
  'cn-qingdao', 'cn-beijing', 'cn-hangzhou', 'cn-shanghai', 'cn-shenzhen', 'cn-hongkong',
  'ap-southeast-1', 'us-east-1', 'us-west-1',
  'cn-shanghai-finance-1', 'cn-shenzhen-finance-1', 'cn-north-2-gov-1',
];

/** Regions with an endpoint of their own, `slb.{region}.aliyuncs.com`. */
// biome-ignore format: a table
const regionalRegions = [
  'cn-zhangjiakou', 'cn-huhehaote', 'cn-wulanchabu', 'cn-heyuan', 'cn-guangzhou', 'cn-chengdu', 'cn-nanjing',
  'cn-fuzhou', 'cn-wuhan-lr', 'cn-zhengzhou-jva', 'cn-heyuan-acdr-1', 'cn-beijing-finance-1',
  'ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-5',
  'ap-southeast-6', 'ap-southeast-7', 'eu-central-1', 'eu-west-1', 'me-east-1', 'me-central-1', 'na-south-1',
];

/** Every region with CLB that is known without asking the cloud. */
export const regionIds: readonly string[] = [...centralRegions, ...regionalRegions].sort();

export interface Endpoint {
  readonly protocol: 'https' | 'http';
  /** Host, with the port where it is not the protocol's own. */
  readonly host: string;
}

/**
 * The endpoint of a region, or `override` (`https://host[:port]`; plain http on loopback only, for the simulator).
 * @throws Problem UNKNOWN_REGION, ENDPOINT_REFUSED
 */
export function endpointFor(regionId: string, override?: string): Endpoint {
  if (override !== undefined) return parseEndpoint(override);
  if (centralRegions.includes(regionId)) return { protocol: 'https', host: 'slb.aliyuncs.com' };
  if (regionalRegions.includes(regionId)) return { protocol: 'https', host: `slb.${regionId}.aliyuncs.com` };
  throw unknownRegion(regionId);
}

/** Also for a region of the table that the cloud does not know any more. */
export function unknownRegion(regionId: string): Problem<'UNKNOWN_REGION'> {
  return new Problem('UNKNOWN_REGION', {
    regionId,
    known: regionIds.filter((known) => known !== regionId).join(', '),
  });
}

function parseEndpoint(text: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bare = url && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
  if (bare && url.protocol === 'https:') return { protocol: 'https', host: url.host };
  if (bare && url.protocol === 'http:' && isLoopback(url.hostname))
    return { protocol: 'http', host: url.host };
  // A user name or password in the address must not reach the message.
  throw new Problem('ENDPOINT_REFUSED', {
    endpoint: url ? `${url.protocol}//${url.host}${url.pathname}` : text.slice(0, 80),
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
