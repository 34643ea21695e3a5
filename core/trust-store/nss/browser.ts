/** Whether a browser that reads the user's NSS database is running. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoreHost } from '../store.ts';

const browsers = /^(chromium|chromium-browser|chrome|google-chrome|msedge|brave|vivaldi-bin|opera)$/;

/**
 * Looks through /proc for a browser of this user with the same home. A browser reads the database when it
 * starts and keeps, until it ends, the choice it made for a site; so the person must start it again.
 */
export async function browserIsRunning(host: StoreHost): Promise<boolean> {
  const home = host.env.HOME || host.home;
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => isBrowserOf(home, pid)));
  return found.includes(true);
}

async function isBrowserOf(home: string, pid: string): Promise<boolean> {
  try {
    const name = (await readFile(join('/proc', pid, 'comm'), 'utf8')).trim();
    if (!browsers.test(name)) return false;
    // Readable for processes of the same user only, which is whom this is about.
    return (await readFile(join('/proc', pid, 'environ'), 'utf8')).split('\0').includes(`HOME=${home}`);
  } catch {
    return false;
  }
}
