/** Wine, and the folder ("prefix") that is one Windows to it. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
/** What scripts/windows-runtime.mjs fetched. */
export const windowsRuntime = join(root, '.cache', 'windows');

/** wine64, or undefined. */
export const wine = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((directory) => join(directory, 'wine64'))
  .find((file) => existsSync(file));

/** C.UTF-8: the names of files and people reach Windows unharmed. No display: nothing can pop up. */
export function wineEnvironment(prefix: string): NodeJS.ProcessEnv {
  const { DISPLAY: _, ...env } = process.env;
  return { ...env, WINEPREFIX: prefix, WINEDEBUG: '-all', LC_ALL: 'C.UTF-8' };
}

/** Ends every Windows process of a prefix and the server that keeps its registry in memory. */
export function endWine(prefix: string): void {
  // Debian has it beside wine64, not in PATH; others in PATH.
  const beside = join(wine!, '..', 'wineserver');
  const server = existsSync(beside) ? beside : 'wineserver';
  for (const args of [['-k'], ['-w']])
    spawnSync(server, args, { env: wineEnvironment(prefix), timeout: 60_000, stdio: 'ignore' });
}

/**
 * Makes `prefix`, an empty folder, a fresh Windows. 700 MB of a prefix are files of Wine, which nobody changes:
 * those are made once for each version of Wine and shared. Registry and user folders are its own.
 */
export function makePrefix(prefix: string): void {
  const pattern = patternPrefix();
  for (const name of readdirSync(pattern).filter((each) => each !== 'drive_c'))
    cpSync(join(pattern, name), join(prefix, name));
  mkdirSync(join(prefix, 'drive_c'));
  for (const name of readdirSync(join(pattern, 'drive_c'))) {
    const [from, to] = [join(pattern, 'drive_c', name), join(prefix, 'drive_c', name)];
    if (name === 'users') cpSync(from, to, { recursive: true, verbatimSymlinks: true });
    else symlinkSync(from, to);
  }
  mkdirSync(join(prefix, 'dosdevices'));
  symlinkSync('../drive_c', join(prefix, 'dosdevices', 'c:'));
  symlinkSync('/', join(prefix, 'dosdevices', 'z:'));
}

function patternPrefix(): string {
  const version = execFileSync(wine!, ['--version'], { encoding: 'utf8' }).split(/\s/)[0];
  const pattern = join(windowsRuntime, `${version}`);
  if (existsSync(pattern)) return pattern;
  const fresh = mkdtempSync(join(windowsRuntime, `run-${process.pid}-`));
  const boot = (...args: readonly string[]) =>
    execFileSync(wine!, args, { env: wineEnvironment(fresh), stdio: 'ignore' });
  boot('wineboot', '-i');
  // Node refuses to start on the Windows 7 that Wine 8 is by default.
  boot('winecfg', '-v', 'win10');
  endWine(fresh);
  // A link to the whole disk must not lie where somebody searches this folder.
  rmSync(join(fresh, 'dosdevices'), { recursive: true });
  // Named last, so that half a prefix never counts as one; another test may have been quicker.
  try {
    renameSync(fresh, pattern);
  } catch {
    rmSync(fresh, { recursive: true });
  }
  return pattern;
}
