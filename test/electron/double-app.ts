/** The compiled main in this very process, on the double, in a home of its own. Once per process: it is a whole app. */
import '../electron/double/register.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DesktopUnderTest } from '../e2e/app/desktop-scenario.ts';
import { desktop, powerMonitor } from './double/electron.ts';
import { app, circumstances } from './double/state.ts';
import { BrowserWindow, closeBrowser } from './double/window.ts';

export interface DoubleApp extends DesktopUnderTest, AsyncDisposable {
  readonly home: string;
  readonly window: BrowserWindow;
  /** Errors and warnings of the window's console, policy violations among them. */
  readonly complaints: readonly string[];
}

/** `root`: what holds dist/; this checkout, or a package that was taken apart. */
export async function startDouble({
  locale,
  root = fileURLToPath(new URL('../..', import.meta.url)),
}: {
  locale: string;
  root?: string;
}): Promise<DoubleApp> {
  const directory = mkdtempSync(join(tmpdir(), 'warifu 窓 window-'));
  const home = join(directory, 'データ home');
  // Certificate stores of this user are none of the test's business.
  Object.assign(process.env, { WARIFU_HOME: home, HOME: directory, XDG_DATA_HOME: '' });
  circumstances.locale = locale;
  const opened = Promise.withResolvers<BrowserWindow>();
  const complaints: string[] = [];
  app.once('web-contents-created', () =>
    queueMicrotask(() => opened.resolve(BrowserWindow.getAllWindows()[0]!)),
  );
  createRequire(import.meta.url)(join(root, 'dist', 'main', 'main.cjs'));
  const window = await Promise.race([opened.promise, circumstances.ended.promise]);
  if (!window) throw new Error(`main ended: ${desktop.errors.join('\n')}`);
  window.onPage = (page) => {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  };
  await new Promise((resolve) => window.once('ready-to-show', resolve));
  return {
    home,
    window,
    complaints,
    page: window.page!,
    path: (name) => join(directory, name),
    async answerSave(filePath) {
      desktop.save.push({ canceled: false, filePath });
    },
    async answerOpen(filePaths) {
      desktop.open.push({ canceled: false, filePaths: [...filePaths] });
    },
    async proposals() {
      return desktop.asked.flatMap(({ defaultPath }) => defaultPath ?? []);
    },
    async suspend() {
      powerMonitor.emit('suspend');
    },
    async [Symbol.asyncDispose]() {
      app.quit();
      await circumstances.ended.promise;
      await closeBrowser();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
