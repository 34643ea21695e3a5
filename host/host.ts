/**
 * The app in the browser: the built window and the contract, on the loopback address alone. Whoever holds the
 * one-time address that was printed here is let in; everybody else (other users of this machine, web pages,
 * names that were made to point here) is refused and noted.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node';
import type { Core } from '../core/create-core.ts';
import { type RefusalReason, refusalOf } from './door.ts';
import type { HostLog } from './host-log.ts';
import { apiHeaders, pageHeaders } from './response-headers.ts';
import { Sessions } from './sessions.ts';
import { nonceMark, type WindowFiles } from './window-files.ts';

export interface HostOptions {
  readonly core: Pick<Core, 'router' | 'rooms'>;
  readonly files: WindowFiles;
  readonly log: HostLog;
}

export interface Host {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** An address that lets one browser in, once. Nothing else of it is secret but what follows the `#`. */
  newAddress(): string;
  close(): Promise<void>;
}

/** A backup of a large registry, on its way to be restored; every other call is far smaller. */
const largestBody = 1024 * 1024 * 1024;

/** Listens on 127.0.0.1, on a port that the system picks. */
export async function startHost({ core, files, log }: HostOptions): Promise<Host> {
  const sessions = new Sessions();
  const contract = new RPCHandler(core.router, {
    plugins: [new BodyLimitPlugin({ maxBodySize: largestBody })],
  });
  let origin = '';

  const refuse = (
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    reason: RefusalReason,
  ): void => {
    log.refused(reason, request);
    response.writeHead(status, apiHeaders).end();
    // What it still wants to send is of no interest.
    request.resume();
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refused = refusalOf(request, origin);
    if (refused) return refuse(request, response, 403, refused);
    const path = new URL(request.url ?? '/', origin).pathname;
    if (path === '/session') return openSession(request, response);
    if (path.startsWith('/api/')) {
      if (!sessions.knows(request, portOf(origin))) return refuse(request, response, 401, 'no-session');
      for (const [name, value] of Object.entries(apiHeaders)) response.setHeader(name, value);
      const { matched } = await contract.handle(request, response, { prefix: '/api', context: core.rooms });
      if (!matched) refuse(request, response, 404, 'no-such-procedure');
      return;
    }
    const file = request.method === 'POST' ? undefined : files.get(path);
    if (!file) return refuse(request, response, 404, 'no-such-file');
    const nonce = randomBytes(16).toString('base64');
    response.writeHead(200, { ...pageHeaders(nonce), 'content-type': file.type });
    response.end(
      file.type.startsWith('text/html') ? file.bytes.toString().replaceAll(nonceMark, nonce) : file.bytes,
    );
  };

  const openSession = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const session = request.method === 'POST' ? sessions.open(await smallBody(request)) : undefined;
    if (!session) return refuse(request, response, 403, 'wrong-token');
    response.writeHead(200, {
      ...apiHeaders,
      'content-type': 'application/json',
      'set-cookie': session.cookie(portOf(origin)),
    });
    response.end(JSON.stringify({ key: session.key }));
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.failed(error);
      if (!response.headersSent) response.writeHead(500, apiHeaders);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    newAddress: () => `${origin}/#token=${sessions.newToken()}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const portOf = (origin: string): string => new URL(origin).port;

/** A token is short; more than this is somebody else's idea. */
async function smallBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > 1024) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
