/** The whole way by mouse, in Japanese; then the vault, a revocation, and a restart of Practice. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ja } from '../../renderer/speech/ja.ts';
import { mouse } from './app/hands.ts';
import { firstRun, homeHolds, passphrase, person, sevenSteps } from './app/seven-steps.ts';
import { AppWindow } from './app/window.ts';

test('a new user gets from nothing to a green Home by mouse, and is told the truth afterwards', async (t) => {
  await using app = await AppWindow.open({ locale: 'ja-JP' });
  const { page } = app;
  const hands = mouse(page);
  await firstRun(page, hands, ja);
  await sevenSteps(page, hands, ja);
  await homeHolds(page, ja);
  // Practice cannot be mistaken for the cloud.
  await page.getByText(ja.shell.practice).waitFor();

  await t.test('a revoked client is recorded, not enforced on CLB, with the ways out', async () => {
    await hands.visit(ja.pages.certificates);
    await page.getByRole('row', { name: person }).click();
    await hands.press(ja.certificates.revokeStart);
    await page.getByText(ja.certificates.revokeTruth).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: ja.certificates.revoke, exact: true }).click();
    await page.getByText(ja.certificates.stillLetIn).waitFor();
    await page.getByText(ja.certificates.waysOut.rotate).waitFor();
    await hands.press(ja.certificates.checkAtBackends);
    await page.getByText('ssl_crl ca.crl;').waitFor();
    await hands.visit(ja.pages.home);
    await page.getByText(ja.home.needs.revoked.title(1)).waitFor();
  });

  await t.test(
    'a locked vault is asked for at the next signature, and a wrong passphrase is said',
    async () => {
      await page.getByRole('button', { name: ja.vault.isOpen.split(' ')[0]! }).click();
      await page.getByRole('button', { name: ja.vault.isLocked }).waitFor();
      await hands.visit(ja.pages.certificates);
      await hands.press(ja.certificates.issue);
      await hands.type(ja.certificates.commonName, '鈴木 一郎');
      await page.getByRole('main').getByRole('button', { name: ja.certificates.issue }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(ja.vault.kinds.passphrase, { exact: true }).last().fill('まちがい');
      await dialog.getByRole('button', { name: ja.vault.unlock }).click();
      await dialog.getByRole('alert').waitFor();
      await dialog.getByLabel(ja.vault.kinds.passphrase, { exact: true }).last().fill(passphrase);
      await dialog.getByRole('button', { name: ja.vault.unlock }).click();
      await page.getByText(ja.certificates.issued('鈴木 一郎')).waitFor();
    },
  );

  await t.test('a .p12 is looked into and installed, and the browser check finds it', async () => {
    await hands.visit(ja.pages.certificates);
    await page.getByRole('row', { name: '鈴木 一郎' }).click();
    const [saved] = await Promise.all([page.waitForEvent('download'), hands.press(ja.certificates.saveP12)]);
    const file = app.desk.path('suzuki.p12');
    await saved.saveAs(file);
    const password = await page.getByText(/^[a-z0-9]{4}(-[a-z0-9]{4})+$/).textContent();
    await hands.visit(ja.pages['open-p12']);
    await page.locator('input[type=file]').setInputFiles(file);
    await hands.type(ja.p12.password, 'ちがう');
    await hands.press(ja.p12.look);
    await page.getByRole('alert').waitFor();
    await page.getByLabel(ja.p12.password, { exact: true }).fill(password!);
    await hands.press(ja.p12.look);
    await page.getByRole('heading', { level: 2, name: '鈴木 一郎' }).waitFor();
    await page.getByText(ja.p12.targets['windows-2016']).waitFor();
    await hands.press(ja.install.title);
    await page.getByText(ja.install.installed).waitFor();
    await hands.visit(ja.pages['browser-check']);
    await hands.press(ja.browserCheck.check);
    await page.getByRole('status').getByText('鈴木 一郎').first().waitFor();
  });

  await t.test('in Practice one sees who answers as they do, each backend by itself', async () => {
    await hands.visit(ja.pages.practice);
    const counts = page.getByRole('table', { name: ja.home.whoAnswered }).locator('td:last-child');
    await counts.nth(1).waitFor();
    const before = (await counts.allTextContents()).map(Number);
    // Somebody else asks, while the page is only looked at.
    const file = app.desk.write('passphrase of the app', passphrase);
    app.desk.json('rollout', 'verify', '--name', 'practice', '--requests', '8', '--passphrase-file', file);
    // The page asks now and then, and may have asked in the middle.
    const more = async () => (await counts.allTextContents()).map((text, at) => Number(text) - before[at]!);
    while (!(await more()).every((count) => count >= 4)) await page.waitForTimeout(100);
  });

  await t.test('what Practice held is gone with it, and Home says so', async () => {
    await hands.visit(ja.pages.practice);
    await hands.press(ja.practice.stop);
    await page.getByText(ja.practice.stopped, { exact: true }).waitFor();
    await hands.visit(ja.pages.home);
    await page.getByRole('heading', { level: 1, name: ja.home.verdict.unproven }).waitFor();
    await page.getByText(ja.home.needs.practiceStopped.title).waitFor();
  });

  await t.test('the address that was used once opens nothing for a second browser', async () => {
    const other = await app.browser.newPage({ locale: 'ja-JP' });
    await other.goto(page.url().split('#')[0]!);
    await other.getByText('このブラウザーからは開けません').waitFor();
    await other.close();
  });
  assert.deepEqual(app.complaints, []);
});
