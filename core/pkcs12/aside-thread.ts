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
  post({ result: 'write' in wish ? written(wish.write) : read(wish.read) });
} catch (error) {
  if (!(error instanceof X509Error)) throw error;
  post({ refusal: { code: error.code, data: error.data } });
}

function written(request: Pkcs12Request): Uint8Array {
  try {
    return writePkcs12(request);
  } finally {
    request.key.fill(0);
  }
}

/** Each key and certificate apart: what crosses is the whole buffer that lies behind an array. */
function read({ bytes, password }: { bytes: Uint8Array; password: string }): Pkcs12Contents {
  const contents = readPkcs12(bytes, password);
  return {
    ...contents,
    identities: contents.identities.map(({ key, certificate, localKeyId, ...names }) => {
      const apart = new Uint8Array(key);
      key.fill(0);
      return {
        ...names,
        key: apart,
        ...(certificate && { certificate: new Uint8Array(certificate) }),
        ...(localKeyId && { localKeyId: new Uint8Array(localKeyId) }),
      };
    }),
    certificates: contents.certificates.map((der) => new Uint8Array(der)),
  };
}
