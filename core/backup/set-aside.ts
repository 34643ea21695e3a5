/** What is here before a restore, copied into a data directory of its own: openable as it is, and on the disk. */
import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RestorePlan } from '../../contract/backup.ts';
import type { AuditHead } from '../audit/anchor.ts';
import { auditHead } from '../audit/log.ts';
import type { CoreContext } from '../context.ts';
import { Registry } from '../registry/registry.ts';

/** The files of an SQLite database with a write-ahead log. */
export const databaseSuffixes = ['', '-wal', '-shm', '-journal'] as const;

export interface SetAside {
  readonly path: string;
  /** Where the audit log ends in the copy itself; undefined for a damaged registry, which is copied file by file. */
  readonly head: AuditHead | undefined;
}

export async function setAside(context: CoreContext, { reason }: RestorePlan): Promise<SetAside> {
  const { files, clock } = context;
  const path = join(files.home, `before-restore-${clock().toISOString().replaceAll(/[:.]/g, '-')}`);
  mkdirSync(path, { mode: 0o700 });
  if (existsSync(files.vault)) copyFileSync(files.vault, join(path, 'vault.json'));
  let head: AuditHead | undefined;
  if (reason === 'registry-damaged') {
    await context.closeRegistry(() => {
      for (const suffix of databaseSuffixes)
        if (existsSync(files.registry + suffix))
          copyFileSync(files.registry + suffix, join(path, `registry.db${suffix}`));
    });
  } else {
    const copy = join(path, 'registry.db');
    await context.registry.snapshot(copy);
    head = headOf(copy, clock);
  }
  for (const name of readdirSync(path)) syncPath(join(path, name), 'r+');
  syncDirectory(path);
  syncDirectory(files.home);
  return { path, head };
}

function headOf(path: string, clock: () => Date): AuditHead {
  const copy = Registry.open(path, { clock });
  try {
    return copy.read(auditHead);
  } finally {
    copy.close();
  }
}

/** Windows has no such call; there NTFS journals names. */
export function syncDirectory(path: string): void {
  if (process.platform !== 'win32') syncPath(path, 'r');
}

function syncPath(path: string, flags: string): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
