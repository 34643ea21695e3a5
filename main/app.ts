/** The life of the app: one instance, one window, one core; locked when nobody sits there any more. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import { openSimulator } from '../cli/practice.ts';
import { channels } from '../contract/shell.ts';
import { type Core, createCore, defaultHome } from '../core/create-core.ts';
import { serveChannels } from './channels.ts';
import { registerScheme, serveScheme } from './content-scheme.ts';
import type { Electron } from './electron.ts';
import { fileAmong, HandedFiles } from './handed-files.ts';
import { refuseEverywhere, refusePermissions } from './lockdown.ts';
import { showMenu } from './menu.ts';
import { openWindow } from './window.ts';
import { languageOf } from './words.ts';

/** Everything of the window stays in memory: what is worth keeping is in the registry. */
const partition = 'warifu';

export function runApp(electron: Electron): void {
  const { app, powerMonitor } = electron;
  const home = defaultHome();
  // Two Warifus on two data directories may run side by side; what Chromium itself must keep stands with each.
  app.setPath('userData', join(home, 'window'));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }

  registerScheme(electron);
  app.enableSandbox();
  refuseEverywhere(electron);

  let core: Core | undefined;
  let window: BrowserWindow | undefined;
  const handed = new HandedFiles();
  const toFront = (): void => {
    if (!window) {
      if (core) open(core);
      return;
    }
    if (window.isMinimized()) window.restore();
    window.focus();
  };
  /** A page that loads asks by itself; one that is there is told. */
  const hand = (path: string | undefined): void => {
    if (path === undefined) return;
    handed.put(path);
    window?.webContents.postMessage(channels.handed, null);
  };
  hand(fileAmong(process.argv, process.cwd(), app.isPackaged));
  // Of what another start was told, a file is looked at and an address is not: a link in a mail starts nothing here.
  app.on('second-instance', (_event, argv, workingDirectory) => {
    hand(fileAmong(argv, workingDirectory, app.isPackaged));
    toFront();
  });
  // macOS; comes before the app is ready when it is started by a double click.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    hand(path);
    toFront();
  });
  app.on('open-url', (event) => event.preventDefault());

  const open = (running: Core): void => {
    window = openWindow(electron, { home, partition, content: running.client });
    window.on('closed', () => {
      window = undefined;
    });
  };

  app
    .whenReady()
    .then(async () => {
      core = createCore({ home, startPractice: openSimulator });
      const running = core;
      // A page that sends nonsense must not end the app.
      process.on('unhandledRejection', (error) => running.rooms.log.record(randomUUID(), error));
      const surface = electron.session.fromPartition(partition);
      refusePermissions(surface);
      serveScheme(surface);
      serveChannels(electron, running, handed);
      const lock = (): void => void running.client.vault.lock().catch(() => {});
      powerMonitor.on('suspend', lock);
      powerMonitor.on('lock-screen', lock);
      showMenu(electron, await languageOf(running.client, app.getLocale()));
      open(running);
      app.on('activate', () => {
        if (!window && core) open(core);
      });
    })
    .catch((error: unknown) => {
      electron.dialog.showErrorBox('Warifu', error instanceof Error ? error.message : String(error));
      app.exit(1);
    });

  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', (event) => {
    const closing = core;
    if (!closing) return;
    // Practice and the vault are closed first; then it ends for good.
    event.preventDefault();
    core = undefined;
    // Until this event and the microtasks behind it are over, Electron hears no second wish to quit (electron#33643).
    void closing.close().finally(() => setTimeout(() => app.quit(), 0));
  });
}
