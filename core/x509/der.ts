/**
 * Strict DER (X.690 §10): definite, minimal lengths only, bounded depth and node count, no copy of the input.
 * The reader is a cursor: each structure is read once, left to right, so time is linear in the input.
 */
import { X509Error } from './errors.ts';

/** Identifier octets that X.509 uses. `context(n)` and `contextPrimitive(n)` make the tagged ones. */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Identifier octet of a constructed `[n]`. */
export const context = (n: number): number => 0xa0 | n;
/** Identifier octet of a primitive `[n]` (IMPLICIT over a primitive type). */
export const contextPrimitive = (n: number): number => 0x80 | n;

/** Bounds on what a hostile input can cost. */
export interface DerLimits {
  /** Bytes of input. */
  readonly size: number;
  /** Nesting of constructed values. */
  readonly depth: number;
  /** Values read in all. */
  readonly nodes: number;
}

/** Enough for any certificate, request, key or PKCS#12 that a person handles; CRLs bring their own. */
export const defaultLimits: DerLimits = { size: 4 * 1024 * 1024, depth: 32, nodes: 200_000 };

/** One value: identifier octet, contents and the whole encoding, all views on the input. */
export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly encoded: Uint8Array;
}

/** Views are made when asked for: most values of a large CRL are looked at once, or never. */
class ValueView implements DerValue {
  readonly tag: number;
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #contents: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, tag: number, start: number, contents: number, end: number) {
    this.tag = tag;
    this.#bytes = bytes;
    this.#start = start;
    this.#contents = contents;
    this.#end = end;
  }

  get content(): Uint8Array {
    return this.#bytes.subarray(this.#contents, this.#end);
  }

  get encoded(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }
}

interface Budget {
  nodes: number;
  readonly depth: number;
  /** Where the input begins in its buffer, so that errors count bytes from there and not from an inner value. */
  readonly origin: number;
}

/** A cursor over the values inside one constructed value (or over the top level). */
export class DerReader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  readonly #budget: Budget;
  readonly #depth: number;
  #offset = 0;

  private constructor(bytes: Uint8Array, what: string, budget: Budget, depth: number) {
    this.#bytes = bytes;
    this.#what = what;
    this.#budget = budget;
    this.#depth = depth;
  }

  /**
   * A reader over `bytes`, which `what` names in errors ("certificate", "PKCS#12").
   * @throws X509Error INPUT_TOO_LARGE when the input is larger than `limits.size`.
   */
  static over(bytes: Uint8Array, what: string, limits: DerLimits = defaultLimits): DerReader {
    if (bytes.length > limits.size) throw new X509Error('INPUT_TOO_LARGE', { what, limit: limits.size });
    // A plain view, also over a Buffer: what comes out is of one type, and made faster.
    const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    return new DerReader(
      plain,
      what,
      { nodes: limits.nodes, depth: limits.depth, origin: bytes.byteOffset },
      0,
    );
  }

  /** The identifier octet of the next value, or undefined at the end. */
  peek(): number | undefined {
    return this.#bytes[this.#offset];
  }

  get atEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  /** The next value whatever its tag. @throws X509Error DER_MALFORMED at the end or on a malformed header. */
  any(): DerValue {
    const start = this.#offset;
    const bytes = this.#bytes;
    const tag = bytes[start];
    if (tag === undefined) throw this.malformed('value missing');
    if ((tag & 0x1f) === 0x1f) throw this.malformed('high tag number');
    if (tag === 0) throw this.malformed('end-of-contents octets');
    if (--this.#budget.nodes < 0)
      throw new X509Error('INPUT_TOO_LARGE', { what: this.#what, limit: 'values' });
    let at = start + 1;
    const first = bytes[at++];
    if (first === undefined) throw this.malformed('length missing');
    let length = first;
    if (first >= 0x80) {
      const count = first & 0x7f;
      if (count === 0) throw this.malformed('indefinite length');
      if (count > 4) throw this.malformed('length of length');
      length = 0;
      for (let i = 0; i < count; i++) {
        const octet = bytes[at++];
        if (octet === undefined) throw this.malformed('length truncated');
        length = length * 256 + octet;
      }
      const minimal =
        length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : length < 0x1000000 ? 3 : 4;
      if (minimal !== count) throw this.malformed('non-minimal length');
    }
    const end = at + length;
    if (end > bytes.length) throw this.malformed('contents truncated');
    this.#offset = end;
    return new ValueView(bytes, tag, start, at, end);
  }

  /** The next value, which must have `tag`. @throws X509Error DER_MALFORMED otherwise. */
  read(tag: number): DerValue {
    if (this.peek() !== tag) throw this.malformed(`expected tag 0x${tag.toString(16)}`);
    return this.any();
  }

  /** The next value when it has `tag`; else undefined and the cursor stays. */
  optional(tag: number): DerValue | undefined {
    return this.peek() === tag ? this.any() : undefined;
  }

  /** A reader inside the next value, which must have `tag` (SEQUENCE by default). */
  enter(tag: number = Tag.sequence): DerReader {
    return this.inside(this.read(tag));
  }

  /** A reader inside the next value when it has `tag`; else undefined and the cursor stays. */
  enterOptional(tag: number): DerReader | undefined {
    return this.peek() === tag ? this.enter(tag) : undefined;
  }

  /** A reader over the contents of a value that was already read; also opens DER wrapped in an OCTET STRING. */
  inside(value: DerValue, what: string = this.#what): DerReader {
    if (this.#depth + 1 > this.#budget.depth)
      throw new X509Error('INPUT_TOO_LARGE', { what, limit: 'depth' });
    return new DerReader(value.content, what, this.#budget, this.#depth + 1);
  }

  /** @throws X509Error DER_MALFORMED when values are left over. */
  end(): void {
    if (!this.atEnd) throw this.malformed('trailing data');
  }

  /** INTEGER as its contents octets, sign included, minimally encoded (X.690 §8.3.2). */
  integerBytes(tag: number = Tag.integer): Uint8Array {
    const { content } = this.read(tag);
    const [first, second] = content;
    if (first === undefined) throw this.malformed('empty INTEGER');
    if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
      throw this.malformed('non-minimal INTEGER');
    return content;
  }

  /** Non-negative INTEGER as a number. @throws X509Error DER_MALFORMED when negative or beyond 2^53 - 1. */
  smallInteger(tag: number = Tag.integer): number {
    const content = this.integerBytes(tag);
    if (content.length > 7 || content[0]! >= 0x80) throw this.malformed('INTEGER out of range');
    const value = content.reduce((sum, octet) => sum * 256 + octet, 0);
    if (!Number.isSafeInteger(value)) throw this.malformed('INTEGER out of range');
    return value;
  }

  /** BOOLEAN; DER allows 0x00 and 0xff only (X.690 §11.1). */
  boolean(): boolean {
    const { content } = this.read(Tag.boolean);
    if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw this.malformed('BOOLEAN');
    return content[0] === 0xff;
  }

  /** OBJECT IDENTIFIER in dotted form. */
  oid(tag: number = Tag.oid): string {
    return this.decodeOid(this.read(tag).content);
  }

  /** OCTET STRING contents. */
  octets(tag: number = Tag.octetString): Uint8Array {
    return this.read(tag).content;
  }

  /** BIT STRING contents without the unused-bits octet, which must be zero bits for keys and signatures. */
  bitString(tag: number = Tag.bitString): Uint8Array {
    const { content } = this.read(tag);
    if (content[0] !== 0) throw this.malformed('BIT STRING with unused bits');
    return content.subarray(1);
  }

  /** BIT STRING of named bits (keyUsage, reasons): the set bit numbers. No such type has more than 32 of them. */
  namedBits(tag: number = Tag.bitString): readonly number[] {
    const { content } = this.read(tag);
    const unused = content[0];
    if (unused === undefined || unused > 7 || (content.length === 1 && unused !== 0) || content.length > 5)
      throw this.malformed('BIT STRING of named bits');
    // X.690 §11.2.1: unused bits are zero.
    if (content.length > 1 && content.at(-1)! & ((1 << unused) - 1))
      throw this.malformed('BIT STRING padding');
    const bits: number[] = [];
    for (let i = 0; i < (content.length - 1) * 8 - unused; i++)
      if (content[1 + (i >> 3)]! & (0x80 >> (i & 7))) bits.push(i);
    return bits;
  }

  /** UTCTime or GeneralizedTime in the forms of RFC 5280 §4.1.2.5 (seconds, Z). */
  time(): Date {
    const { tag, content } = this.any();
    const utc = tag === Tag.utcTime;
    if (!utc && tag !== Tag.generalizedTime) throw this.malformed('expected a time');
    const digits = utc ? 12 : 14;
    if (content.length !== digits + 1 || content[digits] !== 0x5a) throw this.malformed('time format');
    const pair = (at: number): number => {
      const [tens, ones] = [content[at]! - 0x30, content[at + 1]! - 0x30];
      if (tens < 0 || tens > 9 || ones < 0 || ones > 9) throw this.malformed('time format');
      return tens * 10 + ones;
    };
    const at = digits - 10;
    const year = utc ? (pair(0) < 50 ? 2000 : 1900) + pair(0) : pair(0) * 100 + pair(2);
    const [month, day, hour, minute, second] = [
      pair(at),
      pair(at + 2),
      pair(at + 4),
      pair(at + 6),
      pair(at + 8),
    ];
    const date = new Date(Date.UTC(2000, month - 1, day, hour, minute, second));
    date.setUTCFullYear(year, month - 1, day);
    // Date rolls 31 February over; a time that does not print back as it was read does not exist.
    if (
      date.getUTCMonth() !== month - 1 ||
      date.getUTCDate() !== day ||
      hour > 23 ||
      minute > 59 ||
      second > 59
    )
      throw this.malformed('time out of range');
    return date;
  }

  /** The error for what was found here, for parsers that check more than syntax. The offset counts from the input's start. */
  malformed(reason: string): X509Error {
    const offset = this.#bytes.byteOffset - this.#budget.origin + this.#offset;
    return new X509Error('DER_MALFORMED', { what: this.#what, reason, offset });
  }

  private decodeOid(content: Uint8Array): string {
    if (content.length === 0 || content.length > 64 || content.at(-1)! >= 0x80)
      throw this.malformed('OBJECT IDENTIFIER');
    const arcs: string[] = [];
    let arc: number | bigint = 0;
    let fresh = true;
    for (const octet of content) {
      if (fresh && octet === 0x80) throw this.malformed('OBJECT IDENTIFIER padding');
      fresh = octet < 0x80;
      // Arcs have no upper bound (UUIDs take 128 bits); nearly all fit a number, which is far faster.
      if (typeof arc === 'number' && arc >= 2 ** 45) arc = BigInt(arc);
      arc = typeof arc === 'bigint' ? (arc << 7n) | BigInt(octet & 0x7f) : arc * 128 + (octet & 0x7f);
      if (!fresh) continue;
      if (arcs.length > 0) arcs.push(`${arc}`);
      else {
        const root = arc < 40 ? 0 : arc < 80 ? 1 : 2;
        arcs.push(`${root}`, `${typeof arc === 'bigint' ? arc - BigInt(root * 40) : arc - root * 40}`);
      }
      arc = 0;
    }
    return arcs.join('.');
  }
}

// ── writing ────────────────────────────────────────────────────────────────────────────────────────

/** One value: identifier octet and contents, joined in order. */
export function encode(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const header = encodeHeader(tag, length);
  const out = new Uint8Array(header.length + length);
  out.set(header);
  let at = header.length;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Identifier and length octets for contents of `length` bytes. */
export function encodeHeader(tag: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tag, length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(tag, 0x80 | octets.length, ...octets);
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => encode(Tag.sequence, ...parts);
/** EXPLICIT `[n]`. */
export const explicit = (n: number, ...parts: readonly Uint8Array[]): Uint8Array =>
  encode(context(n), ...parts);
export const octetString = (bytes: Uint8Array): Uint8Array => encode(Tag.octetString, bytes);
export const nullValue = (): Uint8Array => Uint8Array.of(Tag.null, 0);
export const boolean = (value: boolean): Uint8Array => Uint8Array.of(Tag.boolean, 1, value ? 0xff : 0);
export const bitString = (bytes: Uint8Array): Uint8Array => encode(Tag.bitString, Uint8Array.of(0), bytes);
export const utf8String = (text: string): Uint8Array => encode(Tag.utf8String, Buffer.from(text, 'utf8'));

/** SET OF: members in the order of their encodings (X.690 §11.6). */
export function setOf(...members: readonly Uint8Array[]): Uint8Array {
  return encode(Tag.set, ...members.toSorted((a, b) => Buffer.compare(a, b)));
}

/** INTEGER from unsigned big-endian octets, or from a safe non-negative number. @throws X509Error VALUE_INVALID for other numbers. */
export function integer(value: Uint8Array | number, tag: number = Tag.integer): Uint8Array {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new X509Error('VALUE_INVALID', { what: 'INTEGER', value });
    const octets: number[] = [];
    for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
    return integer(Uint8Array.from(octets), tag);
  }
  let start = 0;
  while (start < value.length - 1 && value[start] === 0) start++;
  const body = value.length === 0 ? Uint8Array.of(0) : value.subarray(start);
  return body[0]! >= 0x80 ? encode(tag, Uint8Array.of(0), body) : encode(tag, body);
}

/** BIT STRING of named bits, trailing zero bits removed (X.690 §11.2.2). */
export function namedBits(bits: readonly number[]): Uint8Array {
  if (bits.length === 0) return encode(Tag.bitString, Uint8Array.of(0));
  const last = Math.max(...bits);
  const octets = new Uint8Array(1 + (last >> 3) + 1);
  octets[0] = 7 - (last & 7);
  for (const bit of bits) octets[1 + (bit >> 3)]! |= 0x80 >> (bit & 7);
  return encode(Tag.bitString, octets);
}

/** OBJECT IDENTIFIER from its dotted form. @throws X509Error VALUE_INVALID when it is none (X.660 §7.6) or takes over 64 octets. */
export function oid(dotted: string, tag: number = Tag.oid): Uint8Array {
  const refuse = (): X509Error =>
    new X509Error('VALUE_INVALID', { what: 'OID', value: dotted.slice(0, 200) });
  const arcs = dotted.split('.', 66);
  if (arcs.length < 2 || !arcs.every((arc) => /^(0|[1-9]\d{0,39})$/.test(arc))) throw refuse();
  const [first, second, ...rest] = arcs.map(BigInt) as [bigint, bigint, ...bigint[]];
  if (first > 2n || (first < 2n && second > 39n)) throw refuse();
  const octets: number[] = [];
  for (const arc of [first * 40n + second, ...rest]) {
    const chunk = [Number(arc & 0x7fn)];
    for (let high = arc >> 7n; high > 0n; high >>= 7n) chunk.unshift(Number(high & 0x7fn) | 0x80);
    octets.push(...chunk);
  }
  if (octets.length > 64) throw refuse();
  return encode(tag, Uint8Array.from(octets));
}

/** UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5); whole seconds. @throws X509Error VALUE_INVALID outside 1950 to 9999. */
export function time(date: Date): Uint8Array {
  const year = date.getUTCFullYear();
  if (!(year >= 1950 && year <= 9999))
    throw new X509Error('VALUE_INVALID', { what: 'time', value: String(date.getTime()) });
  return year < 2050 ? encode(Tag.utcTime, Buffer.from(timeText(date).slice(2))) : generalizedTime(date);
}

/** GeneralizedTime whatever the year (invalidityDate, RFC 5280 §5.3.2). @throws X509Error VALUE_INVALID outside 0 to 9999. */
export function generalizedTime(date: Date): Uint8Array {
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999))
    throw new X509Error('VALUE_INVALID', { what: 'time', value: String(date.getTime()) });
  return encode(Tag.generalizedTime, Buffer.from(timeText(date)));
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** `YYYYMMDDHHMMSSZ`, by hand: a large CRL holds a million of them. */
function timeText(date: Date): string {
  const day = pad(date.getUTCFullYear(), 4) + pad(date.getUTCMonth() + 1) + pad(date.getUTCDate());
  return `${day}${pad(date.getUTCHours())}${pad(date.getUTCMinutes())}${pad(date.getUTCSeconds())}Z`;
}
