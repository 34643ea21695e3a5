/** Many at once, in the window: a list with faults, the list mended, stopped, gone on with, saved; then one kit alone. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hrefOf } from '../../renderer/shell/address.ts';
import { en } from '../../renderer/speech/en.ts';
import { ja as text } from '../../renderer/speech/ja.ts';
import { zhCN } from '../../renderer/speech/zh-cn.ts';
import { isAccessible } from './app/accessible.ts';
import { mouse } from './app/hands.ts';
import { firstRun } from './app/seven-steps.ts';
import { AppWindow } from './app/window.ts';

const password = /[2-9a-z]{4}(?:-[2-9a-z]{4}){5}/g;
const labels = text.kits;

test('a list of people becomes kits, and their passwords a file of their own', async (t) => {
  await using app = await AppWindow.open({ locale: 'ja-JP' });
  const { page, desk } = app;
  const hands = mouse(page);
  const choose = (path: string): Promise<void> => page.locator('input[type=file]').setInputFiles(path);
  const saved = async (words: string, name: string): Promise<string> => {
    const [download] = await Promise.all([page.waitForEvent('download'), hands.press(words)]);
    assert.equal(download.suggestedFilename(), name);
    await download.saveAs(desk.path(name));
    return desk.path(name);
  };
  const unzip = (zip: string, into: string): readonly string[] => {
    const { status, stderr } = spawnSync('unzip', ['-q', '-o', zip, '-d', desk.path(into)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    assert.equal(status, 0, stderr);
    return readdirSync(desk.path(into)).sort();
  };
  await firstRun(page, hands, text);
  await hands.press(text.authorities.create);
  await hands.press(text.guide.onward(text.guide.step['server-certificate'].name));

  await t.test(
    'faults are named by line before anything is issued, whatever encoding Excel chose',
    async () => {
      await hands.visit(text.pages.certificates);
      await hands.press(labels.fromList);
      const faulty = '氏名,メール,血液型\r\n山田 太郎,yamada@example.jp,A\r\n鈴木 花子,@@,B\r\n';
      const shiftJis = spawnSync('iconv', ['-f', 'UTF-8', '-t', 'CP932'], { input: faulty }).stdout;
      await choose(desk.write('名簿.csv', shiftJis));
      await page.getByText(labels.faults(1)).waitFor();
      await page.getByRole('alert').getByText(labels.line(3)).waitFor();
      await page.getByText(labels.unused('血液型')).waitFor();
      await page.getByRole('cell', { name: '山田 太郎' }).waitFor();
      assert.equal(await page.getByRole('button', { name: labels.makeAll(1) }).count(), 0);
      await isAccessible(page, 'a list with faults');
    },
  );

  await t.test('stopped on the way, certificates stay; again, nobody gets a second one', async () => {
    const people = Array.from({ length: 40 }, (_, at) => `氏名 ${at + 1},p${at + 1}@example.jp\r\n`);
    await choose(desk.write('名簿 2.csv', `\ufeff氏名,メール\r\n${people.join('')}`));
    await page.getByText(labels.counts(40, 0)).waitFor();
    await hands.press(labels.makeAll(40));
    await page.getByText(/^[1-9]\d? \/ 40 · /).waitFor();
    await hands.press(text.common.cancel);
    await page.getByText(labels.stopped).waitFor();
    await page.getByText(/^\d+ 枚を新しく発行します。\d+ 人には/).waitFor();
    await hands.press(labels.makeAll(40));
    await page.getByText(labels.saveBoth).waitFor();
    await isAccessible(page, 'kits to save');
    const kits = unzip(await saved(labels.saveFiles, 'kits.zip'), 'kits');
    assert.equal(kits.length, 40);
    const sheet = readFileSync(await saved(labels.savePasswords, `${labels.passwords}.html`), 'utf8');
    assert.equal(new Set(sheet.match(password)).size, 40);
    const { items } = desk.json('cert', 'list', '--limit', '1000');
    assert.equal(items.filter(({ profile }: { profile: string }) => profile === 'client').length, 40);
  });

  await t.test(
    'one kit from the page of a certificate, for the system and the site that are named',
    async () => {
      await hands.visit(text.pages.certificates);
      await page.getByRole('searchbox').fill('氏名 7');
      await page.getByRole('cell', { name: '氏名 7', exact: true }).click();
      await page.getByLabel(labels.target, { exact: true }).selectOption('linux');
      await hands.type(labels.site, 'www.example.test');
      const zip = await saved(labels.saveOne, '氏名 7.zip');
      const shown = await page.getByText(/^[2-9a-z]{4}(-[2-9a-z]{4}){5}$/).textContent();
      assert.deepEqual(unzip(zip, 'one'), ['氏名 7']);
      assert.deepEqual(readdirSync(desk.path('one/氏名 7')).sort(), [
        'CA.cer',
        'CA.pem',
        'SHA256SUMS',
        'guide.html',
        'install-linux.sh',
        '氏名 7.p12',
      ]);
      const guide = readFileSync(desk.path('one/氏名 7/guide.html'), 'utf8');
      assert.match(guide, /https:\/\/www\.example\.test\//);
      assert.ok(!guide.includes(shown!));
      const p12 = desk.path('one/氏名 7/氏名 7.p12');
      const opened = spawnSync('openssl', ['pkcs12', '-in', p12, '-legacy', '-noout', '-passin', 'stdin'], {
        input: shown!,
        encoding: 'utf8',
      });
      assert.equal(opened.status, 0, opened.stderr);
      await isAccessible(page, 'a certificate with its kit');
    },
  );

  await t.test('the page stands in every language', async () => {
    for (const [name, { kits }] of [
      ['English', en],
      ['简体中文', zhCN],
    ] as const) {
      await page.evaluate(`location.hash = ${JSON.stringify(hrefOf('settings'))}`);
      await page.getByRole('radio', { name }).click();
      await page.evaluate(`location.hash = ${JSON.stringify(hrefOf('certificates', 'many'))}`);
      await page.getByRole('heading', { level: 1, name: kits.title }).waitFor();
      await isAccessible(page, name);
    }
  });
  assert.deepEqual(app.complaints, []);
});
