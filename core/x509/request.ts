/** PKCS#10 certification requests (RFC 2986) with the attributes of RFC 2985. */

import { readAlgorithm, signStructure } from './certificate.ts';
import { context, DerReader, encode, integer, oid, sequence, setOf, Tag, utf8String } from './der.ts';
import { X509Error } from './errors.ts';
import { type Extension, encodeExtensions, readExtensions } from './extensions.ts';
import { type Signer, verifySignature } from './key.ts';
import { type Name, readName, readText } from './name.ts';
import { Oid } from './oids.ts';
import { looksLikePem, parsePem } from './pem.ts';

/** A parsed request whose signature has been verified: its maker holds the private key. */
export interface CertificateRequest {
  readonly der: Uint8Array;
  readonly subject: Name;
  readonly spki: Uint8Array;
  /** What the requester asks for; a CA decides what it grants. */
  readonly requestedExtensions: readonly Extension[];
  readonly challengePassword: string | null;
}

export interface RequestTemplate {
  readonly subject: Name;
  readonly extensions: readonly Extension[];
  readonly challengePassword?: string;
}

/** A signed request, DER. @throws X509Error VALUE_INVALID for a challenge password that is empty or over 255 characters (RFC 2985 §5.4.1) */
export function buildRequest(
  { subject, extensions, challengePassword }: RequestTemplate,
  signer: Signer,
): Uint8Array {
  if (
    challengePassword !== undefined &&
    (challengePassword === '' || [...challengePassword].length > 255 || !challengePassword.isWellFormed())
  )
    throw new X509Error('VALUE_INVALID', { what: 'challengePassword', value: '(not shown)' });
  const attributes = [
    ...(extensions.length === 0
      ? []
      : [sequence(oid(Oid.extensionRequest), setOf(encodeExtensions(extensions)))]),
    ...(challengePassword === undefined
      ? []
      : [sequence(oid(Oid.challengePassword), setOf(utf8String(challengePassword)))]),
  ].toSorted((a, b) => Buffer.compare(a, b));
  return signStructure(
    sequence(integer(0), subject.der, signer.spki, encode(context(0), ...attributes)),
    signer,
  );
}

/**
 * Reads a request from PEM or DER and checks its signature (proof of possession).
 * @throws X509Error DER_MALFORMED, PEM_MALFORMED, UNSUPPORTED_ALGORITHM, SIGNATURE_INVALID
 */
export function readRequest(input: Uint8Array): CertificateRequest {
  const what = 'certificate request';
  const block = looksLikePem(input)
    ? parsePem(input, what).find(({ label }) => /^(NEW )?CERTIFICATE REQUEST$/.test(label))
    : undefined;
  if (looksLikePem(input) && !block)
    throw new X509Error('PEM_MALFORMED', { what, reason: 'no CERTIFICATE REQUEST block' });
  return parseRequest(block?.bytes ?? input, what);
}

function parseRequest(der: Uint8Array, what: string): CertificateRequest {
  const top = DerReader.over(der, what);
  const outer = top.enter();
  top.end();
  const info = outer.read(Tag.sequence);
  const algorithm = readAlgorithm(outer);
  const signature = outer.bitString();
  outer.end();
  const reader = outer.inside(info);
  if (reader.smallInteger() !== 0) throw reader.malformed('version');
  const subject = readName(reader);
  const spki = reader.read(Tag.sequence).encoded;
  const attributes = readAttributes(reader);
  reader.end();
  if (!verifySignature(what, spki, algorithm.oid, info.encoded, signature))
    throw new X509Error('SIGNATURE_INVALID', { what });
  return { der, subject, spki, ...attributes };
}

function readAttributes(
  reader: DerReader,
): Pick<CertificateRequest, 'requestedExtensions' | 'challengePassword'> {
  let requestedExtensions: readonly Extension[] | undefined;
  let challengePassword: string | undefined;
  // PKCS#10 wants the [0] even when it is empty; some tools leave it out.
  const list = reader.enterOptional(context(0));
  while (list && !list.atEnd) {
    const attribute = list.enter();
    const type = attribute.oid();
    const values = attribute.enter(Tag.set);
    attribute.end();
    const wanted = type === Oid.extensionRequest || type === Oid.microsoftCertExtensions;
    if (!wanted && type !== Oid.challengePassword) continue;
    // Both have one value and stand once; of two, one program would believe the first and another the last.
    if (wanted ? requestedExtensions : challengePassword !== undefined)
      throw values.malformed('attribute twice');
    if (wanted) requestedExtensions = readExtensions(values);
    else challengePassword = readText(values);
    values.end();
  }
  return { requestedExtensions: requestedExtensions ?? [], challengePassword: challengePassword ?? null };
}
