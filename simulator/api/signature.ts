import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A request as far as its signature is concerned. Header names are lower case. */
export interface SignedRequest {
  readonly method: string;
  /** The query of the URL, decoded, in the order it came. */
  readonly query: readonly (readonly [string, string])[];
  /** The form fields of the body, decoded, in the order they came. */
  readonly form: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** RFC 3986 percent-encoding: everything but `A-Za-z0-9-_.~` becomes `%XX` in upper case. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function canonicalQuery(pairs: readonly (readonly [string, string])[]): string {
  return pairs
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** RPC signature version 1.0: the string-to-sign over every parameter of query and body but `Signature`. */
export function stringToSignV1(request: SignedRequest): string {
  const pairs = [...request.query, ...request.form].filter(([name]) => name !== 'Signature');
  return `${request.method}&${percentEncode('/')}&${percentEncode(canonicalQuery(pairs))}`;
}

/** HMAC-SHA1 with the secret and `&` as key, base64. */
export function signV1(stringToSign: string, accessKeySecret: string): string {
  return createHmac('sha1', `${accessKeySecret}&`).update(stringToSign).digest('base64');
}

/** What stands in `Authorization: ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…`. */
export interface AuthorizationV3 {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

export function readAuthorizationV3(header: string): AuthorizationV3 | undefined {
  const [, fields] = /^ACS3-HMAC-SHA256\s+(.+)$/.exec(header) ?? [];
  if (fields === undefined) return undefined;
  const named = new Map(fields.split(',').map((part) => splitOnce(part.trim(), '=')));
  const credential = named.get('Credential');
  const signedHeaders = named.get('SignedHeaders');
  const signature = named.get('Signature');
  if (!credential || !signedHeaders || signature === undefined || !/^[0-9a-f]{64}$/.test(signature)) {
    return undefined;
  }
  return { credential, signedHeaders: signedHeaders.split(';'), signature };
}

/** The canonical request of ACS3-HMAC-SHA256. The digest is taken from the body, never from the header. */
export function canonicalRequestV3(request: SignedRequest, signedHeaders: readonly string[]): string {
  const headers = [...signedHeaders].sort();
  return [
    request.method,
    '/',
    canonicalQuery(request.query),
    ...headers.map((name) => `${name}:${(request.headers[name] ?? '').trim()}`),
    '',
    headers.join(';'),
    createHash('sha256').update(request.body).digest('hex'),
  ].join('\n');
}

export function stringToSignV3(canonicalRequest: string): string {
  return `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonicalRequest).digest('hex')}`;
}

/** HMAC-SHA256 with the bare secret as key, lower-case hex. */
export function signV3(stringToSign: string, accessKeySecret: string): string {
  return createHmac('sha256', accessKeySecret).update(stringToSign).digest('hex');
}

/** Compares two signatures without telling by its time where they differ. */
export function sameSignature(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
