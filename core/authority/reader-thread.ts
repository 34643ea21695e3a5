/**
 * The thread of {@link Reader}, with a connection of its own: one step of SQLite can take seconds when a large file is
 * not in memory yet, and cannot be left in between. It writes nothing but the log into the file it belongs to, and what
 * the search is made of into larger pieces.
 */
import { setImmediate as breath } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { CertificateView } from '../../contract/certificate.ts';
import { Problem } from '../../contract/problem.ts';
import type { Planned } from '../registry/read-ahead.ts';
import { Registry } from '../registry/registry.ts';
import type { CertificateQuery } from '../registry/tables/certificate-list.ts';
import { X509Error } from '../x509/errors.ts';
import { certificateViewAt } from './certificate-view.ts';

export interface ThreadStart {
  readonly path: string;
}

interface PageWish {
  readonly query: CertificateQuery;
  readonly now: Date;
}

export interface Wish {
  readonly id: number;
  readonly wish:
    | PageWish
    | { readonly planned: Planned }
    /** While who asks lets nobody write. */
    | 'merge'
    /** Whoever asked no longer waits. */
    | 'dropped';
}

export interface CertificateViews {
  readonly items: CertificateView[];
  readonly total: number;
  /** A broad search met more than `total`; counting was stopped there. */
  readonly hasMore: boolean;
  /** For `after` of the query for the next page; null at the end. */
  readonly next: string | null;
}

/** What has a code and data crosses as those two; anything else as the error that it is. */
export type Answer = { readonly id: number } & (
  | { readonly page: CertificateViews | undefined }
  | { readonly problem: Pick<Problem, 'code' | 'data'> }
  | { readonly error: unknown }
);

/** Transactions: those of five certificates, which write some hundred pages. */
const betweenCheckpoints = 10;
/** Pages of four kilobytes: a certificate's words make one, which is written anew in each of some ten generations. */
const pagesToMerge = 128;

const port = parentPort!;
const waiting = new Set<number>();
let ahead = 0;
/** Of the wish whose step is being made. */
let now = new Date();
let registry: Registry | undefined;

/** Not before somebody waits, who is told what stands in the way. */
function opened(): Registry {
  registry ??= Registry.openBeside((workerData as ThreadStart).path, { clock: () => now });
  return registry;
}

port.on('message', ({ id, wish }: Wish) => {
  if (wish === 'dropped') waiting.delete(id);
  else if (wish === 'merge') void answer(id, () => merge(id));
  else if ('planned' in wish) void answer(id, async () => readAhead(wish.planned));
  else void answer(id, () => pageOf(id, wish));
});

async function answer(id: number, work: () => Promise<CertificateViews | undefined>): Promise<void> {
  const post = (answer: Answer): void => port.postMessage(answer);
  waiting.add(id);
  try {
    const page = await work();
    if (waiting.has(id)) post({ id, page });
  } catch (error) {
    if (error instanceof Problem || error instanceof X509Error)
      post({ id, problem: { code: error.code, data: error.data } });
    else post({ id, error });
  } finally {
    waiting.delete(id);
  }
}

async function pageOf(id: number, { query, now: asked }: PageWish): Promise<CertificateViews | undefined> {
  const work = opened().read((rows) => rows.certificateList.page(query));
  while (waiting.has(id)) {
    now = asked;
    const page = opened().read((rows) => {
      const { done, value } = work.next();
      if (!done) return undefined;
      const { ids, ...page } = value;
      const records = ids.flatMap((certificate) => rows.certificates.get(certificate) ?? []);
      return { ...page, items: records.map((record) => certificateViewAt(rows, record, asked)) };
    });
    if (page) return page;
    // Wishes that came meanwhile are heard here, and take turns.
    await breath();
  }
  return undefined;
}

function readAhead(planned: Planned): undefined {
  opened().readAhead(planned);
  // Before the answer: a COMMIT at the same moment would wait for the same disk.
  if (++ahead % betweenCheckpoints === 0) checkpoint();
}

async function merge(id: number): Promise<undefined> {
  // Whether it is still wanted, after what this thread was at before, is heard here.
  await breath();
  if (waiting.has(id)) attempt(() => opened().mergeSearch(pagesToMerge));
}

const checkpoint = (): void => attempt(() => opened().checkpoint());

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // A full disk, a damaged file: whoever commits next finds it too, and has somebody to tell.
  }
}
