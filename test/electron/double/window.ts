/** BrowserWindow and its WebContents: a page of Chromium, with the compiled preload script before every document. */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type Electron from 'electron';
import {
  type Browser,
  chromium,
  type Frame,
  type Page,
  type Request as PlaywrightRequest,
  type Route,
} from 'playwright-core';
import { pack, unpack } from './bytes.ts';
import type { Carrier, Port } from './ports.ts';
import { type DoubleSession, handlersOf, sessionFor } from './session.ts';
import { app, ipc, patience } from './state.ts';

const world = readFileSync(new URL('./world.js', import.meta.url), 'utf8');

/** Chromium does not let anybody add a scheme from outside, so `warifu://app/x` is `http://app.warifu.localhost/x`. */
const standIn = /^http:\/\/([\w-]+)\.([a-z]+)\.localhost(?=\/)/;
const toChromium = (url: string): string =>
  url.replace(/^([a-z]+):\/\/([\w-]+)(?=\/)/, 'http://$2.$1.localhost');
const fromChromium = (url: string): string => url.replace(standIn, '$2://$1');

export class WebContents extends EventEmitter implements Carrier {
  readonly session: DoubleSession;
  readonly #ports = new Map<number, Port>();
  #windowOpenHandler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | undefined;
  #queue: unknown[] = [];
  #wake: (() => void) | undefined;
  #document = '';

  constructor(session: DoubleSession) {
    super();
    this.session = session;
  }

  setWindowOpenHandler(handler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0]): void {
    this.#windowOpenHandler = handler;
  }

  /** What the handler says to a page that wants another window. */
  mayOpen(url: string): boolean {
    const answer = this.#windowOpenHandler?.({ url } as Electron.HandlerDetails);
    return answer?.action !== 'deny';
  }

  push(message: unknown): void {
    this.#queue.push(message);
    this.#wake?.();
  }

  postMessage(channel: string, message: unknown, transfer: readonly Port[] = []): void {
    for (const port of transfer) {
      port.carrier = this;
      this.#ports.set(port.id, port);
    }
    this.push({ kind: 'message', channel, message, given: transfer.map(({ id }) => id) });
  }

  /** Everything that the world before the page says. */
  async heard(frame: Frame, what: string, first: string, second: unknown): Promise<unknown> {
    const senderFrame = {
      url: fromChromium(frame.url()),
      parent: frame.parentFrame() as unknown as Electron.WebFrameMain | null,
      postMessage: this.postMessage.bind(this) as never,
    };
    const event = { senderFrame, sender: this };
    switch (what) {
      case 'send':
        ipc.emit(first, event, ...(unpack(second) as unknown[]));
        return null;
      case 'invoke':
        return pack(await ipc.invoked(first, event, unpack(second) as unknown[]));
      case 'port':
        this.#ports.get(Number(first))?.other?.receive(unpack(second));
        return null;
      case 'title':
        return null;
      default:
        return this.#pulled(first);
    }
  }

  async #pulled(document: string): Promise<unknown> {
    if (this.#document !== document) {
      // The page was loaded anew: its ports went with it.
      this.#document = document;
      for (const port of this.#ports.values()) port.close();
      this.#ports.clear();
    }
    if (this.#queue.length === 0)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return pack(this.#queue.splice(0));
  }
}

let browser: Promise<Browser> | undefined;
const windows: BrowserWindow[] = [];

export class BrowserWindow extends EventEmitter {
  static getAllWindows(): BrowserWindow[] {
    return windows;
  }

  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly webContents: WebContents;
  /** For the test: what a person would look at. */
  page: Page | undefined;
  /** Called with it before anything is loaded. */
  onPage: ((page: Page) => void) | undefined;
  /** Addresses of windows that the page wanted and did not get. */
  readonly refusedWindows: string[] = [];
  #loading = false;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    this.webContents = new WebContents(sessionFor(options.webPreferences?.partition ?? ''));
    windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  async loadURL(url: string): Promise<void> {
    browser ??= chromium.launch({ executablePath: '/usr/bin/chromium' });
    const { width = 800, height = 600 } = this.options;
    const context = await (await browser).newContext({
      locale: app.getLocale(),
      viewport: { width, height },
    });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    this.page = page;
    this.onPage?.(page);
    await page.exposeBinding('__electron', ({ frame }, what: string, first: string, second: unknown) => {
      if (what === 'title') this.emit('page-title-updated', {}, first);
      return this.webContents.heard(frame, what, first, second);
    });
    const preload = readFileSync(this.options.webPreferences!.preload!, 'utf8');
    await page.addInitScript({ content: world.replace('__PRELOAD__', () => preload) });
    await context.route('**/*', (route) => this.#requested(route));
    context.on('page', (other) => void other.close());
    page.on('download', (download) => {
      if (prevented((event) => this.webContents.session.emit('will-download', event))) void download.cancel();
    });
    this.#loading = true;
    await page.goto(toChromium(url));
    this.#loading = false;
    this.emit('ready-to-show');
  }

  async #requested(route: Route): Promise<void> {
    const request = route.request();
    const url = fromChromium(request.url());
    const frame = frameOf(request);
    if (frame?.page() !== this.page) {
      if (this.webContents.mayOpen(url)) return route.continue();
      this.refusedWindows.push(url);
      return route.abort();
    }
    if (request.isNavigationRequest() && !this.#loading) {
      const main = frame?.parentFrame() === null;
      const name = main ? 'will-navigate' : 'will-frame-navigate';
      if (prevented((event) => this.webContents.emit(name, event, url)))
        // An answer without content leaves a window where it is.
        return route.fulfill({ status: 204 });
    }
    const handler = handlersOf(this.webContents.session).get(new URL(url).protocol.replace(':', ''));
    if (!handler) return route.abort();
    const answer = await handler(new Request(url, { method: request.method() }));
    await route.fulfill({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
    });
  }

  show(): void {
    this.emit('show');
  }
  focus(): void {
    this.emit('focus');
  }
  restore(): void {}
  maximize(): void {}
  isMinimized = (): boolean => false;
  isMaximized = (): boolean => false;
  getNormalBounds(): Electron.Rectangle {
    const { x = 10, y = 20, width = 800, height = 600 } = this.options;
    return { x, y, width, height };
  }

  /** As by its button. */
  async close(): Promise<void> {
    this.emit('close', {});
    await this.page?.context().close();
    windows.splice(windows.indexOf(this), 1);
    this.emit('closed');
    if (windows.length === 0) app.emit('window-all-closed');
  }
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
}

/** A window that is about to open has none yet. */
function frameOf(request: PlaywrightRequest): Frame | undefined {
  try {
    return request.frame();
  } catch {
    return undefined;
  }
}

function prevented(emit: (event: { preventDefault(): void }) => void): boolean {
  let was = false;
  emit({
    preventDefault() {
      was = true;
    },
  });
  return was;
}

({}) as BrowserWindow satisfies Pick<
  Electron.BrowserWindow,
  'loadURL' | 'show' | 'focus' | 'restore' | 'maximize' | 'isMinimized' | 'isMaximized' | 'getNormalBounds'
>;
({}) as WebContents satisfies Pick<Electron.WebContents, 'setWindowOpenHandler'>;
