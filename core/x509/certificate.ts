/** X.509 v3 certificates (RFC 5280 §4). */
import { createHash, randomBytes } from 'node:crypto';
import {
  bitString,
  context,
  contextPrimitive,
  DerReader,
  explicit,
  integer,
  sequence,
  Tag,
  time,
} from './der.ts';
import { quotable, X509Error } from './errors.ts';
import { type Extension, encodeExtensions, readExtensions } from './extensions.ts';
import { type Signer, verifySignature } from './key.ts';
import { type Name, readName, sameName } from './name.ts';
import { looksLikePem, parsePem, toPem } from './pem.ts';

/** A parsed certificate. Bytes are views on the input. */
export interface Certificate {
  readonly der: Uint8Array;
  /** What the signature covers. */
  readonly tbs: Uint8Array;
  readonly version: 1 | 2 | 3;
  /** Lower-case hex, whole octets, no sign octet; a minus sign before that of a negative serial. */
  readonly serial: string;
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  readonly extensions: readonly Extension[];
  /** OID. */
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
}

/** @throws X509Error DER_MALFORMED, INPUT_TOO_LARGE */
export function parseCertificate(der: Uint8Array): Certificate {
  const top = DerReader.over(der, 'certificate');
  const outer = top.enter();
  top.end();
  const tbs = outer.read(Tag.sequence);
  const signatureAlgorithm = readAlgorithm(outer);
  const signature = outer.bitString();
  outer.end();
  return {
    der,
    ...parseTbsCertificate(outer.inside(tbs), tbs.encoded, signatureAlgorithm),
    signatureAlgorithm: signatureAlgorithm.oid,
    signature,
  };
}

interface AlgorithmIdentifier {
  readonly oid: string;
  readonly encoded: Uint8Array;
}

/** Reads an AlgorithmIdentifier; its parameters stay in `encoded`. */
export function readAlgorithm(reader: DerReader): AlgorithmIdentifier {
  const value = reader.read(Tag.sequence);
  return { oid: reader.inside(value).oid(), encoded: value.encoded };
}

function parseTbsCertificate(reader: DerReader, tbs: Uint8Array, outerAlgorithm: AlgorithmIdentifier) {
  const version = readVersion(reader);
  const serial = readSerial(reader);
  // RFC 5280 §4.1.1.2: the algorithm inside the signed part must be the one outside, or it could be swapped.
  if (Buffer.compare(readAlgorithm(reader).encoded, outerAlgorithm.encoded) !== 0)
    throw reader.malformed('signature algorithms differ');
  const issuer = readName(reader);
  const validity = reader.enter();
  const notBefore = validity.time();
  const notAfter = validity.time();
  validity.end();
  const subject = readName(reader);
  const spki = reader.read(Tag.sequence).encoded;
  reader.optional(contextPrimitive(1));
  reader.optional(contextPrimitive(2));
  const wrapped = reader.enterOptional(0xa3);
  const extensions = wrapped ? readExtensions(wrapped) : [];
  wrapped?.end();
  reader.end();
  return {
    tbs,
    version: (version + 1) as 1 | 2 | 3,
    serial,
    issuer,
    subject,
    notBefore,
    notAfter,
    spki,
    extensions,
  };
}

function readVersion(reader: DerReader): number {
  const wrapped = reader.enterOptional(context(0));
  if (!wrapped) return 0;
  const version = wrapped.smallInteger();
  wrapped.end();
  // v1 is the default, which DER leaves out.
  if (version < 1 || version > 2) throw reader.malformed('version');
  return version;
}

/**
 * Canonical serial from the contents of its INTEGER: hex of the value without the sign octet, `-` before the
 * magnitude of a negative one, so that two different serials never look the same.
 */
export function serialHex(integerContents: Uint8Array): string {
  const octets = Buffer.from(integerContents.buffer, integerContents.byteOffset, integerContents.length);
  if (octets[0]! < 0x80) return octets.toString('hex', octets.length > 1 && octets[0] === 0 ? 1 : 0);
  const magnitude = (1n << BigInt(octets.length * 8)) - BigInt(`0x${octets.toString('hex')}`);
  const hex = magnitude.toString(16);
  return `-${hex.padStart(hex.length + (hex.length % 2), '0')}`;
}

/** The serial at the cursor, canonical. RFC 5280 allows 20 octets, some CAs wrote more, nobody 64. @throws X509Error DER_MALFORMED */
export function readSerial(reader: DerReader): string {
  const contents = reader.integerBytes();
  if (contents.length > 64) throw reader.malformed('serial too long');
  return serialHex(contents);
}

/**
 * INTEGER of a canonical serial. Decimal digits, odd digits or a sign would silently name another certificate.
 * @throws X509Error VALUE_INVALID unless it is 1 to 20 whole octets of lower-case hex and not zero
 */
export function encodeSerial(serial: string): Uint8Array {
  if (!/^([0-9a-f]{2}){1,20}$/.test(serial) || /^0+$/.test(serial))
    throw new X509Error('VALUE_INVALID', { what: 'serial', value: quotable(serial) });
  return integer(Buffer.from(serial, 'hex'));
}

/** 16 random octets, hex: positive, never shorter, so that no tool prints it in another length. */
export function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}

/** What is to be signed. */
export interface CertificateTemplate {
  readonly serial: string;
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spki: Uint8Array;
  readonly extensions: readonly Extension[];
}

/** TBSCertificate, DER; deterministic in its input, so that what was linted is what is signed. @throws X509Error VALUE_INVALID */
export function buildTbsCertificate(template: CertificateTemplate, algorithm: Uint8Array): Uint8Array {
  return sequence(
    explicit(0, integer(2)),
    encodeSerial(template.serial),
    algorithm,
    template.issuer.der,
    sequence(time(template.notBefore), time(template.notAfter)),
    template.subject.der,
    template.spki,
    // Extensions ::= SEQUENCE SIZE (1..MAX)
    ...(template.extensions.length === 0 ? [] : [explicit(3, encodeExtensions(template.extensions))]),
  );
}

/** Signs a TBS structure and wraps both (certificates, requests and CRLs share this shape). */
export function signStructure(tbs: Uint8Array, signer: Signer): Uint8Array {
  return sequence(tbs, signer.algorithm, bitString(signer.sign(tbs)));
}

/** The same, signed on a thread of the pool. */
export async function signStructureAside(tbs: Uint8Array, signer: Signer): Promise<Uint8Array> {
  return sequence(tbs, signer.algorithm, bitString(await signer.signAside(tbs)));
}

/** Whether `issuer`'s key made the signature of `certificate`. @throws X509Error UNSUPPORTED_ALGORITHM */
export function isSignedBy(certificate: Certificate, issuer: Pick<Certificate, 'spki'>): boolean {
  return verifySignature(
    'certificate',
    issuer.spki,
    certificate.signatureAlgorithm,
    certificate.tbs,
    certificate.signature,
  );
}

/** Subject and issuer are the same name; says nothing about the signature. */
export function isSelfIssued(certificate: Certificate): boolean {
  return sameName(certificate.subject, certificate.issuer);
}

/** SHA-256 of the DER, lower-case hex. */
export function fingerprint256(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex');
}

/** SHA-1 of the DER as SLB shows it: lower-case hex pairs with colons. */
export function fingerprint1(der: Uint8Array): string {
  return createHash('sha1')
    .update(der)
    .digest('hex')
    .replace(/..(?=.)/g, '$&:');
}

export function certificatePem(der: Uint8Array): string {
  return toPem('CERTIFICATE', der);
}

/**
 * Every certificate in a PEM text (any order, other blocks skipped) or the single one of a DER file.
 * @throws X509Error PEM_MALFORMED when a PEM text holds none; DER_MALFORMED
 */
export function readCertificates(input: Uint8Array, what = 'certificate'): readonly Certificate[] {
  if (!looksLikePem(input)) return [parseCertificate(input)];
  const blocks = parsePem(input, what).filter(
    ({ label }) => label === 'CERTIFICATE' || label === 'X509 CERTIFICATE' || label === 'TRUSTED CERTIFICATE',
  );
  if (blocks.length === 0) throw new X509Error('PEM_MALFORMED', { what, reason: 'no CERTIFICATE block' });
  // OpenSSL's TRUSTED CERTIFICATE carries its own trust settings behind the certificate.
  return blocks.map(({ label, bytes }) =>
    parseCertificate(label === 'TRUSTED CERTIFICATE' ? DerReader.over(bytes, what).any().encoded : bytes),
  );
}
