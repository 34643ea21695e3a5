/** The app as a new user meets it: `warifu app` in a home of its own, its address opened in Debian's Chromium. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { Desk } from '../warifu.ts';

/** Everything waits this long: other tests may run on the same machine. */
const patience = 90_000;

export class AppWindow implements AsyncDisposable {
  readonly desk: Desk;
  readonly browser: Browser;
  readonly page: Page;
  /** Errors and warnings of the browser's console, policy violations among them. */
  readonly complaints: readonly string[];

  private constructor(desk: Desk, browser: Browser, page: Page, complaints: readonly string[]) {
    this.desk = desk;
    this.browser = browser;
    this.page = page;
    this.complaints = complaints;
  }

  /** `prepare`: what is in the home before the app is started. */
  static async open(
    options: BrowserContextOptions,
    prepare: (desk: Desk) => unknown = () => {},
  ): Promise<AppWindow> {
    const desk = new Desk('アプリ app');
    await prepare(desk);
    const address = await addressOf(desk);
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
    page.setDefaultTimeout(patience);
    const complaints: string[] = [];
    page.on('console', (message) => {
      // A problem of the contract is an answer of status 4xx or 5xx, which Chromium remarks on.
      const remark = message.text().startsWith('Failed to load resource');
      if (!remark && ['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(address);
    return new AppWindow(desk, browser, page, complaints);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    this.desk[Symbol.dispose]();
  }
}

/** Starts the app and reads the address that it prints. */
async function addressOf(desk: Desk): Promise<string> {
  const child = desk.start('--json', 'app', '--no-browser');
  let line = '';
  for await (const chunk of child.stdout!) {
    line += chunk;
    if (line.includes('\n')) break;
  }
  return (JSON.parse(line) as { address: string }).address;
}
