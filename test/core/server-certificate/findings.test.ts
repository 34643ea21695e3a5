import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languages } from '../../../contract/problems/define.ts';
import { serverCertificateProblems } from '../../../contract/problems/server-certificate.ts';
import {
  describeFinding,
  type FindingCode,
  serverCertificateFindings,
} from '../../../contract/server-certificate-findings.ts';

const placeholders = (text: string): Set<string> =>
  new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, field]) => field!));

test('every finding and problem says the same fields in every language, and only fields it has', () => {
  for (const [code, { data, text }] of Object.entries({
    ...serverCertificateFindings,
    ...serverCertificateProblems,
  })) {
    const fields = new Set(Object.keys(data.shape));
    const said = languages.map((language) => placeholders(Object.values(text[language]).join(' ')));
    for (const [at, set] of said.entries()) {
      assert.ok(
        [...set].every((field) => fields.has(field)),
        `${code} ${languages[at]}: ${[...set]}`,
      );
      assert.deepEqual([...set].toSorted(), [...said[0]!].toSorted(), `${code} ${languages[at]}`);
    }
    const what = new Set(languages.map((language) => text[language].what));
    assert.equal(what.size, languages.length, `${code} is translated`);
  }
});

test('a finding is told with its data filled in', () => {
  const { what } = describeFinding(
    { code: 'NAME_NOT_COVERED', data: { host: 'shop.example.com', names: 'www.example.com' } },
    'ja',
  );
  assert.match(what, /shop\.example\.com.*www\.example\.com/);
  assert.doesNotMatch(what, /\{\{/);
  for (const code of Object.keys(serverCertificateFindings) as FindingCode[])
    for (const language of languages)
      assert.ok(describeFinding({ code, data: {} }, language).remedy.length > 0);
});
