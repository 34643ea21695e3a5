/** The thread that reads or writes one PKCS#12, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { X509Error } from '../x509/errors.ts';
import { type Pkcs12Contents, readPkcs12 } from '../x509/pkcs12/read.ts';
import { type Pkcs12Request, writePkcs12 } from '../x509/pkcs12/write.ts';

export type Wish =
  | { readonly read: { readonly bytes: Uint8Array; readonly password: string } }
  | { readonly write: Pkcs12Request };

export type Answer =
  | { readonly result: Pkcs12Contents | Uint8Array }
  | { readonly refusal: Pick<X509Error, 'code' | 'data'> };

const wish = workerData as Wish;
const post = (answer: Answer): void => parentPort!.postMessage(answer);
try {
  if ('write' in wish) {
    post({ result: writePkcs12(wish.write) });
    // What this thread has of it is a copy.
    wish.write.key.fill(0);
  } else {
    const result = readPkcs12(wish.read.bytes, wish.read.password);
    post({ result });
    // What was sent is a copy.
    for (const { key } of result.identities) key.fill(0);
  }
} catch (error) {
  if (!(error instanceof X509Error)) throw error;
  post({ refusal: { code: error.code, data: error.data } });
}
