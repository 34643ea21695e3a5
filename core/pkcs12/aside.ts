/**
 * PKCS#12 by a thread of its own, where a password is derived so many times that whoever uses the app would notice: a
 * file of NSS or GnuTLS is up to three seconds of calculating, a `modern` one of ours half a second.
 */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { X509Error } from '../x509/errors.ts';
import { type Pkcs12Contents, readPkcs12 } from '../x509/pkcs12/read.ts';
import { type Pkcs12Request, writePkcs12 } from '../x509/pkcs12/write.ts';
import type { Answer, Wish } from './aside-thread.ts';

/** Beside this file, in a checkout as in a bundle. */
const threadFile = new URL(`aside-thread${extname(import.meta.url)}`, import.meta.url);
/** Of a DerivationBudget: some 60 ms, as long as the start of a thread. Files of Windows, Java and OpenSSL take less. */
const quick = 250_000;

/** As {@link readPkcs12}. @throws X509Error as there */
export async function readPkcs12Aside(bytes: Uint8Array, password: string): Promise<Pkcs12Contents> {
  try {
    return readPkcs12(bytes, password, quick);
  } catch (error) {
    if (!(error instanceof X509Error && error.code === 'INPUT_TOO_LARGE')) throw error;
  }
  const read = await askThread({ read: { bytes: new Uint8Array(bytes), password } });
  return (read as Pkcs12Contents | undefined) ?? readPkcs12(bytes, password);
}

/** As {@link writePkcs12}. @throws X509Error as there */
export async function writePkcs12Aside(request: Pkcs12Request): Promise<Uint8Array> {
  if (request.profile === 'compatible') return writePkcs12(request);
  const key = new Uint8Array(request.key);
  // Moved: what was copied for the thread is with the thread alone.
  const written = await askThread({ write: { ...request, key } }, [key.buffer]);
  return (written as Uint8Array | undefined) ?? writePkcs12(request);
}

/** @returns nothing when no thread could be had, or it met something that nobody thought of: it is done here then */
async function askThread(
  workerData: Wish,
  transferList: ArrayBuffer[] = [],
): Promise<Pkcs12Contents | Uint8Array | undefined> {
  const answer = await new Promise<Answer | undefined>((resolve) => {
    const thread = new Worker(threadFile, { workerData, transferList, name: 'PKCS#12', execArgv: [] });
    thread.once('message', resolve);
    thread.on('error', () => resolve(undefined));
    thread.once('exit', () => resolve(undefined));
  }).catch(() => undefined);
  if (answer === undefined) return undefined;
  if ('refusal' in answer) throw new X509Error(answer.refusal.code, answer.refusal.data);
  return answer.result;
}
