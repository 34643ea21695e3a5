/**
 * Stands in for macOS's `/usr/bin/security`, built from its manual page and from SecurityTool in Apple's open-source
 * Security. It keeps a keychain as a folder, writes down how it was called, and leaves the PKCS#12 to openssl.
 *
 *   node security-double.ts FOLDER ARGUMENTS…
 */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How the machine is; a test writes it, the double changes what a real one would change. */
export interface DoubleState {
  readonly keychain: string;
  certificates: { readonly der: string; readonly key: boolean }[];
  /** SHA-1, upper case. */
  trusted: string[];
  locked: boolean;
  readonly password: string;
  /** What the person answers when macOS asks; `nobody`: there is no screen. */
  readonly answer: 'yes' | 'no' | 'nobody';
  /** Exits 0 and does nothing, for these commands. */
  readonly idle: readonly string[];
  /** Says what it refuses in the language of the system. */
  readonly japanese?: boolean;
  /** Another key than the one that was imported: PEM of its certificate, file of its key. */
  readonly signsWith?: { readonly certificate: string; readonly key: string };
  /** The import leaves the key out. */
  readonly dropsKey?: boolean;
}

/** One call as it came in. */
export interface DoubleCall {
  readonly argv: readonly string[];
  readonly stdin: string;
  /** The words of each command, from the argument list or from standard input. */
  readonly commands: readonly (readonly string[])[];
  readonly env: readonly string[];
}

const inProgress = { folder: '', state: undefined as unknown as DoubleState };

/** split_line of security.c: its two quotes, its backslash, its limits. */
function splitLine(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (word === undefined) {
      if (/\s/.test(char)) continue;
      word = '';
      if (char === '"' || char === "'") {
        quote = char;
        continue;
      }
    }
    if (char === '\\') word += line[++i] ?? '';
    else if (quote === '' ? /\s/.test(char) : char === quote) {
      words.push(word);
      word = undefined;
      quote = '';
    } else word += char;
  }
  return word === undefined ? words : [...words, word];
}

const statuses = {
  duplicate: [-25299, 'The specified item already exists in the keychain.'],
  notFound: [-25300, 'The specified item could not be found in the keychain.'],
  noKeychain: [-25294, 'The specified keychain could not be found.'],
  noInteraction: [-25308, 'User interaction is not allowed.'],
  wrongPassword: [-25293, 'The user name or passphrase you entered is not correct.'],
  mac: [-25264, 'MAC verification failed during PKCS12 import (wrong password?)'],
  canceled: [-60006, 'The authorization was canceled by the user.'],
  authorizationInteraction: [-60007, 'The authorization was denied since no user interaction was possible.'],
} as const;

/** Ends a command. Many answer 1 for everything; some hand on the low octet of the status. */
class Refusal extends Error {
  readonly exitCode: number;
  constructor(what: string, status: keyof typeof statuses, asStatus = false) {
    const [code, text] = statuses[status];
    super(`security: ${what}: ${inProgress.state.japanese ? '処理できませんでした。' : text}`);
    this.exitCode = asStatus ? ((code % 256) + 256) % 256 : 1;
  }
}

const sha1 = (der: string): string =>
  new X509Certificate(Buffer.from(der, 'base64')).fingerprint.replaceAll(':', '');

const keyFile = (der: string): string => join(inProgress.folder, `${sha1(der)}.key`);

function option(words: readonly string[], name: string): string {
  const at = words.indexOf(name);
  if (at < 0 || words[at + 1] === undefined) throw new Error(`usage: ${words[0]} needs ${name}`);
  return words[at + 1]!;
}

function requireKeychain(path: string, what: string): void {
  if (path !== inProgress.state.keychain) throw new Refusal(what, 'noKeychain', true);
}

function requireMode(path: string, mode: number): void {
  if ((statSync(path).mode & 0o777) !== mode)
    throw new Error(`${path} has mode ${statSync(path).mode.toString(8)}`);
}

function add(der: string, key: boolean): void {
  const { state } = inProgress;
  const known = state.certificates.find((each) => each.der === der);
  if (!known) state.certificates.push({ der, key });
  else if (key && !known.key)
    state.certificates = state.certificates.map((each) => (each.der === der ? { der, key } : each));
}

const pemBlocks = (text: string): string[] =>
  [...text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END/g)].map(([, body]) =>
    body!.replace(/\s/g, ''),
  );

/** Each returns what it prints. */
const commands: Readonly<Record<string, (words: readonly string[]) => string>> = {
  import(words) {
    const { state } = inProgress;
    const file = words[1]!;
    requireKeychain(option(words, '-k'), 'import');
    if (option(words, '-f') !== 'pkcs12' || !file.endsWith('.p12')) throw new Error('format not told');
    requireMode(file, 0o600);
    requireMode(dirname(file), 0o700);
    if (state.locked) throw new Refusal('SecKeychainItemImport', 'noInteraction');
    const open = (...args: readonly string[]): string =>
      execFileSync('openssl', ['pkcs12', '-in', file, '-passin', 'stdin', ...args], {
        input: `${option(words, '-P')}\n`,
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'pipe'],
      });
    let certificates: string[];
    try {
      certificates = pemBlocks(open('-nokeys'));
    } catch {
      throw new Refusal('SecKeychainItemImport', 'mac');
    }
    const key = open('-nocerts', '-nodes');
    writeFileSync(
      join(inProgress.folder, 'imported.json'),
      JSON.stringify({ nonExtractable: words.includes('-x'), anyApplication: words.includes('-A') }),
    );
    const isLeaf = (der: string): boolean =>
      new X509Certificate(Buffer.from(der, 'base64')).publicKey
        .export({ type: 'spki', format: 'pem' })
        .toString() === execFileSync('openssl', ['pkey', '-pubout'], { input: key, encoding: 'utf8' });
    for (const der of certificates.filter(isLeaf)) writeFileSync(keyFile(der), key, { mode: 0o600 });
    const duplicate = certificates.some((der) =>
      state.certificates.some((each) => each.der === der && each.key === isLeaf(der)),
    );
    for (const der of certificates) add(der, !state.dropsKey && isLeaf(der));
    // What it does with a CA that is there already is not documented; the harder case is assumed.
    if (duplicate) throw new Refusal('SecKeychainItemImport', 'duplicate');
    return '1 identity imported.\n';
  },
  /** `cms -S`: openssl signs, as the man page says without attributes unless they are asked for. */
  cms(words) {
    requireKeychain(option(words, '-k'), 'SecKeychainOpen');
    const { certificates, signsWith, locked } = inProgress.state;
    if (!words.includes('-S') || option(words, '-H') !== 'SHA256' || option(words, '-Y') !== 'NONE')
      throw new Error('usage');
    const wanted = option(words, '-Z');
    const text = (der: string): string =>
      execFileSync('openssl', ['x509', '-inform', 'der', '-noout', '-ext', 'subjectKeyIdentifier'], {
        input: Buffer.from(der, 'base64'),
        encoding: 'utf8',
      }).replaceAll(':', '');
    const found = certificates.find(({ der, key }) => key && text(der).includes(wanted));
    if (!found || locked) throw new Error(`could not find signing identity for subject key ID: "${wanted}"`);
    const signer = join(inProgress.folder, 'signer.pem');
    const ours = signsWith === undefined ? keyFile(found.der) : signsWith.key;
    const body =
      signsWith?.certificate ??
      `-----BEGIN CERTIFICATE-----\n${found.der.match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n`;
    writeFileSync(signer, body);
    const args = ['cms', '-sign', '-binary', '-nodetach', '-noattr', '-md', 'sha256', '-outform', 'DER'];
    const files = [
      '-in',
      option(words, '-i'),
      '-signer',
      signer,
      '-inkey',
      ours,
      '-out',
      option(words, '-o'),
    ];
    execFileSync('openssl', [...args, ...files]);
    return '';
  },
  'find-certificate'(words) {
    requireKeychain(words.at(-1)!, 'SecKeychainSearchCreateFromAttributes');
    const { certificates } = inProgress.state;
    if (certificates.length === 0) throw new Refusal('SecKeychainSearchCopyNext', 'notFound', true);
    return certificates
      .map(({ der }) => {
        const body = der.match(/.{1,64}/g)!.join('\n');
        const pem = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
        return `SHA-256 hash: ${new X509Certificate(pem).fingerprint256.replaceAll(':', '')}\nSHA-1 hash: ${sha1(der)}\n${pem}`;
      })
      .join('');
  },
  'find-identity'(words) {
    requireKeychain(words.at(-1)!, 'SecIdentitySearchCreateWithPolicy');
    const held = inProgress.state.certificates.filter(({ key }) => key);
    const rows = held.map(
      ({ der }, i) =>
        `  ${i + 1}) ${sha1(der)} "${/CN=(.*)/.exec(new X509Certificate(Buffer.from(der, 'base64')).subject)?.[1] ?? '?'}" (CSSMERR_TP_NOT_TRUSTED)\n`,
    );
    return `\nPolicy: X.509 Basic\n  Matching identities\n${rows.join('')}     ${rows.length} identities found\n\n  Valid identities only\n     0 valid identities found\n`;
  },
  'verify-cert'(words) {
    const [der] = pemBlocks(readFileSync(option(words, '-c'), 'utf8'));
    if (!words.includes('-l') || !words.includes('-L') || option(words, '-p') !== 'basic')
      throw new Error('usage');
    if (!inProgress.state.trusted.includes(sha1(der!)))
      throw Object.assign(new Error('Cert Verify Result: CSSMERR_TP_NOT_TRUSTED'), { exitCode: 1 });
    return '...certificate verification successful.\n';
  },
  'add-certificates'(words) {
    requireKeychain(option(words, '-k'), 'add-certificates');
    add(readFileSync(words.at(-1)!).toString('base64'), false);
    return '';
  },
  'add-trusted-cert'(words) {
    const { state } = inProgress;
    requireKeychain(option(words, '-k'), 'add-trusted-cert');
    const [der] = pemBlocks(readFileSync(words.at(-1)!, 'utf8'));
    const { subject, issuer } = new X509Certificate(Buffer.from(der!, 'base64'));
    // trustAsRoot is refused for a self-signed certificate, trustRoot for any other.
    if (option(words, '-r') !== (subject === issuer ? 'trustRoot' : 'trustAsRoot'))
      throw new Error('SecTrustSettingsSetTrustSettings: One or more parameters were not valid.');
    add(der!, false);
    if (state.answer !== 'yes')
      throw new Refusal(
        'SecTrustSettingsSetTrustSettings',
        state.answer === 'no' ? 'canceled' : 'authorizationInteraction',
      );
    state.trusted.push(sha1(der!));
    return '';
  },
  'delete-identity': (words) => remove(words, true),
  'delete-certificate': (words) => remove(words, false),
  'show-keychain-info'(words) {
    requireKeychain(words[1]!, 'SecKeychainCopySettings');
    if (inProgress.state.locked)
      throw new Refusal(`SecKeychainCopySettings ${words[1]}`, 'noInteraction', true);
    return '';
  },
  'unlock-keychain'(words) {
    requireKeychain(words.at(-1)!, 'SecKeychainUnlock');
    if (option(words, '-p') !== inProgress.state.password)
      throw new Refusal('SecKeychainUnlock', 'wrongPassword', true);
    inProgress.state.locked = false;
    return '';
  },
};

function remove(words: readonly string[], withKey: boolean): string {
  const { state } = inProgress;
  requireKeychain(words.at(-1)!, words[0]!);
  const hash = option(words, '-Z');
  const target = state.certificates.find(({ der }) => sha1(der) === hash);
  if (!target) throw new Error(`Unable to delete certificate matching "${hash}"`);
  if (words.includes('-t')) {
    if (state.answer !== 'yes') throw new Refusal('SecTrustSettingsRemoveTrustSettings', 'canceled', true);
    state.trusted = state.trusted.filter((each) => each !== hash);
  }
  state.certificates = state.certificates.flatMap((each) => {
    if (each === target) return [];
    const spki = ({ der }: { der: string }) =>
      new X509Certificate(Buffer.from(der, 'base64')).publicKey
        .export({ type: 'spki', format: 'der' })
        .toString('hex');
    return withKey && spki(each) === spki(target) ? [{ ...each, key: false }] : [each];
  });
  return '';
}

function perform(words: readonly string[]): number {
  const [name = ''] = words;
  const command = commands[name];
  if (!command) {
    process.stderr.write(`security: unknown command "${name}"\n`);
    return 1;
  }
  if (inProgress.state.idle.includes(name)) return 0;
  try {
    process.stdout.write(command(words));
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return (error as { exitCode?: number }).exitCode ?? 1;
  }
}

function main(folder: string, argv: readonly string[]): number {
  const statePath = join(folder, 'state.json');
  inProgress.folder = folder;
  inProgress.state = JSON.parse(readFileSync(statePath, 'utf8'));
  const interactive = argv[0] === '-i';
  const stdin = readFileSync(0, 'utf8');
  // A last line without its end is lost: readline answers NULL at the end of the file.
  const lines = interactive ? stdin.split('\n').slice(0, -1) : [];
  const called = interactive ? lines.map(splitLine) : [argv];
  const call: DoubleCall = { argv, stdin, commands: called, env: Object.keys(process.env).toSorted() };
  appendFileSync(join(folder, 'calls'), `${JSON.stringify(call)}\n`);
  let exitCode = 0;
  for (const words of called) {
    exitCode = perform(words);
    if (interactive && exitCode !== 0) process.stderr.write(`${words[0]}: returned ${exitCode}\n`);
  }
  writeFileSync(statePath, JSON.stringify(inProgress.state));
  return exitCode;
}

const [, self, folder, ...argv] = process.argv;
if (self?.endsWith('security-double.ts') && folder !== undefined && existsSync(folder))
  process.exitCode = main(folder, argv);
