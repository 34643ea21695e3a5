/**
 * The install scripts, with one person's values put in. They stand as they are in files of their own under scripts/;
 * only the line `@VALUES@` is replaced.
 */
import { linuxTemplate } from './scripts/linux.ts';
import { macosTemplate } from './scripts/macos.ts';
import { windowsTemplate } from './scripts/windows.ts';
import { windowsStarterTemplate } from './scripts/windows-starter.ts';
import type { KitWords } from './words/words.ts';

export interface ScriptValues {
  readonly name: string;
  readonly p12Name: string;
  /** SHA-1, upper-case hex: what Windows and macOS list. */
  readonly thumbprint: string;
  /** SHA-256, upper-case hex pairs with colons: what NSS lists. */
  readonly fingerprint: string;
  /** SHA-1 of the public key as NSS names it, hex. */
  readonly keyId: string;
  readonly caName: string;
  readonly caThumbprint: string;
}

/** ASCII, CRLF: cmd.exe reads batch files in the system's code page. The same for everybody. */
export const windowsStarter = (): Uint8Array => Buffer.from(crlf(windowsStarterTemplate), 'ascii');

/** UTF-8 with byte order mark, CRLF: what Windows PowerShell 5.1 takes for UTF-8. */
export function windowsScript(values: ScriptValues, { scripts }: KitWords): Uint8Array {
  const text = {
    title: scripts.title(values.name),
    noFile: scripts.noFile,
    password: scripts.password,
    importFailed: scripts.importFailed,
    already: scripts.already,
    installed: scripts.installed,
    notInstalled: scripts.notInstalled,
    trustQuestion: scripts.trustQuestion,
    trusted: scripts.trusted,
    notTrusted: scripts.notTrusted,
    restart: scripts.restart,
  };
  const lines = [
    `$p12Name = ${powerShellQuoted(values.p12Name)}`,
    `$thumbprint = ${powerShellQuoted(values.thumbprint)}`,
    `$caName = ${powerShellQuoted(values.caName)}`,
    `$caThumbprint = ${powerShellQuoted(values.caThumbprint)}`,
    '$text = @{',
    ...Object.entries(text).map(([key, value]) => `    ${key} = ${powerShellQuoted(value)}`),
    '}',
  ];
  return Buffer.from(crlf(`\ufeff${filled(windowsTemplate, lines)}`), 'utf8');
}

export function macosScript(values: ScriptValues, { scripts }: KitWords): Uint8Array {
  return shellScript(macosTemplate, {
    p12_name: values.p12Name,
    thumbprint: values.thumbprint,
    ca_name: values.caName,
    ca_thumbprint: values.caThumbprint,
    text_title: scripts.title(values.name),
    text_no_file: scripts.noFile,
    text_already: scripts.already,
    text_window: scripts.window,
    text_installed: scripts.installed,
    text_not_installed: scripts.notInstalled,
    text_trust_question: scripts.trustQuestion,
    text_trusted: scripts.trusted,
    text_not_trusted: scripts.notTrusted,
    text_keychain: scripts.keychain,
    text_restart: scripts.restart,
  });
}

export function linuxScript(values: ScriptValues, { scripts }: KitWords): Uint8Array {
  return shellScript(linuxTemplate, {
    p12_name: values.p12Name,
    fingerprint: values.fingerprint,
    key_uri: values.keyId.replace(/../g, '%$&'),
    ca_name: values.caName,
    // certutil takes a colon for the end of a token's name.
    ca_nickname: values.caName.replaceAll(':', ' '),
    text_title: scripts.title(values.name),
    text_no_file: scripts.noFile,
    text_tools: scripts.tools,
    text_by_hand: scripts.byHand,
    text_password: `${scripts.password}:`,
    text_wrong_password: scripts.wrongPassword,
    text_master_password: scripts.masterPassword,
    text_locked: scripts.locked,
    text_installed: scripts.installed,
    text_installed_in: scripts.installedIn,
    text_not_installed: scripts.notInstalled,
    text_not_installed_in: scripts.notInstalledIn,
    text_partly: scripts.partly,
    text_trust_question: scripts.trustQuestion,
    text_trusted: scripts.trusted,
    text_not_trusted: scripts.notTrusted,
    text_restart: scripts.restart,
  });
}

function shellScript(template: string, variables: Readonly<Record<string, string>>): Uint8Array {
  const lines = Object.entries(variables).map(([key, value]) => `${key}=${shellQuoted(value)}`);
  return Buffer.from(filled(template, lines), 'utf8');
}

/** By function, so that a `$&` in a value is not taken for a pattern of replace. */
const filled = (template: string, lines: readonly string[]): string =>
  template.replace('@VALUES@', () => lines.join('\n'));

const crlf = (text: string): string => text.replace(/\r?\n/g, '\r\n');

/** POSIX: nothing but the quote itself means anything between single quotes. */
const shellQuoted = (text: string): string => `'${oneLine(text).replaceAll("'", `'\\''`)}'`;

/** PowerShell takes the typographic single quotes for the plain one; doubled, each stands for itself. */
const powerShellQuoted = (text: string): string => `'${oneLine(text).replace(/['\u2018-\u201b]/g, '$&$&')}'`;

/** No value of a certificate holds a line end; no script breaks if one does. */
const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');
