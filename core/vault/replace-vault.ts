import { dirname } from 'node:path';
import { Problem } from '../../contract/problem.ts';
import type { VaultFiles } from './vault-files.ts';
import { withVaultLock } from './vault-lock.ts';

/** What a change writes, and the proof it must pass before it counts. */
export interface Replacement {
  readonly content: Uint8Array;
  /** Throws unless this content, as read back from the disk, opens. */
  readonly verify: (written: Uint8Array) => void;
  /** Called once the new content stands there, still under the lock. */
  readonly settled?: (() => void) | undefined;
}

/**
 * Changes the vault file, all or nothing, one process at a time. `change` sees the content as it is now (under the
 * lock) and may throw, or answer with nothing, to leave it so. Whenever this is interrupted, one of the two vaults stands there whole.
 *
 * @throws Problem VAULT_UNWRITABLE and VAULT_BUSY: nothing changed. VAULT_UNCONFIRMED: changed, but the disk did
 *   not say so.
 */
export async function replaceVault(
  files: VaultFiles,
  path: string,
  change: (current: Uint8Array | undefined) => Replacement | undefined,
): Promise<void> {
  const done = await withVaultLock(files, path, (lock) => {
    const replacement = change(files.read(path));
    if (replacement === undefined) return true;
    const { content, verify, settled } = replacement;
    // Its name is fixed, so what an interrupted change has left is swept up by the next one.
    const next = `${path}.new`;
    try {
      files.remove(next);
      files.create(next, content);
      files.sync(next);
      const written = files.read(next);
      if (written === undefined || !Buffer.from(content).equals(written)) throw new NotKept();
      verify(written);
      if (!lock.isHeld()) return false;
      files.rename(next, path);
    } catch (error) {
      tryRemove(files, next);
      throw error;
    }
    try {
      files.syncDirectory(dirname(path));
    } catch (error) {
      throw new Problem('VAULT_UNCONFIRMED', { path, reason: reasonOf(error) });
    }
    settled?.();
    return true;
  }).catch((error) => {
    throw error instanceof Problem
      ? error
      : new Problem('VAULT_UNWRITABLE', { path, reason: reasonOf(error) });
  });
  if (done !== true) throw new Problem('VAULT_BUSY', { path });
}

class NotKept extends Error {
  readonly code = 'the disk did not keep what was written';
}

function reasonOf(error: unknown): string {
  return (error as { code?: string }).code ?? 'no reason given';
}

function tryRemove(files: VaultFiles, path: string): void {
  try {
    files.remove(path);
  } catch {}
}
