/** Builds the whole of core for one data directory. Main, host and cli differ only in how they carry its contract. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import type { WarifuClient } from '../contract/contract.ts';
import { Problem } from '../contract/problem.ts';
import type { CoreContext } from './context.ts';
import { incidentLog } from './incident-log.ts';
import { Practice, type StartPractice } from './practice/practice.ts';
import type { Rooms } from './procedures/base.ts';
import { router } from './procedures/router.ts';
import { Registry } from './registry/registry.ts';
import { currentHost } from './trust-store/locate.ts';
import type { StoreHost } from './trust-store/store.ts';
import type { Keychain } from './vault/keychain.ts';
import { osKeychain } from './vault/os-keychain.ts';
import { Vault } from './vault/vault.ts';

export interface CoreOptions {
  /** The data directory; made when absent, readable by its owner alone. */
  readonly home: string;
  readonly clock?: () => Date;
  /** Null: none on this machine. The system's own when absent. */
  readonly keychain?: Keychain | null;
  /** How Practice is started; without it there is none. */
  readonly startPractice?: StartPractice;
  /** Whose certificate stores to work on: this user's when absent, else those under another home directory. */
  readonly storeHome?: string;
}

export interface Core {
  /** The contract, called in this process. */
  readonly client: WarifuClient;
  /** For transports that carry the contract elsewhere. */
  readonly rooms: Rooms;
  close(): Promise<void>;
}

/** @throws Problem REGISTRY_NEWER, REGISTRY_DAMAGED, REGISTRY_BUSY, REGISTRY_DISK_FULL, FILE_UNWRITABLE */
export function createCore({
  home,
  clock = () => new Date(),
  keychain,
  startPractice,
  storeHome,
}: CoreOptions): Core {
  makeHome(home);
  const registry = Registry.open(join(home, 'registry.db'), { clock });
  const vault = Vault.open(join(home, 'vault.json'), {
    clock,
    keychain: keychain === undefined ? osKeychain('Warifu') : (keychain ?? undefined),
  });
  const context: CoreContext = { registry, vault, clock };
  const practice = new Practice(context, startPractice);
  const rooms: Rooms = { context, practice, stores: storesOf(storeHome), log: incidentLog(home) };
  return {
    client: createRouterClient(router, { context: rooms }),
    rooms,
    async close() {
      await practice.stop();
      vault.lock();
      registry.close();
    },
  };
}

function makeHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Problem('FILE_UNWRITABLE', {
      path: home,
      reason: (error as NodeJS.ErrnoException).code ?? 'error',
    });
  }
}

function storesOf(home: string | undefined): StoreHost {
  const host = currentHost();
  return home === undefined
    ? host
    : { ...host, home, madeUp: true, env: { ...host.env, HOME: home, XDG_DATA_HOME: undefined } };
}
