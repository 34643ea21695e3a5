import { createServer as createHttpServer } from 'node:http';
import type { ServerHttp2Session } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Endpoint, FindBackend, ListenerConfiguration, PoolMember } from './configuration.ts';
import { HealthChecker, type HealthStatus } from './health.ts';
import { answerError, type Request, type Response } from './messages.ts';
import { forward, redirect } from './proxy.ts';
import { Scheduler } from './scheduler.ts';
import { createTlsServer, judgeClient } from './tls.ts';

/** What a listener has counted since it was opened. */
export interface ListenerTraffic {
  readonly loadBalancerId: string;
  readonly port: number;
  readonly protocol: string;
  /** Requests answered by each backend server. */
  readonly served: Readonly<Record<string, number>>;
  /** Requests refused because of the client's certificate. */
  readonly refused: { readonly noCertificate: number; readonly badCertificate: number };
}

/**
 * One running listener: a port, the server behind it, health checks and the schedule.
 * The port stays open through every change; a change of certificates makes a new server for new connections,
 * and the old one ends its connections as they fall idle.
 */
export class RunningListener {
  readonly #findBackend: FindBackend;
  readonly #health: HealthChecker;
  readonly #schedule = new Scheduler();
  readonly #sockets = new Set<Socket>();
  readonly #served: Record<string, number> = {};
  #refusedWithout = 0;
  #refusedBad = 0;
  #configuration: ListenerConfiguration;
  #generation: Generation;
  #port: Server | undefined;
  #endpoint: Endpoint | undefined;
  /** The port of the HTTPS listener that this one forwards to, where it really answers. */
  #forwardTo: () => number;

  constructor(
    configuration: ListenerConfiguration,
    findBackend: FindBackend,
    secondMs: number,
    forwardTo: () => number,
  ) {
    this.#configuration = configuration;
    this.#findBackend = findBackend;
    this.#health = new HealthChecker(findBackend, secondMs);
    this.#forwardTo = forwardTo;
    this.#generation = this.#nextGeneration();
    this.#health.configure(configuration.settings, configuration.pool);
  }

  /** Where the listener answers; another port than the configured one when that could not be had. */
  get endpoint(): Endpoint | undefined {
    return this.#endpoint;
  }

  get configuration(): ListenerConfiguration {
    return this.#configuration;
  }

  /** Opens the port. Rejects only when not even an arbitrary loopback port can be had. */
  async open(): Promise<void> {
    const { address, port } = this.#configuration;
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      this.#generation.accept(socket);
    });
    await listenWhereverPossible(server, [
      { host: address, port },
      { host: address, port: 0 },
      { host: '127.0.0.1', port: 0 },
    ]);
    // Too many open files, for one, is said here; the connection is lost, the listener is not.
    server.on('error', () => undefined);
    const bound = server.address() as AddressInfo;
    this.#port = server;
    this.#endpoint = { host: bound.address, port: bound.port };
  }

  /** Takes over a new configuration for new connections and requests. */
  configure(configuration: ListenerConfiguration): void {
    const before = this.#configuration;
    this.#configuration = configuration;
    this.#health.configure(configuration.settings, configuration.pool);
    if (sameTls(before, configuration)) return;
    const retired = this.#generation;
    this.#generation = this.#nextGeneration();
    retired.retire();
  }

  health(member: PoolMember): HealthStatus {
    return this.#health.status(member);
  }

  traffic(): ListenerTraffic {
    const { loadBalancerId, port, protocol } = this.#configuration;
    const refused = { noCertificate: this.#refusedWithout, badCertificate: this.#refusedBad };
    return { loadBalancerId, port, protocol, served: { ...this.#served }, refused };
  }

  async close(): Promise<void> {
    this.#health.close();
    const port = this.#port;
    for (const socket of this.#sockets) socket.destroy();
    if (port !== undefined) await new Promise<void>((resolve) => port.close(() => resolve()));
  }

  #nextGeneration(): Generation {
    const configuration = this.#configuration;
    return new Generation(configuration, (request, response, retired) => {
      if (configuration.clientCa !== undefined && !this.#admits(request, response)) return;
      this.#route(request, response, retired);
    });
  }

  #admits(request: Request, response: Response): boolean {
    const verdict = judgeClient(request.socket as TLSSocket);
    if (verdict === 'no-certificate') {
      this.#refusedWithout += 1;
      answerError(response, 400, 'No required SSL certificate was sent');
    } else if (verdict === 'bad-certificate') {
      this.#refusedBad += 1;
      answerError(response, 400, 'The SSL certificate error');
    }
    return verdict === 'admitted';
  }

  #route(request: Request, response: Response, retired: boolean): void {
    const configuration = this.#configuration;
    const { settings, pool } = configuration;
    if (settings.ListenerForward === 'on') {
      redirect(request, response, this.#forwardTo());
      return;
    }
    const ready = pool.filter((member) => this.#health.mayServe(member));
    forward(request, response, {
      configuration,
      findBackend: this.#findBackend,
      ready,
      next: () => this.#schedule.next(ready, settings.Scheduler ?? 'wrr'),
      served: ({ serverId }) => {
        this.#served[serverId] = (this.#served[serverId] ?? 0) + 1;
      },
      lastOnConnection: retired,
    });
  }
}

/** One server behind a port, from one change of certificates to the next. */
class Generation {
  readonly #server: { emit(event: 'connection', socket: Socket): boolean };
  readonly #busy = new Map<Socket, number>();
  readonly #sessions = new Set<ServerHttp2Session>();
  #retired = false;

  constructor(
    configuration: ListenerConfiguration,
    onRequest: (request: Request, response: Response, retired: boolean) => void,
  ) {
    const handle = (request: Request, response: Response) => {
      const socket = request.socket as Socket;
      if (!('stream' in request)) {
        this.#count(socket, 1);
        response.on('close', () => this.#count(socket, -1));
      }
      onRequest(request, response, this.#retired);
    };
    const server =
      configuration.protocol === 'https' ? createTlsServer(configuration, handle) : createHttpServer(handle);
    const idleMs = (configuration.settings.IdleTimeout ?? 15) * 1000;
    if ('keepAliveTimeout' in server) server.keepAliveTimeout = idleMs;
    server.on(configuration.protocol === 'https' ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.#busy.set(socket, 0);
      socket.on('close', () => this.#busy.delete(socket));
      socket.on('error', () => socket.destroy());
    });
    server.on('session', (session: ServerHttp2Session) => {
      this.#sessions.add(session);
      session.setTimeout(idleMs, () => session.close());
      session.on('close', () => this.#sessions.delete(session));
    });
    server.on('sessionError', () => undefined);
    server.on('clientError', (_error: Error, socket: Socket) => socket.destroy());
    this.#server = server;
  }

  accept(socket: Socket): void {
    this.#server.emit('connection', socket);
  }

  /** Lets running requests finish, and ends everything else. */
  retire(): void {
    this.#retired = true;
    const http2 = new Set([...this.#sessions].map((session) => session.socket.remotePort));
    for (const session of this.#sessions) session.close();
    for (const [socket, requests] of this.#busy) {
      if (requests === 0 && !http2.has(socket.remotePort)) socket.destroy();
    }
  }

  #count(socket: Socket, change: number): void {
    const before = this.#busy.get(socket);
    if (before === undefined) return;
    const now = before + change;
    this.#busy.set(socket, now);
    // Its answer may have begun before the change, and so without `Connection: close`.
    if (this.#retired && now === 0) socket.end();
  }
}

function sameTls(a: ListenerConfiguration, b: ListenerConfiguration): boolean {
  return (
    a.identity?.certificate === b.identity?.certificate &&
    a.identity?.key === b.identity?.key &&
    a.clientCa === b.clientCa &&
    a.settings.TLSCipherPolicy === b.settings.TLSCipherPolicy &&
    a.settings.EnableHttp2 === b.settings.EnableHttp2 &&
    a.settings.IdleTimeout === b.settings.IdleTimeout
  );
}

async function listenWhereverPossible(server: Server, places: readonly Endpoint[]): Promise<void> {
  let failure: unknown;
  for (const place of places) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ ...place, exclusive: true }, () => {
          server.off('error', reject);
          resolve();
        });
      });
      return;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
