/** Certificate revocation lists, version 2 (RFC 5280 §5): written into one buffer, read in one pass. */
import { encodeSerial, readAlgorithm, readSerial, signStructure } from './certificate.ts';
import {
  context,
  type DerLimits,
  DerReader,
  encodeHeader,
  explicit,
  integer,
  sequence,
  Tag,
  time,
} from './der.ts';
import { X509Error } from './errors.ts';
import {
  authorityKeyIdentifier,
  crlNumber,
  type Extension,
  encodeExtensions,
  invalidityDate,
  readCrlNumber,
  readExtensionList,
  readExtensions,
} from './extensions.ts';
import { type Signer, verifySignature } from './key.ts';
import { type Name, readName } from './name.ts';
import { Oid } from './oids.ts';
import { looksLikePem, parsePem } from './pem.ts';

/** RFC 5280 §5.3.1; 7 is unused, 8 (removeFromCRL) belongs to delta CRLs. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;
export type CrlReason = keyof typeof revocationReasons;

export interface CrlEntry {
  /** Lower-case hex. */
  readonly serial: string;
  readonly revokedAt: Date;
  readonly reason: CrlReason;
  readonly invalidityAt?: Date;
}

export interface CrlTemplate {
  readonly issuer: Name;
  readonly number: number;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly authorityKeyIdentifier: Uint8Array;
}

/** Largest entry: 21 octets of serial, two GeneralizedTimes, reason and invalidity date come to 84. */
const maxEntry = 96;

/** A signed CRL, DER. @throws X509Error as {@link buildTbsCertList} */
export function buildCrl(template: CrlTemplate, entries: Iterable<CrlEntry>, signer: Signer): Uint8Array {
  return signStructure(buildTbsCertList(template, entries, signer.algorithm), signer);
}

/**
 * A TBSCertList (RFC 5280 §5.1.2), DER. Entries are taken from an iterable, so a million of them never stand in memory as objects.
 * `unspecified` is left out, as RFC 5280 §5.3.1 asks.
 * @throws X509Error VALUE_INVALID for a serial that is not canonical hex, or a time or number out of range
 */
export function buildTbsCertList(
  template: CrlTemplate,
  entries: Iterable<CrlEntry>,
  algorithm: Uint8Array,
): Uint8Array {
  const list = encodeEntries(entries);
  const extensions = encodeExtensions([
    authorityKeyIdentifier(template.authorityKeyIdentifier),
    crlNumber(template.number),
  ]);
  return sequence(
    integer(1),
    algorithm,
    template.issuer.der,
    time(template.thisUpdate),
    time(template.nextUpdate),
    // revokedCertificates must be absent, not empty, when nothing is revoked (§5.1.2.6).
    ...(list.length === 0 ? [] : [encodeHeader(Tag.sequence, list.length), list]),
    explicit(0, extensions),
  );
}

function encodeEntries(entries: Iterable<CrlEntry>): Uint8Array {
  let buffer = new Uint8Array(64 * 1024);
  let at = 0;
  for (const entry of entries) {
    if (at + maxEntry > buffer.length) {
      const larger = new Uint8Array(buffer.length * 2);
      larger.set(buffer);
      buffer = larger;
    }
    const start = at;
    // Every entry is shorter than 128 octets, so its length takes one.
    at += 2;
    for (const part of [encodeSerial(entry.serial), time(entry.revokedAt), encodeEntryExtensions(entry)]) {
      buffer.set(part, at);
      at += part.length;
    }
    buffer[start] = Tag.sequence;
    buffer[start + 1] = at - start - 2;
  }
  return buffer.subarray(0, at);
}

const nothing = new Uint8Array(0);
const reasonExtension = (reason: CrlReason): Extension => ({
  oid: Oid.reasonCode,
  critical: false,
  value: Uint8Array.of(Tag.enumerated, 1, revocationReasons[reason]),
});
/** crlEntryExtensions that hold a reason alone, ready made: that is what nearly every entry carries. */
const encodedReasons = new Map(
  (Object.keys(revocationReasons) as CrlReason[]).map((reason) => [
    reason,
    reason === 'unspecified' ? nothing : encodeExtensions([reasonExtension(reason)]),
  ]),
);

function encodeEntryExtensions({ reason, invalidityAt }: CrlEntry): Uint8Array {
  if (invalidityAt === undefined) return encodedReasons.get(reason) ?? nothing;
  const date = invalidityDate(invalidityAt);
  return encodeExtensions(reason === 'unspecified' ? [date] : [reasonExtension(reason), date]);
}

export interface Crl {
  readonly der: Uint8Array;
  readonly issuer: Name;
  /** Null when absent, or beyond 2^53 - 1. */
  readonly number: number | null;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  readonly extensions: readonly Extension[];
  /** By serial. A reason we do not know is read as `unspecified`: the certificate is revoked all the same. */
  readonly entries: ReadonlyMap<string, CrlEntry>;
}

/** Room for a million entries with a reason and an invalidity date each; `entries` bounds what stands in memory. */
const crlLimits: DerLimits & { readonly text: number; readonly entries: number } = {
  size: 96 * 1024 * 1024,
  text: 136 * 1024 * 1024,
  depth: 16,
  nodes: 20_000_000,
  entries: 1_500_000,
};

/**
 * Reads a CRL from PEM or DER and checks its signature when the issuer's key is given.
 * What a critical extension of the list means (a delta, a part of the certificates) is for the caller to heed.
 * @throws X509Error DER_MALFORMED, PEM_MALFORMED, INPUT_TOO_LARGE, SIGNATURE_INVALID; UNSUPPORTED_ALGORITHM for a
 *   signature we do not check, or an entry with a critical extension we do not know (RFC 5280 §5.3)
 */
export function readCrl(input: Uint8Array, issuerSpki?: Uint8Array): Crl {
  const what = 'CRL';
  const der = crlDer(input);
  const { algorithm, signature, tbs, reader } = openCrl(der);
  // The signature first: nobody's list costs more than a hash unless the issuer made it.
  if (issuerSpki && !verifySignature(what, issuerSpki, algorithm.oid, tbs, signature))
    throw new X509Error('SIGNATURE_INVALID', { what });
  return parseTbsCertList(reader, algorithm.encoded, der);
}

/** The DER of a CRL in PEM or DER. @throws X509Error PEM_MALFORMED, INPUT_TOO_LARGE */
function crlDer(input: Uint8Array): Uint8Array {
  if (!looksLikePem(input)) return input;
  const block = parsePem(input, 'CRL', crlLimits.text).find(
    ({ label }) => label === 'X509 CRL' || label === 'CRL',
  );
  if (!block) throw new X509Error('PEM_MALFORMED', { what: 'CRL', reason: 'no X509 CRL block' });
  return block.bytes;
}

/** CertificateList (RFC 5280 §5.1): its parts, and a reader inside tbsCertList. */
export function openCrl(der: Uint8Array) {
  const top = DerReader.over(der, 'CRL', crlLimits);
  const outer = top.enter();
  top.end();
  const tbs = outer.read(Tag.sequence);
  const algorithm = readAlgorithm(outer);
  const signature = outer.bitString();
  outer.end();
  return { tbs: tbs.encoded, algorithm, signature, reader: outer.inside(tbs) };
}

function parseTbsCertList(reader: DerReader, outerAlgorithm: Uint8Array, der: Uint8Array): Crl {
  if (reader.peek() === Tag.integer && reader.smallInteger() !== 1) throw reader.malformed('version');
  // RFC 5280 §5.1.1.2: the same algorithm inside the signed part and outside.
  if (Buffer.compare(readAlgorithm(reader).encoded, outerAlgorithm) !== 0)
    throw reader.malformed('signature algorithms differ');
  const issuer = readName(reader);
  const thisUpdate = reader.time();
  const nextUpdate =
    reader.peek() === Tag.utcTime || reader.peek() === Tag.generalizedTime ? reader.time() : null;
  const entries = new Map<string, CrlEntry>();
  const list = reader.enterOptional(Tag.sequence);
  while (list && !list.atEnd) {
    const entry = readEntry(list.enter());
    // Of two entries for one certificate the first stands, as in OpenSSL.
    if (!entries.has(entry.serial)) entries.set(entry.serial, entry);
    if (entries.size > crlLimits.entries)
      throw new X509Error('INPUT_TOO_LARGE', { what: 'CRL', limit: `${crlLimits.entries} entries` });
  }
  const wrapped = reader.enterOptional(context(0));
  const extensions = wrapped ? readExtensions(wrapped) : [];
  wrapped?.end();
  reader.end();
  return {
    der,
    issuer,
    number: readCrlNumber(extensions) ?? null,
    thisUpdate,
    nextUpdate,
    extensions,
    entries,
  };
}

const reasonNames = new Map<number, CrlReason>(
  Object.entries(revocationReasons).map(([name, code]) => [code, name as CrlReason]),
);

const reasonsByEncoding = new Map(
  [...encodedReasons].map(([reason, der]) => [Buffer.from(der).toString('latin1'), reason]),
);

function readEntry(item: DerReader): CrlEntry {
  const serial = readSerial(item);
  const revokedAt = item.time();
  if (item.atEnd) return { serial, revokedAt, reason: 'unspecified' };
  const extensions = item.read(Tag.sequence);
  item.end();
  const { encoded } = extensions;
  const known = encoded.length === 14 ? reasonsByEncoding.get(String.fromCharCode(...encoded)) : undefined;
  return known
    ? { serial, revokedAt, reason: known }
    : { serial, revokedAt, ...readEntryExtensions(item, item.inside(extensions)) };
}

function readEntryExtensions(item: DerReader, list: DerReader): Pick<CrlEntry, 'reason' | 'invalidityAt'> {
  let reason: CrlReason = 'unspecified';
  let invalidityAt: Date | undefined;
  for (const { oid, critical, value } of readExtensionList(list)) {
    if (oid === Oid.reasonCode)
      reason = entryValue(
        item,
        value,
        (reader) => reasonNames.get(reader.smallInteger(Tag.enumerated)) ?? 'unspecified',
      );
    else if (oid === Oid.invalidityDate) invalidityAt = entryValue(item, value, (reader) => reader.time());
    // certificateIssuer is one: the serial is then another CA's, not that of this list's issuer.
    else if (critical)
      throw new X509Error('UNSUPPORTED_ALGORITHM', {
        what: 'CRL entry',
        algorithm: `critical extension ${oid}`,
      });
  }
  return { reason, ...(invalidityAt === undefined ? {} : { invalidityAt }) };
}

function entryValue<T>(item: DerReader, value: Uint8Array, read: (reader: DerReader) => T): T {
  const reader = item.inside({ tag: Tag.octetString, content: value, encoded: value }, 'CRL entry');
  const result = read(reader);
  reader.end();
  return result;
}
