/** What must not be cut off half-way, though others have their turn meanwhile. */
export class WorkUnderWay {
  readonly #running = new Map<string, Promise<unknown>>();

  has(id: string): boolean {
    return this.#running.has(id);
  }

  /** Runs `work`; until it ends, {@link has} says so. */
  async during<T>(id: string, work: () => Promise<T>): Promise<T> {
    const running = work();
    this.#running.set(id, running);
    try {
      return await running;
    } finally {
      this.#running.delete(id);
    }
  }

  /** Resolves when nothing is under way, however it ended. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running.values());
  }
}
