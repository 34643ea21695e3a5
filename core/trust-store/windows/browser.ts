/** Whether a browser that reads the user's Windows store is running. */
import type { WindowsSystem } from './system.ts';

/** Firefox too: it offers the system's certificates by default (`security.osclientcerts.autoload`). */
const browsers = /^(chrome|chromium|msedge|brave|vivaldi|opera|firefox)\.exe$/i;

/** A browser keeps, until it ends, the choice it made for a site; so the person must start it again. */
export function browserIsRunning(system: WindowsSystem): boolean {
  return system.runningPrograms().some((name) => browsers.test(name));
}
