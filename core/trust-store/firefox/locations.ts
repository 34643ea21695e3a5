/** Where Firefox keeps its profiles on Linux: each has an NSS database of its own. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiagnosisFinding } from '../../../contract/trust-store.ts';
import type { NssLocation } from '../nss/locations.ts';
import { homeOf, type StoreHost } from '../store.ts';
import { type FirefoxProfile, readProfiles } from './profiles.ts';
import { profileIsInUse } from './running.ts';

/**
 * `~/.mozilla/firefox` wherever it was before; since Firefox 147 new ones are made in `$XDG_CONFIG_HOME/mozilla/firefox`
 * (bugzilla 259356). Snap and Flatpak have the same two in homes of their own.
 */
function roots(host: StoreHost) {
  const home = homeOf(host);
  const snap = join(home, 'snap', 'firefox', 'common');
  const flatpak = join(home, '.var', 'app', 'org.mozilla.firefox');
  const config = host.env.XDG_CONFIG_HOME || join(home, '.config');
  return [
    { id: 'firefox', browser: 'Firefox', path: join(home, '.mozilla', 'firefox') },
    { id: 'firefox', browser: 'Firefox', path: join(config, 'mozilla', 'firefox') },
    { id: 'firefox-snap', browser: 'Firefox (snap)', path: join(snap, '.mozilla', 'firefox') },
    { id: 'firefox-snap', browser: 'Firefox (snap)', path: join(snap, '.config', 'mozilla', 'firefox') },
    { id: 'firefox-flatpak', browser: 'Firefox (Flatpak)', path: join(flatpak, '.mozilla', 'firefox') },
    {
      id: 'firefox-flatpak',
      browser: 'Firefox (Flatpak)',
      path: join(flatpak, 'config', 'mozilla', 'firefox'),
    },
  ];
}

/** Every profile whose folder is there, defaults first. Their ids are `firefox-NAME`, numbered when two share one. */
export function firefoxLocations(host: StoreHost): readonly NssLocation[] {
  const taken = new Map<string, number>();
  const unique = (id: string): string => {
    const count = (taken.get(id) ?? 0) + 1;
    taken.set(id, count);
    return count === 1 ? id : `${id}-${count}`;
  };
  return roots(host)
    .flatMap(({ id, browser, path }) =>
      readProfiles(path)
        .filter((profile) => existsSync(profile.path))
        .map((profile) =>
          location(host, unique(`${id}-${profile.name.replace(/\s+/g, '-')}`), browser, profile),
        ),
    )
    .toSorted((a, b) => Number(b.used) - Number(a.used));
}

function location(host: StoreHost, id: string, browser: string, profile: FirefoxProfile): NssLocation {
  return {
    id,
    label: `${browser}: ${profile.name}`,
    path: profile.path,
    readBy: [`${browser} (${profile.name})`],
    used: profile.isDefault,
    isRunning: () => profileIsInUse(profile.path),
    policies: () => firefoxPolicies(host),
  };
}

/** Firefox has no policy that chooses a certificate; that its file can be read, and what of ours it sets, is evidence. */
async function firefoxPolicies({ etc = '/etc' }: StoreHost): Promise<readonly DiagnosisFinding[]> {
  const path = join(etc, 'firefox', 'policies', 'policies.json');
  try {
    const { policies = {} } = JSON.parse(await readFile(path, 'utf8')) as {
      policies?: { Preferences?: Record<string, unknown> };
    };
    const choice = policies.Preferences?.['security.default_personal_cert'];
    const said = choice === undefined ? '' : ` security.default_personal_cert = ${JSON.stringify(choice)}`;
    return [{ check: 'policies-read', ok: true, detail: `${path}${said}` }];
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'JSON';
    return [
      code === 'ENOENT'
        ? { check: 'policies-read', ok: true, detail: '0' }
        : { check: 'policies-read', ok: null, detail: `${path} (${code})` },
    ];
  }
}
