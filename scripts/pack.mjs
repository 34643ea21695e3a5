// npm run pack -- linux|win|mac [x64|arm64] [electron-builder's options]: an installable Warifu, in dist/package/…/packed.
// electron-builder fetches Electron and the tools of the installers from where their makers keep them.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nativeModules } from './native-modules.mjs';
import { environment, requireNode, root } from './toolchain.mjs';
import { ensureBuiltCommandLine, ensureDesktop, ensureWindow } from './window.mjs';

const systems = { linux: 'linux', win: 'win32', mac: 'darwin' };

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [system, second, ...rest] = process.argv.slice(2);
  const named = second === 'x64' || second === 'arm64';
  if (!(system in systems)) throw new Error('Say what for: linux, win or mac.');
  const processor = named ? second : process.arch;
  pack(lay(system, processor), system, processor, named || second === undefined ? rest : [second, ...rest]);
}

/**
 * Lays out what goes into a package: what was built, and the packages with machine code as the target needs them.
 *
 * @param {keyof typeof systems} system
 * @param {string} processor x64 or arm64
 * @returns {string} the folder
 */
export function lay(system, processor) {
  const node = requireNode();
  ensureWindow(node);
  ensureDesktop(node);
  ensureBuiltCommandLine(node);
  const folder = join(root, 'dist', 'package', `${system}-${processor}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of ['main', 'preload', 'renderer', 'cli'])
    cpSync(join(root, 'dist', part), join(folder, 'dist', part), { recursive: true });
  cpSync(join(root, 'dist', 'renderer'), join(folder, 'for-browsers'), { recursive: true });
  cpSync(join(root, 'assets'), join(folder, 'assets'), { recursive: true });
  // electron-builder loads a hook from the folder that it packs, and from nowhere else.
  cpSync(join(root, 'scripts', 'fuses.mjs'), join(folder, 'fuses.mjs'));
  const own = json('package.json');
  const { name, version, description, license, type, main } = own;
  const dependencies = Object.fromEntries(nativeModules.map((each) => [each, own.dependencies[each]]));
  const manifest = { name, version, description, author: 'Warifu', license, type, main, dependencies };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lockOf(manifest), null, 2));
  run('npm', [
    'install',
    '--omit=dev',
    '--ignore-scripts',
    `--os=${systems[system]}`,
    `--cpu=${processor}`,
    ...(system === 'linux' ? ['--libc=glibc'] : []),
    '--loglevel=error',
    '--no-progress',
    '--prefix',
    folder,
  ]);
  return folder;
}

/** Calls electron-builder on what `lay` made. @throws Error when it does not succeed */
export function pack(folder, system, processor, options) {
  run(
    requireNode(),
    [
      fileURLToPath(import.meta.resolve('electron-builder/cli.js')),
      `--${system}`,
      `--${processor}`,
      '--projectDir',
      folder,
      '--config',
      join(root, 'electron-builder.yml'),
      '--publish',
      'never',
      ...options,
    ],
    folder,
  );
}

/** The part of the lockfile that the package needs, so that it holds exactly what was locked here. */
function lockOf({ name, version, dependencies }) {
  const { lockfileVersion, packages } = json('package-lock.json');
  const kept = { '': { name, version, dependencies } };
  const wanted = Object.keys(dependencies);
  for (let each = wanted.pop(); each !== undefined; each = wanted.pop()) {
    const path = `node_modules/${each}`;
    const entry = packages[path];
    if (!entry || path in kept) continue;
    kept[path] = entry;
    wanted.push(...Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }));
  }
  return { name, version, lockfileVersion, requires: true, packages: kept };
}

const json = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

function run(command, args, cwd = root) {
  const { status, error } = spawnSync(command, args, {
    cwd,
    env: environment(),
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (status !== 0) throw new Error(`${command} ${args[0]} did not succeed: ${error?.message ?? status}`);
}
