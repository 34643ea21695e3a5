/** Files that the command line writes: whole or not at all. */
import {
  closeSync,
  createWriteStream,
  fsyncSync,
  openAsBlob,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../contract/problem.ts';

export interface WriteOptions {
  /** 0o600 for anything with a key or a password in it. */
  readonly mode?: number;
  /** Replace a file that is there; otherwise it is an error. */
  readonly force?: boolean;
}

/** @throws Problem FILE_UNWRITABLE (the old content stands), FILE_EXISTS */
export function writeOutput(
  path: string,
  content: string | Uint8Array,
  { mode = 0o644, force = false }: WriteOptions = {},
): void {
  const place = new Place(path, force, mode);
  try {
    writeSynced(place.reserve(), Buffer.from(content), mode);
    place.fill();
  } catch (error) {
    throw place.abandon(error);
  }
}

/** The same for what is too large for memory; readable by its owner alone. @throws as {@link writeOutput} */
export async function saveStream(
  path: string,
  file: Blob,
  { force = false }: WriteOptions = {},
): Promise<void> {
  const place = new Place(path, force, 0o600);
  try {
    const target = createWriteStream(place.reserve(), { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(file.stream(), target);
    place.fill();
  } catch (error) {
    throw place.abandon(error);
  }
}

/** A file to read piece by piece. @throws Problem FILE_UNREADABLE */
export async function openInput(path: string): Promise<Blob> {
  try {
    // Says at once what openAsBlob would say at the first reading.
    closeSync(openSync(path, 'r'));
    if (!statSync(path).isFile()) throw Object.assign(new Error('not a file'), { code: 'EISDIR' });
    return await openAsBlob(path);
  } catch (error) {
    throw new Problem('FILE_UNREADABLE', { path, reason: (error as NodeJS.ErrnoException).code ?? 'error' });
  }
}

/** Where a file will stand: its name is taken first, its content comes in one step. */
class Place {
  readonly #path: string;
  readonly #force: boolean;
  readonly #mode: number;
  #reserved = false;

  constructor(path: string, force: boolean, mode: number) {
    this.#path = path;
    this.#force = force;
    this.#mode = mode;
  }

  /** The path to write to. Taking the name exclusively refuses an existing file in one step. */
  reserve(): string {
    if (!this.#force) closeSync(openSync(this.#path, 'wx', this.#mode));
    this.#reserved = !this.#force;
    return this.#temporary;
  }

  fill(): void {
    renameSync(this.#temporary, this.#path);
    syncDirectory(dirname(resolve(this.#path)));
  }

  abandon(error: unknown): Problem {
    rmSync(this.#temporary, { force: true });
    if (this.#reserved) rmSync(this.#path, { force: true });
    const reason = (error as NodeJS.ErrnoException).code ?? 'error';
    return reason === 'EEXIST'
      ? new Problem('FILE_EXISTS', { path: this.#path })
      : new Problem('FILE_UNWRITABLE', { path: this.#path, reason });
  }

  get #temporary(): string {
    return `${this.#path}.${process.pid}.part`;
  }
}

function writeSynced(path: string, bytes: Uint8Array, mode: number): void {
  const file = openSync(path, 'wx', mode);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The new name, too, outlives a power cut. Windows has no such call; there NTFS journals names. */
function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
