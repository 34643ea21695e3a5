/** A home in which every page has something to show: the seven steps done, four people, one of them revoked. */
import type { Request } from 'playwright-core';
import type { Language } from '../../../contract/problems/define.ts';
import { hrefOf } from '../../../renderer/shell/address.ts';
import { en } from '../../../renderer/speech/en.ts';
import { mouse } from './hands.ts';
import { firstRun, homeHolds, sevenSteps } from './seven-steps.ts';
import type { AppWindow } from './window.ts';

const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  ja: '日本語',
  'zh-CN': '简体中文',
};

export type Place = readonly [name: string, hash: string];

/** Every place worth a look. */
export async function fullHome({ page }: AppWindow): Promise<readonly Place[]> {
  const hands = mouse(page);
  await firstRun(page, hands, en);
  await sevenSteps(page, hands, en);
  await homeHolds(page, en);
  for (const [name, email] of [
    ['鈴木 一郎', 'ichiro@example.co.jp'],
    ['Tablet 14', ''],
    ['田中 さくら', 'sakura@example.co.jp'],
  ] as const) {
    await show(page, hrefOf('certificates', 'new'));
    await hands.type(en.certificates.commonName, name);
    if (email !== '') await hands.type(en.certificates.email, email);
    await page.getByRole('main').getByRole('button', { name: en.certificates.issue }).click();
    await page.getByText(en.certificates.issued(name)).waitFor();
    await hands.press(en.guide.another);
  }
  await show(page, hrefOf('certificates'));
  await page.getByRole('row', { name: 'Tablet 14' }).click();
  await hands.press(en.certificates.revokeStart);
  await page.getByRole('dialog').getByRole('button', { name: en.certificates.revoke, exact: true }).click();
  await page.getByText(en.certificates.stillLetIn).waitFor();
  const revoked = (await page.evaluate('location.hash')) as string;
  return [
    ['home', hrefOf('home')],
    ['guide', hrefOf('guide')],
    ['guide-server', hrefOf('guide', 'server-certificate')],
    ['guide-ca', hrefOf('guide', 'authority')],
    ['guide-client', hrefOf('guide', 'client-certificate')],
    ['guide-upload', hrefOf('guide', 'upload')],
    ['guide-install', hrefOf('guide', 'install')],
    ['guide-listener', hrefOf('guide', 'listener')],
    ['guide-test', hrefOf('guide', 'test')],
    ['authorities', hrefOf('authorities')],
    ['authority-new', hrefOf('authorities', 'new')],
    ['certificates', hrefOf('certificates')],
    ['certificate-new', hrefOf('certificates', 'new')],
    ['certificates-many', hrefOf('certificates', 'many')],
    ['certificate', revoked],
    ['possibly-issued', hrefOf('certificates', 'possibly-issued')],
    ['load-balancers', hrefOf('load-balancers')],
    ['transfer', hrefOf('transfer')],
    ['transfer-ask', hrefOf('transfer', 'certificate')],
    ['open-p12', hrefOf('open-p12')],
    ['browser-check', hrefOf('browser-check')],
    ['practice', hrefOf('practice')],
    ['audit', hrefOf('audit')],
    ['settings', hrefOf('settings')],
  ];
}

export async function show(page: AppWindow['page'], hash: string): Promise<void> {
  const answered = quiet(page);
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await answered;
  // Fluent's transitions.
  await page.evaluate('Promise.allSettled(document.getAnimations().map(({ finished }) => finished))');
}

/** Until every question that the page asked is answered, and it asks no more. What is live never ends: three seconds. */
async function quiet(page: AppWindow['page']): Promise<void> {
  const open = new Set<Request>();
  const started = (request: Request): void => void open.add(request);
  const ended = (request: Request): void => void open.delete(request);
  page.on('request', started);
  page.on('requestfinished', ended);
  page.on('requestfailed', ended);
  try {
    for (let calm = 0, waited = 0; calm < 3 && waited < 60; waited++) {
      await page.waitForTimeout(50);
      calm = open.size === 0 ? calm + 1 : 0;
    }
  } finally {
    page.off('request', started);
    page.off('requestfinished', ended);
    page.off('requestfailed', ended);
  }
}

export async function speak(page: AppWindow['page'], language: Language): Promise<void> {
  await show(page, hrefOf('settings'));
  await page.getByRole('radio', { name: languageNames[language] }).click();
  await page.locator(`html[lang="${language}"]`).waitFor();
}
