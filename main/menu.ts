/** The menu: what the system expects of every app, by role, and two fixed addresses. */
import type { MenuItemConstructorOptions } from 'electron';
import type { Language } from '../contract/problems/define.ts';
import type { Electron } from './electron.ts';
import { type LinkName, links } from './links.ts';
import { type MenuWords, words } from './words.ts';

/** Sets the app's menu and its About. */
export function showMenu(electron: Electron, language: Language): void {
  const { app, Menu } = electron;
  const text = words[language].menu;
  app.setAboutPanelOptions({
    applicationName: 'Warifu',
    applicationVersion: app.getVersion(),
    copyright: text.about.licence,
    credits: text.about.what,
  });
  const template = menuTemplate(text, {
    platform: process.platform,
    developing: !app.isPackaged,
    open: (name) => void electron.shell.openExternal(links[name]),
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

interface MenuOptions {
  readonly platform: NodeJS.Platform;
  readonly developing: boolean;
  open(name: LinkName): void;
}

export function menuTemplate(
  text: MenuWords,
  { platform, developing, open }: MenuOptions,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const line = { type: 'separator' } as const;
  const about = { role: 'about', label: text.about.label } as const;
  const quit = { role: 'quit', label: mac ? text.quitMac : text.quit } as const;
  const app: MenuItemConstructorOptions = {
    label: 'Warifu',
    submenu: [
      about,
      line,
      { role: 'hide', label: text.hide },
      { role: 'hideOthers', label: text.hideOthers },
      { role: 'unhide', label: text.unhide },
      line,
      quit,
    ],
  };
  const file: MenuItemConstructorOptions = {
    label: text.file,
    submenu: mac ? [{ role: 'close', label: text.close }] : [quit],
  };
  return [
    ...(mac ? [app] : []),
    file,
    {
      label: text.edit,
      submenu: [
        { role: 'undo', label: text.undo },
        { role: 'redo', label: text.redo },
        line,
        { role: 'cut', label: text.cut },
        { role: 'copy', label: text.copy },
        { role: 'paste', label: text.paste },
        { role: 'selectAll', label: text.selectAll },
      ],
    },
    {
      label: text.view,
      submenu: [
        { role: 'resetZoom', label: text.resetZoom },
        { role: 'zoomIn', label: text.zoomIn },
        { role: 'zoomOut', label: text.zoomOut },
        line,
        { role: 'togglefullscreen', label: text.fullScreen },
        ...(developing ? [line, { role: 'toggleDevTools' } as const] : []),
      ],
    },
    {
      role: 'windowMenu',
      label: text.window,
    },
    {
      role: 'help',
      label: text.help,
      submenu: [
        { label: text.tutorial, click: () => open('tutorial') },
        { label: text.console, click: () => open('console') },
        ...(mac ? [] : [line, about]),
      ],
    },
  ];
}
