/**
 * What an answer or a lost connection means. Codes: the API's common error table, the gateway's table and
 * what its clients retry in the field.
 */
import { Problem } from '../../contract/problem.ts';
import { unknownRegion } from './endpoints.ts';
import { redact } from './redact.ts';

/** Read-only, or a change whose repetition may do it twice. */
export type CallKind = 'read' | 'change';

/** The cloud's own words about a refusal. */
export interface CloudRefusal {
  readonly httpStatus: number;
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
}

/**
 * - `busy`, `throttled`, `nonce`: not done, worth repeating.
 * - `fault`: the server broke; a change may or may not be done.
 * - the others: not done, and repeating does not help.
 */
export type RefusalClass =
  | 'busy'
  | 'throttled'
  | 'nonce'
  | 'fault'
  | 'gone'
  | 'exists'
  | 'in-use'
  | 'bad-certificate'
  | 'quota'
  | 'account'
  | 'denied'
  | 'clock'
  | 'unknown-region'
  | 'refused';

const codes: Readonly<Record<string, RefusalClass>> = {
  SystemBusy: 'busy',
  OperationBusy: 'busy',
  ServiceIsConfiguring: 'busy',
  ServiceIsStopping: 'busy',
  'BackendServer.configuring': 'busy',
  VServerGroupProcessing: 'busy',
  'OperationFailed.ListenerStatusNotSupport': 'busy',
  'OperationFailed.TokenIsProcessing': 'busy',
  'Operation.Deny': 'busy',
  ProcessingSameRequest: 'busy',
  LastTokenProcessing: 'busy',
  OperationConflict: 'busy',
  'Rejected.Throttling': 'throttled',
  SignatureNonceUsed: 'nonce',
  InternalError: 'fault',
  InternalInvokeError: 'fault',
  UnknownError: 'fault',
  'ServiceUnavailable.RegionMaintaining': 'fault',
  ListenerNotFound: 'gone',
  ListenerAlreadyExists: 'exists',
  CertificateAndPrivateKeyIsRefered: 'in-use',
  RspoolVipExist: 'in-use',
  RspoolRuleExist: 'in-use',
  ListenerForwardExist: 'in-use',
  KeyFormatError: 'bad-certificate',
  PrivateKeyEncryption: 'bad-certificate',
  CertificateNotMatchPrivateKey: 'bad-certificate',
  OverQuota: 'quota',
  ListenerNumberOverLimit: 'quota',
  VipTooManyListeners: 'quota',
  TooManyBackendServers: 'quota',
  'ORDER.QUOTA_EXCEEDED': 'quota',
  'ORDER.QUANTITY_INVALID': 'quota',
  InsufficientCapacity: 'quota',
  AccountHasArrearage: 'account',
  ARREARAGE: 'account',
  INSUFFICIENT_BALANCE: 'account',
  InsufficientBalance: 'account',
  NO_REAL_NAME_AUTHENTICATION: 'account',
  NoNameAuthentication: 'account',
  RealNameAuthenticationError: 'account',
  UserProfileNotComplete: 'account',
  NOCARD: 'account',
  IncompleteSignature: 'denied',
  SignatureDoesNotMatch: 'denied',
  InvalidAuthorization: 'denied',
  UserNotAllowed: 'denied',
  'AUTH.RAM_AUTH_FAILED': 'denied',
  IllegalTimestamp: 'clock',
  RegionNotSupport: 'unknown-region',
};

const patterns: readonly (readonly [RegExp, RefusalClass])[] = [
  [/^Throttling/, 'throttled'],
  [
    /^(Forbidden|Forbbiden|NoPermission|InvalidAccessKeyId|InvalidSecurityToken|MissingSecurityToken)/,
    'denied',
  ],
  [/^InvalidTimeStamp/i, 'clock'],
  [/^InvalidRegionId/, 'unknown-region'],
  [/\.NotFound$/, 'gone'],
  [/^(PAY|ORDER|PURCHASE|RISK)\./, 'account'],
];

/** One code for many things: only the message tells which. */
const invalidParameterMessages: readonly (readonly [RegExp, RefusalClass])[] = [
  [/RegionId does not exist/i, 'unknown-region'],
  [/resource does not exist|VServerGroupId does not exist/i, 'gone'],
  [
    /ServerCertificate format|CACertificate format|key format is error|ServerCertificate or Key is empty|ServerCertificateId is not Support/i,
    'bad-certificate',
  ],
  [/resource already exists/i, 'exists'],
];

/** Which of the classes a refusal belongs to. */
export function classify(refusal: CloudRefusal): RefusalClass {
  const { code, message, httpStatus } = refusal;
  if (code === 'InvalidParameter') {
    const found = invalidParameterMessages.find(([shape]) => shape.test(message));
    if (found) return found[1];
  }
  // Under this code the API also refuses for good ("The specified region not support VPC.", "Illegal Service.").
  if (code === 'ServiceUnavailable')
    return /temporary|exception|service error/i.test(message) ? 'fault' : 'refused';
  const known = codes[code] ?? patterns.find(([shape]) => shape.test(code))?.[1];
  if (known) return known;
  return httpStatus >= 500 ? 'fault' : 'refused';
}

/** A refusal as the problem that people see. `waitedSeconds` is how long it was retried. */
export function refusalProblem(
  action: string,
  regionId: string,
  refusal: CloudRefusal,
  waitedSeconds: number,
): Problem {
  const answer = { action, cloudCode: refusal.code, message: refusal.message, requestId: refusal.requestId };
  const kind = classify(refusal);
  switch (kind) {
    case 'busy':
      return new Problem('SLB_BUSY', { ...answer, waitedSeconds });
    case 'throttled':
      return new Problem('SLB_THROTTLED', { ...answer, waitedSeconds });
    case 'gone':
      return new Problem('SLB_GONE', answer);
    case 'exists':
      return new Problem('SLB_EXISTS', answer);
    case 'in-use':
      return new Problem('SLB_IN_USE', answer);
    case 'bad-certificate':
      return new Problem('SLB_BAD_CERTIFICATE', answer);
    case 'quota':
      return new Problem('SLB_QUOTA', answer);
    case 'account':
      return new Problem('SLB_ACCOUNT', answer);
    case 'denied':
      return new Problem('SLB_DENIED', answer);
    case 'clock':
      return new Problem('SLB_CLOCK', answer);
    case 'unknown-region':
      return unknownRegion(regionId);
    default:
      return new Problem('SLB_REFUSED', answer);
  }
}

/** Why there is no answer. `sent` is false only when the request certainly never reached the cloud. */
export interface LostConnection {
  readonly sent: boolean;
  readonly reason: string;
}

/** Failures before the first byte of a request leaves. */
const neverSent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EAI_NODATA|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|CERT_\w+|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+|ERR_TLS_CERT_ALTNAME_INVALID)$/;

/** Reads what the client library threw: the cloud's refusal, or a lost connection. Nothing of the error itself is kept. */
export function readFailure(thrown: unknown, secrets: readonly string[]): CloudRefusal | LostConnection {
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Record<string, unknown>;
  const data = error['data'];
  if (typeof data === 'object' && data !== null && 'statusCode' in data)
    return readRefusal(data as Record<string, unknown>, secrets);
  const code = typeof error['code'] === 'string' ? error['code'] : '';
  if (neverSent.test(code)) return { sent: false, reason: code };
  const timeout = /(Connect|Read)Timeout/.exec(`${error['name']} ${error['message']}`);
  return {
    sent: true,
    reason: code || (timeout || error['name'] === 'RequestTimeoutError' ? 'timeout' : 'unreadable answer'),
  };
}

function readRefusal(body: Readonly<Record<string, unknown>>, secrets: readonly string[]): CloudRefusal {
  const field = (name: string): string => {
    const value = body[name] ?? body[name[0]!.toLowerCase() + name.slice(1)];
    return typeof value === 'string' ? value : '';
  };
  const httpStatus = Number(body['statusCode']);
  const code = redact(field('Code'), secrets) || `HTTP ${httpStatus}`;
  // A signature error quotes the string to sign, which is the whole request.
  const message =
    /Signature/.test(code) && code !== 'SignatureNonceUsed'
      ? 'the signature does not match'
      : redact(field('Message'), secrets);
  return { httpStatus, code, message: message || '-', requestId: redact(field('RequestId'), secrets) || '-' };
}
