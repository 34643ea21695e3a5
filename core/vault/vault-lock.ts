import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { VaultFiles } from './vault-files.ts';

/** A change takes milliseconds. A lock that stands still for longer was left by a process that died. */
const staleAfter = 5_000;
const giveUpAfter = 30_000;
const pollEvery = 20;

/** Held for the time of one change. */
export interface VaultLock {
  /** Whether nobody took it over, thinking its holder dead (a suspended laptop). Ask before the point of no return. */
  isHeld(): boolean;
}

/**
 * Runs `work` while no other process changes the vault. `work` must be synchronous and short.
 * Resolves to `undefined` when another holder does not finish within 30 seconds.
 */
export async function withVaultLock<T>(
  files: VaultFiles,
  path: string,
  work: (lock: VaultLock) => T,
): Promise<T | undefined> {
  const lockPath = `${path}.lock`;
  const token = `${process.pid} ${hostname()} ${randomUUID()}\n`;
  if (!(await acquire(files, lockPath, token))) return undefined;
  const isHeld = () => readText(files, lockPath) === token;
  try {
    return work({ isHeld });
  } finally {
    release(files, lockPath, isHeld);
  }
}

async function acquire(files: VaultFiles, lockPath: string, token: string): Promise<boolean> {
  const start = performance.now();
  let seen: string | undefined;
  let seenSince = start;
  while (performance.now() - start < giveUpAfter) {
    if (tryCreate(files, lockPath, token)) return true;
    const holder = readText(files, lockPath);
    if (holder !== seen) {
      seen = holder;
      seenSince = performance.now();
    }
    if (holder !== undefined && (isDead(holder) || performance.now() - seenSince > staleAfter)) {
      clear(files, lockPath, token);
    } else {
      await delay(pollEvery);
    }
  }
  return false;
}

function tryCreate(files: VaultFiles, lockPath: string, token: string): boolean {
  try {
    files.create(lockPath, Buffer.from(token));
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Moves a dead lock out of the way. Two processes can come here at once and the later one can catch a fresh lock;
 * its holder then finds it gone (`isHeld`) and starts over.
 */
function clear(files: VaultFiles, lockPath: string, token: string): void {
  const aside = `${lockPath}.${token.trim().split(' ').at(-1)}`;
  try {
    files.rename(lockPath, aside);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
  }
  files.remove(aside);
}

/** A lock left behind is only a delay of seconds for the next change. */
function release(files: VaultFiles, lockPath: string, isHeld: () => boolean): void {
  try {
    if (isHeld()) files.remove(lockPath);
  } catch {}
}

/** Known only of processes of this computer. */
function isDead(holder: string): boolean {
  const [pid, host] = holder.trim().split(' ');
  if (host !== hostname() || !/^[1-9]\d*$/.test(pid ?? '')) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as { code?: string }).code === 'ESRCH';
  }
}

function readText(files: VaultFiles, path: string): string | undefined {
  const content = files.read(path);
  return content === undefined ? undefined : Buffer.from(content).toString();
}
