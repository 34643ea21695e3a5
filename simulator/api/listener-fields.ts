import { integer, oneOf, required, someOf, text, type Values } from './parameters.ts';

const onOff = () => oneOf('on', 'off');
const port = () => integer(1, 65535);

/** What can be set on HTTP and HTTPS listeners alike. */
const sharedSettings = {
  AclId: text(),
  AclStatus: onOff(),
  AclType: oneOf('white', 'black'),
  Bandwidth: integer(1, 5120, -1),
  Cookie: text({ length: [1, 200] }),
  CookieTimeout: integer(1, 86400),
  Description: text({ length: [1, 256] }),
  Gzip: onOff(),
  HealthCheck: onOff(),
  HealthCheckConnectPort: port(),
  HealthCheckDomain: text({ length: [1, 80] }),
  HealthCheckHttpCode: someOf('http_2xx', 'http_3xx', 'http_4xx', 'http_5xx'),
  HealthCheckInterval: integer(1, 50),
  HealthCheckMethod: oneOf('head', 'get'),
  HealthCheckTimeout: integer(1, 300),
  HealthCheckURI: text({ length: [1, 80], start: /^\// }),
  HealthyThreshold: integer(2, 10),
  IdleTimeout: integer(1, 60),
  RequestTimeout: integer(1, 180),
  Scheduler: oneOf('wrr', 'rr'),
  StickySession: onOff(),
  StickySessionType: oneOf('insert', 'server'),
  UnhealthyThreshold: integer(2, 10),
  VServerGroupId: text(),
  XForwardedFor: onOff(),
  XForwardedFor_ClientSrcPort: onOff(),
  XForwardedFor_SLBID: onOff(),
  XForwardedFor_SLBIP: onOff(),
  XForwardedFor_SLBPORT: onOff(),
  XForwardedFor_proto: onOff(),
};

export const httpsSettings = {
  ...sharedSettings,
  CACertificateId: text(),
  EnableHttp2: onOff(),
  ServerCertificateId: text(),
  TLSCipherPolicy: oneOf(
    'tls_cipher_policy_1_0',
    'tls_cipher_policy_1_1',
    'tls_cipher_policy_1_2',
    'tls_cipher_policy_1_2_strict',
    'tls_cipher_policy_1_2_strict_with_1_3',
  ),
};

export const httpSettings = {
  ...sharedSettings,
  ForwardPort: port(),
  ListenerForward: onOff(),
};

/** Which listener, in the actions that name one. */
export const listenerName = {
  LoadBalancerId: required(text()),
  ListenerPort: required(port()),
  RegionId: text(),
};

/** Fixed when a listener is made. */
export const fixedAtCreation = { BackendServerPort: port() };

/** The settings of a listener of either kind, under the names of the API. */
export type ListenerSettings = Values<typeof httpsSettings & typeof httpSettings & typeof fixedAtCreation>;

/** What a setting is when the request does not say. */
export const listenerDefaults = {
  AclStatus: 'off',
  Bandwidth: -1,
  Gzip: 'on',
  HealthCheckHttpCode: 'http_2xx',
  HealthCheckInterval: 2,
  HealthCheckMethod: 'head',
  HealthCheckTimeout: 5,
  HealthCheckURI: '/',
  HealthyThreshold: 3,
  IdleTimeout: 15,
  RequestTimeout: 60,
  Scheduler: 'wrr',
  StickySession: 'off',
  UnhealthyThreshold: 3,
  XForwardedFor: 'on',
  XForwardedFor_ClientSrcPort: 'off',
  XForwardedFor_SLBID: 'off',
  XForwardedFor_SLBIP: 'off',
  XForwardedFor_SLBPORT: 'off',
  XForwardedFor_proto: 'off',
} as const satisfies ListenerSettings;

export const httpsDefaults = {
  ...listenerDefaults,
  EnableHttp2: 'on',
  TLSCipherPolicy: 'tls_cipher_policy_1_0',
} as const satisfies ListenerSettings;

export const httpDefaults = {
  ...listenerDefaults,
  ListenerForward: 'off',
} as const satisfies ListenerSettings;
