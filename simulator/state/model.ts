import type { ListenerSettings } from '../api/listener-fields.ts';
import type { Tag } from '../api/parameters.ts';

/** Everything the practice cloud knows, as plain data: what the state file holds. Times are ISO 8601 UTC. */
export interface CloudState {
  readonly version: 1;
  /** Counts the ids given out, so that no two are alike. */
  sequence: number;
  loadBalancers: LoadBalancer[];
  serverCertificates: ServerCertificate[];
  caCertificates: CaCertificate[];
  vServerGroups: VServerGroup[];
  /** What CreateLoadBalancer answered to each ClientToken. */
  clientTokens: ClientToken[];
}

export type LoadBalancerStatus = 'active' | 'inactive' | 'locked';

export interface LoadBalancer {
  readonly id: string;
  readonly regionId: string;
  name: string;
  status: LoadBalancerStatus;
  /** A loopback address of this machine. */
  readonly address: string;
  readonly addressType: string;
  readonly bandwidth: number;
  readonly createdAt: string;
  deleteProtection: 'on' | 'off';
  readonly instanceChargeType: string;
  readonly internetChargeType: string;
  readonly spec: string;
  readonly masterZoneId: string;
  readonly slaveZoneId: string;
  readonly resourceGroupId: string;
  readonly vpcId: string;
  readonly vSwitchId: string;
  tags: Tag[];
  /** The default server group. */
  backendServers: BackendServer[];
  listeners: Listener[];
}

export interface BackendServer {
  readonly serverId: string;
  readonly serverIp: string;
  readonly type: string;
  weight: number;
  description: string;
}

/** A backend server of a VServer group has its own port. */
export interface GroupServer extends BackendServer {
  readonly port: number;
}

export type ListenerStatus = 'stopped' | 'starting' | 'running' | 'stopping';
export type ListenerProtocol = 'http' | 'https';

export interface Listener {
  readonly port: number;
  readonly protocol: ListenerProtocol;
  readonly createdAt: string;
  status: ListenerStatus;
  settings: ListenerSettings;
  tags: Tag[];
}

interface Certificate {
  readonly id: string;
  readonly regionId: string;
  name: string;
  readonly commonName: string;
  /** SHA-1, lower-case hex with colons. */
  readonly fingerprint: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly resourceGroupId: string;
  /** Leaf first, then its chain. */
  readonly pem: string;
  tags: Tag[];
}

export interface ServerCertificate extends Certificate {
  readonly alternativeNames: readonly string[];
  /** PKCS#1 in PEM. The state file holds it sealed. */
  readonly privateKey: string;
}

export type CaCertificate = Certificate;

export interface VServerGroup {
  readonly id: string;
  readonly loadBalancerId: string;
  readonly regionId: string;
  readonly name: string;
  readonly createdAt: string;
  servers: GroupServer[];
  tags: Tag[];
}

export interface ClientToken {
  readonly token: string;
  /** The request the token came with, so that a changed repeat is noticed. */
  readonly request: string;
  readonly loadBalancerId: string;
}

export function emptyState(): CloudState {
  return {
    version: 1,
    sequence: 0,
    loadBalancers: [],
    serverCertificates: [],
    caCertificates: [],
    vServerGroups: [],
    clientTokens: [],
  };
}
