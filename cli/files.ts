/** Files that the command line writes: whole or not at all. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
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
  const temporary = `${path}.${process.pid}.part`;
  let reserved = false;
  try {
    // Taking the name exclusively first refuses an existing file in one step; the rename then fills it in one step.
    if (!force) closeSync(openSync(path, 'wx', mode));
    reserved = !force;
    writeSynced(temporary, Buffer.from(content), mode);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    if (reserved) rmSync(path, { force: true });
    const reason = (error as NodeJS.ErrnoException).code ?? 'error';
    throw reason === 'EEXIST'
      ? new Problem('FILE_EXISTS', { path })
      : new Problem('FILE_UNWRITABLE', { path, reason });
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
