/** One fresh TCP connection, one TLS handshake, at most one GET, and everything that was seen on the way. */
import { request } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  checkServerIdentity,
  connect as connectTls,
  createSecureContext,
  type SecureContext,
  type SecureContextOptions,
  type SecureVersion,
  type TLSSocket,
} from 'node:tls';
import type { ProbeObservation, ProbeTarget } from '../../contract/probe.ts';
import { Problem } from '../../contract/problem.ts';
import { certificatePem } from '../x509/certificate.ts';
import { toPem } from '../x509/pem.ts';
import { alertName, looksLikeNoTls } from './alert.ts';
import { readPage } from './page.ts';
import { serverNameOf } from './target.ts';

/** What a client comes with. */
export interface ProbeIdentity {
  /** PKCS#8: DER, or PEM text. */
  readonly key: Uint8Array | string;
  /** DER, leaf first, then what is sent along with it. */
  readonly certificates: readonly Uint8Array[];
}

export interface ExchangeOptions {
  readonly target: ProbeTarget;
  readonly identity?: ProbeIdentity | undefined;
  /** PEM; the system's when absent. */
  readonly roots?: readonly string[] | undefined;
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
  /** Path to GET; the handshake alone when absent. */
  readonly path?: string;
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  /** Puts something between TCP and TLS. */
  readonly wrap?: (tcp: Socket) => Duplex;
}

/** What the server showed of itself. */
export interface PeerIdentity {
  /** DER, leaf first. */
  readonly chain: readonly Uint8Array[];
  readonly verified: boolean;
  readonly verifyError: string | null;
  readonly coversName: boolean;
}

export interface Exchange {
  readonly observation:
    | ProbeObservation
    | {
        readonly kind: 'connected';
        readonly tlsVersion: string | null;
        readonly cipher: string | null;
        readonly milliseconds: number;
      };
  readonly peer: PeerIdentity | null;
  /** Name, kind of name; null without a page. */
  readonly backend: { readonly name: string; readonly by: 'header' | 'title' | 'body' } | null;
}

/**
 * @throws Problem PROBE_UNREACHABLE, PROBE_NOT_TLS
 * @throws the reason of `signal` when it aborts
 */
export async function exchange(options: ExchangeOptions): Promise<Exchange> {
  options.signal?.throwIfAborted();
  const startedAt = performance.now();
  const name = serverNameOf(options.target);
  const secureContext = openContext(options);
  const tcp = await openTcp(options);
  return new Promise((resolve, reject) => {
    const stream = options.wrap?.(tcp) ?? tcp;
    const socket = connectTls({
      socket: stream as Socket,
      secureContext,
      ALPNProtocols: ['http/1.1'],
      ...(isIP(name) ? {} : { servername: name }),
      // A probe must get through to servers that cannot be trusted, to report just that; the verdict on the chain
      // is in PeerIdentity. Sending a client certificate there is no risk to its owner: TLS client authentication
      // signs the handshake and never reveals the private key. Nothing secret is sent, and what comes back is
      // only looked at.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    let peer: PeerIdentity | null = null;
    let tls: { readonly tlsVersion: string | null; readonly cipher: string | null } = {
      tlsVersion: null,
      cipher: null,
    };
    const seen = () => ({ ...tls, milliseconds: Math.round((performance.now() - startedAt) * 10) / 10 });
    let settled = false;
    const settle = (act: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      act();
      socket.destroy();
      tcp.destroy();
    };
    const finish = (observation: Exchange['observation'], backend: Exchange['backend'] = null): void =>
      settle(() => resolve({ observation, peer, backend }));
    const abort = (): void => settle(() => reject(options.signal?.reason));
    const timer = setTimeout(
      () => finish({ kind: 'timeout', ...seen() }),
      Math.max(1, options.timeout - (performance.now() - startedAt)),
    );
    options.signal?.addEventListener('abort', abort, { once: true });
    let answered = false;
    const fail = (error: NodeJS.ErrnoException): void => {
      // The connection may end before the page has been read to its end.
      if (answered) return;
      if (looksLikeNoTls(error)) {
        const { host, port } = options.target;
        settle(() => reject(new Problem('PROBE_NOT_TLS', { host, port })));
        return;
      }
      const alert = alertName(error);
      finish(
        alert
          ? { kind: 'alert', alert, ...seen() }
          : { kind: 'closed', reason: error.code ?? 'closed', ...seen() },
      );
    };
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('closed')));
    socket.once('secureConnect', () => {
      tls = {
        tlsVersion: socket.getProtocol(),
        cipher: socket.getCipher().standardName ?? socket.getCipher().name,
      };
      peer = readPeer(socket, name);
      if (options.path === undefined) return finish({ kind: 'connected', ...seen() });
      const headers = {
        Host: hostHeader(options.target),
        'User-Agent': 'warifu-probe',
        Accept: '*/*',
        Connection: 'close',
      };
      const get = request({ createConnection: () => socket, method: 'GET', path: options.path, headers });
      get.on('error', fail);
      get.on('response', (response) => {
        answered = true;
        readPage(response).then(({ title, backend }) => {
          const server = response.headers['server'] === undefined ? null : String(response.headers['server']);
          finish({ kind: 'page', status: response.statusCode ?? 0, title, server, ...seen() }, backend);
        });
      });
      get.end();
    });
  });
}

/** TCP alone, so that "nothing answers" and "it refuses the handshake" are never confused. */
function openTcp({ target, timeout, signal }: ExchangeOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const tcp = connect({ host: target.address ?? target.host, port: target.port });
    const end = (act: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      tcp.removeListener('error', fail);
      act();
    };
    const unreachable = (reason: string): void =>
      end(() => {
        tcp.destroy();
        reject(
          new Problem('PROBE_UNREACHABLE', {
            host: target.address ?? target.host,
            port: target.port,
            reason,
          }),
        );
      });
    const fail = (error: NodeJS.ErrnoException): void => unreachable(error.code ?? 'unknown');
    const abort = (): void =>
      end(() => {
        tcp.destroy();
        reject(signal?.reason);
      });
    const timer = setTimeout(() => unreachable('ETIMEDOUT'), timeout);
    signal?.addEventListener('abort', abort, { once: true });
    tcp.once('error', fail);
    tcp.once('connect', () =>
      end(() => {
        // Between here and TLS a reset has no listener of its own; TLS reports it.
        tcp.on('error', () => undefined);
        resolve(tcp);
      }),
    );
  });
}

/**
 * OpenSSL's security level would keep TLS 1.0, SHA-1 and short keys from being tried at all, and whether the
 * server accepts them is what a probe is for. BoringSSL knows no levels and takes the plain list.
 * @throws Error of the TLS library when key and certificate cannot be used
 */
export function openContext({
  identity,
  roots,
  minVersion = 'TLSv1',
  maxVersion = 'TLSv1.3',
}: Pick<ExchangeOptions, 'identity' | 'roots' | 'minVersion' | 'maxVersion'>): SecureContext {
  const options: SecureContextOptions = {
    minVersion,
    maxVersion,
    ...(roots ? { ca: [...roots] } : {}),
    ...(identity
      ? {
          key: typeof identity.key === 'string' ? identity.key : toPem('PRIVATE KEY', identity.key),
          cert: identity.certificates.map(certificatePem).join(''),
        }
      : {}),
  };
  try {
    return createSecureContext({ ...options, ciphers: 'DEFAULT@SECLEVEL=0' });
  } catch {
    return createSecureContext(options);
  }
}

function readPeer(socket: TLSSocket, name: string): PeerIdentity {
  const chain: Uint8Array[] = [];
  const leaf = socket.getPeerCertificate(true);
  for (let next = leaf; next?.raw && chain.length < 10; next = next.issuerCertificate) {
    if (chain.some((der) => Buffer.compare(der, next.raw) === 0)) break;
    chain.push(new Uint8Array(next.raw));
  }
  // Node types authorizationError as Error; it is the code of OpenSSL as text.
  const verifyError = socket.authorizationError as unknown as string | Error | null | undefined;
  return {
    chain,
    verified: socket.authorized,
    verifyError: socket.authorized
      ? null
      : String(verifyError instanceof Error ? verifyError.message : (verifyError ?? 'unknown')),
    coversName: leaf.raw !== undefined && checkServerIdentity(name, leaf) === undefined,
  };
}

function hostHeader(target: ProbeTarget): string {
  const name = serverNameOf(target);
  const bracketed = isIP(name) === 6 ? `[${name}]` : name;
  return target.port === 443 ? bracketed : `${bracketed}:${target.port}`;
}
