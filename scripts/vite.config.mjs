import { join } from 'node:path';
import { defineConfig } from 'vite';

/** The large packages, by the file that each group of them becomes. */
const pieces = {
  react: ['react', 'react-dom', 'scheduler'],
  fluentui: ['@fluentui', '@griffel', '@floating-ui', 'tabster', 'keyborg', 'stylis', 'rtl-css-js'],
  orpc: ['@orpc', '@tanstack'],
  zod: ['zod'],
};
const groups = Object.entries(pieces).map(([name, packages]) => ({
  name,
  test: new RegExp(`/node_modules/(?:${packages.join('|')})/`),
}));

/** Relative addresses, so that the same files serve the loopback web and a window's own scheme. */
export default defineConfig({
  root: join(import.meta.dirname, '..', 'renderer'),
  base: './',
  // The host puts each answer's own nonce in its place (host/window-files.ts).
  html: { cspNonce: '__WARIFU_NONCE__' },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      output: {
        // A browser compiles files beside each other: the first screen comes some 40 ms sooner than from one file.
        codeSplitting: { groups },
      },
      onLog(level, log, report) {
        // "use client" means something to servers that render; there is none here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
});
