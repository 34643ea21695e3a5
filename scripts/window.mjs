import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { environment, root, SetupError } from './toolchain.mjs';

const built = join(root, 'dist', 'renderer');
const stamp = join(built, 'built-from');

/**
 * Builds the app's window into dist/renderer when it is absent or older than what it is made of.
 *
 * @param {string} node the Node that runs Warifu
 * @throws SetupError when it cannot be built
 */
export function ensureWindow(node) {
  const sources = fingerprint();
  if (existsSync(join(built, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources)
    return;
  console.error('Building the window ...');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const build = spawnSync(
    node,
    [vite, 'build', '--config', join('scripts', 'vite.config.mjs'), '--logLevel', 'warn'],
    { cwd: root, env: environment(), stdio: ['ignore', 2, 2] },
  );
  if (build.status !== 0)
    throw new SetupError('The window could not be built; the words of Vite stand above.');
  writeFileSync(stamp, sources);
}

/** Everything that the window is made of. The lockfile stands for the packages. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const folder of ['renderer', 'contract']) {
    const paths = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const path of paths)
      hash.update(path.slice(root.length).split(sep).join('/')).update(readFileSync(path));
  }
  for (const file of ['package-lock.json', 'scripts/vite.config.mjs'])
    hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}
