/** What the file system says of files that are ours, as a Problem. */
import { Problem } from '../contract/problem.ts';

const unwritable = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EIO', 'EMFILE']);

/**
 * Runs work that writes below `path`, and reads files that somebody handed over.
 * @throws Problem FILE_UNWRITABLE, FILE_UNREADABLE in the place of what Node throws
 */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    if (name === 'NotReadableError') throw new Problem('FILE_UNREADABLE', { path: '-', reason: name });
    if (code !== undefined && unwritable.has(code))
      throw new Problem('FILE_UNWRITABLE', { path, reason: code });
    throw error;
  }
}
