/** Whether a browser that reads the user's NSS database is running. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const browsers = /^(chromium|chromium-browser|chrome|google-chrome|msedge|brave|vivaldi-bin|opera)$/;

/**
 * Looks through /proc for a browser whose environment (`NAME=value` each) fits. A browser reads the database when
 * it starts and keeps, until it ends, the choice it made for a site; so the person must start it again.
 */
export async function chromiumIsRunning(
  fits: (environment: ReadonlySet<string>) => boolean,
): Promise<boolean> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        const name = (await readFile(join('/proc', pid, 'comm'), 'utf8')).trim();
        if (!browsers.test(name)) return false;
        // Readable for processes of the same user only, which is whom this is about.
        return fits(new Set((await readFile(join('/proc', pid, 'environ'), 'utf8')).split('\0')));
      } catch {
        return false;
      }
    }),
  );
  return found.includes(true);
}
