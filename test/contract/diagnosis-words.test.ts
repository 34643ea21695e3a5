import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDiagnosis, diagnosisWords } from '../../contract/diagnosis-words.ts';
import { languages } from '../../contract/problems/define.ts';
import { diagnosisCheck } from '../../contract/trust-store.ts';

test('every finding has its words in every language, and a remedy exactly when it stands in the way', () => {
  for (const check of diagnosisCheck.options)
    for (const language of languages)
      for (const ok of [true, false, null]) {
        const { what, remedy } = describeDiagnosis(
          { check, ok, detail: 'DETAIL', certificate: 'NAME' },
          language,
        );
        const where = `${check} ${language} ${ok}`;
        assert.ok(what.length > 3 && !/[{}]/.test(what + (remedy ?? '')), where);
        assert.equal(remedy !== undefined, ok === false, where);
      }
});

test('every language tells the same: the same details, no ASCII punctuation after Japanese or Chinese', () => {
  const fields = (text = ''): string[] => (text.match(/\{\{\w+\}\}/g) ?? []).toSorted();
  for (const [check, words] of Object.entries(diagnosisWords))
    for (const language of languages)
      for (const part of ['yes', 'no', 'remedy', 'unknown'] as const) {
        const text = words[language][part];
        assert.deepEqual(fields(text), fields(words.en[part]), `${check} ${language} ${part}`);
        if (language !== 'en')
          assert.doesNotMatch(
            text ?? '',
            /[\u3040-\u30ff\u4e00-\u9fff][,.:;!?()]/u,
            `${check} ${language} ${part}`,
          );
      }
});
