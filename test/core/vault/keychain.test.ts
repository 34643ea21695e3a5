// not under Bun: the keychain's native library is loaded by Node in processes of their own
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Vault } from '../../../core/vault/vault.ts';
import { KeyringUser, secretServiceMissing } from './secret-service.ts';

const skip =
  process.platform !== 'linux'
    ? 'the Secret Service is for Linux'
    : secretServiceMissing && `${secretServiceMissing} is not installed`;
const user = fileURLToPath(new URL('keychain-user.ts', import.meta.url));
const passphrase = '正しい馬 電池 ホチキス';
const directory = mkdtempSync(join(tmpdir(), 'warifu 金庫-'));
const path = join(directory, 'vault.json');
const clock = (): Date => new Date();
let owner: KeyringUser;
let account = '';

const unlockIn = (keyring: KeyringUser, state: 'unlocked' | 'locked') =>
  JSON.parse(keyring.run(state, process.execPath, user, path, 'unlock'));

/** Whatever the keychain says, the file is as it was and the passphrase still opens it. */
async function nothingChanged(before: Buffer): Promise<void> {
  assert.deepEqual(readFileSync(path), before);
  await Vault.open(path, { clock }).unlock({ kind: 'passphrase', passphrase });
}

before(async () => {
  if (skip) return;
  owner = new KeyringUser();
  await Vault.open(path, { clock, scryptCost: 2 ** 16 }).initialize(passphrase);
  ({ account } = JSON.parse(owner.run('unlocked', process.execPath, user, path, 'add', passphrase)));
  assert.match(account, /^[0-9a-f-]{36}\/[0-9a-f-]{36}$/);
});

after(() => {
  owner?.[Symbol.dispose]();
  rmSync(directory, { recursive: true, force: true });
});

test('the keychain opens the vault, in another process and after another login', { skip }, () => {
  assert.deepEqual(unlockIn(owner, 'unlocked'), { state: 'unlocked' });
});

test('a locked keychain is told apart and points at the passphrase', { skip }, async () => {
  const before = readFileSync(path);
  const { code, data } = unlockIn(owner, 'locked');
  assert.equal(code, 'KEYCHAIN_LOCKED');
  assert.deepEqual(data.slots, ['passphrase']);
  await nothingChanged(before);
});

test('no keychain at all is told apart and points at the passphrase', { skip }, async () => {
  const before = readFileSync(path);
  const { DBUS_SESSION_BUS_ADDRESS: _, ...env } = process.env;
  const run = spawnSync(process.execPath, [user, path, 'unlock'], { encoding: 'utf8', env });
  const { code, data } = JSON.parse(run.stdout);
  assert.equal(code, 'KEYCHAIN_UNAVAILABLE');
  assert.deepEqual(data.slots, ['passphrase']);
  await nothingChanged(before);
});

test('the keychain of another user has no entry, and is not filled with one', { skip }, async () => {
  const before = readFileSync(path);
  using stranger = new KeyringUser();
  // Their own login made their keyring.
  stranger.run('unlocked', 'bash', '-c', 'printf x | secret-tool store --label=own service own username own');
  const { code, data } = unlockIn(stranger, 'unlocked');
  assert.equal(code, 'KEYCHAIN_ENTRY_MISSING');
  assert.deepEqual(data.slots, ['passphrase']);
  const script = 'secret-tool search --all service Warifu 2>&1 || true';
  assert.doesNotMatch(stranger.run('unlocked', 'bash', '-c', script), /secret = /);
  await nothingChanged(before);
});

test('an entry of that name with another key is told apart and left as it is', { skip }, async () => {
  const before = readFileSync(path);
  using other = new KeyringUser();
  const store = `printf ${'k'.repeat(32)} | secret-tool store --label=Warifu service Warifu username "$1"`;
  other.run('unlocked', 'bash', '-c', store, '_', account);
  const { code, data } = unlockIn(other, 'unlocked');
  assert.equal(code, 'KEYCHAIN_ENTRY_FOREIGN');
  assert.deepEqual(data.slots, ['passphrase']);
  const found = other.run(
    'unlocked',
    'bash',
    '-c',
    'secret-tool lookup service Warifu username "$1"',
    '_',
    account,
  );
  assert.equal(found, 'k'.repeat(32));
  await nothingChanged(before);
});

test('an entry deleted by hand is told apart, and a new slot can be made in its place', {
  skip,
}, async () => {
  owner.run('unlocked', 'secret-tool', 'clear', 'service', 'Warifu', 'username', account);
  const before = readFileSync(path);
  const { code, data } = unlockIn(owner, 'unlocked');
  assert.equal(code, 'KEYCHAIN_ENTRY_MISSING');
  assert.deepEqual(data.slots, ['passphrase']);
  await nothingChanged(before);
  owner.run('unlocked', process.execPath, user, path, 'add', passphrase);
  assert.deepEqual(unlockIn(owner, 'unlocked'), { state: 'unlocked' });
});
