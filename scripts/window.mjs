import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { environment, root, SetupError } from './toolchain.mjs';

const behindTheWindow = ['contract', 'core', 'simulator', 'host', 'cli'];

/** What is built, into dist/<part>. `proof` is the file that shows that it is there. */
const parts = {
  renderer: {
    called: 'the window',
    config: 'vite.config.mjs',
    proof: 'index.html',
    sources: ['renderer', 'contract'],
  },
  preload: {
    called: 'the bridge to the window',
    config: 'vite.process.config.mjs',
    proof: 'preload.cjs',
    sources: ['preload', 'contract'],
  },
  main: {
    called: 'the desktop app',
    config: 'vite.process.config.mjs',
    proof: 'main.cjs',
    sources: ['main', ...behindTheWindow],
  },
  cli: {
    called: 'the command line',
    config: 'vite.process.config.mjs',
    proof: 'warifu.mjs',
    sources: behindTheWindow,
  },
};

/**
 * Builds the app's window into dist/renderer when it is absent or older than what it is made of.
 *
 * @param {string} node the Node that runs Warifu
 * @throws SetupError when it cannot be built
 */
export function ensureWindow(node) {
  ensureBuilt(node, 'renderer');
}

/** The same for what Electron runs: dist/main and dist/preload. @throws as {@link ensureWindow} */
export function ensureDesktop(node) {
  ensureBuilt(node, 'preload');
  ensureBuilt(node, 'main');
}

/** The same for the command line as a package has it, and `npm start`: dist/cli. @throws as {@link ensureWindow} */
export function ensureBuiltCommandLine(node) {
  ensureBuilt(node, 'cli');
}

function ensureBuilt(node, part) {
  const { called, config, proof } = parts[part];
  const folder = join(root, 'dist', part);
  const stamp = join(folder, 'built-from');
  const sources = fingerprint(part);
  if (existsSync(join(folder, proof)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  console.error(`Building ${called} ...`);
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const build = spawnSync(
    node,
    [vite, 'build', '--config', join('scripts', config), '--logLevel', 'warn'],
    // npm start and npm test keep stdout for the job that follows.
    { cwd: root, env: { ...environment(), WARIFU_PART: part }, stdio: ['ignore', 2, 2] },
  );
  if (build.status !== 0)
    throw new SetupError(`dist/${part} could not be built; the words of Vite stand above.`);
  writeFileSync(stamp, sources);
}

/** Everything that a part is made of. The lockfile stands for the packages. */
function fingerprint(part) {
  const { config, sources } = parts[part];
  const hash = createHash('sha256');
  for (const folder of sources) {
    const paths = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const path of paths)
      hash.update(path.slice(root.length).split(sep).join('/')).update(readFileSync(path));
  }
  for (const file of ['package-lock.json', `scripts/${config}`, 'scripts/native-modules.mjs'])
    hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}
