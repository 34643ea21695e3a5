import { extname } from 'node:path';
import { setImmediate as breath } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Problem } from '../../contract/problem.ts';
import type { Planned } from '../registry/read-ahead.ts';
import type { CertificateQuery } from '../registry/tables/certificate-list.ts';
import type { Answer, CertificateViews, ThreadStart, Wish } from './reader-thread.ts';

/** Beside this file, in a checkout as in a bundle. */
const threadFile = new URL(`reader-thread${extname(import.meta.url)}`, import.meta.url);
/** Milliseconds that a write waits to find in memory what it will read; beyond, it reads by itself. */
const aheadAtMost = 250;
/** Transactions between two merges: those of eight certificates, half of what SQLite would not put off any longer. */
const betweenMerges = 16;
/** Milliseconds that writers wait for a merge, which others' lists may keep waiting itself. */
const mergeAtMost = 2000;
/** Transactions, two for a certificate, before a thread is worth its start: a command that makes one needs none. */
const worthAThread = 20;

interface Waiting {
  resolve(page: CertificateViews | undefined): void;
  reject(reason: unknown): void;
}

/**
 * Reads the registry by a thread of its own, so that this one stands still for nobody: not for a broad search, nor for
 * a disk that must be asked. The thread starts with the first list, or when many certificates are made.
 */
export class Reader {
  readonly #path: string;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | undefined;
  /** Writers that have asked and were not answered yet. */
  readonly #ahead = new Set<Promise<void>>();
  #merging: Promise<void> | undefined;
  #lastId = 0;
  #written = 0;
  /** It is at something long: until it has answered again, nobody waits for it before a write. */
  #isBehind = false;

  /** @param path of a registry that is open in this process while it is read. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * One page of the certificates as it is `now`; stops soon after `signal` aborts.
   * @throws Problem REGISTRY_DAMAGED, REGISTRY_ROW_DAMAGED, REGISTRY_UNAVAILABLE; the reason of `signal`
   */
  async page(query: CertificateQuery, now: Date, signal?: AbortSignal): Promise<CertificateViews> {
    signal?.throwIfAborted();
    return (await this.#ask(this.#started(), { query, now }, signal))!;
  }

  /**
   * Brings into memory what writing `planned` will read, where a thread has the time; and the log into the file, when
   * there is much of it. Whatever comes in its way comes out at the writing, which is for the caller to do at once.
   */
  async ahead(planned: Planned): Promise<void> {
    this.#written += 1;
    if (this.#thread === undefined && this.#written < worthAThread) return;
    if (this.#written % betweenMerges === 0) {
      this.#merging ??= this.#merge().finally(() => {
        this.#merging = undefined;
      });
    }
    await this.#merging;
    const asking = this.#askPatiently({ planned }, aheadAtMost);
    this.#ahead.add(asking);
    await asking;
    this.#ahead.delete(asking);
  }

  /** One step, while nobody here writes: who met the thread at the file's lock would stand still with everybody. */
  async #merge(): Promise<void> {
    while (this.#ahead.size > 0) await Promise.all(this.#ahead);
    // Those have their turn to write.
    await breath();
    await this.#askPatiently('merge', mergeAtMost);
  }

  async #askPatiently(wish: Wish['wish'], atMost: number): Promise<void> {
    if (this.#isBehind) return;
    const patience = AbortSignal.timeout(atMost);
    await this.#ask(this.#started(), wish, patience).catch(() => {
      this.#isBehind = patience.aborted;
    });
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
    this.#isBehind = false;
    this.#rejectAll(new Problem('REGISTRY_UNAVAILABLE', { path: this.#path, reason: 'closed' }));
    await thread.terminate();
  }

  async #ask(thread: Worker, wish: Wish['wish'], signal: AbortSignal | undefined) {
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<CertificateViews | undefined>();
    const drop = (): void => {
      this.#settle(id)?.reject(signal?.reason);
      thread.postMessage({ id, wish: 'dropped' } satisfies Wish);
    };
    thread.postMessage({ id, wish } satisfies Wish);
    this.#waiting.set(id, { resolve, reject });
    thread.ref();
    signal?.addEventListener('abort', drop, { once: true });
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', drop);
    }
  }

  #started(): Worker {
    if (this.#thread) return this.#thread;
    const start: ThreadStart = { path: this.#path };
    const thread = new Worker(threadFile, { workerData: start, name: 'registry reader', execArgv: [] });
    thread.on('message', (answer: Answer) => this.#take(answer));
    thread.on('error', (error) => {
      if (this.#thread !== thread) return;
      this.#thread = undefined;
      this.#isBehind = false;
      this.#rejectAll(error);
    });
    this.#thread = thread;
    return thread;
  }

  #take(answer: Answer): void {
    this.#isBehind = false;
    const waiting = this.#settle(answer.id);
    if ('problem' in answer) waiting?.reject(new Problem(answer.problem.code, answer.problem.data));
    else if ('error' in answer) waiting?.reject(answer.error);
    else waiting?.resolve(answer.page);
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
