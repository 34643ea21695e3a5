/**
 * An answer that refuses: the HTTP status, the code and the words of the API.
 * The server turns it into `{ RequestId, HostId, Code, Message, Recommend }`.
 */
export class ApiError extends Error {
  readonly http: number;
  readonly code: string;

  constructor(http: number, code: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.http = http;
    this.code = code;
  }
}

/**
 * Codes, statuses and words as the public documentation or a recorded live answer has them,
 * typing errors included. `{name}` is filled in by {@link refuse}.
 */
const refusals = {
  'InvalidAction.NotFound': [404, 'Specified api is not found, please check your url and method.'],
  InvalidVersion: [400, 'Specified parameter Version is not valid.'],
  UnsupportedHTTPMethod: [403, 'This http method is not supported.'],
  UnsupportedOperation: [400, 'The specified action is not supported.'],
  IncompleteSignature: [400, 'The request signature does not conform to Aliyun standards.'],
  'InvalidAccessKeyId.NotFound': [404, 'Specified access key is not found.'],
  'InvalidTimeStamp.Expired': [400, 'Specified time stamp or date value is expired.'],
  'InvalidTimeStamp.Format': [400, 'Specified time stamp or date value is not well formatted.'],
  SignatureNonceUsed: [400, 'Specified signature nonce was used already.'],
  'InvalidRegionId.NotFound': [404, 'The specified RegionId does not exist.'],
  'InvalidLoadBalancerId.NotFound': [404, 'The specified LoadBalancerId does not exist.'],
  'ServerCertificateId.NotFound': [404, 'The specified ServerCertificateId does not exist.'],
  'CACertificateId.NotFound': [404, 'The specified CACertificateId does not exist.'],
  'InvalidServerId.NotFound': [404, 'The specified ServerId does not exist.'],
  ListenerNotFound: [404, 'You have not created a listener for the specified port of the load balancer.'],
  CheckedListenerNotFound: [404, 'No health-checked Listener to the specified port of the Load Balancer.'],
  ListenerAlreadyExists: [400, 'A listener with the specified port already exists'],
  ListenerNumberOverLimit: [400, 'The maximum number of listeners is exceeded.'],
  ListenerForwardExist: [
    400,
    'The specified listener is forwarded by the other listener, the ListenerForward relationship should be deleted firstly.',
  ],
  'Operation.Deny': [400, 'The specified listener is configuring, please try again later.'],
  'Operation.NotAllowed': [400, 'The specified listener is not allowed to operate.'],
  'OperationFailed.ListenerStatusNotSupport': [
    400,
    'The status of the listener does not support this operation. Please try again later.',
  ],
  'OperationDenied.DeleteProtectionIsOn': [
    400,
    "The loadbalancer can't be deleted due to DeleteProtection is enabled.",
  ],
  ServiceIsConfiguring: [400, 'A previous configuration is pending; please try again later.'],
  ServiceIsStopping: [409, 'The specified Listener is stopping, please retry later.'],
  'BackendServer.configuring': [
    409,
    'A previous configuration of the load balancer is pending; please try again later.',
  ],
  ActionNotAllowed: [400, 'Locked for any Operate Reason.'],
  CertificateAndPrivateKeyIsRefered: [400, 'Certificate and PrivateKey Is Refered.'],
  KeyFormatError: [400, 'The specified ServerCertificate is incorrectly formatted.'],
  PrivateKeyEncryption: [400, 'Key has Encrypted .'],
  CertificateNotMatchPrivateKey: [400, 'Certificate and key does not match.'],
  OverQuota: [400, 'The Total is over the quota.'],
  TooManyBackendServers: [400, 'The total number of input real servers exceeds max supported number: 20'],
  BackendServersMalformed: [400, 'the specified parameter BackendServers is unavailable.'],
  'InvalidWeight.Malformed': [400, 'A specified weight is not valid.'],
  RspoolVipExist: [400, 'there are vips associating with this vServer group.'],
  IdempotentParameterMismatch: [400, 'The request is retried with updated parameters.'],
  TagCountLimit: [400, 'Tags count limit exceeded.'],
  InternalError: [500, 'The request processing has failed due to some unknown error, exception or failure.'],
} as const satisfies Record<string, readonly [number, string]>;

export type RefusalCode = keyof typeof refusals;

/** The documented refusal for a code. */
export function refuse(code: RefusalCode): ApiError {
  const [http, message] = refusals[code];
  return new ApiError(http, code, message);
}

/** A parameter that the API's own metadata calls required, refused at the gateway. */
export function missing(parameter: string): ApiError {
  return new ApiError(400, `Missing${parameter.split('.')[0]}`, `${parameter} is mandatory for this action.`);
}

/** A parameter that metadata calls optional but the service behind the gateway asks for. */
export function missingInCombination(parameter: string): ApiError {
  return new ApiError(
    400,
    'MissingParameter',
    `The input parameter "${parameter}" that is mandatory for processing this request is not supplied.`,
  );
}

/** `InvalidParameter` carries its meaning in its words, so they are part of the documented answer. */
export function invalid(message: string): ApiError {
  return new ApiError(400, 'InvalidParameter', message);
}

/** A value outside the documented range, length or list. */
export function invalidValue(parameter: string): ApiError {
  return invalid(`The specified parameter ${parameter} is not valid.`);
}
