/** Where Chromium and its kin keep their NSS database on Linux. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreHost } from '../store.ts';

export interface NssLocation {
  readonly id: string;
  readonly label: string;
  readonly path: string;
  /** The browser reads this place today. */
  readonly used: boolean;
}

/** An NSS database is there (SQL format; Chromium has read no other for a decade). */
export function databaseExists(path: string): boolean {
  return existsSync(join(path, 'cert9.db'));
}

/**
 * The place that a Chromium started by this user reads comes first. An existing `~/.pki/nssdb` wins over
 * `$XDG_DATA_HOME/pki/nssdb`, which is where a new profile makes its own (Chromium ≥ 146; docs/linux/cert_management.md).
 * Sandboxed packages have a place of their own, listed only when the package has been started once.
 */
export function chromiumLocations(host: StoreHost): readonly NssLocation[] {
  const home = host.env.HOME || host.home;
  const old = join(home, '.pki', 'nssdb');
  const data = join(host.env.XDG_DATA_HOME || join(home, '.local', 'share'), 'pki', 'nssdb');
  const oldWins = existsSync(old);
  const places: readonly NssLocation[] = [
    { id: 'chromium', label: 'Chromium, Chrome and Edge', path: data, used: !oldWins },
    { id: 'chromium-home', label: 'Chromium, Chrome and Edge (~/.pki)', path: old, used: oldWins },
  ];
  const sandboxed: readonly NssLocation[] = [
    {
      id: 'chromium-snap',
      label: 'Chromium (snap)',
      path: join(home, 'snap', 'chromium', 'current', '.pki', 'nssdb'),
      used: true,
    },
    ...(['org.chromium.Chromium', 'com.google.Chrome'] as const).map((application) => ({
      id: application === 'com.google.Chrome' ? 'chrome-flatpak' : 'chromium-flatpak',
      label: `${application === 'com.google.Chrome' ? 'Chrome' : 'Chromium'} (Flatpak)`,
      path: join(home, '.var', 'app', application, 'data', 'pki', 'nssdb'),
      used: true,
    })),
  ];
  return [
    ...places.toSorted((a, b) => Number(b.used) - Number(a.used)),
    ...sandboxed.filter(({ path }) => existsSync(path)),
  ];
}
