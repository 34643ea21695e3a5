/** On Windows and macOS Firefox uses the certificates of the system's own store, unless a preference forbids it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiagnosisFinding } from '../../../contract/trust-store.ts';
import { homeOf, type StoreHost } from '../store.ts';
import { readProfiles } from './profiles.ts';

/** True by default since Firefox 90 (https://blog.mozilla.org/security/2021/07/28/making-client-certificates-available-by-default-in-firefox-90/). */
export const systemStorePreference = 'security.osclientcerts.autoload';

/** One finding for each profile; empty without any, that is without Firefox. Looks at prefs.js and user.js. */
export async function firefoxSystemStore(host: StoreHost): Promise<readonly DiagnosisFinding[]> {
  const findings: DiagnosisFinding[] = [];
  for (const { name, path } of readProfiles(rootOf(host))) {
    let autoload = true;
    let unreadable: string | undefined;
    // user.js is applied after prefs.js.
    for (const file of ['prefs.js', 'user.js'])
      try {
        autoload = lastSetting(await readFile(join(path, file), 'utf8')) ?? autoload;
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? 'error';
        if (code !== 'ENOENT') unreadable = `${join(path, file)} (${code})`;
      }
    findings.push({
      check: 'firefox-system-store',
      ok: unreadable === undefined ? autoload : null,
      detail: unreadable ?? `${name}: ${systemStorePreference} = ${autoload}`,
    });
  }
  return findings;
}

function rootOf(host: StoreHost): string {
  return host.platform === 'win32'
    ? join(host.env.APPDATA || join(homeOf(host), 'AppData', 'Roaming'), 'Mozilla', 'Firefox')
    : join(homeOf(host), 'Library', 'Application Support', 'Firefox');
}

function lastSetting(preferences: string): boolean | undefined {
  const found = [
    ...preferences.matchAll(/^user_pref\("security\.osclientcerts\.autoload",\s*(true|false)\);/gm),
  ];
  return found.length === 0 ? undefined : found.at(-1)![1] === 'true';
}
