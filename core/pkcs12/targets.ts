/**
 * Which systems import which PKCS#12 files. Every rule is a fact that somebody measured or documented
 * (docs/pkcs12-targets.md); what nobody has shown either way is `uncertain`, never a guess.
 */
import type { Pkcs12Identity, Pkcs12Target, Pkcs12Verdict } from '../../contract/pkcs12.ts';
import type { Pkcs12Reason, Pkcs12ReasonCode, ReasonEffect } from '../../contract/pkcs12-reasons.ts';
import type { Protection } from '../x509/pbe-scheme.ts';
import type { Pkcs12Protection } from '../x509/pkcs12/protection.ts';

/** What the rules look at. */
export interface JudgedFile {
  readonly protection: Pkcs12Protection;
  readonly password: string;
  readonly identities: readonly Pkcs12Identity[];
}

interface TargetRules {
  readonly encryption: Rules;
  readonly mac: Rules;
  readonly key: Rules;
  /** Effects; absent: imports. */
  readonly macAbsent?: ReasonEffect;
  readonly clearKey?: ReasonEffect;
  readonly clearCertificate?: ReasonEffect;
  readonly emptyPassword?: ReasonEffect;
  readonly passwordBeyondAscii?: ReasonEffect;
  readonly iterationCeiling?: number;
  /** CryptoAPI: where the key goes depends on an attribute of the file. */
  readonly keyProviders?: true;
  readonly oneIdentity?: true;
}

/** First match decides; without one the algorithm is untried. */
interface Rules {
  readonly reads: RegExp;
  readonly refuses?: readonly (readonly [RegExp, Pkcs12ReasonCode])[];
  readonly untried: Pkcs12ReasonCode;
}

const aes = /^AES-/;
const usualKeys = /^(RSA \d+|EC P-(256|384|521))$/;
const edwards = /^Ed(25519|448)$/;

/** Systems from before AES in PKCS#12, or whose many versions are. */
const oldEncryption: Rules = {
  reads: /^PBE-SHA1-(3DES|RC2-40)$/,
  refuses: [[aes, 'ENCRYPTION_TOO_NEW']],
  untried: 'ENCRYPTION_UNTRIED',
};
const oldMac: Rules = {
  reads: /^HMAC-SHA1$/,
  refuses: [[/./, 'MAC_TOO_NEW']],
  untried: 'MAC_UNTRIED',
};
/** Chromium refuses Ed25519 client certificates, whatever the store does. */
const browserKeys: Rules = {
  reads: usualKeys,
  refuses: [[edwards, 'KEY_KIND']],
  untried: 'KEY_UNTRIED',
};
const windowsTraits = {
  key: browserKeys,
  macAbsent: 'uncertain',
  clearKey: 'uncertain',
  clearCertificate: 'uncertain',
  keyProviders: true,
} as const;

const rules: Readonly<Record<Pkcs12Target, TargetRules>> = {
  windows: {
    ...windowsTraits,
    encryption: {
      reads: /^(PBE-SHA1-(3DES|RC2-40)|AES-256-CBC, PBKDF2-HMAC-SHA(1|256))$/,
      untried: 'ENCRYPTION_UNTRIED',
    },
    mac: { reads: /^HMAC-SHA(1|256)$/, untried: 'MAC_UNTRIED' },
  },
  'windows-2016': { ...windowsTraits, encryption: oldEncryption, mac: oldMac },
  macos: {
    encryption: oldEncryption,
    mac: oldMac,
    key: { reads: usualKeys, untried: 'KEY_UNTRIED' },
    macAbsent: 'uncertain',
    clearKey: 'refuses',
    clearCertificate: 'refuses',
    emptyPassword: 'refuses',
    passwordBeyondAscii: 'uncertain',
  },
  nss: {
    encryption: {
      reads: /^(PBE-SHA1-(3DES|RC2-40|RC2-128)|AES-(128|192|256)-CBC, PBKDF2-HMAC-SHA\d+)$/,
      refuses: [[/^PBE-(SHA1-2DES|MD5|SHA1-DES|SHA1-RC2-64)/, 'ENCRYPTION_UNKNOWN']],
      untried: 'ENCRYPTION_UNTRIED',
    },
    mac: { reads: /^HMAC-SHA\d+$/, untried: 'MAC_UNTRIED' },
    key: browserKeys,
    macAbsent: 'refuses',
  },
  java: {
    encryption: {
      reads: /^(PBE-SHA1-(3DES|RC2-40|RC2-128)|PBE-MD5-DES|AES-(128|256)-CBC, PBKDF2-HMAC-SHA\d+)$/,
      refuses: [[/^(PBE-SHA1-2DES|AES-192)/, 'ENCRYPTION_UNKNOWN']],
      untried: 'ENCRYPTION_UNTRIED',
    },
    mac: { reads: /^HMAC-SHA\d+$/, untried: 'MAC_UNTRIED' },
    key: { reads: /^(RSA|EC|Ed25519|Ed448)/, untried: 'KEY_UNTRIED' },
    clearKey: 'refuses',
    passwordBeyondAscii: 'refuses',
    iterationCeiling: 5_000_000,
  },
  android: {
    encryption: oldEncryption,
    mac: oldMac,
    key: { reads: usualKeys, untried: 'KEY_UNTRIED' },
    macAbsent: 'uncertain',
    clearKey: 'uncertain',
    clearCertificate: 'uncertain',
    emptyPassword: 'uncertain',
    passwordBeyondAscii: 'uncertain',
    oneIdentity: true,
  },
};

/** Over all derivations of a file; KB5025823. */
const dotNetIterations = 600_000;

/** Whether `target` imports the file, and every reason that speaks against it or for a second look. */
export function judgeFile(file: JudgedFile, target: Pkcs12Target): Pkcs12Verdict {
  const rule = rules[target];
  const reasons = [
    ...identityReasons(file, rule),
    ...protectionReasons(file.protection, rule),
    ...passwordReasons(file, rule),
    ...providerReasons(file, rule),
  ];
  const has = (effect: ReasonEffect): boolean => reasons.some((reason) => reason.effect === effect);
  return { target, imports: has('refuses') ? 'no' : has('uncertain') ? 'uncertain' : 'yes', reasons };
}

/** Whether any file at all can bring a key of this kind there: null, or the reason why not. */
export function keyObstacle(key: string, target: Pkcs12Target): Pkcs12Reason | null {
  return judge(rules[target].key, key).find(({ effect }) => effect === 'refuses') ?? null;
}

function judge({ reads, refuses = [], untried }: Rules, value: string): Pkcs12Reason[] {
  if (reads.test(value)) return [];
  const refused = refuses.find(([pattern]) => pattern.test(value));
  return [
    refused ? { code: refused[1], effect: 'refuses', value } : { code: untried, effect: 'uncertain', value },
  ];
}

function* identityReasons({ identities }: JudgedFile, rule: TargetRules): Generator<Pkcs12Reason> {
  const whole = identities.filter(({ certificate }) => certificate !== null);
  if (whole.length === 0) yield { code: 'NO_IDENTITY', effect: 'refuses', value: '' };
  if (whole.length > 0 && whole.every(({ matches }) => !matches))
    yield { code: 'KEY_MISMATCH', effect: 'refuses', value: '' };
  for (const kind of new Set(whole.map(({ key }) => key))) yield* judge(rule.key, kind);
  if (rule.oneIdentity && whole.length > 1)
    yield { code: 'SEVERAL_IDENTITIES', effect: 'uncertain', value: `${whole.length}` };
}

function* protectionReasons(
  { mac, keys, certificates }: Pkcs12Protection,
  rule: TargetRules,
): Generator<Pkcs12Reason> {
  const open = ({ algorithm }: Protection): boolean => algorithm === 'none';
  const sealed = [...keys, ...certificates].filter((protection) => !open(protection));
  for (const algorithm of new Set(sealed.map((protection) => protection.algorithm)))
    yield* judge(rule.encryption, algorithm);
  if (!open(mac)) yield* judge(rule.mac, mac.algorithm);
  else if (rule.macAbsent) yield { code: 'MAC_ABSENT', effect: rule.macAbsent, value: '' };
  const clear = [keys.some(open) && rule.clearKey, certificates.some(open) && rule.clearCertificate];
  if (clear.includes('refuses')) yield { code: 'IN_THE_CLEAR', effect: 'refuses', value: '' };
  else if (clear.includes('uncertain')) yield { code: 'CLEAR_UNTRIED', effect: 'uncertain', value: '' };
  const counts = [mac, ...sealed].map(({ iterations }) => iterations);
  const highest = Math.max(...counts);
  if (rule.iterationCeiling !== undefined && highest > rule.iterationCeiling)
    yield { code: 'ITERATIONS', effect: 'refuses', value: `${highest}` };
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (rule.keyProviders && total > dotNetIterations)
    yield { code: 'ITERATIONS_UNTRIED', effect: 'note', value: `${total}` };
}

function* passwordReasons(
  { password, protection: { mac, keys } }: JudgedFile,
  rule: TargetRules,
): Generator<Pkcs12Reason> {
  // A file without any protection opens with every password; that it is in the clear was said.
  if ([mac, ...keys].every(({ algorithm }) => algorithm === 'none')) return;
  if (password === '' && rule.emptyPassword)
    yield { code: 'PASSWORD_EMPTY', effect: rule.emptyPassword, value: '' };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked about
  if (/[^\u0000-\u007f]/.test(password) && rule.passwordBeyondAscii)
    yield rule.passwordBeyondAscii === 'refuses'
      ? { code: 'PASSWORD_NOT_ASCII', effect: 'refuses', value: '' }
      : { code: 'PASSWORD_UNTRIED', effect: rule.passwordBeyondAscii, value: '' };
}

function* providerReasons({ identities }: JudgedFile, rule: TargetRules): Generator<Pkcs12Reason> {
  if (!rule.keyProviders) return;
  const homeless = identities.filter(
    ({ certificate, keyProvider }) =>
      certificate !== null && !/Key Storage Provider$/.test(keyProvider ?? ''),
  );
  if (homeless.some(({ key }) => key.startsWith('RSA')))
    yield { code: 'LEGACY_PROVIDER', effect: 'note', value: '' };
  if (homeless.some(({ key }) => key.startsWith('EC')))
    yield { code: 'EC_PROVIDER', effect: 'note', value: '' };
}
