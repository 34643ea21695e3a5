/** The whole way without a mouse, in English. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../../renderer/speech/en.ts';
import { keyboard } from './app/hands.ts';
import { firstRun, homeHolds, person, sevenSteps } from './app/seven-steps.ts';
import { AppWindow } from './app/window.ts';

test('a new user gets from nothing to a green Home by keyboard alone', async () => {
  await using app = await AppWindow.open({ locale: 'en-GB' });
  const { page } = app;
  const hands = keyboard(page);
  await firstRun(page, hands, en);
  await sevenSteps(page, hands, en);
  await homeHolds(page, en);

  // Ctrl+K jumps to a certificate, arrows and Enter choose it, Escape closes.
  await page.keyboard.press('Control+k');
  await page.keyboard.insertText(person);
  await page.getByRole('option', { name: person }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2, name: person }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });

  // A second certificate, so that there are rows to go through by arrow keys.
  await page.keyboard.press('Control+k');
  await page.keyboard.insertText('Issue');
  await page.keyboard.press('Enter');
  await hands.type(en.certificates.commonName, 'Tablet 14');
  await hands.press(en.certificates.issue);
  await hands.visit(en.pages.certificates);
  const rows = page.locator('tbody tr');
  await rows.nth(1).waitFor();
  await rows.first().focus();
  await page.keyboard.press('ArrowDown');
  assert.match((await page.locator(':focus').textContent()) ?? '', new RegExp(person));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2, name: person }).waitFor();
  assert.deepEqual(app.complaints, []);
});
