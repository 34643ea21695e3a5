/** The words of the window: none missing (the compiler sees to it), none unused, none left in English. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { describeDiagnosis } from '../../contract/diagnosis-words.ts';
import { describeProblem, type ProblemCode, problems } from '../../contract/problem.ts';
import { type Language, languages } from '../../contract/problems/define.ts';
import { diagnosisCheck } from '../../contract/trust-store.ts';
import { en } from '../../renderer/speech/en.ts';
import { ja } from '../../renderer/speech/ja.ts';
import { zhCN } from '../../renderer/speech/zh-cn.ts';

const renderer = join(import.meta.dirname, '..', '..', 'renderer');

/** Path and words of every text; what takes values is given some. */
function texts(catalog: object, path: readonly string[] = []): (readonly [path: string, words: string])[] {
  return Object.entries(catalog).flatMap(([key, value]: [string, unknown]) => {
    const here = [...path, key];
    if (typeof value === 'string') return [[here.join('.'), value] as const];
    if (typeof value === 'function')
      return [true, false].map((flag) => [here.join('.'), String(value(2, flag ? 3 : 1, flag))] as const);
    if (Array.isArray(value)) return value.flat().map((words) => [here.join('.'), String(words)] as const);
    return texts(value as object, here);
  });
}

test('every text is used somewhere', () => {
  const used = new Set<string>();
  const usedBelow = new Set<string>();
  for (const file of globSync('**/*.{ts,tsx}', { cwd: renderer })) {
    if (/^speech\W(en|ja|zh-cn)\b/.test(file)) continue;
    let source = readFileSync(join(renderer, file), 'utf8');
    // `const labels = text.rollout;`
    for (const [, alias, path] of source.matchAll(/const (\w+)(?:: [^=]+)? = text\.([\w.]+);/g))
      source = source.replaceAll(new RegExp(`(?<![\\w.])${alias}(?=[.[])`, 'g'), `text.${path}`);
    for (const [, path, index] of source.matchAll(
      /(?<![\w.])(?:text|catalogs\[language\])\.([\w.]+)(\[)?/g,
    )) {
      used.add(path!);
      // Chosen at run time: everything below may be.
      if (index !== undefined) usedBelow.add(path!);
    }
  }
  const unused = texts(en)
    .map(([path]) => path)
    .filter((path) => !used.has(path) && ![...usedBelow].some((above) => path.startsWith(`${above}.`)));
  assert.deepEqual([...new Set(unused)], []);
});

for (const [name, catalog] of Object.entries({ ja, 'zh-CN': zhCN })) {
  describe(name, () => {
    const english = new Map(texts(en));
    /** Names of things, the same in every language. */
    const names =
      /^(Alibaba Cloud ·|macOS|Java$|Android$|Windows( |$)|Linux$|RSA|EC P-|TLS |SHA-|API$|CA$|CRL$|CA 2)/;

    it('leaves nothing in English', () => {
      const left = texts(catalog).filter(
        ([path, words]) => words === english.get(path) && !names.test(words) && /[a-z]{3}/i.test(words),
      );
      assert.deepEqual(left, []);
      const foreign = texts(catalog).filter(
        ([, words]) =>
          !/[\u3040-\u30ff\u4e00-\u9fff]/.test(words) &&
          !names.test(words) &&
          words !== '：' &&
          words !== '、',
      );
      assert.deepEqual(
        foreign.filter(([, words]) => !/^\d|@example\./.test(words)),
        [],
      );
    });

    it('uses full-width punctuation, and no exclamation marks', () => {
      const wrong = texts(catalog).filter(([, words]) =>
        /[\u3040-\u30ff\u4e00-\u9fff][,.:;!?()]|[!！]/.test(words),
      );
      assert.deepEqual(wrong, []);
    });
  });
}

test('every problem of the contract says what and what next, in all three languages', () => {
  for (const code of Object.keys(problems) as ProblemCode[]) {
    for (const language of languages) {
      const { what, remedy } = describeProblem(code, {}, language);
      assert.ok(what.length > 3 && remedy.length > 3, `${code} ${language}`);
      if (language !== 'en')
        assert.match(what + remedy, /[\u3040-\u30ff\u4e00-\u9fff]/, `${code} ${language}`);
    }
  }
});

test('a window names no command: what a remedy calls a command, the window calls a button', () => {
  /** Said by the command line alone. */
  const elsewhere = ['SECRET_NOT_GIVEN', 'FILE_EXISTS', 'CONFIRMATION_NEEDED', 'TOUR_FAILED'];
  const command = /warifu [a-z]|(^|[^-])--[a-z]/;
  for (const [language, catalog] of Object.entries({ en, ja, 'zh-CN': zhCN }) as [Language, typeof en][]) {
    const remedies: Readonly<Record<string, string>> = catalog.remedies;
    for (const code of Object.keys(problems) as ProblemCode[]) {
      if (elsewhere.includes(code)) continue;
      const { what, kept = '', remedy } = describeProblem(code, {}, language);
      assert.doesNotMatch(what + kept + (remedies[code] ?? remedy), command, `${code} ${language}`);
    }
    const clicks: Readonly<Record<string, string>> = catalog.browserCheck.remedies;
    for (const check of diagnosisCheck.options)
      for (const ok of [true, false, null]) {
        const { what, remedy = '' } = describeDiagnosis({ check, ok, detail: '' }, language);
        assert.doesNotMatch(what + (clicks[check] ?? remedy), command, `${check} ${language}`);
      }
  }
});

test('English ends its sentences calmly too', () => {
  assert.deepEqual(
    texts(en).filter(([, words]) => words.includes('!')),
    [],
  );
});
