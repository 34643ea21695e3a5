/**
 * BER (X.690 §8) rewritten with definite, minimal lengths and primitive OCTET STRINGs, so that the strict reader can
 * take it. Only PKCS#12 needs this: NSS and some Windows tools stream their files with indefinite lengths.
 */
import { type DerLimits, defaultLimits, encodeHeader, Tag } from './der.ts';
import { X509Error } from './errors.ts';

const constructedOctetString = Tag.octetString | 0x20;

/** One value on its way out: header, then pieces of the input and nested values, written once at the end. */
interface Rewritten {
  readonly tag: number;
  readonly length: number;
  readonly pieces: readonly (Uint8Array | Rewritten)[];
}

/**
 * The one BER value that `bytes` holds, as DER as far as lengths and OCTET STRINGs go. The contents of primitive
 * values are kept octet for octet. A context-tagged string in pieces stays in pieces: only its reader can know it.
 * @throws X509Error DER_MALFORMED when it is not BER or something follows it; INPUT_TOO_LARGE past a limit.
 */
export function berToDer(bytes: Uint8Array, what: string, limits: DerLimits = defaultLimits): Uint8Array {
  if (bytes.length > limits.size) throw new X509Error('INPUT_TOO_LARGE', { what, limit: limits.size });
  let nodes = 0;
  let at = 0;
  const malformed = (reason: string): X509Error =>
    new X509Error('DER_MALFORMED', { what, reason, offset: at });

  /** Contents length of the header at `at`, which is moved behind it; undefined when indefinite. */
  function readLength(): number | undefined {
    const first = bytes[at++];
    if (first === undefined) throw malformed('length missing');
    if (first < 0x80) return first;
    if (first === 0x80) return undefined;
    let length = 0;
    for (let count = first & 0x7f; count > 0; count--) {
      const octet = bytes[at++];
      if (octet === undefined) throw malformed('length truncated');
      length = length * 256 + octet;
      if (length > limits.size) throw malformed('contents truncated');
    }
    return length;
  }

  /** The value at `at`, whose enclosing value ends at `limit`. */
  function value(limit: number, depth: number): Rewritten {
    if (depth > limits.depth) throw new X509Error('INPUT_TOO_LARGE', { what, limit: 'depth' });
    if (++nodes > limits.nodes) throw new X509Error('INPUT_TOO_LARGE', { what, limit: 'values' });
    const tag = at < limit ? bytes[at++] : undefined;
    if (tag === undefined) throw malformed('value missing');
    if ((tag & 0x1f) === 0x1f) throw malformed('high tag number');
    if (tag === 0) throw malformed('end of contents');
    const length = readLength();
    const end = length === undefined ? limit : at + length;
    if (at > limit || end > limit) throw malformed('contents truncated');
    if ((tag & 0x20) === 0) {
      if (length === undefined) throw malformed('indefinite length');
      const content = bytes.subarray(at, end);
      at = end;
      return { tag, length, pieces: [content] };
    }
    const children: Rewritten[] = [];
    while (length === undefined ? !endOfContents(end) : at < end) children.push(value(end, depth + 1));
    if (tag === constructedOctetString) return joined(children);
    return { tag, length: children.reduce((sum, child) => sum + encodedLength(child), 0), pieces: children };
  }

  /** Steps over the two zero octets that close an indefinite length, when they are next. */
  function endOfContents(limit: number): boolean {
    if (at + 2 > limit) throw malformed('end of contents missing');
    if (bytes[at] !== 0 || bytes[at + 1] !== 0) return false;
    at += 2;
    return true;
  }

  /** X.690 §8.7.3: an OCTET STRING in pieces, which are OCTET STRINGs themselves. */
  function joined(children: readonly Rewritten[]): Rewritten {
    if (!children.every((child) => child.tag === Tag.octetString)) throw malformed('OCTET STRING in pieces');
    return {
      tag: Tag.octetString,
      length: children.reduce((sum, child) => sum + child.length, 0),
      pieces: children.flatMap((child) => child.pieces),
    };
  }

  const top = value(bytes.length, 0);
  if (at !== bytes.length) throw malformed('trailing data');
  const out = new Uint8Array(encodedLength(top));
  write(out, 0, top);
  return out;
}

const encodedLength = (value: Rewritten): number =>
  encodeHeader(value.tag, value.length).length + value.length;

function write(out: Uint8Array, start: number, value: Rewritten): number {
  const header = encodeHeader(value.tag, value.length);
  out.set(header, start);
  let at = start + header.length;
  for (const piece of value.pieces) {
    if (piece instanceof Uint8Array) {
      out.set(piece, at);
      at += piece.length;
    } else at = write(out, at, piece);
  }
  return at;
}
