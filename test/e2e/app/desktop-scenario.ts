/** What a new user of the desktop app does, whatever carries the window: Electron itself or the double. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { WindowText } from '../../../renderer/speech/en.ts';
import { mouse } from './hands.ts';
import { firstRun, homeHolds, sevenSteps } from './seven-steps.ts';

/** What a test does from outside of the window. */
export interface DesktopUnderTest {
  readonly page: Page;
  /** The person will choose this path in the next dialog for saving. */
  answerSave(path: string): Promise<void>;
  answerOpen(paths: readonly string[]): Promise<void>;
  /** Names that dialogs for saving proposed, oldest first. */
  proposals(): Promise<readonly string[]>;
  suspend(): Promise<void>;
  /** A new path in a directory of the test. */
  path(name: string): string;
}

export async function desktopScenario(
  t: TestContext,
  desktop: DesktopUnderTest,
  text: WindowText,
): Promise<void> {
  const { page } = desktop;
  const hands = mouse(page);

  await t.test('from nothing to a green Home, the .p12 saved by the dialog', async () => {
    await firstRun(page, hands, text);
    const p12 = desktop.path('佐藤 saved.p12');
    await sevenSteps(page, hands, text, async (act) => {
      await desktop.answerSave(p12);
      await act();
      await page.getByText(text.certificates.passwordOnce).waitFor();
      return basename((await desktop.proposals()).at(-1)!);
    });
    await homeHolds(page, text);
    assert.equal(readFileSync(p12)[0], 0x30, 'a DER sequence');
    if (process.platform !== 'win32') assert.equal(statSync(p12).mode & 0o777, 0o600);
  });

  await t.test('the certificates are listed, by a thread beside the main process', async () => {
    await hands.visit(text.pages.certificates);
    await page.locator('tbody tr[aria-busy=false]').first().waitFor();
  });

  await t.test('a backup is saved by the dialog, whole', async () => {
    await hands.visit(text.pages.settings);
    const file = desktop.path('バックアップ backup');
    await desktop.answerSave(file);
    await page.getByText(text.settings.backupNever).waitFor();
    await hands.press(text.settings.backupMake);
    await page.getByText(text.settings.backupNever).waitFor({ state: 'hidden' });
    while (!existsSync(file)) await delay(200);
    assert.ok(statSync(file).size > 10_000);
  });

  await t.test('a transfer file goes out by one dialog and comes in by another', async () => {
    await hands.visit(text.pages.transfer);
    const file = desktop.path('受け渡し transfer');
    await desktop.answerSave(file);
    await hands.press(text.transfer.saveForConnected);
    await page.getByText(text.transfer.compareDigest).waitFor();
    assert.match((await desktop.proposals()).at(-1)!, /\.warifu-authority$/);
    await desktop.answerOpen([file]);
    await hands.press(`${text.form.choose} ${text.transfer.file}`);
    await page.getByText(text.transfer.nothingNew).waitFor();
  });

  await t.test('the vault is locked when the machine goes to sleep', async () => {
    assert.equal(await page.getByRole('button', { name: text.vault.isLocked }).count(), 0);
    await desktop.suspend();
    await page.getByRole('button', { name: text.vault.isLocked }).waitFor();
  });
}
