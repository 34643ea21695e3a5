import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The oldest Node that runs Warifu: TypeScript without a build step, and node:sqlite. */
export const oldestNode = 24;

const modules = join(root, 'node_modules');
const hiddenLockfile = join(modules, '.package-lock.json');

/** A set-up step that cannot go on. The message is one sentence for the person at the terminal. */
export class SetupError extends Error {}

/**
 * Installs the locked packages when they are absent, older or newer than package-lock.json, or damaged.
 * npm writes the hidden lockfile last, so an interrupted install is seen as "absent" and done again.
 *
 * @param {{ install: boolean }} options install: false only checks
 * @throws SetupError when the packages cannot be installed
 */
export function ensureDependencies({ install }) {
  const reason = reasonToInstall();
  if (reason === undefined) return;
  if (!install) throw new SetupError(`${reason} Run "npm start" or "npm test", which install them.`);
  if (process.platform === 'win32' && process.execPath.startsWith(modules + sep)) {
    // Windows cannot delete a program that runs: this very Node would be in the way of its own update.
    throw new SetupError(`${reason} Delete the folder node_modules, then run this again.`);
  }
  console.error(`${reason} Installing ...`);
  rmSync(modules, { recursive: true, force: true });
  // Not `npm ci`: it refuses a lockfile that lacks another platform's optional packages, and a registry
  // need not have all of those. With --no-save the lockfile is followed and never written.
  const args = [
    'install',
    '--no-save',
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
    '--no-progress',
  ];
  const status = runNpm(args);
  if (status !== 0) {
    throw new SetupError(
      `npm did not succeed (${status}); its own words stand above. Check the network, then run this again: it starts over.`,
    );
  }
  const still = reasonToInstall();
  if (still !== undefined) throw new SetupError(findNode() === undefined ? noNodeSentence() : still);
}

/**
 * The Node that runs Warifu: the one from the locked packages, else the one that runs this script.
 *
 * @returns {string} an executable's path
 * @throws SetupError when neither is new enough
 */
export function requireNode() {
  const node = findNode();
  if (node === undefined) throw new SetupError(noNodeSentence());
  return node;
}

/** The environment for Warifu's own processes: `node` and the locked tools come first in PATH. */
export function environment() {
  const places = [join(modules, '.bin'), process.env.PATH ?? process.env.Path ?? ''];
  // A user's PATH on Debian lacks the folders where nginx and wine64 live.
  if (process.platform === 'linux') places.push('/usr/sbin', '/sbin', '/usr/lib/wine');
  const env = { ...process.env };
  delete env.Path;
  // Set by a surrounding `node --test`; it would change what test processes print.
  delete env.NODE_TEST_CONTEXT;
  // Types are stripped once and not in every process. In no folder that others write to.
  env.NODE_COMPILE_CACHE = join(modules, '.cache', 'warifu');
  return { ...env, PATH: places.join(delimiter) };
}

function findNode() {
  const locked = lockedNode();
  if (existsSync(locked) && majorVersion(locked) >= oldestNode) return locked;
  if (Number.parseInt(process.versions.node, 10) >= oldestNode) return process.execPath;
  return undefined;
}

function lockedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  return join(modules, `node-${platform}-${process.arch}`, 'bin', file);
}

/** Asks the program itself: a file may be there and yet not run (another libc, a torn download). */
function majorVersion(node) {
  const answer = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return answer.status === 0 ? Number.parseInt(answer.stdout.replace(/^v/, ''), 10) : 0;
}

function noNodeSentence() {
  return `Warifu needs Node ${oldestNode} or newer, this is ${process.versions.node}, and npm could not fetch one for ${process.platform}-${process.arch}: install it from https://nodejs.org, then run this again.`;
}

/** @returns {string | undefined} a sentence, or undefined when what is installed is what is locked */
function reasonToInstall() {
  const wanted = readPackages(join(root, 'package-lock.json'));
  if (wanted === undefined)
    throw new SetupError('package-lock.json is missing or damaged: restore it from git.');
  const present = readPackages(hiddenLockfile);
  if (present === undefined) return 'The packages are not installed.';
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = present[path];
    // npm leaves out what is optional and made for another platform.
    if (found === undefined && entry.optional === true) continue;
    if (found?.version !== entry.version || found?.integrity !== entry.integrity) {
      return `The installed packages differ from package-lock.json (${path}).`;
    }
  }
  for (const [path, entry] of Object.entries(present)) {
    if (wanted[path] === undefined && entry.optional !== true)
      return `The installed packages differ from package-lock.json (${path}).`;
    if (!existsSync(join(root, path, 'package.json'))) return `An installed package is damaged (${path}).`;
  }
  if (findNode() === undefined) return `Node ${oldestNode} is not installed.`;
  return undefined;
}

function readPackages(lockfile) {
  try {
    return JSON.parse(readFileSync(lockfile, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Everything npm says goes to stderr: stdout belongs to the job that follows. @returns {unknown} 0 when it succeeded */
export function runNpm(args) {
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const script = process.env.npm_execpath ?? '';
  if (basename(script) === 'npm-cli.js') {
    // npm's own Node rather than ours: ours may be among the files that are about to be replaced.
    return outcome(spawnSync(process.env.npm_node_execpath ?? process.execPath, [script, ...args], options));
  }
  return outcome(spawnSync('npm', args, { ...options, shell: process.platform === 'win32' }));
}

function outcome(result) {
  return result.error?.message ?? result.signal ?? result.status;
}
