/** What a person does on the Certificates page, and what it costs. Times in milliseconds. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { caName, passphrase } from './fill.ts';
import {
  isFirst,
  openList as listInPage,
  post,
  pullScrollbar,
  watchedFrames,
  watchFrames,
} from './in-page.mjs';

const rowIsThere = 'tbody tr:not([aria-busy=true]) td:nth-child(2)';

/** A call of the contract from the page, as the page makes it. */
export function call<O>(page: Page, procedure: string, input?: unknown): Promise<{ output: O; ms: number }> {
  return page.evaluate(post, { path: `/api/${procedure}`, body: JSON.stringify({ json: input }) });
}

export async function openApp(browser: Browser, address: string): Promise<Page> {
  const page = await browser.newPage({ locale: 'en', viewport: { width: 1280, height: 800 } });
  await page.goto(address);
  await page.locator('main h1').waitFor();
  await call(page, 'vault/unlock', { slot: 'passphrase', passphrase });
  return page;
}

/** From Home to the first row that can be read. */
export const openList = (page: Page): Promise<number> => page.evaluate(listInPage, rowIsThere);

export interface Answer {
  readonly words: string;
  readonly total: number;
  readonly answered: number;
  readonly shown: number;
}

/** Asks the contract as the list does. */
export const ask = (page: Page, words: string) =>
  call<{ total: number; items: { subject: string }[] }>(page, 'certificate/list', {
    search: words,
    profile: 'client',
    limit: 100,
  });

/** Asks the contract, then types the same words and waits for the first row that it named. */
export async function search(page: Page, words: string): Promise<Answer> {
  const { output, ms } = await ask(page, words);
  const box = page.getByRole('searchbox');
  await box.fill('');
  await page.locator(rowIsThere).first().waitFor();
  await page.waitForTimeout(400);
  const started = performance.now();
  await box.fill(words);
  await page.waitForFunction(isFirst, output.items[0]?.subject, { polling: 'raf' });
  return { words, total: output.total, answered: ms, shown: performance.now() - started };
}

export interface Scrolling {
  readonly fps: number;
  /** The longest task of the page's main thread. */
  readonly longestTask: number;
}

/** Turns the wheel for some seconds, then pulls the scrollbar through the whole list. */
export async function scroll(page: Page, seconds: number): Promise<Scrolling> {
  await page.getByRole('searchbox').fill('');
  const row = page.locator(rowIsThere).first();
  await row.waitFor();
  await row.hover();
  await page.evaluate(watchFrames);
  const until = performance.now() + seconds * 1000;
  for (let n = 0; performance.now() < until; n++) {
    if (n % 100 < 90) await page.mouse.wheel(0, 120);
    else await page.evaluate(pullScrollbar, (n % 997) / 997);
    await page.waitForTimeout(16);
  }
  return page.evaluate(watchedFrames);
}

/** Certificates by the contract; resolves when the last one is issued. */
export function issue(page: Page, count: number): Promise<{ ms: number }> {
  const subjects = Array.from({ length: count }, (_, n) => `CN=Issued meanwhile ${n}, O=Acme`);
  return call(page, 'certificate/issueBulk', { authority: caName, subjects });
}

/** Megabytes that the page's own process holds (resident), after what it no longer needs is gone. */
export async function rendererMemory(browser: Browser, page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const whole = await browser.newBrowserCDPSession();
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))![1]) / 1024);
  return Math.max(...sizes);
}
