import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Everything the vault asks of a file system. Errors are Node's own, with their `code`. Each step that can fail or
 * be cut short is a call of its own, so that a test can let it fail.
 */
export interface VaultFiles {
  /** The whole content, or `undefined` when there is no such file. */
  read(path: string): Uint8Array | undefined;
  /** Makes a file of mode 0600 (and its directory, 0700). Throws EEXIST when there is one. Not yet durable. */
  create(path: string, content: Uint8Array): void;
  /** Returns when the content of the file is on the disk. */
  sync(path: string): void;
  /** Replaces `to` in one step. Not yet durable. */
  rename(from: string, to: string): void;
  /** Returns when the names in the directory are on the disk. */
  syncDirectory(path: string): void;
  /** No error when there is none. */
  remove(path: string): void;
}

export const diskFiles: VaultFiles = {
  read(path) {
    try {
      return readFileSync(path);
    } catch (error) {
      if ((error as { code?: string }).code === 'ENOENT') return undefined;
      throw error;
    }
  },

  create(path, content) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const descriptor = openSync(path, 'wx', 0o600);
    try {
      for (let written = 0; written < content.length; ) {
        written += writeSync(descriptor, content, written);
      }
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    } finally {
      closeSync(descriptor);
    }
  },

  sync(path) {
    syncDescriptor(path, 'r+');
  },

  rename(from, to) {
    renameSync(from, to);
  },

  syncDirectory(path) {
    // Windows has no such call; there a rename is journalled by NTFS.
    if (process.platform !== 'win32') syncDescriptor(path, 'r');
  },

  remove(path) {
    rmSync(path, { force: true });
  },
};

function syncDescriptor(path: string, flags: string): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
