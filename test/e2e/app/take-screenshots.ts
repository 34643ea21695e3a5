/** npm run screenshots: the pictures that the documents show. (Every page: test/e2e/app-pages.test.ts.) */
import { join } from 'node:path';
import type { Language } from '../../../contract/problems/define.ts';
import { fullHome, show, speak } from './full-home.ts';
import { AppWindow } from './window.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'docs', 'screenshots');

const wanted: readonly (readonly [place: string, language: Language, scheme: 'light' | 'dark'])[] = [
  ['home', 'en', 'light'],
  ['guide-listener', 'ja', 'light'],
  ['guide-test', 'zh-CN', 'light'],
  ['certificate', 'en', 'dark'],
  ['load-balancers', 'en', 'light'],
  ['home', 'ja', 'dark'],
];

await using app = await AppWindow.open({ locale: 'en-GB' });
const { page } = app;
const places = await fullHome(app);
for (const [name, language, scheme] of wanted) {
  await speak(page, language);
  await page.emulateMedia({ colorScheme: scheme });
  await show(page, places.find(([place]) => place === name)![1]);
  await page.screenshot({ path: join(folder, `${name}-${language}-${scheme}.png`) });
}
