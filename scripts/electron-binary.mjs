import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './toolchain.mjs';

/**
 * The Electron that can be run here: of ELECTRON_OVERRIDE_DIST_PATH, else of the installed package when its binary
 * has been fetched (`npx install-electron`). Only looks: the package itself, imported, would start a download.
 *
 * @returns {string | undefined} an executable's path
 */
export function electronBinary(env = process.env, platform = process.platform) {
  const program = {
    darwin: join('Electron.app', 'Contents', 'MacOS', 'Electron'),
    win32: 'electron.exe',
  }[platform];
  const packageFolder = join(root, 'node_modules', 'electron');
  const folder = env.ELECTRON_OVERRIDE_DIST_PATH || join(packageFolder, 'dist');
  const path = join(folder, program ?? 'electron');
  return existsSync(path) && hasScreen(env, platform) ? path : undefined;
}

function hasScreen(env, platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}
