/** What a page says about who wrote it. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface Page {
  /** `<title>`, or the first line of text of a page that has none. */
  readonly title: string | null;
  readonly backend: { readonly name: string; readonly by: 'header' | 'title' | 'body' };
}

/** A probe looks at the head of a page only. */
const bodyLimit = 64 * 1024;

/** Reads the body up to its limit; a page that is cut off still counts, since its status came through. */
export async function readPage(response: IncomingMessage): Promise<Page> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= bodyLimit) break;
    }
  } catch {
    // Cut off: judged by what came.
  }
  const body = Buffer.concat(chunks).subarray(0, bodyLimit);
  const title = titleOf(body.toString('utf8'));
  return { title, backend: backendOf(response.headers['x-backend'], title, body) };
}

function backendOf(
  header: string | string[] | undefined,
  title: string | null,
  body: Buffer,
): Page['backend'] {
  const named = oneLine(Array.isArray(header) ? (header[0] ?? '') : (header ?? ''));
  if (named) return { name: named, by: 'header' };
  if (title) return { name: title, by: 'title' };
  return { name: createHash('sha256').update(body).digest('hex').slice(0, 12), by: 'body' };
}

/** The title of an HTML page or the first line of a plain one; null when there is no text. */
export function titleOf(text: string): string | null {
  const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1];
  const plain =
    title ??
    text
      .replace(/<[^>]*>/g, ' ')
      .split('\n')
      .find((line) => line.trim() !== '') ??
    '';
  return oneLine(plain) || null;
}

/** Strangers' text goes to terminals and logs: one line, no control characters, not too long. */
function oneLine(text: string): string {
  return [...text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()].slice(0, 120).join('');
}
