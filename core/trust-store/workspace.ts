/** A private directory for what tools of the system only take as a file: passwords and the PKCS#12 itself. */
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../../contract/problem.ts';

const prefix = 'warifu-store-';

/**
 * Runs `work` with a directory that only this user can read (0700) and that is gone afterwards, whatever
 * happens; what a killed run left behind is removed first.
 * @throws Problem FILE_UNWRITABLE when the directory cannot be made.
 */
export async function withWorkspace<T>(work: (directory: string) => Promise<T>): Promise<T> {
  await removeStaleWorkspaces();
  const directory = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`)).catch(
    (error: NodeJS.ErrnoException) => {
      throw new Problem('FILE_UNWRITABLE', { path: tmpdir(), reason: error.code ?? 'unknown' });
    },
  );
  try {
    await chmod(directory, 0o700);
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Writes a file that only this user can read. @throws Problem FILE_UNWRITABLE (disk full) */
export async function writeSecretFile(
  directory: string,
  name: string,
  content: string | Uint8Array,
): Promise<string> {
  const path = join(directory, name);
  try {
    await writeFile(path, content, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new Problem('FILE_UNWRITABLE', {
      path,
      reason: (error as NodeJS.ErrnoException).code ?? 'unknown',
    });
  }
  return path;
}

/** Removes the workspaces of this user whose process has ended. */
export async function removeStaleWorkspaces(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const path = join(tmpdir(), name);
    const owner = await stat(path).catch(() => undefined);
    // In a shared /tmp only our own leftovers are ours to remove.
    if (owner?.uid === process.getuid?.())
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A process of that number is there, whoever owns it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
