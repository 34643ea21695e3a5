/** The page Audit over a registry that somebody has had their hands in. */
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { auditBreakWords, auditMissingWords } from '../../contract/audit-words.ts';
import { ja } from '../../renderer/speech/ja.ts';
import { isAccessible } from './app/accessible.ts';
import { mouse } from './app/hands.ts';
import { AppWindow } from './app/window.ts';

test('the page says that the chain holds, what is missing, and where and how it is broken', async () => {
  await using app = await AppWindow.open({ locale: 'ja-JP' }, (desk) => {
    desk.json('vault', 'init');
    desk.json('ca', 'create', 'CA', '--key', 'rsa-2048');
  });
  const { page, desk } = app;
  const hands = mouse(page);
  const verdict = page.getByRole('status');
  const check = async (): Promise<void> => {
    await page.getByRole('button', { name: ja.audit.verify }).click();
  };
  const tamper = (sql: string): void => {
    const raw = new DatabaseSync(`${desk.home}/registry.db`);
    raw.exec(sql);
    raw.close();
  };
  await hands.visit(ja.pages.audit);
  await check();
  await verdict.getByText(ja.audit.unbroken(3)).waitFor();
  tamper('DELETE FROM crls');
  await check();
  await verdict.getByText(ja.audit.missing(1)).waitFor();
  await verdict.getByText(ja.audit.missingItem(3, auditMissingWords.ja.crl, '1')).waitFor();
  await isAccessible(page, 'something is missing');
  tamper(`UPDATE audit SET action = 'crl.published' WHERE seq = 2`);
  await check();
  await verdict.getByText(ja.audit.broken(2, auditBreakWords.ja.hash)).waitFor();
  assert.deepEqual(app.complaints, []);
});
