// not under Bun: it is about the file layer, and the derivations take their time under Node already
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../../contract/problem.ts';
import { Vault } from '../../../core/vault/vault.ts';
import { diskFiles, type VaultFiles } from '../../../core/vault/vault-files.ts';

const directory = mkdtempSync(join(tmpdir(), 'warifu 中断-'));
const path = join(directory, 'vault.json');
const clock = (): Date => new Date('2026-01-02T03:04:05Z');
const scryptCost = 2 ** 16;
const passphrase = 'the old passphrase';
const next = 'the new passphrase';
let original: Buffer;

before(async () => {
  await Vault.open(path, { clock, scryptCost }).initialize(passphrase);
  original = readFileSync(path);
});
after(() => rmSync(directory, { recursive: true, force: true }));

async function opens(phrase: string): Promise<boolean> {
  try {
    await Vault.open(path, { clock }).unlock({ kind: 'passphrase', passphrase: phrase });
    return true;
  } catch (error) {
    assert.ok(error instanceof Problem && error.code === 'WRONG_PASSPHRASE', String(error));
    return false;
  }
}

/**
 * The machine goes away at call `last`: that call happens (`after`), does not happen (`before`) or, for a write, leaves
 * half of its octets (`torn`); nothing after it happens at all, no tidying up either.
 */
function dyingAt(
  last: number,
  how: 'before' | 'after' | 'torn',
): VaultFiles & { readonly calls: () => number } {
  let count = 0;
  const gone = () => Object.assign(new Error('the machine is gone'), { code: 'GONE' });
  const step =
    <A extends readonly unknown[], R>(call: (...args: A) => R, torn?: (...args: A) => void) =>
    (...args: A): R => {
      count++;
      if (count > last) throw gone();
      if (count < last) return call(...args);
      if (how === 'after') call(...args);
      if (how === 'torn') torn?.(...args);
      throw gone();
    };
  return {
    calls: () => count,
    // Reading changes nothing on the disk.
    read: (file) => (count >= last ? undefined : diskFiles.read(file)),
    create: step(diskFiles.create, (file, content) =>
      writeFileSync(file, content.subarray(0, content.length >> 1), { mode: 0o600 }),
    ),
    sync: step(diskFiles.sync),
    rename: step(diskFiles.rename),
    syncDirectory: step(diskFiles.syncDirectory),
    remove: step(diskFiles.remove),
  };
}

for (const how of ['before', 'after', 'torn'] as const)
  test(`a passphrase change that ends ${how === 'torn' ? 'within' : how} any write or sync leaves one passphrase that opens`, async () => {
    let steps = 0;
    for (let last = 1; ; last++) {
      assert.ok(last < 40, 'the change never gets through');
      writeFileSync(path, original);
      rmSync(`${path}.lock`, { force: true });
      rmSync(`${path}.new`, { force: true });
      const files = dyingAt(last, how);
      await Vault.open(path, { clock, scryptCost, files })
        .changePassphrase(passphrase, next)
        .catch(() => {});
      if (files.calls() < last) break;
      steps++;
      // Octet by octet the old file opens as it did; anything else has to show what opens it.
      const untouched = original.equals(readFileSync(path));
      const [old, fresh] = untouched ? [true, false] : [await opens(passphrase), await opens(next)];
      assert.equal(Number(old) + Number(fresh), 1, `step ${last}: old ${old}, new ${fresh}`);
      // What was left behind is no obstacle to the next change.
      if (last === 4) {
        rmSync(`${path}.lock`, { force: true });
        await Vault.open(path, { clock, scryptCost }).changePassphrase(
          old ? passphrase : next,
          'a third one',
        );
        assert.equal(await opens('a third one'), true);
      }
    }
    // lock, remove, create, sync, rename, sync of the directory, unlock.
    assert.ok(steps >= 6, `only ${steps} steps`);
  });

test('two processes that change slots at once both have their change in the file', async () => {
  writeFileSync(path, original);
  const changer = fileURLToPath(new URL('slot-adder.ts', import.meta.url));
  const children = [1, 2].map(() =>
    spawn(process.execPath, [changer, path, passphrase, '5'], { stdio: ['ignore', 'ignore', 'inherit'] }),
  );
  const ends = await Promise.all(children.map((child) => once(child, 'close')));
  assert.deepEqual(
    ends.map(([code]) => code),
    [0, 0],
  );
  const { slots } = Vault.open(path, { clock }).status();
  assert.equal(slots.filter(({ kind }) => kind === 'recovery-code').length, 10);
  assert.equal(await opens(passphrase), true);
});
