/**
 * A client of Windows' own: WinHTTP with a certificate from CurrentUser\My. It shares no code with Warifu, runs as a
 * process of its own, and prints one line of JSON.
 *
 *   node winhttp-client.ts https://localhost:8443/ SHA1 [--any-server] [--tls13]
 *
 * `--any-server` does not ask who the server is; `--tls13` offers nothing older. From a copy, koffi is found beside it.
 */
import { createRequire } from 'node:module';

const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi')['default'];
const [address = '', thumbprint = '', ...options] = process.argv.slice(2);
const url = new URL(address);

const crypt32 = koffi.load('crypt32.dll');
const winhttp = koffi.load('winhttp.dll');
const GetLastError = koffi.load('kernel32.dll').func('uint32_t __stdcall GetLastError()');

const blob = koffi.struct('CRYPT_HASH_BLOB', { cbData: 'uint32_t', pbData: 'void *' });
const CertOpenStore = crypt32.func(
  'void *__stdcall CertOpenStore(uintptr_t, uint32_t, void *, uint32_t, str16)',
);
const CertCloseStore = crypt32.func('bool __stdcall CertCloseStore(void *, uint32_t)');
const CertFindCertificateInStore = crypt32.func('CertFindCertificateInStore', 'void *', [
  'void *',
  'uint32_t',
  'uint32_t',
  'uint32_t',
  koffi.pointer(blob),
  'void *',
]);
const CertFreeCertificateContext = crypt32.func('bool __stdcall CertFreeCertificateContext(void *)');

const WinHttpOpen = winhttp.func('void *__stdcall WinHttpOpen(str16, uint32_t, str16, str16, uint32_t)');
const WinHttpConnect = winhttp.func('void *__stdcall WinHttpConnect(void *, str16, uint16_t, uint32_t)');
const WinHttpOpenRequest = winhttp.func(
  'void *__stdcall WinHttpOpenRequest(void *, str16, str16, str16, str16, void *, uint32_t)',
);
const WinHttpSetOption = winhttp.func('bool __stdcall WinHttpSetOption(void *, uint32_t, void *, uint32_t)');
const WinHttpSendRequest = winhttp.func(
  'bool __stdcall WinHttpSendRequest(void *, void *, uint32_t, void *, uint32_t, uint32_t, uintptr_t)',
);
const WinHttpReceiveResponse = winhttp.func('bool __stdcall WinHttpReceiveResponse(void *, void *)');
const WinHttpReadData = winhttp.func(
  'bool __stdcall WinHttpReadData(void *, void *, uint32_t, _Out_ uint32_t *)',
);
const WinHttpCloseHandle = winhttp.func('bool __stdcall WinHttpCloseHandle(void *)');

const secure = 0x0080_0000; // WINHTTP_FLAG_SECURE
const securityFlags = 31; // WINHTTP_OPTION_SECURITY_FLAGS
const clientCertificate = 47; // WINHTTP_OPTION_CLIENT_CERT_CONTEXT
const secureProtocols = 84; // WINHTTP_OPTION_SECURE_PROTOCOLS
const tls13 = 0x2000;
const unknownAuthority = 0x100; // SECURITY_FLAG_IGNORE_UNKNOWN_CA
const certificateContextSize = 40;

interface Answer {
  /** The certificate was in the store. */
  found: boolean;
  /** Body of the answer. */
  body?: string;
  /** The first function that failed, with its error. */
  failed?: string;
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function ask(certificate: bigint | null): Answer {
  const answer: Answer = { found: certificate !== null };
  const must = (name: string, succeeded: boolean): void => {
    if (!succeeded) throw new Error(`${name}: ${GetLastError()}`);
  };
  const session = WinHttpOpen('winhttp-client', 1, null, null, 0);
  // Before anything is opened in the session, or it comes too late.
  if (options.includes('--tls13')) WinHttpSetOption(session, secureProtocols, uint32(tls13), 4);
  const connection = WinHttpConnect(session, url.hostname, Number(url.port), 0);
  const request = WinHttpOpenRequest(connection, 'GET', url.pathname, null, null, null, secure);
  try {
    if (options.includes('--any-server'))
      must('flags', WinHttpSetOption(request, securityFlags, uint32(unknownAuthority), 4));
    // Null says that there is none, in place of a choice that Windows would make.
    must(
      'certificate',
      WinHttpSetOption(
        request,
        clientCertificate,
        certificate,
        certificate === null ? 0 : certificateContextSize,
      ),
    );
    must('send', WinHttpSendRequest(request, null, 0, null, 0, 0, 0));
    must('receive', WinHttpReceiveResponse(request, null));
    const buffer = Buffer.alloc(65_536);
    const read = [0];
    must('read', WinHttpReadData(request, buffer, buffer.length, read));
    answer.body = buffer.toString('utf8', 0, read[0]);
  } catch (error) {
    answer.failed = (error as Error).message;
  } finally {
    for (const handle of [request, connection, session]) WinHttpCloseHandle(handle);
  }
  return answer;
}

const store = CertOpenStore(10, 0, null, 0x10000, 'My');
const hash = Buffer.from(thumbprint, 'hex');
const certificate: bigint | null = CertFindCertificateInStore(
  store,
  0x10001,
  0,
  0x10000,
  { cbData: hash.length, pbData: hash },
  null,
);
process.stdout.write(`${JSON.stringify(ask(certificate))}\n`);
if (certificate !== null) CertFreeCertificateContext(certificate);
CertCloseStore(store, 0);
