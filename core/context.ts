import type { AuditAction } from '../contract/audit.ts';
import { Problem } from '../contract/problem.ts';
import { type AuditEvent, appendAudit } from './audit/log.ts';
import type { Consents } from './authority/consent.ts';
import type { Reader } from './authority/reader.ts';
import type { KeyMaker } from './key-maker/key-maker.ts';
import type { Registry, Rows } from './registry/registry.ts';
import type { Scratch } from './scratch.ts';
import type { Attempts } from './vault/attempts.ts';
import type { Keychain } from './vault/keychain.ts';
import type { Vault } from './vault/vault.ts';
import type { WorkUnderWay } from './work-under-way.ts';

/** What every room of core works on. One per data directory and process. */
export interface CoreContext {
  readonly registry: Registry;
  /** Reads beside this thread what may take long. */
  readonly reader: Reader;
  readonly keyMaker: KeyMaker;
  readonly vault: Vault;
  readonly consents: Consents;
  /** Intents and requests whose certificates are being signed in this process, by their ids. */
  readonly issuing: WorkUnderWay;
  readonly clock: () => Date;
  /** For a vault that stands elsewhere: the one in a backup. */
  readonly keychain: Keychain | undefined;
  readonly attempts: Attempts;
  readonly scratch: Scratch;
  readonly files: HomeFiles;
  /** A restore waits for its last step: the next procedure tries it again. */
  restoreIsOpen(): void;
  /**
   * Lets go of the registry's file and, before anybody can open it again, does what it was closed for. It is opened
   * anew at its next use.
   */
  closeRegistry(andThen?: () => void): Promise<void>;
}

/** Where the data directory keeps what. */
export interface HomeFiles {
  readonly home: string;
  readonly registry: string;
  readonly vault: string;
}

/** Whole seconds: what certificates can carry, so that a row and its DER say the same. */
export function now(context: Pick<CoreContext, 'clock'>): Date {
  const date = context.clock();
  date.setUTCMilliseconds(0);
  return date;
}

/** For work that ends in a signature or a sealed record: refuses before anything is made. @throws Problem VAULT_LOCKED */
export function requireUnlocked({ vault }: Pick<CoreContext, 'vault'>): void {
  if (vault.status().state !== 'unlocked') throw new Problem('VAULT_LOCKED', {});
}

/**
 * Writes one audit record inside the caller's transaction, so that what happened and its record stand or fall together.
 * Sealed under the vault's audit key when the vault is unlocked.
 */
export function audit(
  context: CoreContext,
  rows: Rows,
  action: AuditAction,
  subject: AuditEvent['subject'],
): void {
  const unlocked = context.vault.status().state === 'unlocked';
  if (unlocked) requireOwnVault(context, rows);
  const key = unlocked ? context.vault.deriveKey('audit') : undefined;
  appendAudit(rows, { at: context.clock().toISOString(), action, subject }, key);
  key?.fill(0);
}

/** Which vault the secrets and the seals of a registry belong to; a setting, since it must change with them. */
export const vaultIdKey = 'vault.id';

/**
 * A restore changes the registry first and vault.json right after it, and another process may still hold the key of
 * before: what it would seal now nobody could open. Inside the transaction that would keep it, so nothing slips between.
 * @throws Problem VAULT_REPLACED
 */
function requireOwnVault({ vault, files }: CoreContext, rows: Rows): void {
  const own = vault.openId();
  const expected = rows.settings.get(vaultIdKey);
  if (expected === undefined) rows.settings.set(vaultIdKey, own);
  else if (expected !== own) {
    vault.lock();
    throw new Problem('VAULT_REPLACED', { path: files.vault });
  }
}
