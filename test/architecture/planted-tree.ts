import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

export interface Tree {
  readonly path: string;
  /** Writes files, given as path and text. */
  plant(files: Readonly<Record<string, string>>): Promise<void>;
  /** Runs check:arrows there, as package.json has it. */
  checkArrows(): Promise<{ readonly exitCode: number; readonly output: string }>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** An empty tree under Warifu's rules, with its own stand-ins for packages. */
export async function emptyTree(): Promise<Tree> {
  const path = await mkdtemp(join(tmpdir(), 'warifu-arrows-'));
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json'])
    await cp(join(root, file), join(path, file));
  return tree(path);
}

/** A copy of this repository's sources; the installed packages are shared. */
export async function copyOfThisTree(): Promise<Tree> {
  const path = await mkdtemp(join(tmpdir(), 'warifu-arrows-'));
  for (const entry of await readdir(root)) {
    if (['.git', '.cache', 'dist', 'node_modules'].includes(entry)) continue;
    await cp(join(root, entry), join(path, entry), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(path, 'node_modules'), 'junction');
  return tree(path);
}

function tree(path: string): Tree {
  return {
    path,
    async plant(files) {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(path, name)), { recursive: true });
        await writeFile(join(path, name), text);
      }
    },
    checkArrows: () => checkArrows(path),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

async function checkArrows(cwd: string): Promise<{ exitCode: number; output: string }> {
  const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
  const [shell, option] = process.platform === 'win32' ? ['cmd.exe', '/c'] : ['/bin/sh', '-c'];
  const PATH = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  return new Promise((resolve) => {
    execFile(
      shell,
      [option, manifest.scripts['check:arrows']],
      { cwd, env: { ...process.env, PATH } },
      (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
      },
    );
  });
}
