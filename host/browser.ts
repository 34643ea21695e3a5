/** Opens the default browser, where there is a screen to show it on. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A desktop, or a browser that the person has named. */
export function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'] || env['BROWSER']);
}

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  darwin: ['open'],
};

/**
 * Arguments of a program can be read by every user of the machine, so the browser is given a file that only its
 * owner can read, and the file knows the address. Returns what removes it again.
 */
export function openInBrowser(address: string, home: string): () => void {
  const folder = mkdtempSync(join(home, 'open-'));
  const page = join(folder, 'warifu.html');
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Warifu</title><meta http-equiv="refresh" content="0;url=${address}">\n`,
    { mode: 0o600 },
  );
  const [command, ...args] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, pathToFileURL(page).href], { stdio: 'ignore', detached: true });
  // Without an opener there is still the printed address.
  child.once('error', () => {});
  child.unref();
  return () => rmSync(folder, { recursive: true, force: true });
}
