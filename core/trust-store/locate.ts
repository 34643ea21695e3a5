/** The certificate stores of this user on this machine. */
import { homedir } from 'node:os';
import { Problem } from '../../contract/problem.ts';
import { firefoxLocations } from './firefox/locations.ts';
import { KeychainStore } from './macos/store.ts';
import { chromiumLocations } from './nss/locations.ts';
import { NssStore } from './nss/store.ts';
import type { StoreHost, TrustStore } from './store.ts';
import { WindowsStore } from './windows/store.ts';
import { practiceStores, userStores } from './windows/system.ts';

export function currentHost(): StoreHost {
  return { platform: process.platform, env: process.env, home: homedir() };
}

/** Every store, the one a browser reads first. Empty on a system whose stores are not handled yet. */
export function trustStores(host: StoreHost = currentHost()): readonly TrustStore[] {
  switch (host.platform) {
    case 'linux':
      return [...chromiumLocations(host), ...firefoxLocations(host)].map(
        (location) => new NssStore(location, host),
      );
    case 'darwin':
      return [new KeychainStore(host)];
    // One for all browsers: Firefox offers the system's certificates as well.
    case 'win32':
      return [new WindowsStore(host.madeUp === true ? practiceStores : userStores, host)];
    default:
      return [];
  }
}

/**
 * The store called `id`, or the one that the browser reads when none is named.
 * @throws Problem STORE_UNKNOWN, STORE_UNSUPPORTED
 */
export function openStore(id?: string, host: StoreHost = currentHost()): TrustStore {
  const stores = trustStores(host);
  if (stores.length === 0) throw new Problem('STORE_UNSUPPORTED', { platform: host.platform });
  const store =
    id === undefined
      ? stores.find((candidate) => candidate.summary().used)
      : stores.find((candidate) => candidate.id === id);
  if (!store)
    throw new Problem('STORE_UNKNOWN', {
      store: id ?? '',
      known: stores.map((candidate) => candidate.id).join(', '),
    });
  return store;
}
