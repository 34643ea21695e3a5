import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cloud } from '../cloud.ts';
import { SimulatorError } from '../simulator-error.ts';
import type { Gatekeeper } from './authentication.ts';
import { findAction } from './catalogue.ts';
import { ApiError, refuse } from './errors.ts';
import { readParameters } from './parameters.ts';
import { isRegion } from './regions.ts';
import type { SignedRequest } from './signature.ts';

export const API_VERSION = '2014-05-15';

/** More than any upload of this API needs. */
const MAX_BODY_BYTES = 1024 * 1024;

/** What should go wrong with one call. */
export interface Fault {
  /** Answer this instead of doing anything. */
  readonly answer?: { readonly http: number; readonly code: string; readonly message: string };
  /** Wait this long, in milliseconds, before anything else. */
  readonly delay?: number;
  /** Cut the connection: `before` the action is done, or `after`, so that its outcome is unknown. */
  readonly cut?: 'before' | 'after';
}

/** Asked for every authenticated call; answers with what should go wrong, or nothing. */
export type FaultPlan = (call: {
  readonly action: string;
  readonly parameters: Readonly<Record<string, string>>;
}) => Fault | undefined;

/** The RPC API over HTTP on the loopback address. */
export class ApiServer {
  readonly #cloud: Cloud;
  readonly #gatekeeper: Gatekeeper;
  readonly #faults: FaultPlan;
  readonly #server: Server;

  constructor(cloud: Cloud, gatekeeper: Gatekeeper, faults: FaultPlan = () => undefined) {
    this.#cloud = cloud;
    this.#gatekeeper = gatekeeper;
    this.#faults = faults;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /** Opens the port (0: any free one) and tells the address. @throws SimulatorError `PORT_BUSY` */
  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) => {
        const busy = cause.code === 'EADDRINUSE' || cause.code === 'EACCES';
        reject(
          busy
            ? new SimulatorError('PORT_BUSY', `Port ${port} on 127.0.0.1 cannot be had.`, { cause })
            : cause,
        );
      });
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const RequestId = randomUUID().toUpperCase();
    const host = request.headers.host ?? '';
    try {
      const body = await readBody(request);
      const call = this.#gatekeeper.admit(signedRequest(request, body));
      const fault = this.#faults(call) ?? {};
      if (fault.delay !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delay));
      if (fault.cut === 'before') return void response.destroy();
      if (fault.answer) throw new ApiError(fault.answer.http, fault.answer.code, fault.answer.message);
      const reply = await this.#perform(call, host);
      if (fault.cut === 'after') return void response.destroy();
      send(response, 200, { RequestId, ...reply });
    } catch (error) {
      const refusal = error instanceof ApiError ? error : refuse('InternalError');
      send(response, refusal.http, {
        RequestId,
        HostId: host,
        Code: refusal.code,
        Message: refusal.message,
        Recommend: `https://api.aliyun.com/troubleshoot?q=${refusal.code}&product=Slb&requestId=${RequestId}`,
      });
    }
  }

  async #perform(
    call: {
      readonly action: string;
      readonly version: string;
      readonly parameters: Readonly<Record<string, string>>;
    },
    host: string,
  ) {
    if (call.version !== API_VERSION) throw refuse('InvalidVersion');
    const action = findAction(call.action);
    const { RegionId } = call.parameters;
    if (RegionId && !isRegion(RegionId)) throw refuse('InvalidRegionId.NotFound');
    const values = readParameters(action.fields, call.parameters);
    const reply = await action.perform(this.#cloud, values as never, host);
    if (!call.action.startsWith('Describe') && !call.action.startsWith('List')) await this.#cloud.save();
    return reply;
  }
}

function signedRequest(request: IncomingMessage, body: Uint8Array): SignedRequest {
  const method = request.method ?? 'GET';
  if (method !== 'GET' && method !== 'POST') throw refuse('UnsupportedHTTPMethod');
  const [path, query = ''] = splitUrl(request.url ?? '/');
  if (path !== '/') throw refuse('InvalidAction.NotFound');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  const isForm = (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  return {
    method,
    query: [...new URLSearchParams(query)],
    form: isForm ? [...new URLSearchParams(Buffer.from(body).toString('utf8'))] : [],
    headers,
    body,
  };
}

function splitUrl(url: string): [string, string?] {
  const at = url.indexOf('?');
  return at < 0 ? [url] : [url.slice(0, at), url.slice(at + 1)];
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) {
    throw new ApiError(413, 'RequestEntityTooLarge', 'The request entity is too large.');
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, body: Readonly<Record<string, unknown>>): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json;charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'x-acs-request-id': String(body.RequestId),
  });
  response.end(text);
}
