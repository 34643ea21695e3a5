/**
 * Restoring, so that whenever it is interrupted either the old data or the new stands there whole:
 *   1. decrypt into the scratch directory and check everything; nothing here is touched;
 *   2. set aside: a copy of what is here, as a data directory of its own;
 *   3. one transaction takes the contents over, and with them the new vault.json as a row: the point of no return;
 *   4. vault.json is written from that row, then the row goes. A start that finds the row does this step again.
 * A registry that is damaged beyond opening is not written to: a new file is filled beside it and takes its name.
 */
import { hash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { RestorePlan } from '../../contract/backup.ts';
import { Problem } from '../../contract/problem.ts';
import type { AuditHead } from '../audit/anchor.ts';
import { appendAudit, auditHead } from '../audit/log.ts';
import { verifyKeptAudit } from '../audit/verify.ts';
import { type CoreContext, vaultIdKey } from '../context.ts';
import { Registry, type Rows } from '../registry/registry.ts';
import type { Credential } from '../vault/credential.ts';
import { Vault } from '../vault/vault.ts';
import { type BackupHeader, readBackup } from './container.ts';
import { type PreparedPlan, planRestore } from './plan.ts';
import { rememberRestored } from './reminder.ts';
import { databaseSuffixes, type SetAside, setAside, syncDirectory } from './set-aside.ts';
import { stageBackup } from './staged.ts';

/** The vault.json that is still to be written, base64; behind a space the SHA-256 of the one whose slots it replaces. */
const pendingVaultKey = 'restore.vault';

/**
 * CRL numbers go on from the backup's, but lists may have been published after it: RFC 5280 §5.2.3 forbids giving a
 * number twice, and has nothing against leaving some out.
 */
const skippedCrlNumbers = 1000;

export interface Restored {
  readonly plan: RestorePlan;
  /** Where what was here before stands; null when nothing was. */
  readonly setAside: string | null;
}

/** Which slots open the vault after a merge: `here` those of now, `backup` those of the backup. */
export type RestoredSlots = 'here' | 'backup';

/**
 * Leaves the vault locked.
 * @throws Problem RESTORE_UNFINISHED (vault.json is still to come), NOT_A_BACKUP, BACKUP_DAMAGED, BACKUP_NEWER,
 *   REGISTRY_*, VAULT_*, and what `Vault.unlock` throws for a credential that does not open the backup
 */
export async function restoreBackup(
  context: CoreContext,
  file: Blob,
  credential: Credential,
  slots: RestoredSlots,
): Promise<Restored> {
  const { header, summary } = await readBackup(file);
  const vault = await openVaultOf(context, header, credential);
  try {
    const staged = await stageBackup(context, file, header, vault);
    const prepared = planRestore(context, summary);
    const { mode, reason } = prepared.plan;
    const aside = mode === 'create' ? undefined : await setAside(context, prepared.plan);
    const restore = (registry: Registry): void =>
      takeOver(context, registry, { prepared, header, staged, aside, vault, slots });
    if (reason === 'registry-damaged') await restoreBeside(context, restore);
    else restore(context.registry);
    await finish(context);
    context.vault.lock();
    return { plan: prepared.plan, setAside: aside?.path ?? null };
  } finally {
    vault.lock();
  }
}

/** The restore counts by now; what is left is done by the next call, in this process or another. */
async function finish(context: CoreContext): Promise<void> {
  try {
    await finishRestore(context);
  } catch (error) {
    context.restoreIsOpen();
    if (error instanceof Problem)
      throw new Problem('RESTORE_UNFINISHED', { path: context.files.vault, reason: error.code });
    throw error;
  }
}

/**
 * Step 4 of a restore, when one is open. A registry that cannot be opened is left to whoever needs it.
 * @throws Problem VAULT_UNWRITABLE, VAULT_BUSY, VAULT_UNCONFIRMED, VAULT_DAMAGED, REGISTRY_BUSY
 */
export async function finishRestore(context: CoreContext): Promise<void> {
  const row = (): string | undefined => context.registry.read((rows) => rows.settings.get(pendingVaultKey));
  let content: string | undefined;
  try {
    content = row();
  } catch (error) {
    if (error instanceof Problem && error.code !== 'REGISTRY_BUSY') return;
    throw error;
  }
  if (content === undefined) return;
  const [vault = '', instead] = content.split(' ');
  await context.vault.adopt(Buffer.from(vault, 'base64'), {
    instead,
    wanted: () => row() === content,
    settled: () => context.registry.write((rows) => rows.settings.delete(pendingVaultKey)),
  });
}

/** The vault of the backup, unlocked, as a file of its own in the scratch directory. */
async function openVaultOf(
  { scratch, clock, keychain, attempts }: CoreContext,
  header: BackupHeader,
  credential: Credential,
): Promise<Vault> {
  const path = scratch.path('vault.json');
  writeFileSync(path, Buffer.from(header.vault, 'base64'), { mode: 0o600, flag: 'wx' });
  const vault = Vault.open(path, { clock, keychain, attempts });
  await vault.unlock(credential);
  return vault;
}

interface TakingOver {
  readonly prepared: PreparedPlan;
  readonly header: BackupHeader;
  readonly staged: string;
  readonly aside: SetAside | undefined;
  readonly vault: Vault;
  readonly slots: RestoredSlots;
}

function takeOver(
  context: CoreContext,
  registry: Registry,
  { prepared, header, staged, aside, vault, slots }: TakingOver,
): void {
  const { plan } = prepared;
  const pendingVault = pendingVaultOf(context, prepared, header, slots);
  const macKey = vault.deriveKey('audit');
  const how = plan.mode === 'merge' ? 'merge' : 'replace';
  const seen = aside === undefined ? prepared.head : aside.head;
  const replaceAudit = how === 'merge' && !registry.read((rows) => holds(rows, header.audit, macKey));
  try {
    registry.takeOver(staged, how, {
      replaceAudit,
      damagedSecrets: how === 'merge' ? registry.read((rows) => damagedSecrets(rows, vault)) : [],
      before(rows) {
        // Somebody wrote between the copy (or the plan) and now; what they wrote is not in it.
        if (seen !== undefined && seen.hash !== auditHead(rows).hash)
          throw new Problem('RESTORE_OVERTAKEN', { setAside: aside?.path ?? '-' });
      },
      after(rows) {
        if (how === 'replace') rows.crls.skipNumbers(skippedCrlNumbers);
        rows.settings.delete(pendingVaultKey);
        if (pendingVault !== undefined) rows.settings.set(pendingVaultKey, pendingVault);
        rows.settings.set(vaultIdKey, header.vaultId);
        const { id, createdAt } = header;
        const subject = { id, createdAt, mode: plan.mode, slots, setAside: aside?.path ?? null };
        appendAudit(rows, { at: context.clock().toISOString(), action: 'backup.restored', subject }, macKey);
        if (how === 'replace') rememberRestored(rows, createdAt);
      },
    });
  } finally {
    macKey.fill(0);
  }
}

function pendingVaultOf(
  { files }: CoreContext,
  { needsVault }: PreparedPlan,
  { vault }: BackupHeader,
  slots: RestoredSlots,
): string | undefined {
  if (needsVault) return vault;
  return slots === 'backup' ? `${vault} ${hash('sha256', readFileSync(files.vault))}` : undefined;
}

/** Fills a new registry beside the damaged one, which stands aside by now, and gives it its name. */
async function restoreBeside(context: CoreContext, restore: (registry: Registry) => void): Promise<void> {
  const { files, clock } = context;
  const fresh = `${files.registry}.restored`;
  for (const suffix of databaseSuffixes) rmSync(fresh + suffix, { force: true });
  const registry = Registry.open(fresh, { clock });
  try {
    restore(registry);
  } finally {
    registry.close();
  }
  await context.closeRegistry(() => {
    // SQLite would apply a log that is left over to the file that comes in its place.
    for (const suffix of databaseSuffixes)
      if (suffix !== '' && existsSync(files.registry + suffix)) rmSync(files.registry + suffix);
    renameSync(fresh, files.registry);
    syncDirectory(files.home);
  });
}

/** Those that do not open under the vault they belong to; the backup may have them whole. */
function damagedSecrets(rows: Rows, vault: Vault): string[] {
  const damaged: string[] = [];
  for (const { id, kind, sealed } of rows.secrets.iterate()) {
    try {
      vault.unseal(kind, id, sealed).fill(0);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'SECRET_DAMAGED') throw error;
      damaged.push(id);
    }
  }
  return damaged;
}

/** Whether the log that is here is whole and goes on from where the backup's ends. */
function holds(rows: Rows, anchor: AuditHead, macKey: Uint8Array): boolean {
  return verifyKeptAudit(rows, macKey, [anchor]).ok;
}
