/** What every page is refused, whoever made it: leaving, opening windows, embedding, permissions. */
import type { Session, WebContents } from 'electron';
import type { Electron } from './electron.ts';

/** For each WebContents that will ever be, whatever opens it. */
export function refuseEverywhere({ app }: Electron): void {
  app.on('web-contents-created', (_event, contents) => refuse(contents));
}

function refuse(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Electron grants everything by default; Warifu needs nothing. Files come and go by the dialogs of main. */
export function refusePermissions(surface: Session): void {
  surface.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  surface.setPermissionCheckHandler(() => false);
  surface.setDevicePermissionHandler(() => false);
  surface.on('will-download', (event) => event.preventDefault());
}
