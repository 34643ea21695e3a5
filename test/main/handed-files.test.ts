/** A .p12 that the system hands over: by the command line, by a second start, by macOS' open-file. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileAmong } from '../../main/handed-files.ts';
import { ja } from '../../renderer/speech/ja.ts';
import { mouse } from '../e2e/app/hands.ts';
import { makeVault } from '../e2e/app/seven-steps.ts';
import { app } from '../electron/double/state.ts';
import { type DoubleApp, startDouble } from '../electron/double-app.ts';

let running: DoubleApp;
const secondStart = (path: string, workingDirectory = '/'): void =>
  void app.emit(
    'second-instance',
    {},
    ['warifu', '--allow-file-access-from-files', '.', path],
    workingDirectory,
  );

const clicked = mkdtempSync(join(tmpdir(), 'warifu double click-'));

before(async () => {
  writeFileSync(join(clicked, 'ダブルクリック.p12'), 'x');
  process.argv.push(join(clicked, 'ダブルクリック.p12'));
  running = await startDouble({ locale: 'ja-JP' });
});
after(async () => {
  await running[Symbol.asyncDispose]();
  rmSync(clicked, { recursive: true });
});

test('a double click that starts Warifu for the first time waits until the vault is made', async () => {
  const { page } = running;
  await makeVault(page, mouse(page), ja);
  await page.getByRole('heading', { level: 1, name: ja.pages['open-p12'] }).waitFor();
  await page.getByText('ダブルクリック.p12').waitFor();
});

test('a second start with a .p12 opens it in the window that is there, and it can be looked into', async () => {
  const { page } = running;
  const hands = mouse(page);
  // A real one, of this very Warifu, saved by its dialog.
  await page.evaluate(`location.hash = '#/guide'`);
  await hands.press(ja.authorities.create);
  await hands.press(ja.guide.onward(ja.guide.step['server-certificate'].name));
  await page.evaluate(`location.hash = '#/certificates/new'`);
  await hands.type(ja.certificates.commonName, '佐藤 花子');
  await page.getByRole('main').getByRole('button', { name: ja.certificates.issue }).click();
  const file = running.path('佐藤 花子.p12');
  await running.answerSave(file);
  await hands.press(ja.certificates.saveP12);
  const password = await page.getByText(/^[a-z0-9]{4}(-[a-z0-9]{4})+$/).textContent();

  let focused = 0;
  running.window.on('focus', () => focused++);
  secondStart(basename(file), dirname(file));
  await page.getByRole('heading', { level: 1, name: ja.pages['open-p12'] }).waitFor();
  await page.getByText('佐藤 花子.p12').waitFor();
  assert.equal(focused, 1);
  await hands.type(ja.p12.password, password!);
  await hands.press(ja.p12.look);
  await page.getByRole('heading', { level: 2, name: '佐藤 花子' }).waitFor();

  // The next one takes its place, whatever the page had come to.
  writeFileSync(running.path('other.PFX'), 'not really one');
  app.emit('open-file', { preventDefault() {} }, running.path('other.PFX'));
  await page.getByText('other.PFX').waitFor();
  assert.equal(await page.getByRole('heading', { level: 2, name: '佐藤 花子' }).count(), 0);
  await hands.press(ja.p12.look);
  await page.getByRole('alert').waitFor();
});

for (const [what, make, code] of [
  ['is no .p12 by its name', (path: string) => writeFileSync(path, 'root:x:0:0'), 'FILE_NOT_PKCS12'],
  ['is not there', () => {}, 'FILE_UNREADABLE'],
  [
    'is far too large to be one',
    (path: string) => {
      writeFileSync(path, '');
      truncateSync(path, 17 * 1024 * 1024);
    },
    'FILE_UNREADABLE',
  ],
] as const)
  test(`what ${what} is refused with words, and nothing of it reaches the page`, async () => {
    const { page } = running;
    const path = running.path(code === 'FILE_NOT_PKCS12' ? 'passwd' : `${what.replaceAll(' ', '-')}.p12`);
    make(path);
    secondStart(path);
    await page.getByRole('alert').getByText(basename(path)).waitFor();
    await page.getByRole('alert').getByText(code).waitFor();
    assert.equal(await page.getByText('root:x').count(), 0);
    assert.ok(await page.getByRole('button', { name: ja.p12.look }).isDisabled());
  });

test('the page takes what was handed over once, and can ask for nothing else', async () => {
  const { page } = running;
  const take = `window.warifu.takeHanded('/etc/passwd').catch(() => 'refused')`;
  assert.deepEqual(await page.evaluate(take), { value: null });
  await page.evaluate(`window.postMessage('warifu-handed', '*')`);
  assert.deepEqual(await page.evaluate(`window.warifu.takeHanded()`), { value: null });
});

test('a command line names the file last; switches and addresses are no files', () => {
  for (const [argv, packaged, found] of [
    [['warifu'], true, undefined],
    [['warifu', 'a.p12'], true, '/here/a.p12'],
    [['warifu', '/there/山田 太郎.p12', '--type=x'], true, '/there/山田 太郎.p12'],
    [['electron', '--inspect', '.'], false, undefined],
    [['electron', '.', 'a.pfx'], false, '/here/a.pfx'],
    [['warifu', 'warifu://app/#/settings'], true, undefined],
    [['warifu', 'file:///there/%E5%B1%B1%E7%94%B0%20%E5%A4%AA%E9%83%8E.p12'], true, '/there/山田 太郎.p12'],
    [['warifu', 'file://server/share/a.p12'], true, undefined],
    [['warifu', 'file:///there/a%2Fb.p12'], true, undefined],
    [['warifu', '--', 'a.p12'], true, '/here/a.p12'],
    [['warifu', ''], true, undefined],
  ] as const)
    assert.equal(fileAmong(argv, '/here', packaged), found, argv.join(' '));
});
