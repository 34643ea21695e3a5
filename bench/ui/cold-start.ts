/** From the start of the process to the first useful screen, in a browser that is open already; and a peer that does nothing. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { end, firstLine, root } from './app.ts';

/** `npm start` itself (set-up included, npm excluded), until Home or the first run says something. */
export function coldStart(browser: Browser, home: string, locale = 'en'): Promise<number> {
  const args = [join(root, 'scripts', 'start.mjs'), '--json', '--home', home, 'app', '--no-browser'];
  // start.mjs puts `app` in front of its options itself.
  return untilShown(browser, args.toSpliced(4, 1), 'main h1', locale);
}

/** The least that can be done: a server of a dozen lines and a page with one heading. */
export function plainStart(browser: Browser): Promise<number> {
  return untilShown(browser, [join(import.meta.dirname, 'plain-server.mjs')], 'main h1', 'en');
}

async function untilShown(
  browser: Browser,
  args: readonly string[],
  selector: string,
  locale: string,
): Promise<number> {
  const page = await browser.newPage({ locale, viewport: { width: 1280, height: 800 } });
  // A tab is a process: its own start is over before the app's is measured.
  await page.waitForTimeout(700);
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const line = await firstLine(child);
    await page.goto((JSON.parse(line) as { address: string }).address, { waitUntil: 'commit' });
    await page.locator(selector).filter({ hasText: /\S/ }).waitFor();
    return performance.now() - started;
  } finally {
    await page.close();
    await end(child);
  }
}
