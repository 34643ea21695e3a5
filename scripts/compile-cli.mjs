import { basename, dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './toolchain.mjs';

/** Holds machine code for one system, so it stays a package beside the compiled file. */
const native = [/^koffi$/, /^@napi-rs\/keyring$/];

/**
 * Compiles the command line into one ES module that a plain Node runs without node_modules, but for the packages
 * that hold machine code.
 *
 * @param {string} file where to put it; ends in .mjs
 */
export async function compileCli(file) {
  const bundle = await rolldown({
    cwd: root,
    input: join(root, 'cli', 'main.ts'),
    platform: 'node',
    external: native,
    logLevel: 'warn',
  });
  await bundle.write({
    dir: dirname(file),
    entryFileNames: basename(file),
    format: 'esm',
    codeSplitting: false,
    minify: false,
  });
  await bundle.close();
}
