/** The built window, read once: a path is a key of this map or it is nothing, so that none leads out of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';

export interface WindowFile {
  readonly bytes: Buffer;
  readonly type: string;
}
/** By the path of the request, `/` among them. */
export type WindowFiles = ReadonlyMap<string, WindowFile>;

/** Stands in the built page where each answer puts its own nonce. */
export const nonceMark = '__WARIFU_NONCE__';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Undefined when the window was not built. */
export function readWindowFiles(folder: string): WindowFiles | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  const files = new Map<string, WindowFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length).split(sep).join('/');
    files.set(name === '/index.html' ? '/' : name, { bytes: readFileSync(path), type });
  }
  return files;
}
