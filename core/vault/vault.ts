import { hash, randomBytes, randomUUID } from 'node:crypto';
import { Problem } from '../../contract/problem.ts';
import { Attempts } from './attempts.ts';
import { AutoLock } from './auto-lock.ts';
import {
  type Credential,
  type NewSlot,
  openerFor,
  type PreparedSlot,
  prepareSlot,
  proveOpens,
  type SlotSurroundings,
} from './credential.ts';
import type { Keychain } from './keychain.ts';
import { replaceVault } from './replace-vault.ts';
import { derive, seal, unseal } from './seal.ts';
import { type Slot, type SlotKind, unwrap } from './slot.ts';
import { exchangeSlot, findSlot, withoutSlot, withSlot } from './slot-changes.ts';
import { keychainOpener } from './slots/keychain.ts';
import { checkPassphrase, defaultCost } from './slots/passphrase.ts';
import {
  isVaultOf,
  readVault,
  type StoredVault,
  slotKinds,
  type VaultBody,
  writeVault,
} from './vault-file.ts';
import { diskFiles, type VaultFiles } from './vault-files.ts';

export interface VaultOptions {
  readonly clock: () => Date;
  /** Absent where there is none to use. The real one: `osKeychain`. */
  readonly keychain?: Keychain | undefined;
  readonly files?: VaultFiles | undefined;
  /** scrypt's N for new passphrase slots: a power of two from 2^16 to 2^20, 2^17 when absent. */
  readonly scryptCost?: number | undefined;
  /** Wrong attempts are counted here: one count for all vaults that one process opens. */
  readonly attempts?: Attempts | undefined;
  /** Minutes without use after which the vault locks itself, asked at each unlocking; never when absent or 0. */
  readonly idleMinutes?: (() => number) | undefined;
  /** Called after every locking, whoever asked for it. */
  readonly onLock?: (() => void) | undefined;
}

export interface SlotSummary {
  readonly id: string;
  readonly kind: SlotKind;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
}

export interface VaultStatus {
  readonly state: 'absent' | 'locked' | 'unlocked';
  readonly slots: readonly SlotSummary[];
  /** Tells vaults apart, and what was sealed in which; undefined while there is none. */
  readonly id?: string | undefined;
  /** When it locks itself if nothing uses it; undefined when locked or never. */
  readonly locksAt?: Date | undefined;
}

export interface AddedSlot extends SlotSummary {
  /** To be shown once, printed, and forgotten; only for a recovery-code slot. */
  readonly recoveryCode?: string;
}

export interface Adoption {
  readonly wanted: () => boolean;
  readonly settled: () => void;
  /** SHA-256, hex, of a content whose slots are given up on purpose. */
  readonly instead: string | undefined;
}

/**
 * The keeper of the one key (256 random bits) that every kept secret is sealed under, and the only room that sees
 * it. The key lies in vault.json, wrapped once for each slot; while unlocked it lies in this object.
 *
 * JavaScript cannot promise that memory is wiped: a passphrase is a string, and the collector copies. Keys are
 * `Uint8Array`s, live as short as possible and are overwritten; nothing more is claimed.
 *
 * The file is read anew at each step, so a change by another process is seen. Every method that reads it throws
 * Problem VAULT_DAMAGED, VAULT_NEWER or VAULT_UNREADABLE, and leaves it as it is.
 */
export class Vault {
  readonly #path: string;
  readonly #clock: () => Date;
  readonly #files: VaultFiles;
  readonly #keychain: Keychain | undefined;
  readonly #scryptCost: number;
  readonly #attempts: Attempts;
  readonly #autoLock: AutoLock;
  readonly #idleMinutes: () => number;
  readonly #onLock: () => void;
  /** `verified`: the content of vault.json that was last shown to belong to this key. */
  #open: { readonly id: string; readonly key: Uint8Array; verified: Uint8Array } | undefined;
  #parsed: { readonly content: Uint8Array; readonly vault: StoredVault } | undefined;
  /** One key derivation at a time: each takes 128 MiB. */
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(path: string, options: VaultOptions) {
    this.#path = path;
    this.#clock = options.clock;
    this.#files = options.files ?? diskFiles;
    this.#keychain = options.keychain;
    this.#scryptCost = options.scryptCost ?? defaultCost;
    this.#attempts = options.attempts ?? new Attempts();
    this.#autoLock = new AutoLock(options.clock, () => this.lock());
    this.#idleMinutes = options.idleMinutes ?? (() => 0);
    this.#onLock = options.onLock ?? (() => {});
  }

  /** A locked vault at `path` (vault.json), whether or not the file is there yet. Reads nothing. */
  static open(path: string, options: VaultOptions): Vault {
    return new Vault(path, options);
  }

  status(): VaultStatus {
    this.#autoLock.expire();
    const content = this.#read();
    if (content === undefined) return { state: 'absent', slots: [] };
    const { id, slots: stored } = this.#parse(content);
    const slots = stored.map(summary);
    // Somebody has put another vault there: what is held opens nothing of it.
    if (this.#open !== undefined && this.#open.id !== id) this.lock();
    if (this.#open === undefined) return { state: 'locked', slots, id };
    return { state: 'unlocked', slots, id, locksAt: this.#autoLock.at };
  }

  /**
   * Makes the vault, with a new key and one passphrase slot, and leaves it unlocked.
   * @throws Problem VAULT_EXISTS for anything that stands there, readable or not; PASSPHRASE_TOO_SHORT;
   *   VAULT_UNWRITABLE, VAULT_BUSY, VAULT_UNCONFIRMED.
   */
  async initialize(passphrase: string): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#read() !== undefined) throw new Problem('VAULT_EXISTS', { path: this.#path });
      const id = randomUUID();
      const key = new Uint8Array(randomBytes(32));
      const surroundings = this.#surroundings({ id, slots: [] });
      const prepared = await prepareSlot(
        { kind: 'passphrase', passphrase },
        key,
        this.#clock(),
        surroundings,
      );
      await this.#replace(key, prepared, (current) => {
        if (current !== undefined) throw new Problem('VAULT_EXISTS', { path: this.#path });
        return { id, slots: [prepared.slot] };
      });
      this.#hold(id, key, this.#require());
    });
  }

  /**
   * Takes the key out of the slot that `credential` opens. Costs one scrypt for a passphrase.
   *
   * `despiteDamage` is for a rescue: vault.json does not match its digest, but the slot still proves itself. Secrets
   * can then be unsealed; nothing can be sealed and no slot changed.
   *
   * @throws Problem VAULT_ABSENT, WRONG_PASSPHRASE, WRONG_RECOVERY_CODE, RECOVERY_CODE_MISTYPED, SLOT_ABSENT,
   *   UNLOCK_PAUSED, VAULT_KDF_OUT_OF_RANGE, and the KEYCHAIN_ ones. A vault that was unlocked stays so.
   */
  async unlock(credential: Credential, { despiteDamage = false } = {}): Promise<void> {
    await this.#inTurn(async () => {
      const content = this.#require();
      const vault = readVault(content, this.#path, despiteDamage);
      const { key } = await this.#keyFrom(vault, credential, despiteDamage);
      this.#hold(vault.id, key, content);
    });
  }

  /** Whether `credential` opens the vault, shown by not throwing (as `unlock` does). Changes nothing. */
  async confirm(credential: Credential): Promise<void> {
    await this.#inTurn(async () => {
      const { key } = await this.#keyFrom(readVault(this.#require(), this.#path), credential);
      key.fill(0);
    });
  }

  lock(): void {
    this.#autoLock.stop();
    this.#open?.key.fill(0);
    this.#open = undefined;
    this.#onLock();
  }

  /** Starts the time until it locks itself anew, with the limit that holds now. */
  stayAwake(): void {
    if (this.#open !== undefined) this.#autoLock.start(this.#idleMinutes());
  }

  /**
   * @throws Problem VAULT_LOCKED, TOO_MANY_SLOTS, PASSPHRASE_TOO_SHORT, KEYCHAIN_UNAVAILABLE, KEYCHAIN_LOCKED,
   *   VAULT_UNWRITABLE, VAULT_BUSY, VAULT_REPLACED, VAULT_UNCONFIRMED.
   */
  async addSlot(wanted: NewSlot): Promise<AddedSlot> {
    return await this.#withCurrent(async (vault, key) => {
      const prepared = await prepareSlot(wanted, key, this.#clock(), this.#surroundings(vault));
      await this.#replace(key, prepared, (content) =>
        withSlot(this.#sameVault(content, vault.id, key), prepared.slot),
      );
      return added(prepared);
    });
  }

  /**
   * Puts a new slot in the place of another, in one step: a new passphrase for a forgotten one, a new recovery code.
   * @throws Problem SLOT_ABSENT, LAST_SLOT (nothing but keychains would remain), and as `addSlot`.
   */
  async replaceSlot(slotId: string, wanted: NewSlot): Promise<AddedSlot> {
    return await this.#withCurrent(async (vault, key) => {
      const replaced = findSlot(vault, slotId);
      const prepared = await prepareSlot(wanted, key, this.#clock(), this.#surroundings(vault));
      await this.#replace(key, prepared, (content) =>
        exchangeSlot(this.#sameVault(content, vault.id, key), slotId, prepared.slot),
      );
      await this.#discard(replaced);
      return added(prepared);
    });
  }

  /** @throws Problem SLOT_ABSENT, LAST_SLOT (nothing but keychains would remain), and as `addSlot`. */
  async removeSlot(slotId: string): Promise<void> {
    await this.#withCurrent(async (vault, key) => {
      const removed = findSlot(vault, slotId);
      await this.#replace(key, undefined, (content) =>
        withoutSlot(this.#sameVault(content, vault.id, key), slotId),
      );
      await this.#discard(removed);
    });
  }

  /**
   * Replaces the slot that `current` opens. Works on a locked vault and leaves it locked.
   * @throws Problem as `unlock` and `addSlot`.
   */
  async changePassphrase(current: string, next: string): Promise<void> {
    checkPassphrase(next);
    await this.#inTurn(async () => {
      const vault = readVault(this.#require(), this.#path);
      const { key, slot } = await this.#keyFrom(vault, { kind: 'passphrase', passphrase: current });
      try {
        const wanted = { kind: 'passphrase', passphrase: next } as const;
        const prepared = await prepareSlot(wanted, key, this.#clock(), this.#surroundings(vault));
        await this.#replace(key, prepared, (content) =>
          exchangeSlot(this.#sameVault(content, vault.id, key), slot.id, prepared.slot),
        );
      } finally {
        key.fill(0);
      }
    });
  }

  /**
   * Seals a secret as `kind` and `id`; it opens only as the same two. See seal.ts for the format.
   * @throws Problem VAULT_LOCKED; VAULT_REPLACED when no slot on disk holds this key any more.
   */
  seal(kind: string, id: string, plaintext: Uint8Array): Uint8Array {
    return seal(this.#current().key, kind, id, plaintext);
  }

  /** The secret; wipe it when done. @throws Problem VAULT_LOCKED, SECRET_DAMAGED. */
  unseal(kind: string, id: string, sealed: Uint8Array): Uint8Array {
    const plaintext = unseal(this.#key(), kind, id, sealed);
    if (plaintext === undefined) throw new Problem('SECRET_DAMAGED', { kind, id });
    return plaintext;
  }

  /** A key of 32 octets for another use, the same every time: `audit`. Wipe it when done. @throws Problem VAULT_LOCKED. */
  deriveKey(purpose: string): Uint8Array {
    return derive(this.#key(), purpose);
  }

  /** The id of the vault that is unlocked. @throws Problem VAULT_LOCKED */
  openId(): string {
    this.#key();
    return this.#open!.id;
  }

  /** The content of vault.json, which belongs to the key that is unlocked now. @throws Problem VAULT_LOCKED, VAULT_REPLACED */
  copy(): Uint8Array {
    this.#current();
    return this.#require();
  }

  /**
   * Puts the content of another vault.json in the place of this one, and locks. Under the lock of the file `wanted`
   * is asked once more (another process may have done it already), and `settled` is called when it stands there, or
   * when a vault of that id, whose slots may have changed since, stands there already. Slots of that id give way only
   * in the content whose SHA-256 is `instead`.
   * @throws Problem VAULT_DAMAGED or VAULT_NEWER for that content; VAULT_UNWRITABLE, VAULT_BUSY, VAULT_UNCONFIRMED
   */
  async adopt(content: Uint8Array, { wanted, settled, instead }: Adoption): Promise<void> {
    const { id } = readVault(content, this.#path);
    await this.#inTurn(async () => {
      const verify = (written: Uint8Array): void => void readVault(written, this.#path);
      await replaceVault(this.#files, this.#path, (current) => {
        if (!wanted()) return undefined;
        const givesWay = current === undefined || idOf(current) !== id || hash('sha256', current) === instead;
        if (givesWay) return { content, verify, settled };
        settled();
        return undefined;
      });
      this.lock();
    });
  }

  #key(): Uint8Array {
    this.#autoLock.used();
    if (this.#open === undefined) throw new Problem('VAULT_LOCKED', {});
    return this.#open.key;
  }

  /**
   * The key, and the vault on disk that it belongs to. Somebody may have restored another vault there meanwhile;
   * what would be sealed then could never be opened again.
   */
  #current(): { readonly key: Uint8Array; readonly vault: StoredVault } {
    const key = this.#key();
    const open = this.#open!;
    const content = this.#read();
    if (content === undefined) throw new Problem('VAULT_REPLACED', { path: this.#path });
    const vault = this.#parse(content);
    if (!Buffer.from(content).equals(open.verified)) {
      if (!isVaultOf(key, vault)) throw new Problem('VAULT_REPLACED', { path: this.#path });
      open.verified = content;
    }
    return { key, vault };
  }

  /** It is asked for at every step, and hardly ever another than the last time. */
  #parse(content: Uint8Array): StoredVault {
    if (!this.#parsed || !Buffer.from(content).equals(this.#parsed.content))
      this.#parsed = { content, vault: readVault(content, this.#path) };
    return this.#parsed.vault;
  }

  /** Tries every slot of the credential's kind. A slot that cannot even be tried does not hide the next one. */
  async #keyFrom(
    vault: StoredVault,
    credential: Credential,
    despiteDamage = false,
  ): Promise<{ readonly key: Uint8Array; readonly slot: Slot }> {
    this.#attempts.admit();
    const opener = openerFor(credential, this.#surroundings(vault));
    const slots = vault.slots.filter((slot) => slot.kind === credential.kind);
    if (slots.length === 0)
      throw new Problem('SLOT_ABSENT', { slot: credential.kind, slots: slotKinds(vault) });
    let refusal: Problem | undefined;
    for (const slot of slots) {
      try {
        const wrappingKey = await opener.wrappingKey(slot.parameters);
        const key = unwrap(vault.id, slot, wrappingKey);
        wrappingKey.fill(0);
        if (key !== undefined) {
          this.#attempts.succeeded();
          if (despiteDamage || isVaultOf(key, vault)) return { key, slot };
          key.fill(0);
          throw new Problem('VAULT_DAMAGED', { path: this.#path, reason: 'its check value does not match' });
        }
        refusal ??= opener.refusal(slot.parameters);
      } catch (error) {
        if (!(error instanceof Problem) || error.code === 'VAULT_DAMAGED') throw error;
        refusal ??= error;
      }
    }
    if (credential.kind !== 'keychain') this.#attempts.failed();
    throw refusal!;
  }

  /** Writes the vault that `change` makes of the current one, after reading it back and opening it. */
  async #replace(
    key: Uint8Array,
    prepared: PreparedSlot | undefined,
    change: (current: StoredVault | undefined) => VaultBody,
  ): Promise<void> {
    try {
      await replaceVault(this.#files, this.#path, (content) => ({
        content: writeVault(change(content === undefined ? undefined : readVault(content, this.#path)), key),
        verify: (written) => {
          const vault = readVault(written, this.#path);
          if (!isVaultOf(key, vault)) throw new Error('the new vault does not match its key');
          if (prepared === undefined) return;
          proveOpens(vault.id, findSlot(vault, prepared.slot.id), prepared.wrappingKey, key);
        },
      }));
    } catch (error) {
      // An unconfirmed change is there; what its slot needs must stay.
      if (!(error instanceof Problem && error.code === 'VAULT_UNCONFIRMED')) await prepared?.abandon();
      throw error;
    } finally {
      prepared?.wrappingKey.fill(0);
    }
  }

  /**
   * What stands on disk under the lock must still be the vault that the change was prepared for, and untampered:
   * writing it anew would vouch for it.
   */
  #sameVault(current: StoredVault | undefined, id: string, key: Uint8Array): StoredVault {
    if (current?.id !== id || !isVaultOf(key, current))
      throw new Problem('VAULT_REPLACED', { path: this.#path });
    return current;
  }

  #surroundings(vault: VaultBody): SlotSurroundings {
    const usable = slotKinds(vault);
    return { vaultId: vault.id, keychain: this.#keychain, scryptCost: this.#scryptCost, usable };
  }

  /** The key is a copy of its own: an auto-lock in the midst of the work wipes the one in this object. */
  #withCurrent<T>(work: (vault: StoredVault, key: Uint8Array) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      const { vault, key } = this.#current();
      const copy = key.slice();
      try {
        return await work(vault, copy);
      } finally {
        copy.fill(0);
      }
    });
  }

  async #discard(slot: Slot): Promise<void> {
    if (slot.kind === 'keychain') await keychainOpener(this.#keychain, []).discard(slot.parameters);
  }

  #hold(id: string, key: Uint8Array, verified: Uint8Array): void {
    this.lock();
    // Asked first: a limit that cannot be read must not leave an open vault without one.
    const minutes = this.#idleMinutes();
    this.#open = { id, key, verified };
    this.#autoLock.start(minutes);
  }

  #require(): Uint8Array {
    const content = this.#read();
    if (content === undefined) throw new Problem('VAULT_ABSENT', { path: this.#path });
    return content;
  }

  #read(): Uint8Array | undefined {
    try {
      return this.#files.read(this.#path);
    } catch (error) {
      throw new Problem('VAULT_UNREADABLE', {
        path: this.#path,
        reason: (error as { code?: string }).code ?? 'unknown',
      });
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => {});
    return turn;
  }
}

/** Undefined for a file that is damaged. */
function idOf(content: Uint8Array): string | undefined {
  try {
    return readVault(content, '').id;
  } catch {
    return undefined;
  }
}

function summary({ id, kind, createdAt }: Slot): SlotSummary {
  return { id, kind, createdAt };
}

function added({ slot, recoveryCode }: PreparedSlot): AddedSlot {
  return { ...summary(slot), ...(recoveryCode === undefined ? {} : { recoveryCode }) };
}
