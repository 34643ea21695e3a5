import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/** A request and its answer over HTTP/1.1 or HTTP/2: the parts both share. */
export type Request = IncomingMessage | Http2ServerRequest;
export type Response = ServerResponse | Http2ServerResponse;
export type RequestHandler = (request: Request, response: Response) => void;

const titles = {
  400: '400 Bad Request',
  502: '502 Bad Gateway',
  503: '503 Service Temporarily Unavailable',
  504: '504 Gateway Time-out',
} as const;

/** Answers with the page that nginx and its forks have for an error. */
export function answerError(response: Response, status: keyof typeof titles, reason?: string): void {
  const title = reason === undefined ? titles[status] : `${status} ${reason}`;
  const page = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${titles[status]}</h1></center>`,
    ...(reason === undefined ? [] : [`<center>${reason}</center>`]),
    '<hr><center>Tengine</center>',
    '</body>',
    '</html>',
    '',
  ].join('\r\n');
  respond(response, status, {
    server: 'Tengine',
    'content-type': 'text/html',
    'content-length': String(Buffer.byteLength(page)),
    ...(isHttp1(response) ? { connection: 'close' } : {}),
  }).end(page);
}

/** Writes the head of an answer; both kinds of response take it, but no type says so. */
export function respond(
  response: Response,
  status: number,
  headers: Readonly<Record<string, string | string[]>>,
): ServerResponse {
  return (response as ServerResponse).writeHead(status, headers);
}

export function isHttp1(message: Request | Response): boolean {
  return !('stream' in message);
}
