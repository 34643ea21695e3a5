/** Where Chromium and its kin keep their NSS database on Linux, and who reads which. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DiagnosisFinding } from '../../../contract/trust-store.ts';
import type { PolicyQuestion } from '../diagnosis.ts';
import { homeOf, type StoreHost } from '../store.ts';
import { chromiumIsRunning } from './browser.ts';
import { chromiumPolicies } from './chromium-policies.ts';

export interface NssLocation {
  readonly id: string;
  readonly label: string;
  readonly path: string;
  /** The browsers that read this place, by the names people know. */
  readonly readBy: readonly string[];
  /** One of them reads this place today. */
  readonly used: boolean;
  /** One of them is running and has read the store already. */
  readonly isRunning: () => Promise<boolean>;
  /** What an administrator decided about certificates for those browsers. */
  readonly policies: (question: PolicyQuestion) => Promise<readonly DiagnosisFinding[]>;
}

/** An NSS database is there (SQL format; Chromium has read no other for a decade). */
export function databaseExists(path: string): boolean {
  return existsSync(join(path, 'cert9.db'));
}

/** Packages with a home of their own, by the folder in the user's home, and what marks their processes. */
const sandboxes = [
  {
    id: 'chromium-snap',
    browser: 'Chromium (snap)',
    home: 'snap/chromium/current',
    mark: 'SNAP_NAME=chromium',
  },
  ...(
    [
      ['chromium-flatpak', 'Chromium (Flatpak)', 'org.chromium.Chromium'],
      ['chrome-flatpak', 'Chrome (Flatpak)', 'com.google.Chrome'],
      ['edge-flatpak', 'Edge (Flatpak)', 'com.microsoft.Edge'],
      ['brave-flatpak', 'Brave (Flatpak)', 'com.brave.Browser'],
    ] as const
  ).map(([id, browser, application]) => ({
    id,
    browser,
    home: `.var/app/${application}`,
    mark: `FLATPAK_ID=${application}`,
  })),
] as const;

const nativeBrowsers = ['Chromium', 'Chrome', 'Edge', 'Brave', 'Vivaldi', 'Opera'];

/**
 * The place that a Chromium started by this user reads comes first. An existing `~/.pki/nssdb` wins over
 * `$XDG_DATA_HOME/pki/nssdb`, which is where a new profile makes its own (Chromium ≥ 146; docs/linux/cert_management.md).
 * Sandboxed packages follow the same rule in a home of their own (snap: `~/snap/chromium/current`; Flatpak:
 * `~/.var/app/ID`, data in `data`); only the place they read is listed, and only when they have been started once.
 */
export function chromiumLocations(host: StoreHost): readonly NssLocation[] {
  const home = homeOf(host);
  const policies = (question: PolicyQuestion) => chromiumPolicies(host, question);
  const native = places(home, host.env.XDG_DATA_HOME || join(home, '.local', 'share'));
  const shared = {
    readBy: nativeBrowsers,
    isRunning: () =>
      chromiumIsRunning((env) => env.has(`HOME=${home}`) && !sandboxes.some(({ mark }) => env.has(mark))),
    policies,
  };
  return [
    ...[
      { ...shared, id: 'chromium', label: 'Chromium, Chrome and Edge', ...native.current },
      { ...shared, id: 'chromium-home', label: 'Chromium, Chrome and Edge (~/.pki)', ...native.old },
    ].toSorted((a, b) => Number(b.used) - Number(a.used)),
    ...sandboxes
      .filter((sandbox) => existsSync(join(home, sandbox.home)))
      .map(({ id, browser, home: folder, mark }) => {
        const inside = join(home, folder);
        const { current, old } = places(
          inside,
          mark.startsWith('SNAP') ? join(inside, '.local', 'share') : join(inside, 'data'),
        );
        return {
          id,
          label: browser,
          readBy: [browser],
          ...(old.used ? old : current),
          isRunning: () => chromiumIsRunning((env) => env.has(mark)),
          policies,
        };
      }),
  ];
}

function places(home: string, data: string) {
  const old = join(home, '.pki', 'nssdb');
  const oldWins = existsSync(old);
  return {
    current: { path: join(data, 'pki', 'nssdb'), used: !oldWins },
    old: { path: old, used: oldWins },
  };
}
