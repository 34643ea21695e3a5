/** Lets one thing at a time happen to each key, in the order of asking. */
export class Sequencer {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Runs `work` after everything asked for earlier under `key` has ended, well or badly. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const tail = mine
      .catch(() => undefined)
      .then(() => {
        if (this.#tails.get(key) === tail) this.#tails.delete(key);
      });
    this.#tails.set(key, tail);
    return mine;
  }
}
