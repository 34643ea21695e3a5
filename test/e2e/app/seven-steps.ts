/** From an empty home to a green one: first run, Practice, the seven steps of the guide. In any language, by any hands. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { GuideStepName } from '../../../contract/guide.ts';
import type { WindowText } from '../../../renderer/speech/en.ts';
import type { Hands } from './hands.ts';

export const passphrase = '割符 correct horse battery';
export const person = '佐藤 花子';

export async function firstRun(page: Page, hands: Hands, text: WindowText): Promise<void> {
  await makeVault(page, hands, text);
  await page.getByRole('heading', { name: text.guide.title }).waitFor();
}

/** Practice is chosen and the vault made; what comes first in the window is not waited for. */
export async function makeVault(page: Page, hands: Hands, text: WindowText): Promise<void> {
  await hands.press(text.firstRun.goals.practice.title);
  await hands.type(text.vault.kinds.passphrase, passphrase);
  await hands.type(text.firstRun.again, passphrase);
  await hands.press(text.firstRun.makeVault);
  const code = (await page.locator('[data-recovery-code]').textContent())!.trim();
  await hands.press(text.firstRun.noted);
  // What is not typed back is not written down.
  assert.equal(await page.getByText(code).count(), 0);
  assert.ok(await page.getByRole('button', { name: text.firstRun.finish }).isDisabled());
  await hands.type(text.firstRun.typeBack, code.toLowerCase().replaceAll('-', ' '));
  await hands.press(text.firstRun.finish);
}

/** Lets `act` save a file, and tells the name that was proposed for it. */
export type Saving = (act: () => Promise<void>) => Promise<string>;

export const byDownload =
  (page: Page): Saving =>
  async (act) => {
    const [file] = await Promise.all([page.waitForEvent('download'), act()]);
    return file.suggestedFilename();
  };

export async function sevenSteps(
  page: Page,
  hands: Hands,
  text: WindowText,
  saving: Saving = byDownload(page),
): Promise<void> {
  const onward = (step: GuideStepName): Promise<void> =>
    hands.press(text.guide.onward(text.guide.step[step].name));
  // In Practice the own CA signs the server certificate, so the guide begins with it.
  await hands.press(text.authorities.create);
  await onward('server-certificate');
  await hands.press(text.serverCertificate.acts.issue);
  await onward('client-certificate');
  await hands.type(text.certificates.commonName, person);
  await hands.press(text.certificates.issue);
  assert.equal(await saving(() => hands.press(text.certificates.saveP12)), `${person}.p12`);
  await page.getByText(text.certificates.passwordOnce).waitFor();
  await onward('upload');
  await hands.press(text.rollout.showPlan);
  await hands.press(text.rollout.upload);
  await onward('install');
  await hands.tick(text.install.trustCa);
  await hands.press(text.install.install);
  await onward('listener');
  await hands.press(text.rollout.showPlan);
  await page.getByRole('row', { name: text.plan.resources.listener }).waitFor();
  await hands.press(text.rollout.apply);
  await onward('test');
  await hands.press(text.test.run);
  await hands.press(text.guide.toHome);
}

/** Home is green, and two backends answered equally often. */
export async function homeHolds(page: Page, text: WindowText): Promise<void> {
  await page.getByRole('heading', { level: 1, name: text.home.verdict.holds }).waitFor();
  const rows = page.getByRole('table', { name: text.home.whoAnswered }).getByRole('row');
  assert.deepEqual(await rows.getByRole('rowheader').allTextContents(), ['i-demo-1', 'i-demo-2']);
  assert.deepEqual(await rows.locator('td:last-child').allTextContents(), ['10', '10']);
  const bars = rows.locator('rect');
  const [first, second] = [await bars.nth(0).boundingBox(), await bars.nth(1).boundingBox()];
  assert.ok(first!.width > 50);
  assert.equal(first!.width, second!.width);
  await page.getByText(text.home.even).waitFor();
}
