// Everything of Warifu that runs in Node or Electron, as one build each: `main`, `preload`, `cli` (env WARIFU_PART).
// In a checkout the command line runs its TypeScript as it stands; inside a package Node would not strip types.
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { nativeModules } from './native-modules.mjs';

const root = join(import.meta.dirname, '..');

/** A thread is loaded by name from beside what starts it. */
const threads = [
  'core/authority/reader-thread.ts',
  'core/key-maker/key-maker-thread.ts',
  'core/pkcs12/aside-thread.ts',
];

/** Main is CommonJS as well: it must have run before Electron is ready, which a module need not have. */
const parts = {
  main: { entries: ['main/main.ts', ...threads], format: 'cjs', extension: 'cjs' },
  // A sandboxed preload script can be nothing else.
  preload: { entries: ['preload/preload.ts'], format: 'cjs', extension: 'cjs' },
  cli: { entries: ['cli/warifu.mjs', ...threads], format: 'es', extension: 'mjs' },
};
const part = process.env.WARIFU_PART;
const { entries, format, extension } = parts[part];

export default defineConfig({
  root,
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: join(root, 'dist', part),
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      input: entries.map((entry) => join(root, entry)),
      external: ['electron', ...nativeModules],
      output: {
        format,
        entryFileNames: `[name].${extension}`,
        chunkFileNames: `[name].${extension}`,
        // Node is silent about what packages in node_modules do; bundled they are in none.
        ...(part === 'preload' ? {} : { banner: 'process.noDeprecation = true;' }),
      },
    },
  },
});
