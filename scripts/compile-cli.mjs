// node scripts/compile-cli.mjs FILE.mjs [ENTRY.ts]: compiles the command line, or another entry, into one module that
// a plain Node runs. Beside it only the packages that hold machine code are needed.
import { basename, dirname, join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './toolchain.mjs';

const native = [/^koffi$/, /^@napi-rs\/keyring$/];

const [file, entry = join(root, 'cli', 'main.ts'), ...others] = process.argv.slice(2);
if (!file?.endsWith('.mjs') || others.length > 0) {
  console.error('Usage: node scripts/compile-cli.mjs FILE.mjs [ENTRY.ts]');
  process.exit(2);
}
const bundle = await rolldown({
  cwd: root,
  input: resolve(entry),
  platform: 'node',
  external: native,
});
await bundle.write({
  dir: dirname(resolve(file)),
  entryFileNames: basename(file),
  format: 'esm',
  codeSplitting: false,
});
await bundle.close();
