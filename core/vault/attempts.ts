import { Problem } from '../../contract/problem.ts';

/** Wrong attempts that cost nothing: people mistype. */
const freeAttempts = 3;
const longestPause = 60;

/**
 * Slows guessing within this process: after three wrong attempts each one doubles the pause, up to a minute.
 * Somebody who holds the file guesses elsewhere; against that stands the cost of the key derivation.
 */
export class Attempts {
  readonly #elapsed: () => number;
  #failures = 0;
  #pausedUntil = 0;

  /** `elapsed`: a monotonic clock in milliseconds. */
  constructor(elapsed: () => number = () => performance.now()) {
    this.#elapsed = elapsed;
  }

  /** @throws Problem UNLOCK_PAUSED while a pause lasts. */
  admit(): void {
    const seconds = Math.ceil((this.#pausedUntil - this.#elapsed()) / 1000);
    if (seconds > 0) throw new Problem('UNLOCK_PAUSED', { seconds });
  }

  failed(): void {
    this.#failures += 1;
    const steps = this.#failures - freeAttempts;
    if (steps >= 0) this.#pausedUntil = this.#elapsed() + 1000 * Math.min(2 ** steps, longestPause);
  }

  succeeded(): void {
    this.#failures = 0;
    this.#pausedUntil = 0;
  }
}
