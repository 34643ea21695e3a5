/** Builds the whole of core for one data directory. Main, host and cli differ only in how they carry its contract. */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import type { WarifuClient } from '../contract/contract.ts';
import { Problem } from '../contract/problem.ts';
import { Consents } from './authority/consent.ts';
import { Reader } from './authority/reader.ts';
import { finishRestore } from './backup/restore.ts';
import type { CoreContext } from './context.ts';
import { idleMinutes } from './idle-lock.ts';
import { incidentLog } from './incident-log.ts';
import { KeyMaker } from './key-maker/key-maker.ts';
import { WaitingBundle } from './kit/bundle.ts';
import { Practice, type StartPractice } from './practice/practice.ts';
import type { Rooms } from './procedures/base.ts';
import { router } from './procedures/router.ts';
import { Registry } from './registry/registry.ts';
import { Scratch } from './scratch.ts';
import { currentHost } from './trust-store/locate.ts';
import type { StoreHost } from './trust-store/store.ts';
import { Attempts } from './vault/attempts.ts';
import type { Keychain } from './vault/keychain.ts';
import { osKeychain } from './vault/os-keychain.ts';
import { Vault } from './vault/vault.ts';
import { WorkUnderWay } from './work-under-way.ts';

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
  /** scrypt's N for new passphrase slots, as in VaultOptions. */
  readonly scryptCost?: number;
}

export interface Core {
  /** The contract, called in this process. */
  readonly client: WarifuClient;
  /**
   * For transports that carry the contract to a window: what implements it, and what that works with. Procedures that
   * write where their input says are left out: a window never names a path.
   */
  readonly router: typeof windowRouter;
  readonly rooms: Rooms;
  close(): Promise<void>;
}

const { plan: _readsFolders, make: _writesFolders, ...windowKit } = router.kit;
const windowRouter = { ...router, kit: windowKit };

/**
 * The registry is opened by the first procedure that needs it, which reports what is wrong with it: a damaged one
 * must not stand in the way of its own restoring.
 * @throws Problem FILE_UNWRITABLE
 */
export function createCore({
  home,
  clock = () => new Date(),
  keychain,
  startPractice,
  storeHome,
  scryptCost,
}: CoreOptions): Core {
  makeHome(home);
  const consents = new Consents(clock);
  const scratch = new Scratch(home);
  const kits = new WaitingBundle();
  const attempts = new Attempts();
  const files = { home, registry: join(home, 'registry.db'), vault: join(home, 'vault.json') };
  const usedKeychain = keychain === undefined ? osKeychain('Warifu') : (keychain ?? undefined);
  const reader = new Reader(files.registry);
  let registry: Registry | undefined;
  let isClosed = false;
  let ready: Promise<void> | undefined;
  const context: CoreContext = {
    get registry() {
      if (isClosed) throw new Problem('REGISTRY_UNAVAILABLE', { path: files.registry, reason: 'closed' });
      registry ??= Registry.open(files.registry, { clock });
      return registry;
    },
    get reader() {
      // It reads beside an open registry.
      void context.registry;
      return reader;
    },
    keyMaker: new KeyMaker(),
    vault: Vault.open(files.vault, {
      clock,
      keychain: usedKeychain,
      scryptCost,
      idleMinutes: () => idleMinutes(() => context.registry),
      attempts,
      onLock() {
        consents.forget();
        kits.forget();
      },
    }),
    keychain: usedKeychain,
    attempts,
    consents,
    issuing: new WorkUnderWay(),
    clock,
    files,
    scratch,
    restoreIsOpen() {
      ready = undefined;
    },
    async closeRegistry(andThen = () => {}) {
      while (reader.isRunning) await reader.close();
      registry?.close();
      registry = undefined;
      andThen();
    },
  };
  const practice = new Practice(context, startPractice);
  const rooms: Rooms = {
    context,
    practice,
    stores: storesOf(storeHome),
    kits,
    log: incidentLog(home),
    ready() {
      // What stood in its way may be gone at the next call.
      ready ??= finishRestore(context).catch((error: unknown) => {
        ready = undefined;
        throw error;
      });
      return ready;
    },
  };
  return {
    client: createRouterClient(router, { context: rooms }),
    router: windowRouter,
    rooms,
    async close() {
      await practice.stop();
      // What is not begun yet finds the vault locked; what is signed is recorded.
      context.vault.lock();
      await context.issuing.settled();
      context.keyMaker.close();
      isClosed = true;
      await context.closeRegistry();
      scratch.close();
    },
  };
}

/** WARIFU_HOME, else where each system keeps an application's data for one user. */
export function defaultHome(): string {
  const chosen = process.env['WARIFU_HOME'];
  if (chosen !== undefined) return chosen;
  if (process.platform === 'win32')
    return join(process.env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Warifu');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Warifu');
  return join(process.env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'warifu');
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
