/** The app itself and its channels, shared by the parts of the double. */
import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Electron from 'electron';

/** Everything waits this long: other tests may run on the same machine. */
export const patience = 90_000;

/** What a test decides before main starts, and looks at afterwards. */
export const circumstances = {
  locale: 'en-GB',
  packaged: false,
  /** Another Warifu on this data directory runs already. */
  isSecond: false,
  exitCode: undefined as number | undefined,
  sandboxed: false,
  about: undefined as Electron.AboutPanelOptionsOptions | undefined,
  ended: Promise.withResolvers<void>(),
};

let ready = false;
let isQuitting = false;
export const isReady = (): boolean => ready;
const paths = new Map<string, string>([['downloads', join(tmpdir(), 'ダウンロード downloads')]]);

const methods = {
  whenReady: async () => {
    await new Promise(setImmediate);
    ready = true;
    app.emit('ready');
  },
  isReady: () => ready,
  getLocale: () => circumstances.locale,
  getVersion: () => '0.1.0',
  getPath: (name) => {
    const path = paths.get(name);
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  },
  setPath: (name, path) => void paths.set(name, path),
  requestSingleInstanceLock: () => !circumstances.isSecond,
  setAboutPanelOptions: (options) => {
    circumstances.about = options;
  },
  enableSandbox: () => {
    if (ready) throw new Error('app.enableSandbox() can only be called before app is ready');
    circumstances.sandboxed = true;
  },
  /** Whoever asks while it ends, or before the microtasks of `will-quit` are done with, is not heard (electron#33643). */
  quit: () => {
    if (isQuitting) return;
    isQuitting = true;
    app.emit('before-quit', {});
    let goesOn = true;
    app.emit('will-quit', {
      preventDefault() {
        goesOn = false;
      },
    });
    if (goesOn) circumstances.ended.resolve();
    else
      setTimeout(() => {
        isQuitting = false;
      }, 0);
  },
  exit: (code = 0) => {
    circumstances.exitCode = code;
    circumstances.ended.resolve();
  },
} satisfies Partial<Electron.App>;

export const app = Object.assign(new EventEmitter(), methods, {
  get isPackaged(): boolean {
    return circumstances.packaged;
  },
});

type Handler = Parameters<Electron.IpcMain['handle']>[1];
const handlers = new Map<string, Handler>();

export const ipc = Object.assign(new EventEmitter(), {
  handle: (channel: string, handler: Handler): void => {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    handlers.set(channel, handler);
  },
  /** For windows and tests: a call as it arrives, an error as what is left of it on the other side. */
  async invoked(channel: string, event: unknown, args: readonly unknown[]): Promise<unknown> {
    try {
      const handler = handlers.get(channel);
      if (!handler) throw new Error(`No handler registered for '${channel}'`);
      return {
        value: structuredClone(await handler(event as Electron.IpcMainInvokeEvent, ...args)) ?? null,
      };
    } catch (error) {
      return { error: `Error invoking remote method '${channel}': ${String(error)}` };
    }
  },
  channels: (): readonly string[] => [...handlers.keys(), ...ipc.eventNames().map(String)],
});
