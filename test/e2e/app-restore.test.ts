/** A computer is lost, its backup is not: into an empty home by the window, in Chinese, while the cloud still stands. */
import assert from 'node:assert/strict';
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { en } from '../../renderer/speech/en.ts';
import { zhCN } from '../../renderer/speech/zh-cn.ts';
import { isAccessible } from './app/accessible.ts';
import { mouse } from './app/hands.ts';
import { AppWindow } from './app/window.ts';
import { Desk } from './warifu.ts';

test('a backup is restored into an empty home from the window, and Home is green by what was restored', async (t) => {
  using lost = new Desk('失われた');
  const { recoveryCode, backup } = await computerWithBackup(lost);
  await using app = await AppWindow.open({ locale: 'zh-CN' });
  const { page } = app;
  const hands = mouse(page);
  const labels = zhCN.restore;
  const choose = (path: string): Promise<void> => page.locator('input[type=file]').setInputFiles(path);

  await t.test(
    'a damaged file is said to be one, with what to do, before any secret is asked for',
    async () => {
      await hands.press(zhCN.firstRun.restoreTitle);
      const bytes = Buffer.from(readFileSync(backup));
      bytes[bytes.length >> 1]! ^= 1;
      await choose(lost.write('damaged backup', bytes));
      await page.getByRole('alert').getByText('请改用它的另一份副本').waitFor();
      await choose(lost.write('no backup at all', '山田 太郎'));
      await page.getByRole('alert').getByText('NOT_A_BACKUP').waitFor();
      assert.equal(await page.getByLabel(labels.secrets.passphrase).count(), 0);
    },
  );

  await t.test('the plan is shown, a wrong passphrase is refused, the right one restores', async () => {
    await choose(backup);
    await page.getByText(labels.modes.create.title).waitFor();
    // The CA, its server certificate and the person's; and those that the test of the listener was made with.
    await page.getByText(/^1 个 CA，\d+ 张证书$/).waitFor();
    await page.getByRole('alert').waitFor({ state: 'hidden' });
    await isAccessible(page, 'plan of a restore');
    await hands.type(labels.secrets.passphrase, '不对的口令');
    await hands.press(labels.restore);
    await page.getByRole('alert').waitFor();
    await page.getByLabel(labels.secrets.passphrase).fill(lost.passphrase);
    await page.getByRole('button', { name: labels.restore, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: zhCN.home.verdict.holds }).waitFor();
  });

  await t.test('real handshakes with the restored keys prove what Home says', async () => {
    const checked = page.getByRole('button', { name: zhCN.home.checkAgain });
    await checked.click();
    await page
      .getByRole('dialog')
      .getByLabel(zhCN.vault.kinds.passphrase, { exact: true })
      .last()
      .fill(lost.passphrase);
    await page.getByRole('dialog').getByRole('button', { name: zhCN.vault.unlock }).click();
    await page.getByRole('button', { name: zhCN.test.running }).waitFor({ state: 'hidden' });
    await page.getByRole('heading', { level: 1, name: zhCN.home.verdict.holds }).waitFor();
    await page.getByText(zhCN.home.checked(zhCN.common.justNow)).waitFor();
  });

  await t.test(
    'the same backup again, by the recovery code: nothing that was made since is forgotten',
    async () => {
      await page.evaluate(`location.hash = '#/certificates/new'`);
      await hands.type(zhCN.certificates.commonName, '李 后来');
      await page.getByRole('main').getByRole('button', { name: zhCN.certificates.issue }).click();
      await page.getByText(zhCN.certificates.issued('李 后来')).waitFor();
      await hands.visit(zhCN.pages.settings);
      await hands.press(labels.start);
      await choose(backup);
      await page.getByText(labels.modes.merge.title).waitFor();
      await page.getByRole('radio', { name: zhCN.vault.kinds['recovery-code'] }).click();
      await page.getByLabel(labels.secrets['recovery-code']).fill(recoveryCode);
      await page.getByRole('button', { name: labels.restore, exact: true }).click();
      await page.getByText(labels.done).waitFor();
      await page.evaluate(`location.hash = '#/certificates'`);
      await page.getByRole('row', { name: '李 后来' }).waitFor();
      await page.getByRole('row', { name: '山田 太郎' }).waitFor();
    },
  );
  assert.deepEqual(app.complaints, []);
});

test('a registry that cannot be read is told, and mended by a backup from the same window', async () => {
  await using app = await AppWindow.open({ locale: 'en-GB' }, (desk) => {
    desk.json('vault', 'init');
    desk.json('ca', 'create', 'CA', '--key', 'rsa-2048');
    desk.json('cert', 'issue', 'CN=Kept', '--ca', 'CA');
    desk.json('vault', 'backup', '--out', desk.path('backup'));
    desk.write('registry', 'this is no database');
    for (const suffix of ['-wal', '-shm']) rmSync(`${desk.home}/registry.db${suffix}`, { force: true });
    renameSync(desk.path('registry'), `${desk.home}/registry.db`);
  });
  const { page, desk } = app;
  await page.getByRole('heading', { level: 1, name: en.unreadable.title }).waitFor();
  await page.getByRole('alert').getByText('REGISTRY_DAMAGED').waitFor();
  await isAccessible(page, 'unreadable');
  await page.locator('input[type=file]').setInputFiles(desk.path('backup'));
  await page.getByText(en.restore.modes.replace.title).waitFor();
  await page.getByLabel(en.restore.secrets.passphrase).fill(desk.passphrase);
  await page.getByRole('button', { name: en.restore.restore, exact: true }).click();
  await page.getByRole('link', { name: en.pages.certificates }).click();
  await page.getByRole('row', { name: 'Kept' }).waitFor();
});

/** A whole set-up, proven, by the command line; its simulator goes on for as long as the desk is there. */
async function computerWithBackup(
  desk: Desk,
): Promise<{ readonly recoveryCode: string; readonly backup: string }> {
  const { endpoint, accessKeyId, accessKeySecret, regionId } = await desk.simulator();
  const { recoveryCode } = desk.json('vault', 'init');
  const account = ['--access-key-id', accessKeyId, '--region', regionId, '--endpoint', endpoint];
  const secret = desk.write('secret', accessKeySecret);
  // Not as Practice, which ends with its window: as a cloud that is there whether the computer is or not.
  desk.json('cloud', 'login', ...account, '--access-key-secret-file', secret);
  desk.json('ca', 'create', '样例 CA', '--key', 'rsa-2048');
  desk.json('server-cert', 'issue', 'front', '--ca', '样例 CA', '--host', 'localhost');
  desk.json('cert', 'issue', 'CN=山田 太郎', '--ca', '样例 CA');
  const wanted = ['--server-cert', 'front', '--ca', '样例 CA', '--backend', 'i-demo-1', 'i-demo-2'];
  desk.json('rollout', 'apply', '--yes', ...wanted);
  assert.equal(desk.json('rollout', 'verify').ok, true);
  const backup = desk.path('备份 backup');
  desk.json('vault', 'backup', '--out', backup);
  return { recoveryCode, backup };
}
