/** Two machines, two windows, files in between: the CA's in Japanese by mouse, the connected one in English by keyboard. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { en, type WindowText } from '../../renderer/speech/en.ts';
import { ja } from '../../renderer/speech/ja.ts';
import { isAccessible } from './app/accessible.ts';
import { keyboard, mouse } from './app/hands.ts';
import { AppWindow } from './app/window.ts';
import { tool } from './warifu.ts';

const ca = '割符 CA';
const dismissed = '退職者';
const wanted = '山田 太郎';
const stranger = '見知らぬ人';

test('certificates and revocations are asked for, answered and received by files between two windows', async (t) => {
  await using keeper = await AppWindow.open({ locale: 'ja-JP' }, (desk) => {
    desk.json('vault', 'init');
    desk.json('ca', 'create', ca, '--key', 'rsa-2048');
    desk.json('cert', 'issue', `CN=${dismissed}`, '--ca', ca);
  });
  await using connected = await AppWindow.open({ locale: 'en-GB' }, (desk) => desk.json('vault', 'init'));
  const here = keyboard(connected.page);
  const there = mouse(keeper.page);
  let carried = 0;

  /** The vault is locked at the first signature or key: it is asked for. */
  const unlock = async ({ page, desk }: AppWindow, text: WindowText): Promise<void> => {
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(text.vault.kinds.passphrase, { exact: true }).last().fill(desk.passphrase);
    await dialog.getByRole('button', { name: text.vault.unlock }).click();
  };
  /** Saves by a button, and puts what was saved on the stick. */
  const saved = async (app: AppWindow, press: () => Promise<void>, ending: RegExp): Promise<string> => {
    const [download] = await Promise.all([app.page.waitForEvent('download'), press()]);
    assert.match(download.suggestedFilename(), ending);
    const path = app.desk.path(`file ${carried++}`);
    await download.saveAs(path);
    return path;
  };
  const choose = (page: Page, path: string): Promise<void> =>
    page.locator('input[type=file]').setInputFiles(path);
  const says = (page: Page, text: string): Promise<void> => page.getByText(text).first().waitFor();
  const inFile = ({ page }: AppWindow, text: WindowText) =>
    page.getByRole('region', { name: text.transfer.inFile });

  let first = '';
  await t.test(
    'the file for the connected machine is saved, with its digest and the fingerprint of the CA',
    async () => {
      await there.visit(ja.pages.transfer);
      await isAccessible(keeper.page, 'the CA’s machine');
      first = await saved(
        keeper,
        async () => {
          await there.press(ja.transfer.saveForConnected);
          await unlock(keeper, ja);
        },
        /^割符-CA-.*\.warifu-authority$/,
      );
      const digest = /\{"digest":"([0-9a-f]{64})"\}/.exec(readFileSync(first, 'utf8'))![1]!;
      await keeper.page.getByRole('status').locator(`[data-fingerprint="${digest}"]`).waitFor();
    },
  );

  await t.test('a CA that was never seen is taken in by its fingerprint alone', async () => {
    await here.visit(en.pages.transfer);
    await says(connected.page, en.transfer.emptyTitle);
    await isAccessible(connected.page, 'no CA yet');
    for (const [name, content, code] of [
      ['foreign', 'not a transfer file', 'NOT_A_TRANSFER_FILE'],
      ['cut off', readFileSync(first).subarray(0, 3000), 'TRANSFER_DAMAGED'],
      ['newer', readFileSync(first, 'utf8').replace('transfer 1', 'transfer 2'), 'TRANSFER_NEWER'],
    ] as const) {
      await choose(connected.page, connected.desk.write(name, content));
      await connected.page.getByRole('alert').getByText(code).waitFor();
    }
    await choose(connected.page, first);
    await says(connected.page, en.transfer.newAuthority(ca));
    await isAccessible(connected.page, 'a new CA');
    // What the file says of itself is no help in comparing.
    const fingerprint = (await keeper.page
      .getByRole('region', { name: ca })
      .locator('[data-fingerprint]')
      .first()
      .textContent())!;
    assert.equal(await inFile(connected, en).getByText(fingerprint).count(), 0);
    const field = connected.page.getByLabel(en.transfer.confirmFingerprint);
    await field.fill('ab'.repeat(32));
    await here.press(en.transfer.receive);
    await connected.page.getByRole('alert').getByText('TRANSFER_UNCONFIRMED').waitFor();
    await field.fill(fingerprint);
    await here.press(en.transfer.receive);
    await says(connected.page, en.transfer.takenIn(ca));
    await says(connected.page, en.transfer.keyElsewhere);
  });

  let requests = '';
  await t.test('wishes wait on the connected machine and leave in one file', async () => {
    await says(connected.page, en.transfer.nothingWaits);
    for (const name of [wanted, stranger]) {
      await here.press(en.transfer.askStart.certificate);
      await here.type(en.certificates.commonName, name);
      if (name === wanted) {
        await here.type(en.transfer.names, 'yamada@example.com');
        await isAccessible(connected.page, 'asking for a certificate');
      }
      await here.press(en.transfer.putDown);
      if (name === wanted) await unlock(connected, en);
      await connected.page.getByRole('list', { name: en.transfer.waiting }).getByText(name).waitFor();
    }
    const mistaken = '取り下げ';
    await here.press(en.transfer.askStart.certificate);
    await here.type(en.certificates.commonName, mistaken);
    await here.press(en.transfer.putDown);
    await here.press(`${en.transfer.withdrawStart} · CN=${mistaken}`);
    await isAccessible(connected.page, 'withdrawing');
    await here.press(en.transfer.withdraw);
    await connected.page
      .getByRole('list', { name: en.transfer.waiting })
      .getByText(mistaken)
      .waitFor({ state: 'detached' });
    await here.press(en.transfer.askStart.revocation);
    await here.type(en.certificates.search, dismissed);
    await isAccessible(connected.page, 'asking for a revocation');
    await here.press(`${en.transfer.askThis} · ${dismissed}`);
    await connected.page.getByRole('list', { name: en.transfer.waiting }).getByText(dismissed).waitFor();
    requests = await saved(connected, () => here.press(en.transfer.saveForAuthority), /\.warifu-requests$/);
    // Nothing that has to stay is in it.
    assert.doesNotMatch(readFileSync(requests, 'utf8'), /PRIVATE|sealed/);
    // Where the key is not, nothing can be decided.
    await choose(connected.page, requests);
    await says(connected.page, en.transfer.keyNotHere(ca));
    assert.equal(await inFile(connected, en).getByRole('combobox').count(), 0);
  });

  let answers = '';
  await t.test('each request is looked into, then approved, refused or left', async () => {
    await choose(keeper.page, requests);
    const { page } = keeper;
    await says(page, ja.transfer.unsigned);
    const row = page.getByRole('row', { name: wanted });
    for (const seen of ['yamada@example.com', 'RSA 2048', ja.transfer.days(365)])
      await row.getByText(seen).waitFor();
    await isAccessible(page, 'requests');
    await page.getByLabel(ja.transfer.decisionOn(`CN=${wanted}`)).selectOption('approve');
    await there.press(ja.transfer.answer);
    await says(page, ja.transfer.answered(1));
    await row.getByText(ja.transfer.states.done).waitFor();
    await page.getByLabel(ja.transfer.decisionOn(`CN=${stranger}`)).selectOption('refuse');
    await page.getByLabel(ja.transfer.decisionOn(`CN=${dismissed}`)).selectOption('approve');
    await says(page, ja.transfer.wouldDo(0, 1, 1));
    await there.press(ja.transfer.answer);
    await says(page, ja.transfer.answered(3));
    await isAccessible(page, 'answered');
    await says(page, ja.transfer.crlFirst);
    await there.press(ja.authorities.publishCrl);
    await page.getByText(ja.transfer.crlFirst).waitFor({ state: 'hidden' });
    answers = await saved(keeper, () => there.press(ja.transfer.saveAnswers), /\.warifu-authority$/);
    // The same file again asks for nothing more.
    await choose(page, requests);
    await page.getByRole('row', { name: stranger }).getByText(ja.transfer.states.refused).waitFor();
    assert.equal(await page.getByRole('button', { name: ja.transfer.answer }).count(), 0);
  });

  await t.test(
    'the answers are received: the certificate joins its key, the revocation is on the CRL',
    async () => {
      const { page, desk } = connected;
      await choose(page, answers);
      await says(page, en.transfer.signedByKnown);
      await isAccessible(page, 'answers');
      await here.press(en.transfer.receive);
      await says(page, en.transfer.tookIn(1, 1, 3));
      await says(page, en.transfer.nothingWaits);
      await here.visit(en.pages.certificates);
      await page.getByRole('row', { name: wanted }).click();
      await says(page, en.certificates.saveP12);

      // openssl agrees: the key that was made here is that of the certificate that came, and the CRL knows the other.
      const p12 = desk.path('yamada.p12');
      desk.json('cert', 'export', wanted, '--out', p12);
      const opened = tool(
        'openssl',
        'pkcs12',
        '-legacy',
        '-in',
        p12,
        '-passin',
        `file:${p12}.password`,
        '-nodes',
      );
      const [leaf, key] = [desk.write('leaf.pem', opened), desk.write('key.pem', opened)];
      assert.equal(
        tool('openssl', 'x509', '-in', leaf, '-noout', '-pubkey'),
        tool('openssl', 'pkey', '-in', key, '-pubout'),
      );
      const crl = desk.path('crl.pem');
      desk.json('crl', 'show', ca, '--out', crl);
      const { serial } = desk.json('cert', 'show', dismissed);
      assert.match(
        tool('openssl', 'crl', '-in', crl, '-noout', '-text'),
        new RegExp(`Serial Number: ${serial}`, 'i'),
      );
    },
  );

  await t.test('an older file takes nothing back', async () => {
    await here.visit(en.pages.transfer);
    await choose(connected.page, first);
    await says(connected.page, en.transfer.older);
    await says(connected.page, en.transfer.nothingNew);
    assert.ok(await connected.page.getByRole('button', { name: en.transfer.receive }).isDisabled());
    await isAccessible(connected.page, 'an older file');
  });
  assert.deepEqual([...keeper.complaints, ...connected.complaints], []);
});
