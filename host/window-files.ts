/** The built window, read once: a path is a key of this map or it is nothing, so that none leads out of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

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
  // Folder by folder: inside a packed app `recursive` is not to be relied on.
  const take = (path: string, name: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const below = `${name}/${entry.name}`;
      const type = types[extname(entry.name)];
      if (entry.isDirectory()) take(join(path, entry.name), below);
      else if (type !== undefined)
        files.set(below === '/index.html' ? '/' : below, {
          bytes: readFileSync(join(path, entry.name)),
          type,
        });
    }
  };
  take(folder, '');
  return files;
}
