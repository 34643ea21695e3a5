import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, type JsonValue } from '../../../core/audit/canonical.ts';

test('keys are in the order of their UTF-16 code units, as in the example of RFC 8785 §3.2.3', () => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  };
  const expected =
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis",' +
    '"\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}';
  assert.equal(canonicalJson(value), expected);
});

test('strings are escaped as in RFC 8785 §3.2.2.2: the short forms, \\u00xx for other controls, nothing else', () => {
  assert.equal(
    canonicalJson('\u0000\b\t\n\f\r"\\/\u000f\u007f鍵'),
    '"\\u0000\\b\\t\\n\\f\\r\\"\\\\/\\u000f\u007f鍵"',
  );
});

test('arrays keep their order, objects nest', () => {
  assert.equal(
    canonicalJson({ b: [3, 1, null, true], a: { d: 1, c: '' } }),
    '{"a":{"c":"","d":1},"b":[3,1,null,true]}',
  );
});

test('what JSON would drop or bend is refused', () => {
  for (const value of [
    undefined,
    1.5,
    Number.NaN,
    2 ** 53,
    1n,
    () => 1,
    Symbol('a'),
    '\ud800',
    new Date(),
    new Map(),
  ]) {
    assert.throws(() => canonicalJson({ value } as unknown as JsonValue), TypeError);
  }
  assert.throws(() => canonicalJson({ '\udc00': 1 }), TypeError);
});

test('whatever order the keys came in, the text is one, and it means the value', () => {
  const values = fc
    .jsonValue({ stringUnit: 'grapheme' })
    .filter((value) => !/\.|e[+-]|\d{16}|-0/i.test(JSON.stringify(value)));
  fc.assert(
    fc.property(values, (value) => {
      const text = canonicalJson(value as JsonValue);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      assert.equal(canonicalJson(reversed(value) as JsonValue), text);
    }),
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, member]) => [key, reversed(member)]));
}
