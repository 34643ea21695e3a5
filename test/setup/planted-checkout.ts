import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with this repository's scripts, where the rest is planted. */
export interface Checkout {
  readonly path: string;
  plant(files: Readonly<Record<string, string>>): Promise<void>;
  /** Runs `node <args>` there. `env` is added to the surroundings; CI is unset unless given. */
  node(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Outcome>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Without packages: neither a lockfile nor node_modules. */
export async function bareCheckout(): Promise<Checkout> {
  const path = await mkdtemp(join(tmpdir(), 'warifu-checkout-'));
  await cp(join(root, 'scripts'), join(path, 'scripts'), { recursive: true });
  return {
    path,
    async plant(files) {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(path, name)), { recursive: true });
        await writeFile(join(path, name), text);
      }
    },
    node: (args, env) => runNode(path, args, env),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** With this repository's packages. */
export async function installedCheckout(): Promise<Checkout> {
  const checkout = await bareCheckout();
  await cp(join(root, 'package-lock.json'), join(checkout.path, 'package-lock.json'));
  await symlink(join(root, 'node_modules'), join(checkout.path, 'node_modules'), 'junction');
  return checkout;
}

/** Node options that make this Node say that it is an older one. */
export const pretendingToBeNode20 = [
  '--import',
  `data:text/javascript,${encodeURIComponent(
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.0' } });",
  )}`,
];

export function lastLine(text: string): string | undefined {
  return text.trimEnd().split('\n').at(-1);
}

function runNode(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const { CI: _, npm_execpath: __, npm_node_execpath: ___, ...surroundings } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env: { ...surroundings, ...env } }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}
