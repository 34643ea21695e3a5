import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Problem } from '../../../contract/problem.ts';
import { Attempts } from '../../../core/vault/attempts.ts';
import { type Keychain, KeychainError } from '../../../core/vault/keychain.ts';
import { Vault, type VaultOptions } from '../../../core/vault/vault.ts';
import { diskFiles, type VaultFiles } from '../../../core/vault/vault-files.ts';

const directory = mkdtempSync(join(tmpdir(), 'warifu 金庫-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const clock = (): Date => new Date('2026-01-02T03:04:05Z');
/** The floor: a test need not wait for the usual cost. */
const scryptCost = 2 ** 16;
const passphrase = '正しい馬 電池 ホチキス';
const secret = Buffer.from('the private key');
let count = 0;

/** A monotonic clock that jumps, so that no test waits for the pause after a wrong attempt. */
function jumping(): () => number {
  let at = 0;
  return () => {
    at += 3_600_000;
    return at;
  };
}

function vaultAt(path: string, options: Partial<VaultOptions> = {}): Vault {
  return Vault.open(path, { clock, scryptCost, attempts: new Attempts(jumping()), ...options });
}

const freshPath = (): string => join(directory, `vault-${++count}.json`);

async function made(options: Partial<VaultOptions> = {}) {
  const path = freshPath();
  const vault = vaultAt(path, options);
  await vault.initialize(passphrase);
  return { path, vault, sealed: vault.seal('private-key', 'one', secret) };
}

const problem =
  (...codes: readonly string[]) =>
  (error: unknown) =>
    error instanceof Problem && codes.includes(error.code);

const opens = async (path: string, phrase: string): Promise<boolean> => {
  const vault = vaultAt(path);
  try {
    await vault.unlock({ kind: 'passphrase', passphrase: phrase });
    return true;
  } catch (error) {
    assert.ok(problem('WRONG_PASSPHRASE')(error), String(error));
    return false;
  }
};

test('what is sealed opens again, in another process too, and only under its own name', async () => {
  const { path, sealed } = await made();
  const again = vaultAt(path);
  assert.equal(again.status().state, 'locked');
  assert.throws(() => again.unseal('private-key', 'one', sealed), problem('VAULT_LOCKED'));
  await again.unlock({ kind: 'passphrase', passphrase });
  assert.deepEqual(Buffer.from(again.unseal('private-key', 'one', sealed)), secret);
  assert.throws(() => again.unseal('private-key', 'two', sealed), problem('SECRET_DAMAGED'));
  assert.throws(() => again.unseal('password', 'one', sealed), problem('SECRET_DAMAGED'));
  again.lock();
  assert.throws(() => again.seal('private-key', 'one', secret), problem('VAULT_LOCKED'));
});

test('the file is its owner’s alone, and holds neither passphrase nor key', async () => {
  const { path, vault } = await made();
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const text = readFileSync(path, 'utf8');
  const key = Buffer.from(vault.deriveKey('audit'));
  for (const form of [passphrase, key.toString('hex'), key.toString('base64')])
    assert.ok(!text.includes(form));
});

test('a wrong passphrase is refused and changes nothing; composed and decomposed Unicode are one', async () => {
  const { path } = await made();
  const before = readFileSync(path);
  assert.equal(await opens(path, 'wrong wrong wrong'), false);
  assert.deepEqual(readFileSync(path), before);
  assert.equal(await opens(path, passphrase.normalize('NFD')), true);
});

test('a vault that is there is never made anew, and a short passphrase is refused', async () => {
  const { path, vault } = await made();
  const before = readFileSync(path);
  await assert.rejects(vaultAt(path).initialize('another long passphrase'), problem('VAULT_EXISTS'));
  await assert.rejects(vault.changePassphrase(passphrase, 'short'), problem('PASSPHRASE_TOO_SHORT'));
  writeFileSync(path, 'garbage');
  await assert.rejects(vaultAt(path).initialize('another long passphrase'), problem('VAULT_EXISTS'));
  assert.equal(readFileSync(path, 'utf8'), 'garbage');
  writeFileSync(path, before);
});

test('the recovery code opens it, mistyped ones are told apart, and its renewal ends the old one', async () => {
  const { path, vault, sealed } = await made();
  const { recoveryCode, id } = await vault.addSlot({ kind: 'recovery-code' });
  const rescue = vaultAt(path);
  await rescue.unlock({ kind: 'recovery-code', code: recoveryCode!.toLowerCase() });
  assert.deepEqual(Buffer.from(rescue.unseal('private-key', 'one', sealed)), secret);
  const last = recoveryCode!.at(-1) === 'A' ? 'B' : 'A';
  const mistyped = { kind: 'recovery-code', code: recoveryCode!.slice(0, -1) + last } as const;
  await assert.rejects(vaultAt(path).unlock(mistyped), problem('RECOVERY_CODE_MISTYPED'));
  const renewed = await vault.replaceSlot(id, { kind: 'recovery-code' });
  await assert.rejects(
    vaultAt(path).unlock({ kind: 'recovery-code', code: recoveryCode! }),
    problem('WRONG_RECOVERY_CODE'),
  );
  await vaultAt(path).unlock({ kind: 'recovery-code', code: renewed.recoveryCode! });
});

/** A keychain in memory that can be made to fail as real ones do. */
class MemoryKeychain implements Keychain {
  readonly entries = new Map<string, Uint8Array>();
  failure: 'unavailable' | 'locked' | undefined;

  #answer(): void {
    if (this.failure) throw new KeychainError(this.failure, 'as the test wants it');
  }
  async get(account: string) {
    this.#answer();
    // A copy, as a real one gives: the vault wipes what it was given.
    const value = this.entries.get(account);
    return value && Uint8Array.from(value);
  }
  async set(account: string, value: Uint8Array) {
    this.#answer();
    this.entries.set(account, Uint8Array.from(value));
  }
  async delete(account: string) {
    this.#answer();
    this.entries.delete(account);
  }
}

test('the keychain opens it; unavailable, locked and emptied ones are told apart and destroy nothing', async () => {
  const keychain = new MemoryKeychain();
  const { path, vault } = await made({ keychain });
  const slot = await vault.addSlot({ kind: 'keychain' });
  const before = readFileSync(path);
  const unlock = () => vaultAt(path, { keychain }).unlock({ kind: 'keychain' });
  await unlock();
  for (const [failure, code] of [
    ['unavailable', 'KEYCHAIN_UNAVAILABLE'],
    ['locked', 'KEYCHAIN_LOCKED'],
  ] as const) {
    keychain.failure = failure;
    await assert.rejects(unlock(), problem(code));
  }
  keychain.failure = undefined;
  const [[account, value]] = [...keychain.entries] as [[string, Uint8Array]];
  keychain.entries.set(account, new Uint8Array(32));
  await assert.rejects(unlock(), problem('KEYCHAIN_ENTRY_FOREIGN'));
  keychain.entries.delete(account);
  await assert.rejects(unlock(), problem('KEYCHAIN_ENTRY_MISSING'));
  keychain.entries.set(account, value);
  assert.deepEqual(readFileSync(path), before);
  const [first] = vault.status().slots.filter(({ kind }) => kind === 'passphrase');
  await assert.rejects(vault.removeSlot(first!.id), problem('LAST_SLOT'));
  await vault.removeSlot(slot.id);
  assert.equal(keychain.entries.size, 0);
});

test('a passphrase change that fails at any step leaves the old or the new passphrase opening, always one', async () => {
  const { path } = await made();
  const original = readFileSync(path);
  const next = 'an entirely new passphrase';
  let failAt = 0;
  let calls = 0;
  const failing = Object.fromEntries(
    Object.entries(diskFiles).map(([name, call]) => [
      name,
      (...args: readonly unknown[]) => {
        if (name !== 'read' && name !== 'remove' && ++calls === failAt)
          throw Object.assign(new Error('injected'), { code: 'EIO' });
        return (call as (...given: readonly unknown[]) => unknown)(...args);
      },
    ]),
  ) as unknown as VaultFiles;
  let finished = false;
  for (failAt = 1; !finished; failAt++) {
    assert.ok(failAt < 40, 'the change never gets through');
    writeFileSync(path, original);
    calls = 0;
    finished = await vaultAt(path, { files: failing })
      .changePassphrase(passphrase, next)
      .then(
        () => calls < failAt,
        () => false,
      );
    const [old, fresh] = [await opens(path, passphrase), await opens(path, next)];
    assert.equal(Number(old) + Number(fresh), 1, `step ${failAt}: old ${old}, new ${fresh}`);
    if (finished) assert.equal(fresh, true);
  }
  assert.ok(failAt > 4, `only ${failAt} steps were tried`);
});

test('every flipped byte of the file is found before any secret is asked for', async () => {
  const { path } = await made();
  const good = readFileSync(path);
  for (let at = 0; at < good.length; at++) {
    const flipped = Uint8Array.from(good);
    flipped[at]! ^= 1 << (at % 8);
    writeFileSync(path, flipped);
    assert.throws(() => vaultAt(path).status(), problem('VAULT_DAMAGED', 'VAULT_NEWER'), `byte ${at}`);
    assert.deepEqual(Uint8Array.from(readFileSync(path)), flipped);
  }
  writeFileSync(path, good);
  assert.equal(await opens(path, passphrase), true);
});

test('an absent vault says so and makes no file', async () => {
  const path = freshPath();
  assert.equal(vaultAt(path).status().state, 'absent');
  await assert.rejects(vaultAt(path).unlock({ kind: 'passphrase', passphrase }), problem('VAULT_ABSENT'));
  assert.equal(existsSync(path), false);
});

test('unlocking at the usual cost takes the memory of one scrypt', async () => {
  const path = freshPath();
  await vaultAt(path, { scryptCost: 2 ** 17 }).initialize(passphrase);
  const before = process.memoryUsage().rss;
  await vaultAt(path).unlock({ kind: 'passphrase', passphrase });
  assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024);
});
