/**
 * Chromium in the session of the app, as the desktop app has its windows, or in another, as a browser that was open
 * before the terminal. Linux shares its processors first among sessions and then within each (sched_autogroup,
 * sched(7)): what the app waits for depends on it. Playwright starts a browser in a session of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium } from 'playwright-core';
import { end } from './app.ts';

export class OwnBrowser implements AsyncDisposable {
  readonly browser: Browser;
  readonly #child: ChildProcess;
  readonly #profile: string;

  private constructor(browser: Browser, child: ChildProcess, profile: string) {
    this.browser = browser;
    this.#child = child;
    this.#profile = profile;
  }

  static async start(session: 'of the app' | 'another'): Promise<OwnBrowser> {
    const profile = mkdtempSync(join(tmpdir(), 'warifu-bench-browser-'));
    const flags = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
    // Chromium refuses root its sandbox.
    if (process.getuid?.() === 0) flags.push('--no-sandbox');
    flags.push('--no-first-run', '--disable-background-networking', '--disable-renderer-backgrounding');
    const child = spawn('/usr/bin/chromium', [...flags, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: session === 'another',
    });
    return new OwnBrowser(await chromium.connectOverCDP(await debuggerOf(child)), child, profile);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    await end(this.#child);
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What it prints on standard error once it listens. */
async function debuggerOf(child: ChildProcess): Promise<string> {
  for await (const line of createInterface(child.stderr!)) {
    const address = /^DevTools listening on (ws:\S+)$/.exec(line)?.[1];
    if (address) return address;
  }
  throw new Error('Chromium ended before it listened');
}
