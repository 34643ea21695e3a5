/**
 * `warifu://app/`: the built window under a scheme of its own, so that it has an origin (unlike file:) and every
 * answer its Content-Security-Policy. A path is a key of a map that was read once, or it is nothing.
 */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Session } from 'electron';
import { pageHeaders } from '../host/response-headers.ts';
import { nonceMark, readWindowFiles, type WindowFiles } from '../host/window-files.ts';
import type { Electron } from './electron.ts';

const scheme = 'warifu';
const host = 'app';
export const windowAddress = `${scheme}://${host}/`;

/** Stands beside the bundle of main, in a checkout as in a package. */
const builtWindow = fileURLToPath(new URL('../renderer', import.meta.url));

/** Before the app is ready. `standard` and `secure` give it an origin and what secure pages may use; no more. */
export function registerScheme({ protocol }: Electron): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true } }]);
}

/** @throws Error when the window was not built */
export function serveScheme({ protocol }: Session): void {
  const files = readWindowFiles(builtWindow);
  if (!files) throw new Error('The window is not built. Run "npm start".');
  protocol.handle(scheme, (request) => answerFrom(files, request));
}

export function answerFrom(files: WindowFiles, request: Pick<Request, 'method' | 'url'>): Response {
  const url = new URL(request.url);
  const file = url.host === host && request.method === 'GET' ? files.get(url.pathname) : undefined;
  const nonce = randomBytes(16).toString('base64');
  const headers = pageHeaders(nonce, "'none'");
  if (!file) return new Response(null, { status: 404, headers });
  const body = file.type.startsWith('text/html')
    ? file.bytes.toString().replaceAll(nonceMark, nonce)
    : new Uint8Array(file.bytes);
  return new Response(body, { headers: { ...headers, 'content-type': file.type } });
}

/** Compared whole: `warifu://app.evil` begins like ours. */
export function isOurs(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === `${scheme}:` && url.host === host && url.username === '' && url.port === '';
}
