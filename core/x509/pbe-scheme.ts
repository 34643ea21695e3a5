/** What every scheme of password-based encryption looks like once its AlgorithmIdentifier is parsed. */
import type { CipherName } from './cbc.ts';
import type { DerivationBudget } from './derivation-budget.ts';
import type { PasswordEncoding } from './password-encoding.ts';

/** How much work a guess at the password costs: an algorithm by name and its iterations (scrypt: N). */
export interface Protection {
  readonly algorithm: string;
  readonly iterations: number;
}

/** One parsed scheme. Parsing costs nothing; only `derive` draws on the budget. */
export interface PbeScheme extends Protection {
  readonly encoding: PasswordEncoding;
  readonly cipher: CipherName;
  /** @throws X509Error INPUT_TOO_LARGE; DER_MALFORMED for parameters out of range. */
  readonly derive: (
    password: Uint8Array,
    budget: DerivationBudget,
  ) => { readonly key: Uint8Array; readonly iv: Uint8Array };
}
