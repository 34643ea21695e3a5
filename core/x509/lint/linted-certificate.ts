/** What the rules for certificates look at. */
import { type Certificate, parseCertificate, readAlgorithm } from '../certificate.ts';
import { context, contextPrimitive, DerReader, type DerValue } from '../der.ts';
import { type Extension, readBasicConstraints } from '../extensions.ts';

/** A certificate with what parsing leaves out: how its fields are encoded. */
export interface LintedCertificate {
  readonly certificate: Certificate;
  /** Rules that compare with the issuer are silent without it. */
  readonly issuer: Certificate | undefined;
  readonly algorithm: { readonly oid: string; readonly encoded: Uint8Array };
  /** Contents of the serial's INTEGER, sign octet included. */
  readonly serial: Uint8Array;
  readonly times: readonly [DerValue, DerValue];
  readonly uniqueIdentifiers: boolean;
  /** Extensions, DER. */
  readonly extensions: Uint8Array | undefined;
  readonly ca: boolean;
}

/** @throws X509Error as parseCertificate */
export function openCertificate(der: Uint8Array, issuer: Certificate | undefined): LintedCertificate {
  const certificate = parseCertificate(der);
  const reader = DerReader.over(certificate.tbs, 'certificate').enter();
  reader.optional(context(0));
  const serial = reader.integerBytes();
  const algorithm = readAlgorithm(reader);
  reader.any();
  const validity = reader.enter();
  const times = [validity.any(), validity.any()] as const;
  reader.any();
  reader.any();
  const first = reader.optional(contextPrimitive(1));
  const second = reader.optional(contextPrimitive(2));
  return {
    certificate,
    issuer,
    algorithm,
    serial,
    times,
    uniqueIdentifiers: first !== undefined || second !== undefined,
    extensions: reader.enterOptional(context(3))?.any().encoded,
    ca: readBasicConstraints(certificate.extensions)?.ca === true,
  };
}

/** The extension of that type, as it stands. */
export const extensionOf = ({ certificate }: LintedCertificate, oid: string): Extension | undefined =>
  certificate.extensions.find((extension) => extension.oid === oid);
