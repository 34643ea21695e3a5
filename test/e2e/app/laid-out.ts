/** What a careful eye would find on a page: something cut off, on top of something else, or in another language. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Language } from '../../../contract/problems/define.ts';
import { en } from '../../../renderer/speech/en.ts';
import { ja } from '../../../renderer/speech/ja.ts';
import { zhCN } from '../../../renderer/speech/zh-cn.ts';

const eye = readFileSync(join(import.meta.dirname, 'eye.js'), 'utf8');

const speech: Readonly<Record<Language, unknown>> = { en, ja, 'zh-CN': zhCN };

/** Nothing sticks out of the window, no text is cut off without its title, no two things to click on overlap. */
export async function isLaidOut(page: Page, where: string): Promise<void> {
  const faults = await look(page, 'layoutFaults');
  assert.deepEqual(faults, [], where);
}

/**
 * No words of another language: none of our English texts where the page speaks another, and no run of three English
 * words outside of commands, names and what servers said (`translate="no"`).
 */
export async function isTranslated(page: Page, language: Language, where: string): Promise<void> {
  const own = new Set(stringsOf(speech[language]));
  const foreign = Object.entries(speech)
    .filter(([other]) => other !== language)
    .flatMap(([, words]) => stringsOf(words))
    .filter((words) => /[^a-z]/.test(words) && words.length > 3 && !own.has(words));
  const shown = await look(page, 'texts');
  const known = new Set(foreign);
  const english = /\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b/;
  const left = shown.filter((text) => known.has(text) || (language !== 'en' && english.test(text)));
  assert.deepEqual([...new Set(left)], [], where);
}

async function look(page: Page, what: 'layoutFaults' | 'texts'): Promise<string[]> {
  await page.evaluate(eye);
  return page.evaluate(`eye.${what}()`);
}

function stringsOf(words: unknown): string[] {
  if (typeof words === 'string') return [words];
  return typeof words === 'object' && words !== null ? Object.values(words).flatMap(stringsOf) : [];
}
