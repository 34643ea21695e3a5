/** Distinguished names (RFC 5280 §4.1.2.4). A parsed name keeps its bytes: chaining compares those, never text. */
import { DerReader, encode, oid, sequence, setOf, Tag } from './der.ts';
import { quotable, X509Error } from './errors.ts';

/** One attribute: its type as OID, its value as text. */
export interface NameAttribute {
  readonly type: string;
  readonly value: string;
}

/** RDNs in encoded order (country first, common name last); an RDN of several attributes is multi-valued. */
export interface Name {
  readonly rdns: readonly (readonly NameAttribute[])[];
  readonly der: Uint8Array;
}

export interface AttributeRule {
  readonly short: string;
  readonly oid: string;
  /** The string type we write; UTF8String stands for DirectoryString, any other is the only one allowed. */
  readonly tag: number;
  /** Upper bound in characters (RFC 5280 Appendix A; STREET X.520, UID RFC 4524, DC RFC 1034). */
  readonly max: number;
}

export const attributeRules: readonly AttributeRule[] = [
  { short: 'CN', oid: '2.5.4.3', tag: Tag.utf8String, max: 64 },
  { short: 'SN', oid: '2.5.4.4', tag: Tag.utf8String, max: 32768 },
  { short: 'serialNumber', oid: '2.5.4.5', tag: Tag.printableString, max: 64 },
  { short: 'C', oid: '2.5.4.6', tag: Tag.printableString, max: 2 },
  { short: 'L', oid: '2.5.4.7', tag: Tag.utf8String, max: 128 },
  { short: 'ST', oid: '2.5.4.8', tag: Tag.utf8String, max: 128 },
  { short: 'STREET', oid: '2.5.4.9', tag: Tag.utf8String, max: 128 },
  { short: 'O', oid: '2.5.4.10', tag: Tag.utf8String, max: 64 },
  { short: 'OU', oid: '2.5.4.11', tag: Tag.utf8String, max: 64 },
  { short: 'title', oid: '2.5.4.12', tag: Tag.utf8String, max: 64 },
  { short: 'GN', oid: '2.5.4.42', tag: Tag.utf8String, max: 32768 },
  { short: 'dnQualifier', oid: '2.5.4.46', tag: Tag.printableString, max: 64 },
  { short: 'UID', oid: '0.9.2342.19200300.100.1.1', tag: Tag.utf8String, max: 256 },
  { short: 'DC', oid: '0.9.2342.19200300.100.1.25', tag: Tag.ia5String, max: 63 },
  { short: 'emailAddress', oid: '1.2.840.113549.1.9.1', tag: Tag.ia5String, max: 255 },
];

const aliases: Readonly<Record<string, string>> = {
  S: 'ST',
  E: 'emailAddress',
  EMAIL: 'emailAddress',
  G: 'GN',
};
const byOid = new Map(attributeRules.map((rule) => [rule.oid, rule]));
const byShort = new Map(attributeRules.map((rule) => [rule.short.toUpperCase(), rule]));

/** Octets of a whole name. */
const sizeLimit = 64 * 1024;

/** Reads the Name at the cursor. @throws X509Error DER_MALFORMED; INPUT_TOO_LARGE past 64 KiB */
export function readName(reader: DerReader): Name {
  const value = reader.read(Tag.sequence);
  if (value.encoded.length > sizeLimit)
    throw new X509Error('INPUT_TOO_LARGE', { what: 'name', limit: sizeLimit });
  const rdns: NameAttribute[][] = [];
  const outer = reader.inside(value);
  while (!outer.atEnd) {
    const set = outer.enter(Tag.set);
    const attributes: NameAttribute[] = [];
    do {
      const attribute = set.enter();
      const type = attribute.oid();
      attributes.push({ type, value: readText(attribute) });
      attribute.end();
    } while (!set.atEnd);
    rdns.push(attributes);
  }
  return { rdns, der: value.encoded };
}

/**
 * The text of the DirectoryString or other string at the cursor; unknown types as `#hex` (RFC 4514 §2.4).
 * T61 is read as Latin-1, which is what was ever written under its name.
 * @throws X509Error DER_MALFORMED
 */
export function readText(reader: DerReader): string {
  const { tag, content, encoded } = reader.any();
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  switch (tag) {
    case Tag.utf8String:
      return decodeUtf8(bytes) ?? refuse(reader, 'UTF8String');
    case Tag.printableString:
    case Tag.ia5String:
    case Tag.numericString:
    case Tag.visibleString:
    case Tag.teletexString:
      return bytes.toString('latin1');
    case Tag.bmpString:
      if (bytes.length % 2 !== 0) refuse(reader, 'BMPString');
      return Buffer.from(bytes).swap16().toString('utf16le');
    case Tag.universalString: {
      if (bytes.length % 4 !== 0) refuse(reader, 'UniversalString');
      let text = '';
      for (let i = 0; i < bytes.length; i += 4) {
        const point = bytes.readUInt32BE(i);
        if (point > 0x10ffff) refuse(reader, 'UniversalString');
        text += String.fromCodePoint(point);
      }
      return text;
    }
    default:
      return `#${Buffer.from(encoded).toString('hex')}`;
  }
}

function refuse(reader: DerReader, reason: string): never {
  throw reader.malformed(reason);
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Encodes a name: PrintableString or IA5String where RFC 5280 asks for it, UTF8String elsewhere. The attributes of a
 * multi-valued RDN come back in the order of their encodings, as they will be read.
 * @throws X509Error NAME_INVALID when empty, too long, or a character does not fit the attribute.
 */
export function buildName(rdns: readonly (readonly NameAttribute[])[]): Name {
  if (rdns.length === 0) throw invalid('', 'the name is empty');
  const ordered = rdns.map((rdn) =>
    rdn
      .map((attribute) => ({ attribute, der: sequence(attributeOid(attribute), encodeText(attribute)) }))
      .toSorted((a, b) => Buffer.compare(a.der, b.der)),
  );
  for (const rdn of ordered) {
    if (rdn.length === 0) throw invalid('', 'a part of the name is empty');
    // X.501 §9.3: the attributes of one RDN are of different types.
    if (new Set(rdn.map(({ attribute }) => attribute.type)).size < rdn.length)
      throw invalid(rdn[0]!.attribute.value, 'one part holds the same type twice');
  }
  const der = sequence(...ordered.map((rdn) => setOf(...rdn.map((member) => member.der))));
  if (der.length > sizeLimit) throw invalid(ordered[0]![0]!.attribute.value, 'the name is too long');
  return { rdns: ordered.map((rdn) => rdn.map(({ attribute }) => attribute)), der };
}

function attributeOid({ type, value }: NameAttribute): Uint8Array {
  try {
    return oid(type);
  } catch {
    throw invalid(`${type}=${value}`, `"${quotable(type)}" is not an object identifier`);
  }
}

/** C0 and C1 controls, line separators, and the marks that reverse what stands beside them on a screen. */
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

/** True when a text could deceive or disturb the one who reads it on a screen. */
export function hasUnsafeCharacter(text: string): boolean {
  return unsafe.test(text) || !text.isWellFormed();
}

function encodeText({ type, value }: NameAttribute): Uint8Array {
  const rule = byOid.get(type) ?? { short: type, tag: Tag.utf8String, max: 256 };
  const label = `${rule.short}=${value}`;
  const length = [...value].length;
  if (length === 0) throw invalid(label, 'a value is empty');
  if (length > rule.max) throw invalid(label, `more than ${rule.max} characters`);
  if (value !== value.trim()) throw invalid(label, 'a value begins or ends with a space');
  if (hasUnsafeCharacter(value)) throw invalid(label, 'a control character');
  if (rule.short === 'C' && !/^[A-Z]{2}$/.test(value))
    throw invalid(label, 'a country is two capital letters');
  if (rule.tag === Tag.printableString && !/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value))
    throw invalid(label, 'not a PrintableString');
  if (rule.tag === Tag.ia5String && !/^[\x20-\x7e]*$/.test(value))
    throw invalid(label, 'only ASCII fits here');
  return encode(rule.tag, Buffer.from(value, 'utf8'));
}

const invalid = (what: string, reason: string): X509Error =>
  new X509Error('NAME_INVALID', { what: quotable(what), reason });

/**
 * A name from text in the order of RFC 4514, most specific first: `CN=Alice, OU=Sales+L=Tokyo, O=Acme, C=JP`.
 * Text without `=` is a common name. Backslash escapes and quoted values are understood.
 * @throws X509Error NAME_INVALID
 */
export function parseNameText(text: string): Name {
  if (text.length > 8192) throw invalid(text, 'the name is too long');
  if (!text.isWellFormed()) throw invalid(text, 'half a character');
  const trimmed = trimUnescaped(text);
  if (!trimmed.includes('=')) return buildName([[{ type: '2.5.4.3', value: trimmed }]]);
  const rdns = splitUnescaped(trimmed, ',').map((rdn) =>
    splitUnescaped(rdn, '+').map((part) => parseAttribute(part, text)),
  );
  return buildName(rdns.reverse());
}

function parseAttribute(part: string, whole: string): NameAttribute {
  const equals = part.indexOf('=');
  if (equals < 0)
    throw invalid(whole, `"${quotable(part.trim())}" has no type; write a comma inside a value as \\,`);
  const key = part.slice(0, equals).trim();
  const upper = key.toUpperCase();
  const rule = byShort.get((aliases[upper] ?? upper).toUpperCase());
  const type = rule?.oid ?? (/^\d+(\.\d+)+$/.test(key) ? key : undefined);
  if (type === undefined) throw invalid(whole, `"${quotable(key)}" is not a known type`);
  return { type, value: parseValue(trimUnescaped(part.slice(equals + 1)), whole) };
}

function splitUnescaped(text: string, separator: ',' | '+'): string[] {
  const parts: string[] = [];
  let current = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '\\') current += char + (text[++i] ?? '');
    else if (char === separator && !quoted) {
      parts.push(current);
      current = '';
    } else {
      if (char === '"') quoted = !quoted;
      current += char;
    }
  }
  return [...parts, current];
}

/** Without the spaces around it; one behind a backslash belongs to the value. */
function trimUnescaped(raw: string): string {
  const start = raw.trimStart();
  const end = start.trimEnd();
  const backslashes = /\\*$/.exec(end)![0].length;
  return end.length < start.length && backslashes % 2 === 1 ? start.slice(0, end.length + 1) : end;
}

/** RFC 4514 §2.4 and §3: `#` and the hex of a DER value, a quoted string (RFC 2253), or a string with escapes. */
function parseValue(raw: string, whole: string): string {
  if (raw.startsWith('#')) return hexValue(raw.slice(1), whole);
  const quoted = raw.length >= 2 && raw.startsWith('"') && raw.endsWith('"');
  const body = quoted ? raw.slice(1, -1) : raw;
  const octets: Uint8Array[] = [];
  for (let i = 0; i < body.length; ) {
    const char = String.fromCodePoint(body.codePointAt(i)!);
    i += char.length;
    if (char === '"') throw invalid(whole, 'a quote inside a value; write it as \\"');
    if (char !== '\\') {
      octets.push(Buffer.from(char, 'utf8'));
      continue;
    }
    const hex = /^[0-9a-fA-F]{2}/.exec(body.slice(i, i + 2))?.[0];
    const next = hex ?? (i < body.length ? String.fromCodePoint(body.codePointAt(i)!) : undefined);
    if (next === undefined) throw invalid(whole, 'a backslash at the end');
    octets.push(hex === undefined ? Buffer.from(next, 'utf8') : Uint8Array.of(Number.parseInt(hex, 16)));
    i += next.length;
  }
  const text = decodeUtf8(Buffer.concat(octets));
  if (text === undefined) throw invalid(whole, 'escaped octets that are not UTF-8');
  return text;
}

function hexValue(hex: string, whole: string): string {
  if (!/^([0-9a-fA-F]{2})+$/.test(hex))
    throw invalid(whole, 'a value that begins with # but is not hex; write it as \\#');
  try {
    const reader = DerReader.over(Buffer.from(hex, 'hex'), 'name');
    const text = readText(reader);
    reader.end();
    if (!text.startsWith('#')) return text;
  } catch {
    // What the octets are instead does not matter to the one who wrote them.
  }
  throw invalid(whole, 'a value in hex that is no string');
}

/** The name as RFC 4514 text, most specific first, with a space after commas. */
export function nameText(name: Name): string {
  return name.rdns
    .toReversed()
    .map((rdn) =>
      rdn.map(({ type, value }) => `${byOid.get(type)?.short ?? type}=${escapeValue(value)}`).join('+'),
    )
    .join(', ');
}

/** Escapes what RFC 4514 §2.4 asks for, and as hex what would disturb or deceive on a screen. */
function escapeValue(value: string): string {
  return value
    .toWellFormed()
    .replace(/[\\"+,;<>]/g, '\\$&')
    .replace(/^[ #]| $/g, '\\$&')
    .replace(new RegExp(unsafe, 'gu'), (char) =>
      Buffer.from(char, 'utf8').toString('hex').replace(/../g, '\\$&'),
    );
}

/** The last common name of a name, or '' when it has none. */
export function commonName(name: Name): string {
  return name.rdns.flat().findLast(({ type }) => type === '2.5.4.3')?.value ?? '';
}

/** True when both names have the same encoding. */
export function sameName(a: Name, b: Name): boolean {
  return Buffer.compare(a.der, b.der) === 0;
}
