/**
 * Restoring, so that whenever it is interrupted either the old data or the new stands there whole:
 *   1. decrypt into the scratch directory and check everything; nothing here is touched;
 *   2. set aside: a copy of what is here, as a data directory of its own;
 *   3. one transaction takes the contents over, and with them the new vault.json as a row: the point of no return;
 *   4. vault.json is written from that row, then the row goes. A start that finds the row does this step again.
 */
import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RestorePlan } from '../../contract/backup.ts';
import { Problem } from '../../contract/problem.ts';
import type { AuditHead } from '../audit/anchor.ts';
import { appendAudit, auditHead } from '../audit/log.ts';
import { verifyKeptAudit } from '../audit/verify.ts';
import type { CoreContext } from '../context.ts';
import type { Rows } from '../registry/registry.ts';
import type { Credential } from '../vault/credential.ts';
import { Vault } from '../vault/vault.ts';
import { type BackupHeader, readBackup } from './container.ts';
import { planRestore } from './plan.ts';
import { stageBackup } from './staged.ts';

const vaultKey = 'restore.vault';

export interface Restored {
  readonly plan: RestorePlan;
  /** Where what was here before stands; null when nothing was. */
  readonly setAside: string | null;
}

/**
 * Leaves the vault locked.
 * @throws Problem BACKUP_DAMAGED, BACKUP_NEWER, REGISTRY_*, VAULT_*, SECRET_DAMAGED, and what `Vault.unlock` throws
 *   for a credential that does not open the backup
 */
export async function restoreBackup(
  context: CoreContext,
  file: Blob,
  credential: Credential,
): Promise<Restored> {
  const { header, summary } = await readBackup(file);
  const vault = await openVaultOf(context, header, credential);
  try {
    const staged = await stageBackup(context, file, header, vault);
    const plan = planRestore(context, summary);
    const setAside = plan.mode === 'create' ? null : await putAside(context, plan);
    takeOver(context, plan, header, staged, setAside, vault);
    await finishRestore(context);
    context.vault.lock();
    return { plan, setAside: setAside?.path ?? null };
  } finally {
    vault.lock();
  }
}

/**
 * Step 4 of a restore, when one is open. Damage that keeps it from looking is left to whoever needs the registry.
 * @throws Problem VAULT_UNWRITABLE, VAULT_BUSY, VAULT_UNCONFIRMED
 */
export async function finishRestore(context: CoreContext): Promise<void> {
  const row = (): string | undefined => context.registry.read((rows) => rows.settings.get(vaultKey));
  let content: string | undefined;
  try {
    content = row();
  } catch (error) {
    if (error instanceof Problem) return;
    throw error;
  }
  if (content === undefined) return;
  await context.vault.adopt(Buffer.from(content, 'base64'), {
    wanted: () => row() === content,
    settled: () => context.registry.write((rows) => rows.settings.delete(vaultKey)),
  });
}

/** The vault of the backup, unlocked, as a file of its own in the scratch directory. */
async function openVaultOf(
  { scratch, clock, keychain }: CoreContext,
  header: BackupHeader,
  credential: Credential,
): Promise<Vault> {
  const path = scratch.path('vault.json');
  writeFileSync(path, Buffer.from(header.vault, 'base64'), { mode: 0o600, flag: 'wx' });
  const vault = Vault.open(path, { clock, keychain });
  await vault.unlock(credential);
  return vault;
}

interface Aside {
  readonly path: string;
  /** Where the audit log ended in the copy; undefined when the registry was damaged and moved as it was. */
  readonly head: AuditHead | undefined;
}

async function putAside(context: CoreContext, { reason }: RestorePlan): Promise<Aside> {
  const { files, clock } = context;
  const path = join(files.home, `before-restore-${clock().toISOString().replaceAll(/[:.]/g, '-')}`);
  mkdirSync(path, { mode: 0o700 });
  if (existsSync(files.vault)) copyFileSync(files.vault, join(path, 'vault.json'));
  if (reason === 'registry-damaged') {
    context.closeRegistry();
    for (const suffix of ['', '-wal', '-shm', '-journal']) {
      const from = `${files.registry}${suffix}`;
      if (existsSync(from)) renameSync(from, join(path, `registry.db${suffix}`));
    }
    return { path, head: undefined };
  }
  await context.registry.snapshot(join(path, 'registry.db'));
  return { path, head: context.registry.read(auditHead) };
}

function takeOver(
  context: CoreContext,
  { mode, reason }: RestorePlan,
  header: BackupHeader,
  staged: string,
  setAside: Aside | null,
  vault: Vault,
): void {
  const macKey = vault.deriveKey('audit');
  const how = mode === 'merge' ? 'merge' : 'replace';
  // The same vault, intact: its slots may have changed since the backup, and the passphrase of today stays.
  const needsVault = !(mode === 'merge' && reason === 'same-vault');
  const replaceAudit = how === 'merge' && !context.registry.read((rows) => holds(rows, header.audit, macKey));
  try {
    context.registry.takeOver(staged, how, {
      replaceAudit,
      before(rows) {
        const head = auditHead(rows);
        // Somebody wrote between the copy and now; what they wrote is not in the copy.
        if (setAside?.head !== undefined && setAside.head.hash !== head.hash)
          throw new Problem('RESTORE_OVERTAKEN', { setAside: setAside.path });
      },
      after(rows) {
        if (needsVault) rows.settings.set(vaultKey, header.vault);
        const subject = {
          id: header.id,
          createdAt: header.createdAt,
          mode,
          setAside: setAside?.path ?? null,
        };
        appendAudit(rows, { at: context.clock().toISOString(), action: 'backup.restored', subject }, macKey);
      },
    });
  } finally {
    macKey.fill(0);
  }
}

/** Whether the log that is here is whole and goes on from where the backup's ends. */
function holds(rows: Rows, anchor: AuditHead, macKey: Uint8Array): boolean {
  return verifyKeptAudit(rows, macKey, [anchor]).ok;
}
