import type { ListenerSettings } from '../api/listener-fields.ts';
import type { ListenerProtocol } from '../state/model.ts';

/** A backend server as one listener sees it. */
export interface PoolMember {
  readonly serverId: string;
  /** The address the API shows; only the name of the server is used to reach it. */
  readonly serverIp: string;
  readonly port: number;
  readonly weight: number;
}

/** Everything a listener needs in order to serve. */
export interface ListenerConfiguration {
  readonly loadBalancerId: string;
  /** The loopback address of the load balancer. */
  readonly address: string;
  readonly port: number;
  readonly protocol: ListenerProtocol;
  readonly settings: ListenerSettings;
  readonly pool: readonly PoolMember[];
  /** HTTPS only: chain in PEM (leaf first) and PKCS#1 key. */
  readonly identity?: { readonly certificate: string; readonly key: string };
  /** The one CA whose clients are let in, in PEM. Its presence is mutual authentication. */
  readonly clientCa?: string;
}

/** Where a server answers on this machine. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Finds a backend server on this machine, whatever port a listener asks for. `undefined`: it does not run. */
export type FindBackend = (serverId: string, port: number) => Endpoint | undefined;

export function listenerKey(loadBalancerId: string, port: number, protocol: string): string {
  return `${loadBalancerId}_${protocol}_${port}`;
}
