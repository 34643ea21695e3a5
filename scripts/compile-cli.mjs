// node scripts/compile-cli.mjs FILE.mjs [ENTRY.ts]: compiles the command line, or another entry, into one module that
// a plain Node runs, and puts the thread that it may start beside it. Else only the packages that hold machine code
// are needed.
import { basename, dirname, join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { nativeModules } from './native-modules.mjs';
import { root } from './toolchain.mjs';

const [file, entry = join(root, 'cli', 'main.ts'), ...others] = process.argv.slice(2);
if (!file?.endsWith('.mjs') || others.length > 0) {
  console.error('Usage: node scripts/compile-cli.mjs FILE.mjs [ENTRY.ts]');
  process.exit(2);
}
await compile(resolve(entry), basename(file));
await compile(join(root, 'core', 'registry', 'listing-thread.ts'), 'listing-thread.mjs');

async function compile(input, entryFileNames) {
  const bundle = await rolldown({ cwd: root, input, platform: 'node', external: nativeModules });
  await bundle.write({ dir: dirname(resolve(file)), entryFileNames, format: 'esm', codeSplitting: false });
  await bundle.close();
}
