// Everything of Warifu that runs in Node or Electron, as one build each: `main`, `preload`, `cli` (env WARIFU_PART).
// In a checkout the command line runs its TypeScript as it stands; inside a package Node would not strip types.
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { nativeModules } from './native-modules.mjs';

const root = join(import.meta.dirname, '..');

/** Main is CommonJS as well: it must have run before Electron is ready, which a module need not have. */
const parts = {
  main: { entry: 'main/main.ts', format: 'cjs', entryFileNames: 'main.cjs' },
  // A sandboxed preload script can be nothing else.
  preload: { entry: 'preload/preload.ts', format: 'cjs', entryFileNames: 'preload.cjs' },
  cli: { entry: 'cli/warifu.mjs', format: 'es', entryFileNames: 'warifu.mjs' },
};
const part = process.env.WARIFU_PART;
const { entry, format, entryFileNames } = parts[part];

export default defineConfig({
  root,
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: join(root, entry),
    outDir: join(root, 'dist', part),
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      external: ['electron', ...nativeModules],
      output: {
        format,
        entryFileNames,
        chunkFileNames: format === 'cjs' ? '[name].cjs' : 'parts/[name].mjs',
        // Node is silent about what packages in node_modules do; bundled they are in none.
        ...(part === 'preload' ? {} : { banner: 'process.noDeprecation = true;' }),
      },
    },
  },
});
