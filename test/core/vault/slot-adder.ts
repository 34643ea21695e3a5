/** A process that adds recovery codes to a vault: `PATH PASSPHRASE COUNT`. */
import { Vault } from '../../../core/vault/vault.ts';

const [path = '', passphrase = '', count = '1'] = process.argv.slice(2);
const vault = Vault.open(path, { clock: () => new Date() });
await vault.unlock({ kind: 'passphrase', passphrase });
for (let n = 0; n < Number(count); n++) await vault.addSlot({ kind: 'recovery-code' });
