/**
 * A process that uses the vault with this session's real keychain: `VAULT add PASSPHRASE` or `VAULT unlock`. Prints the
 * outcome as JSON: the account of the new slot, or the code and data of the problem.
 */
import { readFileSync } from 'node:fs';
import { Problem } from '../../../contract/problem.ts';
import { osKeychain } from '../../../core/vault/os-keychain.ts';
import { Vault } from '../../../core/vault/vault.ts';

const [path = '', verb, passphrase = ''] = process.argv.slice(2);
const vault = Vault.open(path, {
  clock: () => new Date(),
  keychain: osKeychain('Warifu'),
  scryptCost: 2 ** 16,
});
try {
  if (verb === 'add') {
    await vault.unlock({ kind: 'passphrase', passphrase });
    await vault.addSlot({ kind: 'keychain' });
    const { slots } = JSON.parse(readFileSync(path, 'utf8')) as {
      slots: { kind: string; parameters: { account: string } }[];
    };
    const account = slots.find(({ kind }) => kind === 'keychain')!.parameters.account;
    process.stdout.write(JSON.stringify({ account }));
  } else {
    await vault.unlock({ kind: 'keychain' });
    process.stdout.write(JSON.stringify({ state: vault.status().state }));
  }
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stdout.write(JSON.stringify({ code: error.code, data: error.data }));
}
