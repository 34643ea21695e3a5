/** Certificate, request and CRL extensions (RFC 5280 §4.2, §5.2, §5.3): one builder and one reader each. */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import {
  boolean,
  context,
  contextPrimitive,
  DerReader,
  encode,
  explicit,
  generalizedTime,
  integer,
  namedBits,
  octetString,
  oid,
  sequence,
  Tag,
} from './der.ts';
import { quotable, X509Error } from './errors.ts';
import { Oid } from './oids.ts';

/** An extension as it stands: OID, criticality, the DER inside the OCTET STRING. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

export const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof keyUsages)[number];

/** The kinds of subjectAltName that Warifu writes; others are read as `other`. */
export type GeneralName =
  | { readonly type: 'dns' | 'email' | 'uri' | 'ip'; readonly value: string }
  | { readonly type: 'other'; readonly value: string };

export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLength: number | null;
}

// ── building ───────────────────────────────────────────────────────────────────────────────────────

const extension = (oidValue: string, critical: boolean, value: Uint8Array): Extension => ({
  oid: oidValue,
  critical,
  value,
});

export const basicConstraints = ({ ca, pathLength }: BasicConstraints): Extension =>
  extension(
    Oid.basicConstraints,
    true,
    ca ? sequence(boolean(true), ...(pathLength === null ? [] : [integer(pathLength)])) : sequence(),
  );

export const keyUsage = (...usages: readonly KeyUsage[]): Extension =>
  extension(Oid.keyUsage, true, namedBits(usages.map((usage) => keyUsages.indexOf(usage))));

export const extKeyUsage = (...purposes: readonly string[]): Extension =>
  extension(Oid.extKeyUsage, false, sequence(...purposes.map((purpose) => oid(purpose))));

export const subjectKeyIdentifier = (id: Uint8Array): Extension =>
  extension(Oid.subjectKeyIdentifier, false, octetString(id));

export const authorityKeyIdentifier = (id: Uint8Array): Extension =>
  extension(Oid.authorityKeyIdentifier, false, sequence(encode(contextPrimitive(0), id)));

/** @throws X509Error VALUE_INVALID for a name that is not what its type says. */
export const subjectAltName = (names: readonly GeneralName[]): Extension =>
  extension(Oid.subjectAltName, false, sequence(...names.map(encodeGeneralName)));

export const crlDistributionPoints = (uris: readonly string[]): Extension =>
  extension(
    Oid.crlDistributionPoints,
    false,
    sequence(
      ...uris.map((uri) =>
        sequence(explicit(0, explicit(0, encodeGeneralName({ type: 'uri', value: uri })))),
      ),
    ),
  );

export const crlNumber = (number: number): Extension => extension(Oid.crlNumber, false, integer(number));

export const invalidityDate = (date: Date): Extension =>
  extension(Oid.invalidityDate, false, generalizedTime(date));

/** Extensions ::= SEQUENCE OF Extension; `critical` is written only when true (DER default). */
export function encodeExtensions(extensions: readonly Extension[]): Uint8Array {
  return sequence(...extensions.map(encodeExtension));
}

export function encodeExtension({ oid: type, critical, value }: Extension): Uint8Array {
  return sequence(oid(type), ...(critical ? [boolean(true)] : []), octetString(value));
}

function encodeGeneralName({ type, value }: GeneralName): Uint8Array {
  const refuse = (): never => {
    throw new X509Error('VALUE_INVALID', { what: `subjectAltName ${type}`, value: quotable(value) });
  };
  switch (type) {
    case 'dns':
      return encode(contextPrimitive(2), Buffer.from(asciiDomain(value) ?? refuse()));
    case 'email':
      if (value.length > 255 || !/^[\x21-\x3f\x41-\x7e]+@[\x21-\x3f\x41-\x7e]+$/.test(value)) refuse();
      return encode(contextPrimitive(1), Buffer.from(value));
    case 'uri':
      if (value.length > 2048 || !/^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i.test(value)) refuse();
      return encode(contextPrimitive(6), Buffer.from(value));
    case 'ip':
      return encode(contextPrimitive(7), ipOctets(value) ?? refuse());
    default:
      return refuse();
  }
}

/** A host name as certificates carry it: A-labels, lower case, perhaps `*.` in front. */
function asciiDomain(value: string): string | undefined {
  // domainToASCII is a URL parser: it cuts at a slash, drops tabs and reads 0x7f.1 as an address.
  if (value.length > 253 || /[\p{Cc}\s/\\?#@:%[\]<>^|]/u.test(value)) return undefined;
  const wildcard = value.startsWith('*.') ? '*.' : '';
  const ascii = domainToASCII(value.slice(wildcard.length));
  return isIP(ascii) === 0 && isDomain(ascii) ? wildcard + ascii : undefined;
}

/** Letters, digits, hyphens and underscores in labels of 1 to 63, 253 in all (RFC 1034 §3.5). */
export function isDomain(ascii: string): boolean {
  return (
    ascii.length <= 253 &&
    ascii.split('.').every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label))
  );
}

function ipOctets(text: string): Uint8Array | undefined {
  if (isIP(text) === 4) return Uint8Array.from(text.split('.').map(Number));
  if (isIP(text) !== 6 || text.includes('%')) return undefined;
  // The last 32 bits may stand as an IPv4 address (RFC 4291 §2.2).
  const plain = text.replace(
    /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_, a, b, c, d) => `${group(+a, +b)}:${group(+c, +d)}`,
  );
  const [left = [], right = []] = plain.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  const groups = [...left, ...zeros, ...right].map((digits) => Number.parseInt(digits, 16));
  return Uint8Array.from(groups.flatMap((value) => [value >> 8, value & 0xff]));
}

const group = (high: number, low: number): string => ((high << 8) | low).toString(16);

/** IPv6 in the form of RFC 5952 §4: the longest run of zero groups as `::`, the first of equals. */
function ipv6Text(octets: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => group(octets[i * 2]!, octets[i * 2 + 1]!)).join(':');
  const runs = [...groups.matchAll(/\b0(:0)+\b/g)]
    .map(([run]) => run)
    .toSorted((a, b) => b.length - a.length);
  return runs[0] === undefined ? groups : groups.replace(new RegExp(`:?\\b${runs[0]}\\b:?`), '::');
}

// ── reading ────────────────────────────────────────────────────────────────────────────────────────

const maxExtensions = 64;

/**
 * Reads Extensions at the cursor. `critical FALSE` written out is not DER, yet some CAs write it: taken here, found by lint.
 * @throws X509Error DER_MALFORMED, also when an extension stands twice (RFC 5280 §4.2); INPUT_TOO_LARGE past 64 of them
 */
export function readExtensions(reader: DerReader): readonly Extension[] {
  return readExtensionList(reader.enter());
}

/** As {@link readExtensions}, for a reader that already stands inside the SEQUENCE. */
export function readExtensionList(list: DerReader): readonly Extension[] {
  const extensions: Extension[] = [];
  while (!list.atEnd) {
    if (extensions.length === maxExtensions)
      throw new X509Error('INPUT_TOO_LARGE', { what: 'extensions', limit: maxExtensions });
    const item = list.enter();
    const type = item.oid();
    const critical = item.peek() === Tag.boolean ? item.boolean() : false;
    extensions.push({ oid: type, critical, value: item.octets() });
    item.end();
  }
  if (new Set(extensions.map((item) => item.oid)).size !== extensions.length)
    throw list.malformed('extension twice');
  return extensions;
}

function contents<T>(
  extensions: readonly Extension[],
  type: string,
  read: (reader: DerReader) => T,
): T | undefined {
  const found = extensions.find((item) => item.oid === type);
  if (!found) return undefined;
  const reader = DerReader.over(found.value, 'extension');
  const value = read(reader);
  reader.end();
  return value;
}

export function readBasicConstraints(extensions: readonly Extension[]): BasicConstraints | undefined {
  return contents(extensions, Oid.basicConstraints, (reader) => {
    const inner = reader.enter();
    const ca = inner.peek() === Tag.boolean ? inner.boolean() : false;
    const pathLength = inner.peek() === Tag.integer ? inner.smallInteger() : null;
    inner.end();
    return { ca, pathLength };
  });
}

export function readKeyUsage(extensions: readonly Extension[]): readonly KeyUsage[] | undefined {
  return contents(extensions, Oid.keyUsage, (reader) =>
    reader.namedBits().flatMap((bit) => keyUsages[bit] ?? []),
  );
}

export function readExtKeyUsage(extensions: readonly Extension[]): readonly string[] | undefined {
  return contents(extensions, Oid.extKeyUsage, (reader) => {
    const inner = reader.enter();
    const purposes: string[] = [];
    while (!inner.atEnd) purposes.push(inner.oid());
    return purposes;
  });
}

export function readSubjectKeyIdentifier(extensions: readonly Extension[]): Uint8Array | undefined {
  return contents(extensions, Oid.subjectKeyIdentifier, (reader) => reader.octets());
}

export function readAuthorityKeyIdentifier(extensions: readonly Extension[]): Uint8Array | undefined {
  return contents(extensions, Oid.authorityKeyIdentifier, (reader) => {
    const inner = reader.enter();
    const id = inner.optional(contextPrimitive(0))?.content;
    while (!inner.atEnd) inner.any();
    return id;
  });
}

export function readSubjectAltName(extensions: readonly Extension[]): readonly GeneralName[] | undefined {
  return contents(extensions, Oid.subjectAltName, (reader) => {
    const inner = reader.enter();
    const names: GeneralName[] = [];
    while (!inner.atEnd) names.push(readGeneralName(inner));
    return names;
  });
}

function readGeneralName(reader: DerReader): GeneralName {
  const { tag, content, encoded } = reader.any();
  // Octets that are not printable ASCII (a NUL that cuts the name short elsewhere) make no name of these types.
  const text = content.every((octet) => octet >= 0x20 && octet < 0x7f)
    ? Buffer.from(content).toString('latin1')
    : undefined;
  if (text !== undefined && tag === contextPrimitive(1)) return { type: 'email', value: text };
  if (text !== undefined && tag === contextPrimitive(2)) return { type: 'dns', value: text };
  if (text !== undefined && tag === contextPrimitive(6)) return { type: 'uri', value: text };
  if (tag === contextPrimitive(7) && content.length === 4) return { type: 'ip', value: content.join('.') };
  if (tag === contextPrimitive(7) && content.length === 16) return { type: 'ip', value: ipv6Text(content) };
  return { type: 'other', value: Buffer.from(encoded).toString('hex') };
}

/** The CRL number; undefined also when it is beyond 2^53 - 1 (some CAs count in nanoseconds). */
export function readCrlNumber(extensions: readonly Extension[]): number | undefined {
  return contents(extensions, Oid.crlNumber, (reader) => {
    const octets = reader.integerBytes();
    if (octets[0]! >= 0x80) throw reader.malformed('CRL number is negative');
    const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
    return Number.isSafeInteger(value) ? value : undefined;
  });
}

/** URIs of the distribution points that name one (RFC 5280 §4.2.1.13). */
export function readCrlDistributionPoints(extensions: readonly Extension[]): readonly string[] | undefined {
  return contents(extensions, Oid.crlDistributionPoints, (reader) => {
    const uris: string[] = [];
    const list = reader.enter();
    while (!list.atEnd) {
      const point = list.enter();
      const fullName = point.enterOptional(context(0))?.enterOptional(context(0));
      while (fullName && !fullName.atEnd) {
        const name = readGeneralName(fullName);
        if (name.type === 'uri') uris.push(name.value);
      }
    }
    return uris;
  });
}
