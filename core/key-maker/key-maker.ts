import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { generatePrivateKey, type KeyAlgorithm } from '../x509/key.ts';

/** Beside this file, in a checkout as in a bundle. */
const threadFile = new URL(`key-maker-thread${extname(import.meta.url)}`, import.meta.url);
/** Keys, before a thread is worth its start. */
const worthAThread = 5;
const mostThreads = Math.min(3, Math.max(1, availableParallelism() - 1));

/**
 * Makes the keys of people. A few on Node's own pool; many by threads that give way to everybody else: a key is a tenth
 * of a second of nothing but calculating, and hundreds of them would stand before whoever uses the app meanwhile.
 */
export class KeyMaker {
  readonly #threads: KeyThread[] = [];
  readonly #patience: number;
  #made = 0;
  #late = 0;

  /** @param patience milliseconds, after which a thread that is never given a turn is done without */
  constructor(patience = 5000) {
    this.#patience = patience;
  }

  /** A fresh private key, PKCS#8 DER. */
  async make(algorithm: KeyAlgorithm): Promise<Uint8Array> {
    this.#made += 1;
    const key = this.#made > worthAThread && this.#late === 0 ? await this.#makeAside(algorithm) : undefined;
    return key ?? generatePrivateKey(algorithm);
  }

  /** Ends the threads, each after what it has been asked for; the next key starts anew. */
  close(): void {
    for (const thread of this.#threads.splice(0)) thread.close();
  }

  /** @returns nothing when no thread came to it in time, or none could be had */
  async #makeAside(algorithm: KeyAlgorithm): Promise<Uint8Array | undefined> {
    const asked = this.#thread()
      .make(algorithm)
      .catch(() => undefined);
    const isThere = new AbortController();
    const tooLate = sleep(this.#patience, 'too late' as const, { signal: isThere.signal }).catch(
      () => undefined,
    );
    const first = await Promise.race([asked, tooLate]);
    isThere.abort();
    if (first !== 'too late') return first;
    this.#late += 1;
    void asked.then((key) => {
      key?.fill(0);
      this.#late -= 1;
    });
    return undefined;
  }

  /** The one with the least to do. */
  #thread(): KeyThread {
    const [least] = this.#threads.toSorted((a, b) => a.inLine - b.inLine);
    if (least && (least.inLine === 0 || this.#threads.length === mostThreads)) return least;
    const thread = new KeyThread(() => {
      const at = this.#threads.indexOf(thread);
      if (at >= 0) this.#threads.splice(at, 1);
    });
    this.#threads.push(thread);
    return thread;
  }
}

interface Waiting {
  resolve(key: Uint8Array): void;
  reject(reason: unknown): void;
}

class KeyThread {
  readonly #worker = new Worker(threadFile, { name: 'key maker', execArgv: [] });
  /** In the order of their asking, which is that of the answers. */
  readonly #waiting: Waiting[] = [];
  #isClosing = false;

  /** @param failed is called when it ends by an error, which everybody who waits is told */
  constructor(failed: () => void) {
    this.#worker.unref();
    this.#worker.on('message', (key: Uint8Array) => {
      this.#waiting.shift()?.resolve(key);
      if (this.inLine === 0) this.#rest();
    });
    this.#worker.on('error', (error) => {
      failed();
      for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
    });
  }

  get inLine(): number {
    return this.#waiting.length;
  }

  make(algorithm: KeyAlgorithm): Promise<Uint8Array> {
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    this.#waiting.push({ resolve, reject });
    this.#worker.ref();
    this.#worker.postMessage(algorithm);
    return promise;
  }

  close(): void {
    this.#isClosing = true;
    if (this.inLine === 0) this.#rest();
  }

  /** A thread that nobody waits for keeps no process alive. */
  #rest(): void {
    this.#worker.unref();
    if (this.#isClosing) void this.#worker.terminate();
  }
}
