/**
 * npm run screenshots            the pictures of docs/screenshots
 * npm run screenshots -- DIR     every page: English, Japanese and Chinese, light and dark, 1280×800 and 900×600
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../../../contract/problems/define.ts';
import { hrefOf } from '../../../renderer/shell/address.ts';
import { en } from '../../../renderer/speech/en.ts';
import { mouse } from './hands.ts';
import { firstRun, homeHolds, sevenSteps } from './seven-steps.ts';
import { AppWindow } from './window.ts';

const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  ja: '日本語',
  'zh-CN': '简体中文',
};
const docs = join(import.meta.dirname, '..', '..', '..', 'docs', 'screenshots');
const everything = process.argv[2];
const folder = everything ?? docs;
mkdirSync(folder, { recursive: true });

await using app = await AppWindow.open({ locale: 'en-GB' });
const { page } = app;
const hands = mouse(page);

const shoot = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) });
const show = async (hash: string): Promise<void> => {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  // Fluent's transitions.
  await page.waitForTimeout(400);
};
const speak = async (language: Language): Promise<void> => {
  await show(hrefOf('settings'));
  await page.getByRole('radio', { name: languageNames[language] }).click();
  await page.locator(`html[lang="${language}"]`).waitFor();
};

if (everything) await shoot('first-run');
await firstRun(page, hands, en);
await sevenSteps(page, hands, en);
await homeHolds(page, en);
for (const [name, email] of [
  ['鈴木 一郎', 'ichiro@example.co.jp'],
  ['Tablet 14', ''],
  ['田中 さくら', 'sakura@example.co.jp'],
] as const) {
  await show(hrefOf('certificates', 'new'));
  await hands.type(en.certificates.commonName, name);
  if (email !== '') await hands.type(en.certificates.email, email);
  await page.getByRole('main').getByRole('button', { name: en.certificates.issue }).click();
  await page.getByText(en.certificates.issued(name)).waitFor();
  await hands.press(en.guide.another);
}
await show(hrefOf('certificates'));
await page.getByRole('row', { name: 'Tablet 14' }).click();
await hands.press(en.certificates.revokeStart);
await page.getByRole('dialog').getByRole('button', { name: en.certificates.revoke, exact: true }).click();
await page.getByText(en.certificates.stillLetIn).waitFor();
const revoked = (await page.evaluate('location.hash')) as string;

const places: readonly (readonly [name: string, hash: string])[] = [
  ['home', hrefOf('home')],
  ['guide-server', hrefOf('guide', 'server-certificate')],
  ['guide-client', hrefOf('guide', 'client-certificate')],
  ['guide-listener', hrefOf('guide', 'listener')],
  ['guide-test', hrefOf('guide', 'test')],
  ['authorities', hrefOf('authorities')],
  ['authority-new', hrefOf('authorities', 'new')],
  ['certificates', hrefOf('certificates')],
  ['certificate', revoked],
  ['many', hrefOf('certificates', 'many')],
  ['load-balancers', hrefOf('load-balancers')],
  ['practice', hrefOf('practice')],
  ['audit', hrefOf('audit')],
  ['settings', hrefOf('settings')],
];
const sizes = [
  [1280, 800],
  [900, 600],
] as const;

if (everything) {
  for (const language of ['en', 'ja', 'zh-CN'] as const) {
    await speak(language);
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const [width, height] of sizes) {
        await page.setViewportSize({ width, height });
        for (const [name, hash] of places) {
          await show(hash);
          await shoot(`${name}-${language}-${scheme}-${width}`);
        }
      }
    }
  }
} else {
  const wanted: readonly (readonly [place: string, language: Language, scheme: 'light' | 'dark'])[] = [
    ['home', 'en', 'light'],
    ['guide-listener', 'ja', 'light'],
    ['guide-test', 'zh-CN', 'light'],
    ['certificate', 'en', 'dark'],
    ['load-balancers', 'en', 'light'],
    ['home', 'ja', 'dark'],
  ];
  for (const [name, language, scheme] of wanted) {
    await speak(language);
    await page.emulateMedia({ colorScheme: scheme });
    await show(places.find(([place]) => place === name)![1]);
    await shoot(`${name}-${language}-${scheme}`);
  }
}
