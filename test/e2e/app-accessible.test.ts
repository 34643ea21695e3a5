/** The whole way in Chinese; then every page before axe-core, in every theme, and how soon the window is there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hrefOf, pages } from '../../renderer/shell/address.ts';
import { zhCN } from '../../renderer/speech/zh-cn.ts';
import { isAccessible } from './app/accessible.ts';
import { show } from './app/full-home.ts';
import { mouse } from './app/hands.ts';
import { firstRun, homeHolds, sevenSteps } from './app/seven-steps.ts';
import { AppWindow } from './app/window.ts';

test('every page is accessible in every theme, after the seven steps in Chinese', async (t) => {
  await using app = await AppWindow.open({ locale: 'zh-CN' });
  const { page } = app;
  const hands = mouse(page);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await isAccessible(page, 'first run');
  await firstRun(page, hands, zhCN);
  await isAccessible(page, 'guide, before anything');
  await sevenSteps(page, hands, zhCN);
  await homeHolds(page, zhCN);

  const places = [
    ...pages.map((name) => hrefOf(name)),
    ...['server-certificate', 'client-certificate', 'install', 'listener', 'test'].map((step) =>
      hrefOf('guide', step),
    ),
    hrefOf('certificates', 'new'),
    hrefOf('certificates', 'many'),
    hrefOf('authorities', 'new'),
    hrefOf('certificates', 'possibly-issued'),
  ];
  for (const theme of ['light', 'dark', 'high-contrast'] as const) {
    await t.test(theme, async () => {
      await show(page, hrefOf('settings'));
      await page.getByRole('radio', { name: zhCN.settings.themes[theme] }).click();
      for (const hash of theme === 'light' ? places : pages.map((name) => hrefOf(name))) {
        await show(page, hash);
        await isAccessible(page, `${theme} ${hash}`);
      }
      await show(page, hrefOf('certificates'));
      await page.locator('tbody tr').first().click();
      await page.getByText(zhCN.certificates.handOver).waitFor();
      await isAccessible(page, `${theme} certificate`);
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
      await isAccessible(page, `${theme} palette`);
      await page.keyboard.press('Escape');
    });
  }
  assert.deepEqual(app.complaints, []);
});
