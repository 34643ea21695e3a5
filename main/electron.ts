import type * as electron from 'electron';

/**
 * The parts of Electron that main uses, as types. The thing itself is handed over by main.ts, the one file that
 * imports it: in a plain Node that import starts a download.
 */
export type Electron = Pick<
  typeof electron,
  | 'app'
  | 'BrowserWindow'
  | 'clipboard'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'MessageChannelMain'
  | 'powerMonitor'
  | 'protocol'
  | 'screen'
  | 'session'
  | 'shell'
>;
