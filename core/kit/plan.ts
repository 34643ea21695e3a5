/** What making kits would do: read, check, compare with the registry and the place they go to. Nothing is issued or written. */
import type { KitPlan, PlannedKit } from '../../contract/kit.ts';
import type { KitFault } from '../../contract/kit-faults.ts';
import { Problem } from '../../contract/problem.ts';
import { findAuthority, findCertificate } from '../authority/find.ts';
import { type CoreContext, now } from '../context.ts';
import type { AuthorityRecord, CertificateRecord } from '../registry/records.ts';
import { type Certificate, parseCertificate } from '../x509/certificate.ts';
import { readSubjectAltName, subjectAltName } from '../x509/extensions.ts';
import { commonName, nameText } from '../x509/name.ts';
import { Oid } from '../x509/oids.ts';
import { readList } from './list/read.ts';
import { type CheckedPerson, type CheckedRequest, checkPerson, identityText } from './people.ts';
import type { KitPlace } from './place.ts';

/** One kit to make: for a person still to be issued a certificate, or for a certificate that is there. */
export interface KitWork {
  readonly view: PlannedKit;
  readonly person: CheckedPerson;
  readonly authority: AuthorityRecord;
  readonly record: CertificateRecord | undefined;
}

export interface PreparedKits {
  readonly plan: KitPlan;
  readonly work: readonly KitWork[];
}

const peopleLimit = 5000;

/** @throws Problem AUTHORITY_NOT_FOUND, CERTIFICATE_NOT_FOUND, CERTIFICATE_AMBIGUOUS, KIT_CERTIFICATE_UNFIT */
export function prepareKits(context: CoreContext, request: CheckedRequest, place: KitPlace): PreparedKits {
  const { people } = request;
  if ('certificate' in people) {
    const record = findCertificate(context, people.certificate);
    requireFit(context, record);
    const authority = findAuthority(context, record.authorityId);
    const work = workOn(place, personOf(record, request), authority, record);
    return { plan: { list: null, kits: [work.view], faults: [] }, work: [work] };
  }
  const authority = findAuthority(context, people.authority);
  const issuer = issuerOf(context, authority);
  const list = 'list' in people ? readList(Buffer.from(people.list, 'base64'), people.encoding) : null;
  const lines = list ? list.lines : 'person' in people ? [{ line: null, person: people.person }] : [];
  const faults: KitFault[] = [...(list?.faults ?? [])];
  if (lines.length === 0 && faults.length === 0) faults.push({ line: 1, code: 'NO_PEOPLE', value: '' });
  if (lines.length > peopleLimit) faults.push({ line: 1, code: 'TOO_MANY_PEOPLE', value: `${peopleLimit}` });
  const checked: CheckedPerson[] = [];
  // Without the header nothing is known of any line.
  const legible = !faults.some(({ code }) => code === 'NO_NAME_COLUMN' || code === 'TOO_MANY_PEOPLE');
  for (const { line, person } of legible ? lines : []) {
    const result = checkPerson(person, line, request.defaults, issuer, now(context));
    if ('subject' in result) checked.push(result);
    else faults.push(...result);
  }
  faults.push(...duplicates(checked));
  const work = checked.map((person) =>
    workOn(
      place,
      person,
      authority,
      request.reissue ? undefined : validCertificate(context, authority, person),
    ),
  );
  return {
    plan: {
      list: list && {
        encoding: list.encoding,
        separator: list.separator,
        columns: [...list.columns],
      },
      kits: work.map(({ view }) => view),
      faults: faults.toSorted((a, b) => a.line - b.line),
    },
    work,
  };
}

/** A CA's key, above all, must not leave in a zip. @throws Problem KIT_CERTIFICATE_UNFIT */
function requireFit(
  context: CoreContext,
  { profile, notAfter, authorityId, serial, commonName: name }: CertificateRecord,
): void {
  const revoked = context.registry.read((rows) => rows.revocations.get(authorityId, serial));
  if (profile !== 'client' || revoked || notAfter <= now(context).toISOString())
    throw new Problem('KIT_CERTIFICATE_UNFIT', { commonName: name });
}

export function issuerOf({ registry }: CoreContext, authority: AuthorityRecord): Certificate {
  return parseCertificate(registry.read((rows) => rows.certificates.get(authority.certificateId)!).der);
}

function* duplicates(people: readonly CheckedPerson[]): Generator<KitFault> {
  const seen = new Map<string, number>();
  for (const person of people) {
    const text = identityText(person);
    const first = seen.get(text);
    if (first === undefined) seen.set(text, person.line ?? 0);
    else yield { line: person.line ?? 0, code: 'DUPLICATE', value: `${first}` };
  }
}

/**
 * What makes a list resumable: the newest certificate of this CA for clients with exactly this subject and these names
 * that is valid and whose key is kept.
 */
function validCertificate(
  context: CoreContext,
  authority: AuthorityRecord,
  { subject, names }: CheckedPerson,
): CertificateRecord | undefined {
  const wanted = nameText(subject);
  const at = now(context).toISOString();
  const wantedNames = names.length === 0 ? '' : hex(subjectAltName(names).value);
  return context.registry.read((rows) =>
    rows.certificates
      .byCommonName(commonName(subject))
      .find(
        (record) =>
          record.authorityId === authority.id &&
          record.profile === 'client' &&
          record.subject === wanted &&
          record.secretId !== null &&
          record.notAfter > at &&
          namesOf(record) === wantedNames &&
          !rows.revocations.get(authority.id, record.serial),
      ),
  );
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The subjectAltName as encoded, or nothing. */
function namesOf({ der }: CertificateRecord): string {
  const found = parseCertificate(der).extensions.find(({ oid }) => oid === Oid.subjectAltName);
  return found ? hex(found.value) : '';
}

/** For a kit of a certificate that is there; guide and system come from the defaults. */
function personOf(record: CertificateRecord, { defaults }: CheckedRequest): CheckedPerson {
  const { subject, extensions, notBefore, notAfter } = parseCertificate(record.der);
  return {
    line: null,
    subject,
    names: readSubjectAltName(extensions) ?? [],
    days: Math.round((notAfter.getTime() - notBefore.getTime()) / 86_400_000),
    language: defaults.language,
    target: defaults.target,
  };
}

function workOn(
  place: KitPlace,
  person: CheckedPerson,
  authority: AuthorityRecord,
  record: CertificateRecord | undefined,
): KitWork {
  const view: PlannedKit = {
    line: person.line,
    name: commonName(person.subject) || nameText(person.subject),
    subject: nameText(person.subject),
    names: person.names.map(({ value }) => value),
    days: person.days,
    language: person.language,
    target: person.target,
    action: record === undefined ? 'issue' : place.isDone(record.id) ? 'done' : 'reuse',
    certificate: record === undefined ? null : { fingerprint: record.id, notAfter: record.notAfter },
  };
  return { view, person, authority, record };
}
