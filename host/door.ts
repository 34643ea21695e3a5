/** What is refused before anything else is looked at: requests that a page of this very address would not make. */
import type { IncomingMessage } from 'node:http';

export type RefusalReason =
  | 'foreign-host'
  | 'foreign-origin'
  | 'cross-site'
  | 'method'
  | 'form'
  | 'no-session'
  | 'wrong-token'
  | 'no-such-procedure'
  | 'no-such-file';

/**
 * Host guards against names that were made to point here (DNS rebinding); Origin and Sec-Fetch-Site (Fetch
 * Metadata) against other sites, which may post forms and load images without asking anybody. A form can send
 * only three content types: JSON is none of them, and files come with the key, which no form can send.
 */
export function refusalOf(request: IncomingMessage, origin: string): RefusalReason | undefined {
  const { method, headers } = request;
  if (headers.host !== new URL(origin).host) return 'foreign-host';
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') return 'method';
  if (headers.origin !== undefined && headers.origin !== origin) return 'foreign-origin';
  const site = headers['sec-fetch-site'];
  // A person who follows the printed address, or the page that opens it, arrives as a top-level navigation.
  const arrives = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !(method === 'GET' && arrives))
    return 'cross-site';
  if (method !== 'POST') return undefined;
  if (headers.origin === undefined) return 'foreign-origin';
  const type = headers['content-type'] ?? '';
  if (/^application\/json\b/.test(type)) return undefined;
  return /^multipart\/form-data\b/.test(type) && headers['x-warifu-key'] !== undefined ? undefined : 'form';
}
