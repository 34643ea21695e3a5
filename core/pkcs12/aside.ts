/**
 * PKCS#12 by a thread of its own, where a password is derived so many times that whoever uses the app would notice: a
 * file of NSS or GnuTLS is up to three seconds of calculating, a `modern` one of ours half a second.
 */
import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { X509Error } from '../x509/errors.ts';
import { inspectPkcs12 } from '../x509/pkcs12/protection.ts';
import { type Pkcs12Contents, readPkcs12 } from '../x509/pkcs12/read.ts';
import { type Pkcs12Request, writePkcs12 } from '../x509/pkcs12/write.ts';
import type { Answer, Wish } from './aside-thread.ts';

/** Beside this file, in a checkout as in a bundle. */
const threadFile = new URL(`aside-thread${extname(import.meta.url)}`, import.meta.url);
/** Iterations that take less than the start of a thread. Windows, Java and OpenSSL write files of a few thousand. */
const quick = 50_000;

/** As {@link readPkcs12}. @throws X509Error as there */
export async function readPkcs12Aside(bytes: Uint8Array, password: string): Promise<Pkcs12Contents> {
  const { mac, keys, certificates } = inspectPkcs12(bytes);
  const iterations = [mac, ...keys, ...certificates].reduce((sum, each) => sum + each.iterations, 0);
  const read = iterations > quick ? await askThread({ read: { bytes, password } }) : undefined;
  return (read as Pkcs12Contents | undefined) ?? readPkcs12(bytes, password);
}

/** As {@link writePkcs12}. @throws X509Error as there */
export async function writePkcs12Aside(request: Pkcs12Request): Promise<Uint8Array> {
  const written = request.profile === 'modern' ? await askThread({ write: request }) : undefined;
  return (written as Uint8Array | undefined) ?? writePkcs12(request);
}

/** @returns nothing when no thread could be had, or it met something that nobody thought of */
async function askThread(workerData: Wish): Promise<Pkcs12Contents | Uint8Array | undefined> {
  let answer: Answer;
  try {
    const thread = new Worker(threadFile, { workerData, name: 'PKCS#12', execArgv: [] });
    [answer] = (await once(thread, 'message')) as [Answer];
  } catch {
    return undefined;
  }
  if ('refusal' in answer) throw new X509Error(answer.refusal.code, answer.refusal.data);
  return answer.result;
}
