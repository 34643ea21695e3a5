/** The one window: sandboxed, isolated, and where it was when it was closed. */
import { fileURLToPath } from 'node:url';
import type { BrowserWindow } from 'electron';
import type { WarifuClient } from '../contract/contract.ts';
import type { Language } from '../contract/problems/define.ts';
import { windowAddress } from './content-scheme.ts';
import type { Electron } from './electron.ts';
import { showMenu } from './menu.ts';
import { keepPlace, placeOf } from './window-place.ts';
import { languageOf } from './words.ts';

const preload = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url));
const icon = fileURLToPath(new URL('../../assets/icon.png', import.meta.url));

export function openWindow(
  electron: Electron,
  { home, partition, content }: { home: string; partition: string; content: WarifuClient },
): BrowserWindow {
  const { app, BrowserWindow: Window, screen } = electron;
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
  const { bounds, maximized } = placeOf(home, areas);
  const window = new Window({
    ...bounds,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Warifu',
    ...(process.platform === 'linux' ? { icon } : {}),
    webPreferences: {
      preload,
      partition,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      // A packaged app shows its insides to nobody.
      devTools: !app.isPackaged,
    },
  });
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () =>
    keepPlace(home, { bounds: window.getNormalBounds(), maximized: window.isMaximized() }),
  );
  // A page gets its title in the language of the app: when that changes, the menu follows.
  let shown: Language | undefined;
  window.on('page-title-updated', async () => {
    const language = await languageOf(content, app.getLocale());
    if (language !== shown) showMenu(electron, language);
    shown = language;
  });
  // Returned while it loads, so that a second start in between finds this window and opens none.
  void window.loadURL(windowAddress);
  return window;
}
