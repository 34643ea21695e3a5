import { ApiError, missing, refuse } from './errors.ts';
import {
  canonicalRequestV3,
  readAuthorizationV3,
  type SignedRequest,
  sameSignature,
  signV1,
  signV3,
  stringToSignV1,
  stringToSignV3,
} from './signature.ts';

/** How far a request's time may be from ours, in either direction. */
const CLOCK_SKEW_MS = 15 * 60 * 1000;

/** The public parameters of signature V1; they are no business of the actions. */
const PUBLIC_PARAMETERS = new Set([
  'Action',
  'Version',
  'Format',
  'AccessKeyId',
  'Signature',
  'SignatureMethod',
  'SignatureVersion',
  'SignatureNonce',
  'SignatureType',
  'Timestamp',
  'SecurityToken',
]);

/** A request whose sender is known. */
export interface AuthenticatedCall {
  readonly action: string;
  readonly version: string;
  /** What is left for the action: query and form, without the public parameters. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Checks who sent a request, when, and that it was not sent before. Remembers nonces for as long as they matter. */
export class Gatekeeper {
  readonly #accessKeyId: string;
  readonly #accessKeySecret: string;
  readonly #clock: () => Date;
  readonly #nonces = new Map<string, number>();

  constructor(accessKeyId: string, accessKeySecret: string, clock: () => Date) {
    this.#accessKeyId = accessKeyId;
    this.#accessKeySecret = accessKeySecret;
    this.#clock = clock;
  }

  /** @throws ApiError with the gateway's documented codes. */
  admit(request: SignedRequest): AuthenticatedCall {
    const authorization = request.headers.authorization;
    return authorization?.startsWith('ACS3-HMAC-SHA256')
      ? this.#admitV3(request, authorization)
      : this.#admitV1(request);
  }

  #admitV1(request: SignedRequest): AuthenticatedCall {
    const all = Object.fromEntries([...request.query, ...request.form]);
    const given = (name: string): string => all[name] || raise(missing(name));

    const action = given('Action');
    const version = given('Version');
    const accessKeyId = given('AccessKeyId');
    const signature = given('Signature');
    const timestamp = given('Timestamp');
    const nonce = given('SignatureNonce');
    if (given('SignatureMethod').toUpperCase() !== 'HMAC-SHA1') throw notValid('SignatureMethod');
    if (given('SignatureVersion') !== '1.0') throw notValid('SignatureVersion');

    this.#checkAccessKey(accessKeyId);
    this.#checkTime(timestamp);
    const stringToSign = stringToSignV1(request);
    if (!/^[A-Za-z0-9+/]{27}=$/.test(signature)) {
      throw new ApiError(
        400,
        'IncompleteSignature',
        `The request signature does not conform to Aliyun standards. server string to sign is:${stringToSign}`,
      );
    }
    // The real gateway echoes the whole string-to-sign, private keys included; clients must cope with that.
    if (!sameSignature(signature, signV1(stringToSign, this.#accessKeySecret))) {
      throw new ApiError(
        400,
        'SignatureDoesNotMatch',
        `Specified signature is not matched with our calculation. server string to sign is:${stringToSign}`,
      );
    }
    this.#spendNonce(nonce);

    const parameters = Object.entries(all).filter(([name]) => !PUBLIC_PARAMETERS.has(name));
    return { action, version, parameters: Object.fromEntries(parameters) };
  }

  #admitV3(request: SignedRequest, header: string): AuthenticatedCall {
    const given = (name: string): string => request.headers[name] || raise(missing(name));
    const authorization = readAuthorizationV3(header);
    if (authorization === undefined) throw refuse('IncompleteSignature');

    const action = given('x-acs-action');
    const version = given('x-acs-version');
    const nonce = given('x-acs-signature-nonce');
    this.#checkAccessKey(authorization.credential);
    this.#checkTime(given('x-acs-date'));
    if (mustBeSigned(request.headers).some((name) => !authorization.signedHeaders.includes(name))) {
      throw refuse('IncompleteSignature');
    }

    const canonical = canonicalRequestV3(request, authorization.signedHeaders);
    const stringToSign = stringToSignV3(canonical);
    const expected = signV3(stringToSign, this.#accessKeySecret);
    const digest = canonical.slice(canonical.lastIndexOf('\n') + 1);
    if (
      !sameSignature(authorization.signature, expected) ||
      given('x-acs-content-sha256').toLowerCase() !== digest
    ) {
      throw new ApiError(
        400,
        'SignatureDoesNotMatch',
        `Specified signature does not match our calculation. server StringToSign is [${stringToSign}] server CanonicalRequest is [${canonical}]`,
      );
    }
    this.#spendNonce(nonce);
    return { action, version, parameters: Object.fromEntries([...request.query, ...request.form]) };
  }

  #checkAccessKey(accessKeyId: string): void {
    if (accessKeyId !== this.#accessKeyId) throw refuse('InvalidAccessKeyId.NotFound');
  }

  #checkTime(timestamp: string): void {
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(timestamp)) throw refuse('InvalidTimeStamp.Format');
    const time = Date.parse(timestamp);
    if (Number.isNaN(time)) throw refuse('InvalidTimeStamp.Format');
    if (Math.abs(this.#clock().getTime() - time) > CLOCK_SKEW_MS) throw refuse('InvalidTimeStamp.Expired');
  }

  #spendNonce(nonce: string): void {
    const now = this.#clock().getTime();
    // A request can be valid for 15 minutes before and after its own time: older nonces cannot come back.
    for (const [seen, when] of this.#nonces) {
      if (now - when <= 2 * CLOCK_SKEW_MS) break;
      this.#nonces.delete(seen);
    }
    if (this.#nonces.has(nonce)) throw refuse('SignatureNonceUsed');
    this.#nonces.set(nonce, now);
  }
}

/** `host`, and every `x-acs-…` header that is there, have to be under the signature. */
function mustBeSigned(headers: Readonly<Record<string, string>>): string[] {
  return Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-acs-'));
}

function notValid(parameter: string): ApiError {
  return new ApiError(400, 'InvalidParamater', `The specified parameter "${parameter}" is not valid.`);
}

function raise(error: ApiError): never {
  throw error;
}
