/** Asking of a lint what it said: one rule at a time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding, Rule } from '../../../../core/x509/lint/rule.ts';

/** Makes one test of each case: the rule with the id that is its key must be among the findings. */
export function eachRuleFires<Subject>(
  rules: readonly Rule<Subject>[],
  cases: Readonly<Record<string, () => readonly Finding[]>>,
): void {
  for (const [id, lint] of Object.entries(cases))
    test(`${id} fires`, () => {
      const findings = lint();
      const found = findings.find((finding) => finding.id === id);
      assert.ok(found, `only ${JSON.stringify(findings)}`);
      assert.ok(found.message.length > 3 && found.section.length > 3);
    });
  test('every rule has a case that makes it fire, and an id of its own', () => {
    const ids = rules.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      ids.filter((id) => cases[id] === undefined),
      [],
    );
  });
}
