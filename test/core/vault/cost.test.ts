import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Problem } from '../../../contract/problem.ts';
import { Vault } from '../../../core/vault/vault.ts';

const directory = mkdtempSync(join(tmpdir(), 'warifu 費用-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const clock = (): Date => new Date();
const passphrase = 'correct horse battery staple';

/** As somebody would who holds the file: the parameter changed, the digest made right. */
function withParameter(path: string, name: 'N' | 'r' | 'p', value: number): void {
  const changed = readFileSync(path, 'utf8').replace(new RegExp(`"${name}": \\d+`), `"${name}": ${value}`);
  const bare = changed.replace(/"digest": "[0-9a-f]{64}"/, '"digest": ""').replace(/\n$/, '');
  const digest = createHash('sha256').update(bare).digest('hex');
  writeFileSync(path, bare.replace('"digest": ""', `"digest": "${digest}"`).concat('\n'));
}

for (const [name, value, why] of [
  ['N', 2 ** 15, 'cheap to guess'],
  ['N', 2, 'cheap to guess'],
  ['N', 2 ** 21, 'two GiB of memory'],
  ['N', 100_000, 'no power of two'],
  ['r', 1, 'cheap to guess'],
  ['r', 64, 'eight times the memory'],
  ['p', 0, 'no work at all'],
  ['p', 1024, 'an hour of work'],
] as const)
  test(`a file that asks for ${name} = ${value} (${why}) is refused before any derivation`, async () => {
    const path = join(directory, `${name}-${value}.json`);
    await Vault.open(path, { clock, scryptCost: 2 ** 16 }).initialize(passphrase);
    withParameter(path, name, value);
    const content = readFileSync(path);
    await assert.rejects(Vault.open(path, { clock }).unlock({ kind: 'passphrase', passphrase }), (error) => {
      assert.ok(error instanceof Problem && error.code === 'VAULT_KDF_OUT_OF_RANGE', String(error));
      assert.equal((error.data as { parameter: string }).parameter, name);
      return true;
    });
    assert.deepEqual(readFileSync(path), content);
  });

test('a cost within the limits that was changed behind our back does not open', async () => {
  const path = join(directory, 'within.json');
  await Vault.open(path, { clock, scryptCost: 2 ** 17 }).initialize(passphrase);
  withParameter(path, 'N', 2 ** 16);
  await assert.rejects(
    Vault.open(path, { clock }).unlock({ kind: 'passphrase', passphrase }),
    (error) => error instanceof Problem && error.code === 'WRONG_PASSPHRASE',
  );
});
