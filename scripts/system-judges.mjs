import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { environment } from './toolchain.mjs';

/** What step 5 of the tour, and of life, needs on Linux. */
export const storeTools = ['certutil', 'pk12util'];

/** Programs (or, with a whole path, files) that the tests judge by, and the Debian packages that each needs. */
const judges = [
  ['openssl', 'openssl'],
  ['certtool', 'gnutls-bin'],
  ['certutil', 'libnss3-tools'],
  ['pk12util', 'libnss3-tools'],
  ['chromium', 'chromium'],
  ['firefox-esr', 'firefox-esr'],
  ['nginx', 'nginx'],
  ['keytool', 'default-jre-headless'],
  ['gnome-keyring-daemon', 'gnome-keyring'],
  ['dbus-daemon', 'dbus'],
  ['dbus-run-session', 'dbus'],
  ['secret-tool', 'libsecret-tools'],
  ['strace', 'strace'],
  ['unshare', 'util-linux'],
  ['/usr/bin/python3', 'python3'],
  ['/usr/lib/python3/dist-packages/cryptography/__init__.py', 'python3-cryptography'],
  // Wine's PKCS#12 import is done by GnuTLS, which its packages only recommend.
  ['wine64', 'wine', 'wine64', 'libgnutls30'],
  ['shellcheck', 'shellcheck'],
  ['unzip', 'unzip'],
];

const policy = '/usr/sbin/policy-rc.d';
const policyText =
  "#!/bin/sh\n# Put here by Warifu's set-up while it installs packages; safe to delete.\nexit 101\n";

/**
 * Installs the missing judges on Debian and Ubuntu, as root. Never fails: what cannot be had is said,
 * and the tests that need it skip.
 *
 * @param {{ install: boolean, programs?: readonly string[] }} options install: false only says what is missing;
 *   programs: these alone instead of all
 */
export function ensureSystemJudges({ install, programs = judges.map(([program]) => program) }) {
  // The judges are for Linux; elsewhere the tests that need one say so themselves.
  if (process.platform !== 'linux') return;
  const missing = missingOf(programs);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.flatMap(([, ...debian]) => debian))];
  const list = missing.map(([program]) => program).join(', ');
  if (!existsSync('/usr/bin/apt-get')) {
    console.log(
      `Missing here: ${list}. What needs them does without or says so; install them with the system's package manager.`,
    );
  } else if (!install || process.getuid?.() !== 0) {
    console.log(
      `Missing here: ${list}. What needs them does without or says so; to install: sudo apt-get install ${packages.join(' ')}`,
    );
  } else {
    console.log(`Installing missing system tools: ${packages.join(' ')}`);
    withServicesHeldBack(() => installPackages(packages));
    const still = missingOf(programs).map(([program]) => program);
    if (still.length > 0) console.log(`Still missing: ${still.join(', ')}.`);
  }
}

function missingOf(programs) {
  const places = environment().PATH.split(delimiter);
  const wanted = judges.filter(([program]) => programs.includes(program));
  return wanted.filter(([program]) =>
    program.startsWith('/')
      ? !existsSync(program)
      : !places.some((place) => isExecutable(join(place, program))),
  );
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installPackages(packages) {
  if (!apt('update')) return;
  // One unknown name would make apt refuse all of them (Ubuntu has no chromium package).
  const known = packages.filter(
    (name) => spawnSync('apt-cache', ['show', name], { stdio: 'ignore' }).status === 0,
  );
  if (known.length > 0) apt('install', '--yes', '--no-install-recommends', ...known);
}

function apt(...args) {
  const settled = [
    '-qq',
    '-o',
    'DPkg::Lock::Timeout=300',
    '-o',
    'Acquire::Retries=3',
    '-o',
    'Dpkg::Use-Pty=0',
  ];
  const result = spawnSync('apt-get', [...settled, ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l', LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status === 0) return true;
  console.log(
    `apt-get ${args[0]} did not succeed:\n${result.error?.message ?? ''}${result.stderr ?? ''}`.trimEnd(),
  );
  return false;
}

/**
 * Debian starts a service when its package is installed. nginx on port 80 is not what a test run should
 * leave behind, so Debian's own switch (policy-rc.d) forbids it for the time being.
 */
function withServicesHeldBack(work) {
  const ours = !existsSync(policy) || readFileSync(policy, 'utf8') === policyText;
  if (ours) writeFileSync(policy, policyText, { mode: 0o755 });
  try {
    work();
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}
