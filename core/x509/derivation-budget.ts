/**
 * What an untrusted file may make us compute. Iteration counts and scrypt parameters come from the file itself,
 * so each input gets one budget, and every key derived for it draws on that one.
 */
import { X509Error } from './errors.ts';

/** Highest iteration count accepted; OpenSSL writes 2,048, Java 10,000, GnuTLS 600,000. */
const iterationCeiling = 10_000_000;
/** Highest scrypt memory accepted, 128·r·(N+p) octets (RFC 7914 §5, 6): N = 2^18 at r = 8, with its working blocks. */
const scryptMemoryCeiling = 257 * 1024 * 1024;
/**
 * One unit is about one native PBKDF2 iteration: the whole budget is some ten seconds of a laptop core. GnuTLS writes
 * 600,000 iterations for each certificate; under triple DES a key and a chain of four take half of it.
 */
const unitsPerInput = 40_000_000;

export class DerivationBudget {
  readonly #what: string;
  #left: number;

  /** A budget for one input, which `what` names in errors. */
  constructor(what: string, units: number = unitsPerInput) {
    this.#what = what;
    this.#left = units;
  }

  /**
   * Draws `iterations` rounds over `blocks` output blocks, each worth `unitsEach`.
   * @throws X509Error INPUT_TOO_LARGE over the ceiling or the budget, DER_MALFORMED when the count is zero.
   */
  spendIterations(iterations: number, blocks: number, unitsEach: number): void {
    if (iterations < 1)
      throw new X509Error('DER_MALFORMED', { what: this.#what, reason: 'no iterations', offset: 0 });
    if (iterations > iterationCeiling) throw this.#tooMuch(`${iterationCeiling} iterations`);
    this.#spend(iterations * blocks * unitsEach);
  }

  /**
   * Draws one scrypt run (RFC 7914 §2).
   * @throws X509Error INPUT_TOO_LARGE over a ceiling or the budget, DER_MALFORMED for parameters scrypt does not have.
   */
  spendScrypt(n: number, r: number, p: number): void {
    if (n < 2 || r < 1 || p < 1 || !Number.isInteger(Math.log2(n)) || Math.log2(n) >= 16 * r)
      throw new X509Error('DER_MALFORMED', { what: this.#what, reason: 'scrypt parameters', offset: 0 });
    if (128 * r * (n + p) > scryptMemoryCeiling)
      throw this.#tooMuch(`${scryptMemoryCeiling / 2 ** 20} MiB of memory`);
    this.#spend(n * r * p * 3);
  }

  #spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw this.#tooMuch('key derivation work');
  }

  #tooMuch(limit: string): X509Error {
    return new X509Error('INPUT_TOO_LARGE', { what: this.#what, limit });
  }
}
