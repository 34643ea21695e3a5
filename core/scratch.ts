/** Files that live as long as this process, in a directory of the data directory that only its owner can read. */
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const prefix = 'scratch-';

export class Scratch {
  readonly #home: string;
  #directory: string | undefined;
  #count = 0;

  constructor(home: string) {
    this.#home = home;
  }

  /** A path that nobody else uses; nothing is there yet. */
  path(name: string): string {
    if (this.#directory === undefined) {
      this.sweep();
      this.#directory = mkdtempSync(join(this.#home, `${prefix}${process.pid}-`));
      chmodSync(this.#directory, 0o700);
    }
    this.#count += 1;
    return join(this.#directory, `${this.#count}-${name}`);
  }

  /** Removes what killed processes have left. */
  sweep(): void {
    for (const name of readdirSync(this.#home)) {
      const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
      if (pid !== undefined && !isRunning(Number(pid))) remove(join(this.#home, name));
    }
  }

  close(): void {
    if (this.#directory !== undefined) remove(this.#directory);
    this.#directory = undefined;
  }
}

/** What cannot be removed now is removed at a later start. */
function remove(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {}
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
