/**
 * Locks after a time without use. Two clocks watch: the timer forgets the key at the right moment, and every use
 * asks the wall clock first, because timers stand still while a laptop sleeps.
 */
export class AutoLock {
  readonly #clock: () => Date;
  readonly #lock: () => void;
  #idleMs = 0;
  #deadline: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: () => Date, lock: () => void) {
    this.#clock = clock;
    this.#lock = lock;
  }

  /** Begins to watch. `minutes`: 0 for never. */
  start(minutes: number): void {
    this.stop();
    this.#idleMs = minutes * 60_000;
    this.used();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#deadline = undefined;
    this.#idleMs = 0;
  }

  /** Something needed the key: the time starts anew, unless it was over already. */
  used(): void {
    if (this.#idleMs === 0 || this.expire()) return;
    this.#deadline = this.#clock().getTime() + this.#idleMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), Math.min(this.#idleMs, 60_000));
    // Waiting to forget is no reason to stay alive.
    this.#timer.unref();
  }

  /** Locks when the time is over, and says so. */
  expire(): boolean {
    if (this.#deadline === undefined || this.#clock().getTime() < this.#deadline) return false;
    this.stop();
    this.#lock();
    return true;
  }

  /** When it will lock if nothing happens; `undefined` for never. */
  get at(): Date | undefined {
    return this.#deadline === undefined ? undefined : new Date(this.#deadline);
  }

  /** At least once a minute, so that a long sleep is noticed soon after waking. */
  #tick(): void {
    if (this.#deadline === undefined || this.expire()) return;
    const left = this.#deadline - this.#clock().getTime();
    this.#timer = setTimeout(() => this.#tick(), Math.min(left, 60_000));
    this.#timer.unref();
  }
}
