/** Every page, in every language, on a laptop and in a small window; their pictures go to docs/screenshots/every. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { en } from '../../renderer/speech/en.ts';
import { fullHome, show, speak } from './app/full-home.ts';
import { isLaidOut, isTranslated } from './app/laid-out.ts';
import { AppWindow } from './app/window.ts';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'screenshots', 'every');

const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
] as const;

const looks = [
  ['en', 'light'],
  ['en', 'dark'],
  ['ja', 'light'],
  ['zh-CN', 'light'],
] as const;

test('on every page nothing is cut off, covered or left in another language', async (t) => {
  mkdirSync(folder, { recursive: true });
  await using app = await AppWindow.open({ locale: 'en-GB' });
  const { page } = app;
  const shoot = async (name: string): Promise<void> => {
    await page.screenshot({ path: join(folder, `${name}.png`) });
  };
  await page.getByRole('heading', { level: 1 }).waitFor();
  await shoot('first-run');
  const places = await fullHome(app);
  for (const [language, scheme] of looks)
    await t.test(`${language}, ${scheme}`, async (own) => {
      await speak(page, language);
      await page.emulateMedia({ colorScheme: scheme });
      for (const [name, hash] of places)
        await own.test(name, async () => {
          await show(page, hash);
          await isTranslated(page, language, `${name} ${language}`);
          for (const size of sizes) {
            await page.setViewportSize(size);
            await shoot(`${name}-${language}-${scheme}-${size.width}`);
            await isLaidOut(page, `${name} ${language} ${size.width}`);
          }
        });
    });
  assert.deepEqual(app.complaints, []);
});

test('what is cut off, covered, too wide or untranslated is seen', async () => {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' });
  try {
    const page = await browser.newPage({ viewport: { width: 900, height: 600 } });
    for (const [html, fault] of [
      ['<p style="width: 40px; overflow: hidden; white-space: nowrap">much too long a text</p>', /cut off/],
      ['<p style="position: fixed; left: 880px; width: 200px">beside the window</p>', /out of the window/],
      ['<p style="width: 2000px">wide</p>', /the page is \d+ wide/],
      [
        '<button>one</button><button style="position: absolute; left: 0; top: 0; width: 99px">two</button>',
        /on top of each other/,
      ],
    ] as const) {
      await page.setContent(html);
      await assert.rejects(isLaidOut(page, 'here'), ({ actual }: assert.AssertionError) =>
        fault.test(String(actual)),
      );
    }
    await page.setContent(
      '<p>証明書</p><pre>warifu ca list and more</pre><p translate="no">said by a server</p>',
    );
    await isTranslated(page, 'ja', 'here');
    await isLaidOut(page, 'here');
    for (const html of [
      `<p>${en.pages.certificates}</p>`,
      `<input placeholder="${en.pages.authorities}">`,
      '<p>証明書 of the old kind</p>',
    ]) {
      await page.setContent(html);
      await assert.rejects(isTranslated(page, 'ja', 'here'), assert.AssertionError);
    }
  } finally {
    await browser.close();
  }
});
