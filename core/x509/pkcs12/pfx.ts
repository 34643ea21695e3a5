/** The outer shells of PKCS#12 (RFC 7292 §4): PFX, AuthenticatedSafe, and the safes in it, still locked. */
import { berToDer } from '../ber.ts';
import { context, contextPrimitive, DerReader, Tag } from '../der.ts';
import { X509Error } from '../errors.ts';
import type { Sealed } from '../sealed.ts';
import { type MacData, readMacData } from './mac.ts';

/** How this structure is named in errors. */
export const what = 'PKCS#12 file';

/** RFC 5652: the content types that PKCS#12 uses. */
export const ContentType = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  envelopedData: '1.2.840.113549.1.7.3',
  encryptedData: '1.2.840.113549.1.7.6',
} as const;

export interface Pfx {
  /** BER of the AuthenticatedSafe: exactly the octets that the MAC covers. */
  readonly authenticatedSafe: Uint8Array;
  readonly mac: MacData | undefined;
}

/** One safe: SafeContents in the clear, or sealed under the password. Both hold BER. */
export type Safe =
  | { readonly kind: 'plain'; readonly contents: Uint8Array }
  | { readonly kind: 'sealed'; readonly sealed: Sealed };

/**
 * PFX, with its MAC not yet checked.
 * @throws X509Error DER_MALFORMED, INPUT_TOO_LARGE (4 MiB), UNSUPPORTED_ALGORITHM for public-key integrity or another MAC.
 */
export function readPfx(bytes: Uint8Array): Pfx {
  const pfx = berReader(bytes).enter();
  if (pfx.smallInteger() !== 3) throw pfx.malformed('version');
  const content = pfx.enter();
  const type = content.oid();
  if (type === ContentType.signedData)
    throw new X509Error('UNSUPPORTED_ALGORITHM', { what, algorithm: 'public-key integrity' });
  if (type !== ContentType.data) throw content.malformed('content type');
  const authenticatedSafe = content.enter(context(0)).octets();
  const macReader = pfx.enterOptional(Tag.sequence);
  const mac = macReader && readMacData(macReader, what);
  pfx.end();
  return { authenticatedSafe, mac };
}

/** The safes of an AuthenticatedSafe. @throws X509Error DER_MALFORMED, UNSUPPORTED_ALGORITHM for public-key privacy. */
export function readSafes(authenticatedSafe: Uint8Array): readonly Safe[] {
  const reader = berReader(authenticatedSafe).enter();
  const safes: Safe[] = [];
  while (!reader.atEnd) safes.push(readSafe(reader.enter()));
  return safes;
}

function readSafe(content: DerReader): Safe {
  const type = content.oid();
  if (type === ContentType.envelopedData)
    throw new X509Error('UNSUPPORTED_ALGORITHM', { what, algorithm: 'public-key privacy' });
  const value = content.enter(context(0));
  if (type === ContentType.data) return { kind: 'plain', contents: value.octets() };
  if (type !== ContentType.encryptedData) throw content.malformed('content type');
  return { kind: 'sealed', sealed: readEncryptedData(value.enter()) };
}

/** EncryptedData (RFC 5652 §8). */
function readEncryptedData(data: DerReader): Sealed {
  data.smallInteger();
  const info = data.enter();
  if (info.oid() !== ContentType.data) throw info.malformed('content type');
  const algorithm = info.read(Tag.sequence).encoded;
  return { algorithm, ciphertext: readEncryptedContent(info) };
}

/** `[0] IMPLICIT OCTET STRING`: in one piece, or in the pieces that a BER writer left. */
function readEncryptedContent(info: DerReader): Uint8Array {
  const pieces = info.enterOptional(context(0));
  if (pieces === undefined) return info.octets(contextPrimitive(0));
  const parts: Uint8Array[] = [];
  while (!pieces.atEnd) parts.push(pieces.octets());
  return Buffer.concat(parts);
}

/** A strict reader over BER made DER. */
export function berReader(bytes: Uint8Array): DerReader {
  return DerReader.over(berToDer(bytes, what), what);
}
