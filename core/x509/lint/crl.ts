/**
 * The rules for CRLs (RFC 5280 §5). Entries are walked once, by code of its own and not by the reader it judges;
 * for each rule on entries the first offender is kept.
 */
import { type Certificate, readAlgorithm, serialHex } from '../certificate.ts';
import { openCrl } from '../crl.ts';
import { context, type DerReader, Tag } from '../der.ts';
import {
  type Extension,
  readAuthorityKeyIdentifier,
  readExtensions,
  readSubjectKeyIdentifier,
} from '../extensions.ts';
import { type Name, readName, sameName } from '../name.ts';
import { Oid } from '../oids.ts';
import { signatureRules } from './key-rules.ts';
import { nameRules } from './name-rules.ts';
import type { Rule } from './rule.ts';

interface LintedTime {
  readonly date: Date;
  readonly tag: number;
}

export interface LintedCrl {
  readonly issuerCertificate: Certificate | undefined;
  readonly algorithm: { readonly oid: string; readonly encoded: Uint8Array };
  readonly version: number;
  readonly issuer: Name;
  readonly thisUpdate: LintedTime;
  readonly nextUpdate: LintedTime | undefined;
  /** Undefined when revokedCertificates is absent. */
  readonly entries: number | undefined;
  /** First offender by the id of a rule on entries. */
  readonly offenders: ReadonlyMap<string, string>;
  readonly extensions: readonly Extension[];
}

/** @throws X509Error as readCrl */
export function openCrlForLint(der: Uint8Array, issuerCertificate: Certificate | undefined): LintedCrl {
  const { algorithm, reader } = openCrl(der);
  const version = reader.peek() === Tag.integer ? reader.smallInteger() : 0;
  if (Buffer.compare(readAlgorithm(reader).encoded, algorithm.encoded) !== 0)
    throw reader.malformed('signature algorithms differ');
  const issuer = readName(reader);
  const thisUpdate = readTime(reader);
  const nextUpdate =
    reader.peek() === Tag.utcTime || reader.peek() === Tag.generalizedTime ? readTime(reader) : undefined;
  const offenders = new Map<string, string>();
  const list = reader.enterOptional(Tag.sequence);
  const entries = list && walkEntries(list, thisUpdate.date, offenders);
  const wrapped = reader.enterOptional(context(0));
  const extensions = wrapped ? readExtensions(wrapped) : [];
  wrapped?.end();
  reader.end();
  return {
    issuerCertificate,
    algorithm,
    version,
    issuer,
    thisUpdate,
    nextUpdate,
    entries,
    offenders,
    extensions,
  };
}

function readTime(reader: DerReader): LintedTime {
  const tag = reader.peek() ?? 0;
  return { tag, date: reader.time() };
}

const isRightEncoding = ({ date, tag }: LintedTime): boolean =>
  (tag === Tag.utcTime) === date.getUTCFullYear() < 2050;

const entryRule = (
  id: string,
  section: string,
  severity: 'error' | 'warning' = 'error',
): Rule<LintedCrl> => ({
  id,
  section,
  severity,
  check: ({ offenders }) => offenders.get(id),
});

const serialOnce = entryRule('rfc5280-5.1.2.6-serial-once', 'RFC 5280 §5.1.2.6');
const serialPositive = entryRule('rfc5280-5.1.2.6-serial-positive', 'RFC 5280 §4.1.2.2');
const entryTime = entryRule('rfc5280-5.1.2.6-time-encoding', 'RFC 5280 §5.1.2.6');
const notInFuture = entryRule('rfc5280-5.1.2.6-revoked-before-update', 'RFC 5280 §5.1.2.6', 'warning');
const entryExtensionsNotEmpty = entryRule('rfc5280-5.3-entry-extensions-not-empty', 'RFC 5280 §5.3');
const entryCriticalKnown = entryRule('rfc5280-5.3-critical-extension-known', 'RFC 5280 §5.3');
const reasonNotCritical = entryRule('rfc5280-5.3.1-reason-not-critical', 'RFC 5280 §5.3.1');
const reasonSpecified = entryRule('rfc5280-5.3.1-reason-not-unspecified', 'RFC 5280 §5.3.1');
const reasonKnown = entryRule('rfc5280-5.3.1-reason-known', 'RFC 5280 §5.3.1');
const invalidityForm = entryRule('rfc5280-5.3.2-invalidity-date-form', 'RFC 5280 §5.3.2');

function walkEntries(list: DerReader, thisUpdate: Date, offenders: Map<string, string>): number {
  const seen = new Set<string>();
  let entries = 0;
  while (!list.atEnd) {
    entries++;
    const entry = list.enter();
    const serial = serialHex(entry.integerBytes());
    const offend = ({ id }: Rule<LintedCrl>, message: string): void => {
      if (!offenders.has(id)) offenders.set(id, `${serial.slice(0, 64)}: ${message}`);
    };
    if (seen.has(serial)) offend(serialOnce, 'stands twice');
    seen.add(serial);
    if (serial.startsWith('-') || serial === '00') offend(serialPositive, 'the serial is not positive');
    const revokedAt = readTime(entry);
    if (!isRightEncoding(revokedAt))
      offend(entryTime, 'revocationDate is not UTCTime through 2049 and GeneralizedTime after');
    if (revokedAt.date > thisUpdate) offend(notInFuture, 'revoked after thisUpdate');
    if (!entry.atEnd) walkEntryExtensions(entry, offend);
    entry.end();
  }
  return entries;
}

function walkEntryExtensions(
  entry: DerReader,
  offend: (rule: Rule<LintedCrl>, message: string) => void,
): void {
  const extensions = readExtensions(entry);
  if (extensions.length === 0) offend(entryExtensionsNotEmpty, 'an empty list of extensions');
  for (const { oid, critical, value } of extensions) {
    if (oid === Oid.reasonCode) {
      const [tag, length, code = -1] = value;
      if (critical) offend(reasonNotCritical, 'the reason is critical');
      if (
        tag !== Tag.enumerated ||
        length !== 1 ||
        value.length !== 3 ||
        ![0, 1, 2, 3, 4, 5, 6, 8, 9, 10].includes(code)
      )
        offend(reasonKnown, 'no reason of RFC 5280');
      if (code === 0) offend(reasonSpecified, 'unspecified is to be left out');
    } else if (oid === Oid.invalidityDate) {
      if (critical || value[0] !== Tag.generalizedTime)
        offend(invalidityForm, 'invalidityDate is critical or no GeneralizedTime');
    } else if (critical) offend(entryCriticalKnown, `critical extension ${oid}`);
  }
}

const extensionOf = ({ extensions }: LintedCrl, oid: string): Extension | undefined =>
  extensions.find((extension) => extension.oid === oid);

const listRules: readonly Rule<LintedCrl>[] = [
  {
    id: 'rfc5280-5.1.2.1-version-2',
    section: 'RFC 5280 §5.1.2.1',
    severity: 'error',
    check: ({ version }) => (version === 1 ? undefined : `version ${version + 1}`),
  },
  {
    id: 'rfc5280-5.1.2.3-issuer-not-empty',
    section: 'RFC 5280 §5.1.2.3',
    severity: 'error',
    check: ({ issuer }) => (issuer.rdns.length === 0 ? 'the issuer is empty' : undefined),
  },
  {
    id: 'rfc5280-5.1.2.4-time-encoding',
    section: 'RFC 5280 §5.1.2.4, §5.1.2.5',
    severity: 'error',
    check: ({ thisUpdate, nextUpdate }) =>
      isRightEncoding(thisUpdate) && (!nextUpdate || isRightEncoding(nextUpdate))
        ? undefined
        : 'not UTCTime through 2049 and GeneralizedTime after',
  },
  {
    id: 'rfc5280-5.1.2.5-next-update',
    section: 'RFC 5280 §5.1.2.5',
    severity: 'error',
    check: ({ nextUpdate }) => (nextUpdate ? undefined : 'no nextUpdate'),
  },
  {
    id: 'rfc5280-5.1.2.5-update-order',
    section: 'RFC 5280 §5.1.2.5',
    severity: 'error',
    check: ({ thisUpdate, nextUpdate }) =>
      nextUpdate && nextUpdate.date <= thisUpdate.date ? 'nextUpdate is not after thisUpdate' : undefined,
  },
  {
    id: 'rfc5280-5.1.2.6-no-empty-list',
    section: 'RFC 5280 §5.1.2.6',
    severity: 'error',
    check: ({ entries }) => (entries === 0 ? 'revokedCertificates is empty and not absent' : undefined),
  },
  serialOnce,
  serialPositive,
  entryTime,
  notInFuture,
  {
    id: 'rfc5280-5.2-critical-extension-known',
    section: 'RFC 5280 §5.2',
    severity: 'error',
    check: ({ extensions }) => {
      const known: readonly string[] = [Oid.issuingDistributionPoint, Oid.deltaCrlIndicator];
      const unknown = extensions.find(({ critical, oid }) => critical && !known.includes(oid));
      return unknown && `critical extension ${unknown.oid}`;
    },
  },
  {
    id: 'rfc5280-5.2.1-authority-key-identifier',
    section: 'RFC 5280 §5.2.1',
    severity: 'error',
    check: ({ extensions, issuerCertificate }) => {
      const named = readAuthorityKeyIdentifier(extensions);
      if (named === undefined) return 'no authorityKeyIdentifier';
      const actual = issuerCertificate && readSubjectKeyIdentifier(issuerCertificate.extensions);
      return actual && Buffer.compare(named, actual) !== 0
        ? 'authorityKeyIdentifier is not that of the issuer'
        : undefined;
    },
  },
  {
    id: 'rfc5280-5.1.2.3-issuer-name',
    section: 'RFC 5280 §5.1.2.3',
    severity: 'error',
    check: ({ issuer, issuerCertificate }) =>
      issuerCertificate && !sameName(issuer, issuerCertificate.subject)
        ? 'the issuer is not the subject of its certificate'
        : undefined,
  },
  {
    id: 'rfc5280-5.2.3-crl-number',
    section: 'RFC 5280 §5.2.3',
    severity: 'error',
    check: (crl) => {
      const number = extensionOf(crl, Oid.crlNumber);
      if (!number) return 'no CRL number';
      if (number.critical) return 'the CRL number is critical';
      const [tag, length, first = 0] = number.value;
      const fits =
        tag === Tag.integer &&
        length !== undefined &&
        length >= 1 &&
        length <= 20 &&
        number.value.length === 2 + length &&
        first < 0x80;
      return fits ? undefined : 'the CRL number is not 0 or more in at most 20 octets';
    },
  },
  entryExtensionsNotEmpty,
  entryCriticalKnown,
  reasonNotCritical,
  reasonSpecified,
  reasonKnown,
  invalidityForm,
];

export const crlRules: readonly Rule<LintedCrl>[] = [
  ...signatureRules<LintedCrl>(({ algorithm }) => algorithm),
  ...nameRules<LintedCrl>(({ issuer }) => [issuer]),
  ...listRules,
];
