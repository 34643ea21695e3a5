/**
 * What a parser or builder of this room can refuse. The codes are a subset of the contract's
 * problem codes, so that they reach a face under the same name; this room itself imports nothing of ours.
 */
export type X509ErrorCode =
  | 'DER_MALFORMED'
  | 'PEM_MALFORMED'
  | 'INPUT_TOO_LARGE'
  | 'UNSUPPORTED_ALGORITHM'
  | 'PASSWORD_REQUIRED'
  | 'WRONG_PASSWORD'
  | 'NAME_INVALID'
  | 'VALUE_INVALID'
  | 'SIGNATURE_INVALID'
  | 'KEY_MISMATCH';

/** A refusal with its reason. `data.what` names the structure or value; it never carries key material or a password. */
export class X509Error extends Error {
  override readonly name = 'X509Error';
  readonly code: X509ErrorCode;
  readonly data: Readonly<Record<string, string | number>>;

  constructor(code: X509ErrorCode, data: Readonly<Record<string, string | number>>) {
    super(`${code}: ${Object.values(data).join(', ')}`);
    this.code = code;
    this.data = data;
  }
}

/** Text from outside, fit to stand in an error: no control or direction characters, not longer than a line. */
export function quotable(text: string): string {
  return text
    .slice(0, 120)
    .toWellFormed()
    .replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, '\ufffd');
}
