/**
 * A registry with a million certificates, the app over it in Debian's Chromium, and what a person would feel. Each
 * figure stands beside its limit, peers are measured in the same run. Nothing here is a test: a busy machine misses
 * limits.
 *
 *   npm run bench:ui -- [--rows 1000000] [--home DIR]    DIR is filled, or used again when it is full
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { ensureBuiltCommandLine, ensureWindow } from '../../scripts/window.mjs';
import { App, Idler, type Stalls } from './app.ts';
import { OwnBrowser } from './browser.ts';
import { coldStart, plainStart } from './cold-start.ts';
import { fill, takeOutOfMemory } from './fill.ts';
import { ask, issue, openApp, openList, rendererMemory, scroll, search } from './page.ts';
import { keysAlone, likeScan } from './peers.ts';
import { median, Report } from './report.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, home: { type: 'string' } },
});
const scratch = mkdtempSync(join(tmpdir(), 'warifu-bench-'));
const home = values.home ?? join(scratch, 'home');
const report = new Report();
/** Milliseconds that the main process may stand still. */
const longestStall = 50;
/** What people type: names of few and of many, one character and ten, serials, fingerprints, nothing that is there. */
const asked = [
  ...['佐藤', '山田 花子', '田', '営業', '株式会社割符', '長谷川 由美子 0', '東京', '上海贸易'],
  ...['Nguyen', 'tuan andersson', 'Élise', 'sa', 'o', 'engineering', '0012345', 'garcia 00', 'Contoso'],
  ...['7fa3', 'a1:b2:c3', '0f0e0d', 'nobody here', '鑫'],
];

try {
  ensureWindow(process.execPath);
  ensureBuiltCommandLine(process.execPath);
  const rows = await fill(home, Number(values.rows), (line) => console.error(line));
  {
    await using own = await OwnBrowser.start('of the app');
    await measureStart(own.browser, rows);
    await using app = await App.start(home);
    const page = await openApp(own.browser, app.address);
    await measureList(app, page, rows);
    await measureScrolling(app, page);
    const value = await rendererMemory(own.browser, page);
    report.add({ what: 'memory of the page’s process', value, unit: 'MB', limit: 300 });
    report.heading('200 certificates issued by the contract, meanwhile the list is searched and scrolled');
    await measureIssuing(app, page, longestStall);
  }
  {
    await using other = await OwnBrowser.start('another');
    await using app = await App.start(home);
    const page = await openApp(other.browser, app.address);
    // No limit: what is waited for is the browser, which the system gives its share as a whole.
    report.heading('The same in browser mode, with a browser that was started elsewhere (another session)');
    await openList(page);
    await measureIssuing(app, page, undefined);
  }
  report.end();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function measureStart(browser: Browser, rows: number): Promise<void> {
  report.heading('Cold start: from `npm start` to the first useful screen, in a browser that is open');
  // The first one strips types and fills the cache of the file system.
  await coldStart(browser, join(scratch, 'new'));
  const starts = [
    await coldStart(browser, join(scratch, 'new')),
    await coldStart(browser, join(scratch, 'new')),
  ];
  report.add({ what: 'first run, nothing made yet', value: Math.min(...starts), unit: 'ms', limit: 1500 });
  const full = [await coldStart(browser, home), await coldStart(browser, home)];
  const what = `Home over ${rows.toLocaleString('en')} certificates`;
  report.add({ what, value: Math.min(...full), unit: 'ms', limit: 1500 });
  const plain = Math.min(await plainStart(browser), await plainStart(browser));
  report.ratio('against a server and a page with one heading', Math.min(...starts), plain);
}

async function measureList(app: App, page: Page, rows: number): Promise<void> {
  report.heading(
    `Certificates: ${rows.toLocaleString('en')} rows, of a file that has just been taken out of memory`,
  );
  await app.stalls();
  takeOutOfMemory(home);
  const opened = [await openList(page), await openList(page), await openList(page)];
  report.add({ what: 'the page opens', value: Math.max(...opened), unit: 'ms', limit: 1000 });
  const first = [];
  for (const words of asked) first.push((await ask(page, words)).ms);
  report.add({ what: 'a first search answers, median', value: median(first), unit: 'ms', limit: 200 });
  report.add({ what: 'a first search answers, slowest', value: Math.max(...first), unit: 'ms' });
  reportStalls('while searching', await app.stalls(), longestStall);

  report.heading('The same searches again, asked and typed');
  const answers = [];
  for (const words of asked) answers.push(await search(page, words));
  const answered = answers.map((answer) => answer.answered);
  report.add({ what: 'a search answers, median', value: median(answered), unit: 'ms', limit: 200 });
  report.add({ what: 'a search answers, slowest', value: Math.max(...answered), unit: 'ms' });
  report.add({
    what: 'from the last key to the rows, median (waits 120 for more)',
    value: median(answers.map(({ shown }) => shown)),
    unit: 'ms',
  });
  for (const { words, total, answered: ms } of answers)
    report.add({ what: `  “${words}” (${total.toLocaleString('en')} found)`, value: ms, unit: 'ms' });
  reportStalls('while searching', await app.stalls(), longestStall);
  const scans = ['佐藤', 'Nguyen', 'nobody here'].map((words) => likeScan(home, words));
  report.ratio('a search against SQL alone (LIKE over the table)', median(answered), median(scans));
}

async function measureScrolling(app: App, page: Page): Promise<void> {
  await using idler = new Idler();
  await idler.stalls();
  await app.stalls();
  const { fps, longestTask } = await scroll(page, 15);
  report.add({ what: 'scrolling, frames', value: fps, unit: 'fps', limit: 58, atLeast: true });
  const what = 'scrolling, longest task of the page (0: none over 50)';
  report.add({ what, value: longestTask, unit: 'ms', limit: 50 });
  reportStalls('while scrolling', await app.stalls(), longestStall);
  reportIdle(await idler.stalls());
}

async function measureIssuing(app: App, page: Page, limit: number | undefined): Promise<void> {
  await using idler = new Idler();
  await idler.stalls();
  await app.stalls();
  const issuing = issue(page, 200);
  for (const words of ['佐藤', 'Nguyen', 'sa']) await search(page, words);
  await scroll(page, 10);
  const { ms } = await issuing;
  const stalls = await app.stalls();
  reportStalls('meanwhile', stalls, limit);
  reportIdle(await idler.stalls());
  report.add({ what: 'main process, 99 of 100 stalls are below', value: stalls.p99, unit: 'ms' });
  report.add({ what: 'issued', value: (200 * 1000) / ms, unit: 'per s' });
  report.ratio('against making 200 keys and nothing else', ms, await keysAlone(200));
}

function reportStalls(when: string, { longest, own }: Stalls, limit: number | undefined): void {
  const figure = { unit: 'ms', ...(limit === undefined ? {} : { limit }) } as const;
  report.add({ what: `main process, longest stall ${when}`, value: longest, ...figure });
  report.add({ what: '  of its own: whatever else the processors did', value: own, ...figure });
}

/** What the machine itself takes. */
function reportIdle({ longest }: Stalls): void {
  report.add({ what: '  and of a process that did nothing', value: longest, unit: 'ms' });
}
