import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Problem } from '../../../contract/problem.ts';
import { Vault } from '../../../core/vault/vault.ts';

const directory = mkdtempSync(join(tmpdir(), 'warifu 施錠-'));
const path = join(directory, 'vault.json');
const passphrase = 'correct horse battery staple';
const minute = 60_000;
let at = Date.parse('2026-06-01T00:00:00Z');
let idleMinutes = 10;
let locked = 0;
let vault: Vault;

before(async () => {
  vault = Vault.open(path, {
    clock: () => new Date(at),
    scryptCost: 2 ** 16,
    idleMinutes: () => idleMinutes,
    onLock: () => {
      locked++;
    },
  });
  await vault.initialize(passphrase);
});
after(() => rmSync(directory, { recursive: true, force: true }));

const isLocked = (error: unknown): boolean => error instanceof Problem && error.code === 'VAULT_LOCKED';
const unlock = () => vault.unlock({ kind: 'passphrase', passphrase });

test('each use starts the time anew, and looking at the status does not', async () => {
  await unlock();
  at += 9 * minute;
  vault.deriveKey('audit');
  at += 9 * minute;
  assert.equal(vault.status().state, 'unlocked');
  assert.equal(vault.status().locksAt?.getTime(), at + minute);
  at += minute;
  assert.equal(vault.status().state, 'locked');
  assert.throws(() => vault.deriveKey('audit'), isLocked);
});

test('after a night asleep the first use finds it locked, though no timer ran', async () => {
  await unlock();
  const before = locked;
  at += 8 * 60 * minute;
  assert.throws(() => vault.seal('private-key', 'one', new Uint8Array(1)), isLocked);
  assert.equal(locked, before + 1);
});

test('a shorter limit holds at once for a vault that is open', async () => {
  await unlock();
  idleMinutes = 1;
  vault.stayAwake();
  at += minute;
  assert.equal(vault.status().state, 'locked');
});

test('0 is never', async () => {
  idleMinutes = 0;
  await unlock();
  at += 365 * 24 * 60 * minute;
  assert.equal(vault.status().state, 'unlocked');
  assert.equal(vault.status().locksAt, undefined);
  vault.lock();
});

test('the timer itself locks, without anybody asking', async () => {
  let told = false;
  const watched = Vault.open(path, {
    clock: () => new Date(),
    idleMinutes: () => 0.005,
    onLock: () => {
      told = true;
    },
  });
  await watched.unlock({ kind: 'passphrase', passphrase });
  told = false;
  // The timer does not keep a process alive; this one is.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.equal(told, true);
});
