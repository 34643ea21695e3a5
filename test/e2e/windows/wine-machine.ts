/** A Windows of its own for one test file: a fresh Wine prefix, and our programs compiled to run in it. */
import { spawn } from 'node:child_process';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';
import { nativeModules } from '../../../scripts/native-modules.mjs';
import type { IssueOptions, OpensslIdentity, OpensslPki } from '../../core/probe/openssl-pki.ts';
import { endWine, makePrefix, root, windowsRuntime, wine, wineEnvironment } from './wine-prefix.ts';

const windowsNode = join(windowsRuntime, 'node.exe');

/** Why there is no Windows here, or false. */
export const wineMissing =
  wine === undefined
    ? 'wine64 (Debian: wine wine64 libgnutls30) is missing'
    : !existsSync(windowsNode) && 'Node for Windows could not be fetched';

export interface WindowsRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class WineMachine {
  readonly #prefix = mkdtempSync(join(tmpdir(), `warifu-wine-${process.pid}-`));
  /** Below .cache/windows, where Node finds the packages for Windows. */
  readonly #programs = mkdtempSync(join(windowsRuntime, `run-${process.pid}-`));
  #runs = 0;
  #cli: string | undefined;

  constructor() {
    removeLeftovers();
    try {
      makePrefix(this.#prefix);
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** A file of ours, as Windows names it. */
  static path(file: string): string {
    return `Z:${file.replaceAll('/', '\\')}`;
  }

  /** Runs a program of Windows. It gets files for its output: Node under Wine cannot use pipes from outside. */
  wine(...args: readonly string[]): Promise<WindowsRun> {
    return this.wineIn(root, ...args);
  }

  /** The same, started in that folder. */
  async wineIn(cwd: string, ...args: readonly string[]): Promise<WindowsRun> {
    const base = join(this.#programs, `output-${++this.#runs}`);
    const [stdout, stderr] = [openSync(`${base}.out`, 'w'), openSync(`${base}.err`, 'w')];
    const child = spawn(wine!, args, {
      cwd,
      stdio: ['ignore', stdout, stderr],
      env: wineEnvironment(this.#prefix),
    });
    closeSync(stdout);
    closeSync(stderr);
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? -1));
    });
    return {
      exitCode,
      stdout: readFileSync(`${base}.out`, 'utf8').replaceAll('\r\n', '\n'),
      stderr: readFileSync(`${base}.err`, 'utf8'),
    };
  }

  /** Copies a script beside the packages for Windows, and names the copy as Windows does. */
  copy(file: string): string {
    const copy = join(this.#programs, basename(file));
    copyFileSync(file, copy);
    return WineMachine.path(copy);
  }

  /** Compiles a TypeScript file of ours with all it imports into one, and names the result as Windows does. */
  async #compile(entry: string): Promise<string> {
    const entryFileNames = basename(entry).replace(/\.ts$/, '.mjs');
    const bundle = await rolldown({ cwd: root, input: entry, platform: 'node', external: nativeModules });
    await bundle.write({ dir: this.#programs, entryFileNames, format: 'esm', codeSplitting: false });
    await bundle.close();
    return WineMachine.path(join(this.#programs, entryFileNames));
  }

  /** The command line as a package has it, copied to where its packages for Windows are. */
  get cli(): string {
    if (this.#cli === undefined) {
      const folder = join(this.#programs, 'cli');
      cpSync(join(root, 'dist', 'cli'), folder, { recursive: true });
      this.#cli = WineMachine.path(join(folder, 'warifu.mjs'));
    }
    return this.#cli;
  }

  /** Runs a script, which needs nothing of ours, in a Windows process of its own. */
  script(file: string, ...args: readonly string[]): Promise<WindowsRun> {
    return this.wine(windowsNode, this.copy(file), ...args);
  }

  /** Runs a script, with what it imports of ours, in a Windows process of its own. */
  async compiled(entry: string, ...args: readonly string[]): Promise<WindowsRun> {
    return this.wine(windowsNode, await this.#compile(entry), ...args);
  }

  /** The compiled command line with --json, as a Windows process. */
  async warifu<T>(...args: readonly string[]): Promise<{ readonly exitCode: number; readonly answer: T }> {
    const run = await this.wine(windowsNode, this.cli, ...args, '--json');
    try {
      return { exitCode: run.exitCode, answer: JSON.parse(run.stdout) };
    } catch {
      throw new Error(`not JSON (exit ${run.exitCode}): ${run.stdout}${run.stderr}`);
    }
  }

  /** SHA-1 thumbprints of a store, as Windows' own registry tool reads them. */
  async registry(store: string): Promise<readonly string[]> {
    const key = `HKCU\\Software\\Microsoft\\SystemCertificates\\${store}\\Certificates`;
    const { stdout } = await this.wine('reg', 'query', key);
    return [...stdout.matchAll(/\\Certificates\\([0-9A-F]{40})$/gm)].map(([, id]) => id!.toLowerCase());
  }

  /** Whether the user has a private key, as Wine files them all. */
  async holdsKey(): Promise<boolean> {
    return /KeyPair/.test(
      (await this.wine('reg', 'query', 'HKCU\\Software\\Wine\\Crypto\\RSA', '/s')).stdout,
    );
  }

  /** Ends every Windows process, and writes the registry to disk. */
  shutDown(): void {
    endWine(this.#prefix);
  }

  remove(): void {
    this.shutDown();
    for (const directory of [this.#prefix, this.#programs])
      rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Whether Wine can use an RSA key of 2048 bits: its crypt32 and schannel lose their place in one of which any number
 * begins with a zero octet, which is one key in some twenty. It imports and then signs as if it were another key.
 */
export function suitsWine(key: KeyObject): boolean {
  const { d, dp, dq, qi } = key.export({ format: 'jwk' });
  const sizes = [d, dp, dq, qi].map((number) => Buffer.from(number ?? '', 'base64url').length);
  return sizes.join() === '256,128,128,128';
}

/** An RSA identity that Wine can use in a handshake. */
export function issueForWine(pki: OpensslPki, options: Omit<IssueOptions, 'key'>): OpensslIdentity {
  for (;;) {
    const identity = pki.issue({ ...options, key: 'rsa:2048' });
    if (suitsWine(createPrivateKey(identity.key))) return identity;
  }
}

/** A test that is killed cannot clean up; the next one does. */
function removeLeftovers(): void {
  for (const [directory, pattern] of [
    [tmpdir(), /^warifu-wine-(\d+)-/],
    [windowsRuntime, /^run-(\d+)-/],
  ] as const)
    for (const name of readdirSync(directory)) {
      const pid = pattern.exec(name)?.[1];
      if (pid !== undefined && !existsSync(`/proc/${pid}`))
        rmSync(join(directory, name), { recursive: true, force: true });
    }
}
