// Everything of Warifu that runs in Node or Electron, as one build each: `main`, `preload`, `cli` (env WARIFU_PART).
// In a checkout the command line runs its TypeScript as it stands; inside a package Node would not strip types.
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';
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
  main: { entry: 'main/main.ts', threads, format: 'cjs', extension: 'cjs' },
  // A sandboxed preload script can be nothing else.
  preload: { entry: 'preload/preload.ts', threads: [], format: 'cjs', extension: 'cjs' },
  cli: { entry: 'cli/warifu.mjs', threads, format: 'es', extension: 'mjs' },
};
const part = process.env.WARIFU_PART;
const { entry, format, extension } = parts[part];
const outDir = join(root, 'dist', part);
// Node is silent about what packages in node_modules do; bundled they are in none.
const banner = part === 'preload' ? '' : 'process.noDeprecation = true;';

/** Each thread is one file: what it shared with the app would load the app, and Electron, which no thread has. */
const loneThreads = {
  name: 'lone-threads',
  async writeBundle() {
    for (const thread of parts[part].threads) {
      const bundle = await rolldown({ cwd: root, input: thread, platform: 'node', external: nativeModules });
      const file = join(outDir, `${basename(thread, '.ts')}.${extension}`);
      await bundle.write({ file, format, codeSplitting: false, banner });
      await bundle.close();
    }
  },
};

export default defineConfig({
  root,
  publicDir: false,
  plugins: [loneThreads],
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir,
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      input: join(root, entry),
      external: ['electron', ...nativeModules],
      output: {
        format,
        entryFileNames: `[name].${extension}`,
        chunkFileNames: `[name].${extension}`,
        banner,
      },
    },
  },
});
