import { createHash } from 'node:crypto';
import { type IncomingMessage, request as requestUpstream } from 'node:http';
import { pipeline } from 'node:stream';
import { listenerDefaults } from '../api/listener-fields.ts';
import type { FindBackend, ListenerConfiguration, PoolMember } from './configuration.ts';
import { answerError, isHttp1, type Request, type Response, respond } from './messages.ts';

/** Headers that mean one connection only (RFC 9110 §7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** The cookie of an `insert` session. */
const STICKY_COOKIE = 'SERVERID';

/** What the proxy asks of its listener. */
export interface Routes {
  readonly configuration: ListenerConfiguration;
  readonly findBackend: FindBackend;
  /** The members that may serve now. */
  readonly ready: readonly PoolMember[];
  readonly next: () => PoolMember | undefined;
  readonly served: (member: PoolMember) => void;
  /** Whether the client's connection should end with this answer. */
  readonly lastOnConnection: boolean;
}

/** Sends a request on to a backend server and its answer back, both as they come. */
export function forward(request: Request, response: Response, routes: Routes): void {
  const { configuration } = routes;
  const settings = { ...listenerDefaults, ...configuration.settings };
  if (!configuration.pool.some((member) => member.weight > 0)) {
    answerError(response, 503);
    return;
  }

  const sticky = settings.StickySession === 'on' && settings.StickySessionType === 'insert';
  const kept = sticky ? keptMember(request, routes.ready) : undefined;
  const member = kept ?? routes.next();
  const target = member && routes.findBackend(member.serverId, member.port);
  if (member === undefined || target === undefined) {
    answerError(response, 502);
    return;
  }

  const upstream = requestUpstream({
    ...target,
    method: request.method,
    path: request.url,
    headers: upstreamHeaders(request, configuration),
    timeout: settings.RequestTimeout * 1000,
    agent: false,
  });
  let timedOut = false;
  upstream.on('timeout', () => {
    timedOut = true;
    upstream.destroy(new Error('backend server did not answer in time'));
  });
  upstream.on('error', () => {
    if (response.headersSent) response.destroy();
    else answerError(response, timedOut ? 504 : 502);
  });
  upstream.on('response', (answer: IncomingMessage) => {
    routes.served(member);
    const headers = endToEnd(answer);
    if (sticky && kept === undefined) addCookie(headers, member);
    if (isHttp1(response) && routes.lastOnConnection) headers.connection = 'close';
    respond(response, answer.statusCode ?? 502, headers);
    pipeline(answer, response as NodeJS.WritableStream, () => upstream.destroy());
  });
  response.on('close', () => upstream.destroy());
  // An error here is the client going away; `close` above ends the other side.
  pipeline(request, upstream, () => undefined);
}

/** Answers a request to an HTTP listener that forwards to HTTPS. */
export function redirect(request: Request, response: Response, port: number): void {
  const host = (hostOf(request) ?? '').replace(/:\d+$/, '');
  const location = `https://${host}${port === 443 ? '' : `:${port}`}${request.url ?? '/'}`;
  respond(response, 302, { server: 'Tengine', location, 'content-length': '0' }).end();
}

function upstreamHeaders(
  request: Request,
  configuration: ListenerConfiguration,
): Record<string, string | string[]> {
  const { settings } = configuration;
  const headers = endToEnd(request);
  const host = hostOf(request);
  if (host !== undefined) headers.host = host;
  // Node frames a body of unknown length only when told so; the client's own framing has just been dropped.
  if (headers['content-length'] === undefined && hasBody(request)) headers['transfer-encoding'] = 'chunked';

  const client = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const said = (name: string, on: string | undefined, value: string) => {
    delete headers[name];
    if (on === 'on') headers[name] = value;
  };
  if (settings.XForwardedFor !== 'off') {
    headers['x-forwarded-for'] = [headers['x-forwarded-for'] ?? [], client].flat().join(', ');
  }
  said('x-forwarded-proto', settings.XForwardedFor_proto, configuration.protocol);
  said('slb-id', settings.XForwardedFor_SLBID, configuration.loadBalancerId);
  said('slb-ip', settings.XForwardedFor_SLBIP, configuration.address);
  said('x-forwarded-port', settings.XForwardedFor_SLBPORT, String(configuration.port));
  said('x-forwarded-client-srcport', settings.XForwardedFor_ClientSrcPort, String(request.socket.remotePort));
  return headers;
}

function endToEnd(message: Request | IncomingMessage): Record<string, string | string[]> {
  const named = String(message.headers.connection ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase());
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value === undefined || name.startsWith(':') || HOP_BY_HOP.has(name) || named.includes(name)) continue;
    headers[name] = value;
  }
  return headers;
}

function hostOf(request: Request): string | undefined {
  return 'authority' in request ? request.authority || request.headers.host : request.headers.host;
}

function hasBody(request: Request): boolean {
  if ('stream' in request) return !request.stream.endAfterHeaders;
  return request.headers['transfer-encoding'] !== undefined;
}

function keptMember(request: Request, ready: readonly PoolMember[]): PoolMember | undefined {
  const cookie = new RegExp(`(?:^|;\\s*)${STICKY_COOKIE}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1];
  return ready.find((member) => member.weight > 0 && cookie === stickyMark(member));
}

function addCookie(headers: Record<string, string | string[]>, member: PoolMember): void {
  const cookie = `${STICKY_COOKIE}=${stickyMark(member)};Path=/`;
  headers['set-cookie'] = [headers['set-cookie'] ?? [], cookie].flat();
}

function stickyMark(member: PoolMember): string {
  return createHash('sha256').update(`${member.serverId}:${member.port}`).digest('hex').slice(0, 32);
}
