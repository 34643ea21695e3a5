import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { berToDer } from '../../../core/x509/ber.ts';
import { X509Error } from '../../../core/x509/errors.ts';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');
const rewritten = (text: string): string => Buffer.from(berToDer(hex(text), 'sample')).toString('hex');
const refused = (code: string, reason?: string) => (error: unknown) =>
  error instanceof X509Error &&
  error.code === code &&
  (reason === undefined || error.data['reason'] === reason);

test('DER comes out as it went in', () => {
  assert.equal(rewritten('30 06 02 01 03 04 01 ff'), '300602010304' + '01ff');
});

test('an indefinite length becomes a definite one', () => {
  assert.equal(rewritten('30 80 02 01 03 30 80 05 00 00 00 00 00'), '3007020103' + '30020500');
});

test('a length in more octets than it needs becomes minimal', () => {
  assert.equal(rewritten('30 83 00 00 04 04 81 01 aa'), '3003' + '0401aa');
});

test('an OCTET STRING in nested pieces becomes one', () => {
  assert.equal(rewritten('24 80 04 01 01 24 04 04 02 02 03 04 00 00 00'), '0403010203');
});

test('what primitive values contain is not looked at', () => {
  assert.equal(rewritten('04 04 30 80 00 00'), '040430800000');
});

test('a piece of an OCTET STRING that is something else is refused', () => {
  assert.throws(() => rewritten('24 80 02 01 01 00 00'), refused('DER_MALFORMED', 'OCTET STRING in pieces'));
});

for (const [name, bytes, reason] of [
  ['nothing', '', 'value missing'],
  ['a value cut short', '30 05 02 01', 'contents truncated'],
  ['a child that reaches beyond its parent', '30 03 04 05 00 00 00 00', 'contents truncated'],
  ['an indefinite length that never ends', '30 80 02 01 03', 'end of contents missing'],
  ['an indefinite primitive', '04 80 00 00', 'indefinite length'],
  ['end of contents where none is open', '30 02 00 00', 'end of contents'],
  ['octets behind the value', '05 00 00', 'trailing data'],
  ['a high tag number', '1f 81 01 00', 'high tag number'],
  ['a length beyond anything', '30 ff', 'length truncated'],
] as const)
  test(`${name} is refused`, () => {
    assert.throws(() => rewritten(bytes), refused('DER_MALFORMED', reason));
  });

test('depth, size and number of values are bounded', () => {
  const nested = Buffer.from('3080'.repeat(100_000), 'hex');
  assert.throws(() => berToDer(nested, 'sample'), refused('INPUT_TOO_LARGE'));
  const many = Buffer.concat([hex('30 80'), Buffer.from('0500'.repeat(300_000), 'hex'), hex('00 00')]);
  assert.throws(() => berToDer(many, 'sample'), refused('INPUT_TOO_LARGE'));
  assert.throws(() => berToDer(new Uint8Array(5 * 1024 * 1024), 'sample'), refused('INPUT_TOO_LARGE'));
});

test('random octets are either rewritten into a fixed point or refused with a typed error', () => {
  const octet = fc.oneof(fc.constantFrom(0x30, 0x24, 0x80, 0x00, 0x04, 0x02, 0xa0), fc.nat(255));
  fc.assert(
    fc.property(fc.array(octet, { maxLength: 60 }), (octets) => {
      try {
        const once = berToDer(Uint8Array.from(octets), 'sample');
        assert.deepEqual(berToDer(once, 'sample'), once);
      } catch (error) {
        assert.ok(error instanceof X509Error, String(error));
      }
    }),
    { numRuns: 3000 },
  );
});
