/** A list longer than any screen, in Chromium: only what is seen is there, and every row can be reached. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fill, subjectOf } from '../../bench/ui/fill.ts';
import { en } from '../../renderer/speech/en.ts';
import { AppWindow } from './app/window.ts';

const length = 2500;
let app: AppWindow;
before(async () => {
  app = await AppWindow.open({ locale: 'en' }, async ({ home }) => void (await fill(home, length, () => {})));
  await app.page.locator('main h1').waitFor();
  await app.page.evaluate("location.hash = '#/certificates'");
});
after(() => app?.[Symbol.asyncDispose]());

const rows = () => app.page.locator('tbody tr');
const nameOf = (n: number): string => /^CN=([^,]+)/.exec(subjectOf(n))![1]!;
/** Waits until the focus is on the row of that number among all of them, and that name. */
const focusIsOn = (number: number, name: string): Promise<void> =>
  app.page.locator(`tr:focus[aria-rowindex="${number}"]`, { hasText: name }).waitFor();

test('a screen reader is told how many rows there are; the page holds those that are seen', async () => {
  // The CA is one of them, and one of a hundred is a server's.
  const clients = length - 1 - Math.floor(length / 100);
  await app.page.getByText(en.certificates.count(clients)).waitFor();
  await rows().first().waitFor();
  assert.equal(await app.page.getByRole('table').getAttribute('aria-rowcount'), `${clients + 1}`);
  assert.ok((await rows().count()) < 60);
});

test('keys lead to the last row, a page up, and back to the first', async () => {
  await rows().first().focus();
  await focusIsOn(2, nameOf(length - 1));
  await app.page.keyboard.press('End');
  await focusIsOn(length - Math.floor(length / 100), nameOf(1));
  await app.page.keyboard.press('ArrowUp');
  await app.page.keyboard.press('ArrowUp');
  await focusIsOn(length - Math.floor(length / 100) - 2, nameOf(4));
  await app.page.keyboard.press('Home');
  await focusIsOn(2, nameOf(length - 1));
  await app.page.keyboard.press('PageDown');
  await app.page.locator('tr:focus[aria-rowindex^="1"]:not([aria-rowindex="1"])').waitFor();
});

test('where the scrollbar is pulled to, the rows of that place come in', async () => {
  await app.page.evaluate(`{
    const list = document.querySelector('table').parentElement.parentElement;
    list.scrollTop = list.scrollHeight / 2;
  }`);
  const middle = app.page.locator(`tbody tr[aria-rowindex="${length / 2 + 5}"]`);
  await middle.filter({ hasText: /\d{7}/ }).waitFor();
});

test('what is typed narrows the list, and an answer that comes too late is not shown', async () => {
  const box = app.page.getByRole('searchbox');
  const answers: string[] = [];
  // The first question is answered last.
  await app.page.route('**/api/certificate/list', async (route) => {
    const question = route.request().postData() ?? '';
    if (question.includes('"佐"')) await new Promise((resolve) => setTimeout(resolve, 3000));
    answers.push(question);
    await route.continue().catch(() => {});
  });
  await box.fill('佐');
  await app.page.waitForTimeout(500);
  await box.fill(nameOf(30));
  await app.page.getByText(en.certificates.count(1), { exact: true }).waitFor();
  await app.page.waitForTimeout(4000);
  assert.ok(answers.length >= 2);
  assert.equal(await rows().count(), 1);
  assert.match((await rows().first().textContent()) ?? '', new RegExp(nameOf(30)));
  assert.deepEqual(app.complaints, []);
});
