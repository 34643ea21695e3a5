import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Problem } from '../../contract/problem.ts';
import type { Answer, ThreadStart, Wish } from './listing-thread.ts';
import { sqliteProblem } from './sqlite-error.ts';
import type { CertificateQuery } from './tables/certificate-list.ts';
import { type CertificatePage, intact } from './tables/certificates.ts';

/** Beside this file, in a checkout as in a bundle. */
const threadFile = new URL(`listing-thread${extname(import.meta.url)}`, import.meta.url);

interface Waiting {
  resolve(page: CertificatePage): void;
  reject(reason: unknown): void;
}

/**
 * Lists of certificates, read by a thread of their own, so that this one stands still for nobody: not for a broad
 * search, nor for a disk that must be asked. The thread starts with the first list.
 */
export class Listing {
  readonly #path: string;
  readonly #clock: () => Date;
  readonly #waitSeconds: number;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | undefined;
  #lastId = 0;

  /** @param path of a registry that is open in this process while it is listed. */
  constructor(
    path: string,
    { clock, waitSeconds }: { readonly clock: () => Date; readonly waitSeconds: number },
  ) {
    this.#path = path;
    this.#clock = clock;
    this.#waitSeconds = waitSeconds;
  }

  /**
   * One page; stops soon after `signal` aborts.
   * @throws Problem REGISTRY_DAMAGED, REGISTRY_ROW_DAMAGED, REGISTRY_UNAVAILABLE; the reason of `signal`
   */
  async page(query: CertificateQuery, signal?: AbortSignal): Promise<CertificatePage> {
    signal?.throwIfAborted();
    const thread = this.#started();
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<CertificatePage>();
    const drop = (): void => {
      this.#settle(id)?.reject(signal?.reason);
      thread.postMessage({ id, dropped: true } satisfies Wish);
    };
    thread.postMessage({ id, query, now: this.#clock() } satisfies Wish);
    this.#waiting.set(id, { resolve, reject });
    thread.ref();
    signal?.addEventListener('abort', drop, { once: true });
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', drop);
    }
  }

  /** Whether a thread has the file open. */
  get isRunning(): boolean {
    return this.#thread !== undefined;
  }

  /** Lets go of the file; it is free when this resolves. Whoever waits is told so; the next list starts anew. */
  async close(): Promise<void> {
    const thread = this.#thread;
    if (thread === undefined) return;
    this.#thread = undefined;
    this.#rejectAll(new Problem('REGISTRY_UNAVAILABLE', { path: this.#path, reason: 'closed' }));
    await thread.terminate();
  }

  #started(): Worker {
    if (this.#thread) return this.#thread;
    const start: ThreadStart = { path: this.#path, waitSeconds: this.#waitSeconds };
    const thread = new Worker(threadFile, { workerData: start, name: 'certificate list', execArgv: [] });
    thread.on('message', (answer: Answer) => this.#take(answer));
    thread.on('error', (error) => {
      if (this.#thread !== thread) return;
      this.#thread = undefined;
      this.#rejectAll(sqliteProblem(error, this.#path, this.#waitSeconds));
    });
    this.#thread = thread;
    return thread;
  }

  #take(answer: Answer): void {
    const waiting = this.#settle(answer.id);
    if ('error' in answer) {
      const error = Object.assign(new Error(answer.error.message), answer.error);
      waiting?.reject(sqliteProblem(error, this.#path, this.#waitSeconds));
      return;
    }
    const { rows, ...page } = answer.page;
    try {
      waiting?.resolve({ ...page, items: rows.map(intact) });
    } catch (error) {
      waiting?.reject(error);
    }
  }

  /** Takes one that waits off the list; a thread that nobody waits for keeps no process alive. */
  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#thread?.unref();
    return waiting;
  }

  #rejectAll(reason: unknown): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(reason);
  }
}
