/**
 * Runs `/usr/bin/security`, the keychain's own program (its manual page; its source is SecurityTool in Apple's
 * open-source Security). Secrets go in on standard input: `security -i` takes one command a line from there.
 */
import { Problem } from '../../../contract/problem.ts';
import { runTool, type ToolRun } from '../run-tool.ts';
import { homeOf, type StoreHost } from '../store.ts';

/** The system may put up a question, and people take their time. */
const patience = 5 * 60_000;
/** `security -i` cuts a line at 4,096 octets, its end included, and a command at 32 words (security.c). */
const lineLimit = 4095;
const wordLimit = 32;

/** By array, for everything that is no secret. @throws Problem STORE_TOOL_FAILED */
export function security(host: StoreHost, ...args: readonly string[]): Promise<ToolRun> {
  return run(host, args);
}

/** The same, for what must not wait for a person. @throws Problem STORE_TOOL_FAILED */
export function securityWithin(
  host: StoreHost,
  milliseconds: number,
  ...args: readonly string[]
): Promise<ToolRun> {
  return run(host, args, undefined, milliseconds);
}

/**
 * The same command on standard input, where no other process sees it.
 * @throws Problem STORE_TOOL_FAILED; VALUE_INVALID when a word cannot be written on one line
 */
export function securityUnseen(host: StoreHost, ...words: readonly string[]): Promise<ToolRun> {
  return run(host, ['-i'], commandLine(words));
}

function run(
  host: StoreHost,
  args: readonly string[],
  input?: string,
  timeLimit = patience,
): Promise<ToolRun> {
  return runTool({
    program: host.securityTool ?? '/usr/bin/security',
    name: 'security',
    args,
    env: { HOME: homeOf(host), PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'en_US.UTF-8' },
    timeLimit,
    ...(input === undefined ? {} : { input }),
  });
}

/**
 * One line for `security -i`. Its reader knows two quotes and the backslash, which takes the next octet as it is,
 * inside quotes too; so every word is put in double quotes with both characters escaped. Other octets, spaces and
 * UTF-8 among them, stand for themselves. The error names no word, since one may be a password.
 * @throws Problem VALUE_INVALID
 */
export function commandLine(words: readonly string[]): string {
  const line = `${words.map((word) => `"${word.replace(/["\\]/g, '\\$&')}"`).join(' ')}\n`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line end would begin another command, NUL would end this one
  const unfit = words.some((word) => /[\u0000\n]/.test(word));
  if (unfit || Buffer.byteLength(line) > lineLimit || words.length > wordLimit)
    throw new Problem('VALUE_INVALID', { what: 'security -i', value: '…' });
  return line;
}

/** OSStatus values, by the octet that is left of them as an exit code and by what `security` prints in English. */
const meanings = {
  duplicate: { exit: 45, text: /already exists in the keychain/ },
  notFound: { exit: 44, text: /could not be found in the keychain/ },
  noKeychain: { exit: 50, text: /specified keychain could not be found/ },
  noInteraction: {
    exit: 36,
    text: /[Uu]ser interaction is not allowed|no user interaction was possible|errSecInternalComponent/,
  },
  wrongPassword: { exit: 51, text: /user name or passphrase you entered is not correct/ },
  canceled: { exit: 128, text: /cancel(?:l)?ed/i },
} as const;
type Meaning = keyof typeof meanings;

/** Whether a run ended for this reason. Many commands answer 1 for everything and say it in words alone. */
export function means({ exitCode, stderr }: ToolRun, meaning: Meaning): boolean {
  const { exit, text } = meanings[meaning];
  return exitCode !== 0 && (exitCode === exit || text.test(stderr));
}

/**
 * The problem behind a refusal. The words of `security` may be in the language of the system, so what they do not
 * tell is asked: a keychain that will not even show its settings is locked.
 */
export async function refusal(host: StoreHost, path: string, refused: ToolRun): Promise<Problem> {
  if (means(refused, 'noKeychain')) return new Problem('STORE_ABSENT', { path });
  if (means(refused, 'wrongPassword')) return new Problem('STORE_LOCKED', { path });
  if (means(refused, 'canceled'))
    return new Problem('STORE_TOOL_FAILED', { tool: 'security', reason: 'canceled' });
  const settings = await security(host, 'show-keychain-info', path);
  if (means(settings, 'noInteraction') || means(settings, 'wrongPassword'))
    return new Problem('STORE_LOCKED', { path });
  if (means(refused, 'noInteraction')) return new Problem('STORE_INTERACTION', { path });
  return new Problem('STORE_TOOL_FAILED', { tool: 'security', reason: `exit ${refused.exitCode}` });
}
