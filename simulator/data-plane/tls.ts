import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { createServer, type Server } from 'node:https';
import { createSecureContext, type SecureVersion, type TLSSocket } from 'node:tls';
import type { ListenerConfiguration } from './configuration.ts';
import type { RequestHandler } from './messages.ts';

interface TlsPolicy {
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  readonly ciphers: readonly string[];
}

const strictCiphers = [
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-RSA-AES256-SHA384',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-RSA-AES256-SHA',
];
const broadCiphers = [
  ...strictCiphers,
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA256',
  'AES256-SHA256',
  'AES128-SHA',
  'AES256-SHA',
  'DES-CBC3-SHA',
];
const tls13Ciphers = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

/** The system policies of CLB: protocol versions and cipher suites. */
export const tlsPolicies: Readonly<Record<string, TlsPolicy>> = {
  tls_cipher_policy_1_0: { minVersion: 'TLSv1', maxVersion: 'TLSv1.2', ciphers: broadCiphers },
  tls_cipher_policy_1_1: { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.2', ciphers: broadCiphers },
  tls_cipher_policy_1_2: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: broadCiphers },
  tls_cipher_policy_1_2_strict: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: strictCiphers },
  tls_cipher_policy_1_2_strict_with_1_3: {
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: [...tls13Ciphers, ...strictCiphers],
  },
};

/** CLB keeps sessions for 300 seconds. */
const SESSION_SECONDS = 300;

/**
 * A TLS server that does not listen: connections are handed to it with `emit('connection')`.
 * Every certificate is let through the handshake, as nginx does; {@link judgeClient} says what it is worth.
 */
export function createTlsServer(
  configuration: ListenerConfiguration,
  onRequest: RequestHandler,
): Server | Http2SecureServer {
  const { identity, clientCa, settings } = configuration;
  const policy = tlsPolicies[settings.TLSCipherPolicy ?? 'tls_cipher_policy_1_0'] as TlsPolicy;
  const options = {
    cert: identity?.certificate,
    key: identity?.key,
    ...(clientCa === undefined ? {} : { ca: clientCa }),
    requestCert: clientCa !== undefined,
    rejectUnauthorized: false,
    minVersion: policy.minVersion,
    maxVersion: policy.maxVersion,
    ciphers: acceptedCiphers(policy),
    honorCipherOrder: true,
    sessionTimeout: SESSION_SECONDS,
    // Sessions belong to one configuration: a client of a replaced CA must not come back on an old session.
    sessionIdContext: configuration.loadBalancerId.slice(-16),
  };
  const server =
    settings.EnableHttp2 === 'off'
      ? createServer(options, onRequest)
      : createSecureServer({ ...options, allowHTTP1: true }, onRequest);
  server.on('tlsClientError', (_error, socket: TLSSocket) => socket.destroy());
  return server;
}

/** Whether a client may pass, and if not, which of nginx's two reasons it is told. */
export function judgeClient(socket: TLSSocket): 'admitted' | 'no-certificate' | 'bad-certificate' {
  // A resumed TLS 1.3 session counts as verified even when it never had a certificate: look for the certificate first.
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return 'no-certificate';
  // OpenSSL lets a client named like its CA pass when key identifiers tell the two apart; CLB's documentation forbids it.
  const namedLikeCa = certificate.subject === certificate.issuer;
  return socket.authorized && !namedLikeCa ? 'admitted' : 'bad-certificate';
}

/**
 * The ciphers of a policy, with OpenSSL's security level lowered: CLB still takes TLS 1.0 and RSA-1024.
 * BoringSSL knows no levels and no unknown names in strict lists, so there the bare list stands.
 */
function acceptedCiphers(policy: TlsPolicy): string {
  const bare = policy.ciphers.join(':');
  try {
    createSecureContext({ ciphers: `${bare}:@SECLEVEL=0` });
    return `${bare}:@SECLEVEL=0`;
  } catch {
    return bare;
  }
}
