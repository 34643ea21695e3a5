/** The app as people start it, and a process that does nothing: both watched for how long their loops stand still. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

export interface Stalls {
  /** Milliseconds. */
  readonly longest: number;
  readonly p99: number;
  /** The longest, less what the thread waited for a processor that others had. */
  readonly own: number;
}

/** The first line that a program prints. */
export async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout!) {
    text += chunk;
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
  }
  throw new Error(`it ended without a word: ${child.spawnargs.join(' ')}`);
}

const watched = ['--import', join(import.meta.dirname, 'loop-watch.mjs')];

/** The longest stalls of a watched process since this was last asked. */
async function stallsOf(child: ChildProcess): Promise<Stalls> {
  const answer = once(child, 'message');
  child.send('read');
  const [stalls] = (await answer) as [Stalls];
  const done = once(child, 'message');
  child.send('reset');
  await done;
  return stalls;
}

/** What any process sees of this machine, which has less time for each the more is going on. */
export class Idler implements AsyncDisposable {
  readonly #child = spawn(process.execPath, [...watched, '--eval', 'setInterval(() => {}, 1e6)'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });

  stalls(): Promise<Stalls> {
    return stallsOf(this.#child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#child);
  }
}

export class App implements AsyncDisposable {
  readonly address: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.address = address;
  }

  static async start(home: string): Promise<App> {
    const child = spawn(
      process.execPath,
      [
        ...watched,
        join(root, 'dist', 'cli', 'warifu.mjs'),
        ...['--json', '--home', home, 'app', '--no-browser'],
      ],
      { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
    );
    const { address } = JSON.parse(await firstLine(child)) as { address: string };
    return new App(child, address);
  }

  stalls(): Promise<Stalls> {
    return stallsOf(this.#child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#child);
  }
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
