/**
 * Electron, as far as Warifu's main uses it, in a plain Node: windows are pages of Debian's Chromium. It proves how
 * main, preload and window work together; what only Electron does (its sandbox, its isolated worlds, asar integrity,
 * fuses) it cannot. The compiler holds it against Electron's own types.
 */
import { EventEmitter } from 'node:events';
import type Electron from 'electron';
import type { Electron as Used } from '../../../main/electron.ts';
import { MessageChannelMain } from './ports.ts';
import { sessionFor } from './session.ts';
import { app, ipc as ipcMain, isReady } from './state.ts';
import { BrowserWindow } from './window.ts';

/** What the next dialogs answer, and what they were asked; what the menu, the shell and the clipboard were given. */
export const desktop = {
  save: [] as Electron.SaveDialogReturnValue[],
  open: [] as Electron.OpenDialogReturnValue[],
  asked: [] as (Electron.SaveDialogOptions | Electron.OpenDialogOptions)[],
  errors: [] as string[],
  menu: [] as Electron.MenuItemConstructorOptions[],
  opened: [] as string[],
  clipboard: '',
  schemes: [] as Electron.CustomScheme[],
};

/** Dialogs come with a parent or without. */
const optionsOf = <T>(given: readonly unknown[]): T => given.at(-1) as T;

const dialog = {
  showSaveDialog: async (...given: unknown[]) => {
    desktop.asked.push(optionsOf<Electron.SaveDialogOptions>(given));
    return desktop.save.shift() ?? { canceled: true, filePath: '' };
  },
  showOpenDialog: async (...given: unknown[]) => {
    desktop.asked.push(optionsOf<Electron.OpenDialogOptions>(given));
    return desktop.open.shift() ?? { canceled: true, filePaths: [] };
  },
  showErrorBox: (_title: string, content: string) => void desktop.errors.push(content),
} satisfies Partial<Electron.Dialog>;

const protocol = {
  registerSchemesAsPrivileged: (schemes) => {
    if (isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    desktop.schemes.push(...schemes);
  },
} satisfies Partial<Electron.Protocol>;

const session = { fromPartition: sessionFor };

const shell = {
  openExternal: async (url) => void desktop.opened.push(url),
} satisfies Partial<Electron.Shell>;

const clipboard = {
  writeText: async (text) => {
    desktop.clipboard = text;
  },
} satisfies Partial<Electron.Clipboard>;

const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } } as Electron.Display],
} satisfies Partial<Electron.Screen>;

const Menu = {
  buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => template,
  setApplicationMenu: (template: Electron.MenuItemConstructorOptions[]) => {
    desktop.menu = template;
  },
};

const powerMonitor = new EventEmitter();

export {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
};

/** Nothing that main uses is missing here. */
({
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
}) satisfies Record<keyof Used, unknown>;
