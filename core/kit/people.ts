/** From what a line says about a person to what a certificate and a kit need, or to what is wrong with the line. */
import type { z } from 'zod';
import type { KitPerson, KitTarget, kitRequest } from '../../contract/kit.ts';
import type { KitFault, KitFaultCode } from '../../contract/kit-faults.ts';
import type { Language } from '../../contract/problems/define.ts';
import { generalName } from '../authority/profiles.ts';
import type { Certificate } from '../x509/certificate.ts';
import { quotable, X509Error } from '../x509/errors.ts';
import { type GeneralName, subjectAltName } from '../x509/extensions.ts';
import { buildName, commonName, type Name, nameText } from '../x509/name.ts';

/** A person whose line holds no fault. */
export interface CheckedPerson {
  readonly line: number | null;
  readonly subject: Name;
  readonly names: readonly GeneralName[];
  readonly days: number;
  readonly language: Language;
  readonly target: KitTarget;
}

export type KitDefaults = z.output<typeof kitRequest>['defaults'];
/** Whom kits are for and what is in them; where they go is said apart. */
export type CheckedRequest = Omit<z.output<typeof kitRequest>, 'folder'>;

const languages: Readonly<Record<string, Language>> = {
  en: 'en',
  english: 'en',
  英語: 'en',
  英语: 'en',
  ja: 'ja',
  jp: 'ja',
  japanese: 'ja',
  日本語: 'ja',
  日语: 'ja',
  zh: 'zh-CN',
  'zh-cn': 'zh-CN',
  chinese: 'zh-CN',
  中国語: 'zh-CN',
  中文: 'zh-CN',
};
const targets: Readonly<Record<string, KitTarget>> = {
  any: 'any',
  all: 'any',
  windows: 'windows',
  win: 'windows',
  macos: 'macos',
  mac: 'macos',
  linux: 'linux',
};

const fold = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/** The person, or every fault of the line. `authority` is the CA that is to sign; `now` in whole seconds. */
export function checkPerson(
  person: KitPerson,
  line: number | null,
  defaults: KitDefaults,
  authority: Certificate,
  now: Date,
): CheckedPerson | readonly KitFault[] {
  const faults: KitFault[] = [];
  const refuse = (code: KitFaultCode, value = ''): undefined => {
    faults.push({ line: line ?? 0, code, value: quotable(value) });
  };
  const subject = subjectOf(person, defaults, refuse);
  if (subject && commonName(subject) === commonName(authority.subject))
    refuse('NAME_OF_AUTHORITY', commonName(subject));
  const names = (person.email ?? '')
    .split(/[\s,;、，；]+/)
    .filter((text) => text !== '')
    .flatMap((text) => readableName(text) ?? refuse('ADDRESS_INVALID', text) ?? []);
  const days = person.days === undefined ? defaults.days : wholeNumber(person.days);
  if (days === undefined || days < 1 || days > 3660) refuse('DAYS_INVALID', person.days);
  else if (now.getTime() + days * 86_400_000 > authority.notAfter.getTime())
    refuse('OUTLIVES_AUTHORITY', authority.notAfter.toISOString().slice(0, 10));
  const language = person.language === undefined ? defaults.language : languages[fold(person.language)];
  if (language === undefined) refuse('LANGUAGE_UNKNOWN', person.language);
  const target =
    person.target === undefined ? defaults.target : targets[fold(person.target).replace(/[\s\d.]+$/, '')];
  if (target === undefined) refuse('TARGET_UNKNOWN', person.target);
  if (faults.length > 0 || !subject || !days || !language || !target) return faults;
  return { line, subject, names, days, language, target };
}

/** CN, OU, O; encoded with the organisation first, as names are. */
function subjectOf(
  person: KitPerson,
  defaults: KitDefaults,
  refuse: (code: KitFaultCode, value?: string) => undefined,
): Name | undefined {
  const name = person.name.trim();
  if (name === '') return refuse('NAME_MISSING');
  const attributes = [
    ['2.5.4.10', person.organisation ?? defaults.organisation],
    ['2.5.4.11', person.department ?? defaults.department],
    ['2.5.4.3', name],
  ] as const;
  try {
    return buildName(attributes.flatMap(([type, value]) => (value ? [[{ type, value: value.trim() }]] : [])));
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return refuse('NAME_INVALID', `${error.data['what']}: ${error.data['reason']}`);
  }
}

function readableName(text: string): GeneralName | undefined {
  try {
    const name = generalName(text);
    subjectAltName([name]);
    return name;
  } catch (error) {
    if (error instanceof X509Error) return undefined;
    throw error;
  }
}

/** Full-width digits and "365日" are what people type. */
function wholeNumber(text: string): number | undefined {
  const digits = /^(\d{1,5})\s*(days?|日間?|天)?$/.exec(fold(text))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Two lines with this in common are the same person. */
export function identityText({ subject, names }: Pick<CheckedPerson, 'subject' | 'names'>): string {
  return JSON.stringify([nameText(subject), names.map(({ type, value }) => `${type}:${value}`).toSorted()]);
}
