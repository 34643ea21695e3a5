import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as asn1js from 'asn1js';
import fc from 'fast-check';
import {
  bitString,
  boolean,
  context,
  contextPrimitive,
  DerReader,
  encode,
  encodeHeader,
  explicit,
  generalizedTime,
  integer,
  namedBits,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  Tag,
  time,
  utf8String,
} from '../../../core/x509/der.ts';
import { X509Error } from '../../../core/x509/errors.ts';
import { assertBounded } from './hostile.ts';
import { missing, ToolBench } from './tool-bench.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const over = (text: string): DerReader => DerReader.over(Buffer.from(text, 'hex'), 'test');
const malformed = (reason?: string) => (error: unknown) => {
  assert.ok(error instanceof X509Error);
  assert.equal(error.code, 'DER_MALFORMED');
  if (reason !== undefined) assert.equal(error.data['reason'], reason);
  return true;
};
const refused = (code: string) => (error: unknown) => error instanceof X509Error && error.code === code;

test('lengths are definite and minimal, or the value is refused', () => {
  for (const [bytes, reason] of [
    ['', 'value missing'],
    ['04', 'length missing'],
    ['0480', 'indefinite length'],
    [`048105${'00'.repeat(5)}`, 'non-minimal length'],
    [`0482007f${'00'.repeat(127)}`, 'non-minimal length'],
    [`04820080${'00'.repeat(128)}`, 'non-minimal length'],
    [`0483000100${'00'.repeat(256)}`, 'non-minimal length'],
    ['0482', 'length truncated'],
    ['040300', 'contents truncated'],
    ['0484ffffffff00', 'contents truncated'],
    ['048500000000ff', 'length of length'],
    ['04ff', 'length of length'],
    ['1f8101', 'high tag number'],
    ['0000', 'end-of-contents octets'],
  ] as const)
    assert.throws(() => over(bytes).any(), malformed(reason), bytes);
});

test('lengths are written as they are read, at every boundary', () => {
  for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
    const encoded = octetString(new Uint8Array(length).fill(7));
    const reader = DerReader.over(encoded, 'test');
    assert.equal(reader.octets().length, length);
    reader.end();
  }
  assert.equal(hex(encodeHeader(0x30, 0x1_000_000)), '308401000000');
});

test('an error says at which byte of the whole input it was found', () => {
  const inner = sequence(integer(1), octetString(Buffer.from('0480', 'hex')));
  const reader = DerReader.over(sequence(nullValue(), inner), 'test');
  const body = reader.enter();
  body.any();
  const nested = body.enter();
  nested.any();
  assert.throws(
    () => nested.inside(nested.any()).any(),
    (error: unknown) => error instanceof X509Error && error.data['offset'] === 2 + 2 + 2 + 3 + 2,
  );
});

test('INTEGER is minimal, and numbers stop at 2^53 - 1', () => {
  for (const bytes of ['0200', '02020001', '0202007f', '0202ff80', '0202ffff'])
    assert.throws(() => over(bytes).integerBytes(), malformed(), bytes);
  assert.equal(hex(over('02020080').integerBytes()), '0080');
  assert.equal(over('02071fffffffffffff').smallInteger(), Number.MAX_SAFE_INTEGER);
  for (const bytes of ['020180', '020720000000000000', '02080100000000000000'])
    assert.throws(() => over(bytes).smallInteger(), malformed(), bytes);
  for (const value of [-1, 1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])
    assert.throws(() => integer(value), refused('VALUE_INVALID'));
});

test('BOOLEAN is 00 or ff', () => {
  assert.equal(over('010100').boolean(), false);
  assert.equal(over('0101ff').boolean(), true);
  for (const bytes of ['010101', '0100', '01020000']) assert.throws(() => over(bytes).boolean(), malformed());
});

test('BIT STRING: whole octets for keys, zero padding and at most 32 bits for named bits', () => {
  assert.equal(hex(over('03030001ff').bitString()), '01ff');
  for (const bytes of ['0300', '030107', '03020780'])
    assert.throws(() => over(bytes).bitString(), malformed(), bytes);
  assert.deepEqual(over('03020106').namedBits(), [5, 6]);
  assert.deepEqual(over('030100').namedBits(), []);
  for (const bytes of ['0300', '030108', '030101', '03020107', `030900${'ff'.repeat(8)}`])
    assert.throws(() => over(bytes).namedBits(), malformed(), bytes);
});

test('named bits lose their trailing zeros and come back', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat({ max: 31 })), (bits) => {
      const encoded = namedBits(bits);
      assert.deepEqual(
        DerReader.over(encoded, 'test').namedBits(),
        bits.toSorted((a, b) => a - b),
      );
      if (bits.length > 0) assert.equal((encoded.at(-1)! >> encoded[2]!) & 1, 1);
    }),
  );
});

test('OBJECT IDENTIFIER: padding, open ends and impossible arcs are refused', () => {
  for (const bytes of ['0600', '060180', '0603558001', '060255ff', `0641${'01'.repeat(65)}`])
    assert.throws(() => over(bytes).oid(), malformed(), bytes);
  for (const text of [
    '',
    '1',
    '3.1',
    '0.40',
    '1.40',
    '1.2.',
    '1..2',
    '1.02',
    'a.b',
    '1.2.-3',
    `2.${'9'.repeat(41)}`,
    `1.2${'.3'.repeat(70)}`,
  ])
    assert.throws(() => oid(text), refused('VALUE_INVALID'), text);
});

test('OBJECT IDENTIFIERs come back, arcs of 128 bits among them', () => {
  const arc = fc.oneof(fc.nat({ max: 300 }), fc.bigInt({ min: 0n, max: 2n ** 120n })).map(String);
  const first = fc.oneof(
    fc.tuple(fc.constantFrom('0', '1'), fc.nat({ max: 39 }).map(String)),
    fc.tuple(fc.constant('2'), arc),
  );
  fc.assert(
    fc.property(first, fc.array(arc, { maxLength: 2 }), (root, rest) => {
      const dotted = [...root, ...rest].join('.');
      assert.equal(DerReader.over(oid(dotted), 'test').oid(), dotted);
    }),
  );
});

test('times exist, end in Z and change form in 2050', () => {
  assert.equal(
    hex(time(new Date('2049-12-31T23:59:59.999Z'))),
    `170d${Buffer.from('491231235959Z').toString('hex')}`,
  );
  assert.equal(
    hex(time(new Date('2050-01-01T00:00:00Z'))),
    `180f${Buffer.from('20500101000000Z').toString('hex')}`,
  );
  assert.equal(
    hex(time(new Date('1950-01-01T00:00:00Z'))),
    `170d${Buffer.from('500101000000Z').toString('hex')}`,
  );
  for (const date of [new Date(Number.NaN), new Date('1949-12-31T23:59:59Z'), new Date(253402300800000)]) {
    assert.throws(() => time(date), refused('VALUE_INVALID'));
  }
  assert.throws(() => generalizedTime(new Date(Number.NaN)), refused('VALUE_INVALID'));
  const utc = (text: string): DerReader => DerReader.over(encode(Tag.utcTime, Buffer.from(text)), 'test');
  const general = (text: string): DerReader =>
    DerReader.over(encode(Tag.generalizedTime, Buffer.from(text)), 'test');
  assert.equal(utc('500101000000Z').time().toISOString(), '1950-01-01T00:00:00.000Z');
  assert.equal(utc('240229120000Z').time().toISOString(), '2024-02-29T12:00:00.000Z');
  assert.equal(general('00990101000000Z').time().toISOString(), '0099-01-01T00:00:00.000Z');
  for (const text of [
    '',
    '2401010000Z',
    '240101000000+0000',
    '240230000000Z',
    '230229000000Z',
    '241301000000Z',
    '240100000000Z',
    '240101240000Z',
    '240101006000Z',
    '240101000060Z',
    '2401010000 0Z',
    '24010100000０Z',
    '240101000000z',
  ])
    assert.throws(() => utc(text).time(), malformed(), text);
  for (const text of ['20240101000000.5Z', '20240101000000', '202401010000Z', '2024010100000-Z'])
    assert.throws(() => general(text).time(), malformed(), text);
});

test('every second from 1950 to 9999 comes back', () => {
  fc.assert(
    fc.property(fc.integer({ min: -631152000, max: 253402300799 }), (seconds) => {
      const date = new Date(seconds * 1000);
      assert.equal(DerReader.over(time(date), 'test').time().getTime(), date.getTime());
      assert.equal(DerReader.over(generalizedTime(date), 'test').time().getTime(), date.getTime());
    }),
  );
});

test('depth, number of values and size are bounded', () => {
  const nested = (depth: number): Uint8Array => {
    let value: Uint8Array = nullValue();
    for (let i = 0; i < depth; i++) value = sequence(value);
    return value;
  };
  const descend = (bytes: Uint8Array): void => {
    let reader = DerReader.over(bytes, 'test');
    while (reader.peek() === Tag.sequence) reader = reader.enter();
  };
  descend(nested(32));
  assert.throws(() => descend(nested(33)), refused('INPUT_TOO_LARGE'));
  const many = DerReader.over(Buffer.alloc(20, '0500', 'hex'), 'test', { size: 100, depth: 4, nodes: 9 });
  for (let i = 0; i < 9; i++) many.any();
  assert.throws(() => many.any(), refused('INPUT_TOO_LARGE'));
  assert.throws(
    () => DerReader.over(new Uint8Array(101), 'test', { size: 100, depth: 4, nodes: 9 }),
    refused('INPUT_TOO_LARGE'),
  );
});

/** A tree of values, as we encode it. */
const { tree } = fc.letrec<{ tree: Uint8Array }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.uint8Array({ maxLength: 40 }).map((bytes) => integer(bytes)),
    fc.uint8Array({ maxLength: 200 }).map(octetString),
    fc.uint8Array({ maxLength: 40 }).map(bitString),
    fc.boolean().map(boolean),
    fc.string({ unit: 'grapheme', maxLength: 40 }).map(utf8String),
    fc.constantFrom('1.2.840.113549.1.1.11', '2.5.29.15').map((dotted) => oid(dotted)),
    fc.uint8Array({ maxLength: 9 }).map((bytes) => encode(contextPrimitive(2), bytes)),
    fc.array(tie('tree'), { maxLength: 4 }).map((parts) => sequence(...parts)),
    fc.array(tie('tree'), { maxLength: 4 }).map((parts) => setOf(...parts)),
    fc.tuple(fc.nat({ max: 5 }), tie('tree')).map(([n, part]) => explicit(n, part)),
  ),
}));

/** Reads every value and writes it again. */
function rewrite(reader: DerReader): Uint8Array[] {
  const out: Uint8Array[] = [];
  while (!reader.atEnd) {
    const value = reader.any();
    out.push(
      value.tag & 0x20
        ? encode(value.tag, ...rewrite(reader.inside(value)))
        : encode(value.tag, value.content),
    );
  }
  return out;
}

test('any tree of values is read and written back octet for octet', () => {
  fc.assert(
    fc.property(tree, (der) =>
      assert.equal(hex(Buffer.concat(rewrite(DerReader.over(der, 'test')))), hex(der)),
    ),
  );
});

test('asn1js reads what we write, to the last octet', () => {
  fc.assert(
    fc.property(tree, (der) => {
      const { offset, result } = asn1js.fromBER(Uint8Array.from(der).buffer);
      assert.equal(offset, der.length);
      assert.equal(hex(new Uint8Array(result.toBER(false))), hex(der));
    }),
  );
});

test('members of a SET OF stand in the order of their encodings', () => {
  assert.equal(
    hex(setOf(octetString(Buffer.of(2)), integer(5), octetString(Buffer.of(1)))),
    '31090201050401010401' + '02',
  );
});

test('random octets are refused quickly and with nothing but X509Error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assertBounded(() => rewrite(DerReader.over(bytes, 'test')), 500);
      for (const read of [
        'oid',
        'time',
        'boolean',
        'integerBytes',
        'smallInteger',
        'namedBits',
        'bitString',
      ] as const)
        assertBounded(() => DerReader.over(bytes, 'test')[read](), 500, read);
    }),
    { numRuns: 500 },
  );
});

test('a context tag is what its name says', () => {
  assert.equal(context(3), 0xa3);
  assert.equal(contextPrimitive(1), 0x81);
});

test('openssl asn1parse finds the same values at the same places', { skip: missing('openssl') }, () => {
  const bench = new ToolBench();
  try {
    const inner = sequence(integer(Buffer.from('00ff00ff', 'hex')), boolean(true));
    const der = sequence(
      oid('1.2.840.113549.1.1.11'),
      time(new Date('2031-02-03T04:05:06Z')),
      time(new Date('2063-02-03T04:05:06Z')),
      utf8String('割符'),
      octetString(inner),
      bitString(Buffer.alloc(300, 1)),
    );
    bench.write('tree.der', der);
    const text = bench.run('openssl', 'asn1parse', '-inform', 'DER', '-in', 'tree.der');
    for (const found of [
      'sha256WithRSAEncryption',
      'UTCTIME           :310203040506Z',
      'GENERALIZEDTIME   :20630203040506Z',
      'UTF8STRING',
      'BIT STRING',
    ])
      assert.ok(text.includes(found), `${found} not in\n${text}`);
    const offset = Buffer.from(der).indexOf(octetString(inner));
    const opened = bench.run(
      'openssl',
      'asn1parse',
      '-inform',
      'DER',
      '-in',
      'tree.der',
      '-strparse',
      String(offset),
    );
    assert.match(opened, /INTEGER\s+:FF00FF/);
    assert.match(opened, /BOOLEAN\s+:255/);
  } finally {
    bench.remove();
  }
});
