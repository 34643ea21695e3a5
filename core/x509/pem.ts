/** PEM (RFC 7468): lenient in what surrounds a block, strict inside; written with 64-column lines, as CLB requires. */
import { X509Error } from './errors.ts';

/** One block: its label, its `Name: value` headers (RFC 1421, old encrypted keys), its bytes. */
export interface PemBlock {
  readonly label: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** Octets of text; a bundle of every public CA takes a quarter of a megabyte. CRLs bring their own limit. */
const sizeLimit = 16 * 1024 * 1024;
/** Octets that are searched for a BEGIN line: the largest limit of any caller. */
const searchLimit = 256 * 1024 * 1024;
const blockLimit = 1000;
const headerLimit = 4096;

const begin = '-----BEGIN ';
const dashes = '-----';

/** True when the bytes look like PEM text rather than DER. */
export function looksLikePem(bytes: Uint8Array): boolean {
  // A SEQUENCE with a long length is never text, whatever a hostile maker writes inside it.
  const [first, second] = bytes;
  if (first === 0x30 && second !== undefined && second >= 0x80 && second <= 0x84) return false;
  return bytes.length <= searchLimit && textBytes(bytes).includes(begin);
}

/**
 * Every block of `input`, in order; text between blocks is skipped. A BEGIN line may be indented.
 * @throws X509Error PEM_MALFORMED when a block is not closed, is closed under another label or is not base64;
 *   INPUT_TOO_LARGE past `limit` octets or 1,000 blocks.
 */
export function parsePem(
  input: string | Uint8Array,
  what = 'PEM',
  limit: number = sizeLimit,
): readonly PemBlock[] {
  if (input.length > limit) throw new X509Error('INPUT_TOO_LARGE', { what, limit });
  const text = typeof input === 'string' ? Buffer.from(input, 'utf8') : textBytes(input);
  const malformed = (reason: string): X509Error => new X509Error('PEM_MALFORMED', { what, reason });
  const blocks: PemBlock[] = [];
  let previousEnd = 0;
  let strays = 0;
  for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, Math.max(previousEnd, at + 1))) {
    if (!startsLine(text, at, previousEnd)) {
      if (++strays > blockLimit) throw malformed('BEGIN line');
      continue;
    }
    const labelEnd = text.indexOf(dashes, at + begin.length);
    const label = labelEnd < 0 ? '' : text.toString('latin1', at + begin.length, Math.min(labelEnd, at + 80));
    if (labelEnd < 0 || !/^[\x20-\x7e]{0,64}$/.test(label)) throw malformed('BEGIN line');
    const close = `-----END ${label}-----`;
    const bodyEnd = text.indexOf(dashes, labelEnd + dashes.length);
    previousEnd = bodyEnd + close.length;
    if (bodyEnd < 0 || text.toString('latin1', bodyEnd, previousEnd) !== close)
      throw malformed(`END ${label} missing`);
    if (blocks.length === blockLimit)
      throw new X509Error('INPUT_TOO_LARGE', { what, limit: `${blockLimit} blocks` });
    blocks.push({ label, ...parseBody(text.subarray(labelEnd + dashes.length, bodyEnd), malformed) });
  }
  return blocks;
}

/** The text as octets of ASCII. PowerShell's `>` writes UTF-16 with a byte order mark. */
function textBytes(input: Uint8Array): Buffer {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.length);
  return bytes[0] === 0xff && bytes[1] === 0xfe ? Buffer.from(bytes.toString('utf16le', 2), 'latin1') : bytes;
}

/** BEGIN in the middle of a sentence begins nothing; after an END that lost its line break it does. */
function startsLine(text: Buffer, at: number, previousEnd: number): boolean {
  let start = at;
  while (start > previousEnd && (text[start - 1] === 0x20 || text[start - 1] === 0x09)) start--;
  if (start === previousEnd || text[start - 1] === 0x0a || text[start - 1] === 0x0d) return true;
  return start === 3 && text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf;
}

function parseBody(body: Buffer, malformed: (reason: string) => X509Error): Omit<PemBlock, 'label'> {
  const headers: Record<string, string> = Object.create(null);
  if (!body.includes(':')) return { headers, bytes: decodeBase64(body, malformed) };
  const [head, lines] =
    /^\s*(\S[\s\S]*?)\r?\n[ \t]*\r?\n/.exec(body.toString('latin1', 0, headerLimit)) ?? [];
  if (head === undefined || lines === undefined) throw malformed('headers');
  for (const line of lines.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
  return { headers, bytes: decodeBase64(body.subarray(head.length), malformed) };
}

const whitespace = 64;
const padding = 65;
const foreign = 66;
const base64Values = new Uint8Array(256).fill(foreign);
for (const [value, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  base64Values[char.charCodeAt(0)] = value;
for (const char of ' \t\r\n') base64Values[char.charCodeAt(0)] = whitespace;
base64Values['='.charCodeAt(0)] = padding;

/** Base64 with white space, canonical otherwise: whole groups, padding at the end alone, spare bits zero (RFC 4648 §3.5). */
function decodeBase64(text: Uint8Array, malformed: (reason: string) => X509Error): Uint8Array {
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let length = 0;
  let digits = 0;
  let pads = 0;
  let group = 0;
  for (let i = 0; i < text.length; i++) {
    const value = base64Values[text[i]!]!;
    if (value === whitespace) continue;
    if (value === foreign || (pads > 0 && value !== padding)) throw malformed('base64');
    if (value === padding) pads++;
    else {
      group = (group << 6) | value;
      if ((++digits & 3) !== 0) continue;
      out[length++] = group >> 16;
      out[length++] = group >> 8;
      out[length++] = group;
      group = 0;
    }
  }
  const rest = digits & 3;
  const spareBits = rest === 2 ? group & 0x0f : rest === 3 ? group & 0x03 : 0;
  if (digits === 0 || rest === 1 || pads !== (4 - rest) % 4 || spareBits !== 0) throw malformed('base64');
  if (rest === 2) out[length++] = group >> 4;
  if (rest === 3) {
    out[length++] = group >> 10;
    out[length++] = group >> 2;
  }
  return out.subarray(0, length);
}

/** One PEM block: 64 columns, LF, a final LF, no blank line. */
export function toPem(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.length).toString('base64');
  return `-----BEGIN ${label}-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;
}
