/** The command line as a user runs it: a process of its own, in a home of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The command line as `npm start` and a package run it. */
export const entry = fileURLToPath(new URL('../../dist/cli/warifu.mjs', import.meta.url));

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A directory that goes away, with a passphrase file and a Warifu home in it. */
export class Desk implements Disposable {
  readonly directory: string;
  readonly home: string;
  readonly passphraseFile: string;
  readonly passphrase = 'canary passphrase 割符 0xC0FFEE';
  readonly #children: ChildProcess[] = [];

  /** `name`: part of every path, so that a test can insist on spaces and Japanese. */
  constructor(name = 'desk') {
    this.directory = mkdtempSync(join(tmpdir(), `warifu ${name}-`));
    this.home = join(this.directory, 'データ home');
    this.passphraseFile = this.write('passphrase', `${this.passphrase}\n`);
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content, { mode: 0o600 });
    return this.path(name);
  }

  environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      WARIFU_HOME: this.home,
      WARIFU_PASSPHRASE_FILE: this.passphraseFile,
      HOME: this.directory,
      XDG_DATA_HOME: '',
      LANG: 'C.UTF-8',
    };
  }

  run(...args: readonly string[]): Run {
    const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], {
      env: this.environment(),
      encoding: 'utf8',
      timeout: 90_000,
    });
    return { code: status, stdout, stderr };
  }

  /** Runs with --json; throws what the command said when it did not end well. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the command prints; the test asserts on it
  json(...args: readonly string[]): any {
    const { code, stdout, stderr } = this.run('--json', ...args);
    if (code !== 0) throw new Error(`warifu ${args.join(' ')}: exit ${code}\n${stdout}\n${stderr}`);
    return JSON.parse(stdout);
  }

  start(...args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [entry, ...args], {
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.push(child);
    return child;
  }

  /** `simulator start`, once its line is there. */
  // biome-ignore lint/suspicious/noExplicitAny: the line is what the tests look at
  async simulator(...args: readonly string[]): Promise<any> {
    const child = this.start('--json', 'simulator', 'start', '--port', '0', ...args);
    let line = '';
    for await (const chunk of child.stdout!) {
      line += chunk;
      if (line.includes('\n')) break;
    }
    return { ...JSON.parse(line), process: child };
  }

  [Symbol.dispose](): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** A system tool; its output, or an error with what it said. */
export function tool(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args[0]}: exit ${status}\n${stdout}\n${stderr}`);
  return stdout + stderr;
}
