import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { balanceOf } from '../../../core/probe/balance.ts';
import { titleOf } from '../../../core/probe/page.ts';
import { readServerFlight, signatureSchemeName } from '../../../core/probe/server-flight.ts';

const vector = (octets: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(octets);
  length.writeUIntBE(body.length, 0, octets);
  return Buffer.concat([length, body]);
};
const message = (type: number, body: Uint8Array): Buffer => Buffer.concat([Buffer.of(type), vector(3, body)]);
const record = (type: number, body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(type, 3, 3), vector(2, body)]);

const names = [Buffer.from('300d310b300906035504030c0241', 'hex'), Buffer.from('3000', 'hex')];
const request = Buffer.concat([
  vector(1, Buffer.of(1, 64)),
  vector(2, Buffer.of(4, 1, 8, 4)),
  vector(2, ...names.map((name) => vector(2, name))),
]);
const flight = Buffer.concat([
  message(2, Buffer.concat([Buffer.of(3, 3), Buffer.alloc(38)])),
  message(11, vector(3, vector(3, Buffer.from('leaf')), vector(3, Buffer.from('root')))),
  message(13, request),
  message(14, new Uint8Array()),
]);

test('reads certificates and CertificateRequest of TLS 1.2, however the records are cut', () => {
  for (const size of [1, 7, 100, 10_000]) {
    const records = Array.from({ length: Math.ceil(flight.length / size) }, (_, i) =>
      record(22, flight.subarray(i * size, (i + 1) * size)),
    );
    const read = readServerFlight(
      Buffer.concat([...records, record(20, Buffer.of(1)), record(22, Buffer.from('encrypted'))]),
    );
    assert.equal(read.version, 0x0303);
    assert.deepEqual(
      read.certificates.map((der) => Buffer.from(der).toString()),
      ['leaf', 'root'],
    );
    assert.deepEqual(
      read.request?.authorities.map((der) => Buffer.from(der)),
      names,
    );
    assert.deepEqual(read.request?.signatureSchemes.map(signatureSchemeName), [
      'rsa_pkcs1_sha256',
      'rsa_pss_rsae_sha256',
    ]);
    assert.equal(read.complete, true);
  }
});

test('a request of TLS 1.0 has no signature algorithms in it', () => {
  const old = Buffer.concat([vector(1, Buffer.of(1)), vector(2, vector(2, names[0]!))]);
  const read = readServerFlight(
    record(22, Buffer.concat([message(2, Buffer.of(3, 1)), message(13, old), message(14, new Uint8Array())])),
  );
  assert.deepEqual(
    [read.version, read.request?.signatureSchemes.length, read.request?.authorities.length],
    [0x0301, 0, 1],
  );
});

test('any bytes and any cut of a good flight give an answer, never an error', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void readServerFlight(bytes)));
  const whole = record(22, flight);
  fc.assert(
    fc.property(
      fc.nat(whole.length),
      fc.nat(whole.length - 1),
      fc.integer({ min: 0, max: 255 }),
      (cut, at, value) => {
        const bytes = Buffer.from(whole);
        bytes[at] = value;
        readServerFlight(bytes.subarray(0, cut));
      },
    ),
  );
});

test('a title is one line of harmless text', () => {
  assert.equal(titleOf('<html><TITLE>\n ecs01\u001b[31m \u202e</TITLE>'), 'ecs01 [31m');
  assert.equal(titleOf('<h1>hello</h1>\nworld'), 'hello');
  assert.equal(titleOf('  \n'), null);
  assert.equal(titleOf('x'.repeat(500))?.length, 120);
});

test('an equal share is one within a fifth', () => {
  const deal = (...counts: readonly number[]) =>
    balanceOf(counts.flatMap((count, i) => Array(count).fill({ name: `b${i}`, by: 'header' })));
  assert.equal(deal(10, 10).even, true);
  assert.equal(deal(11, 9).even, true);
  assert.equal(deal(12, 8).even, false);
  assert.equal(deal(2, 1).even, true);
  assert.equal(deal(20).even, null);
  assert.deepEqual(balanceOf([null, { name: 'a', by: 'title' }, null]), {
    requests: 3,
    failed: 2,
    by: 'title',
    backends: [{ name: 'a', count: 1 }],
    order: ['a'],
    even: null,
  });
});
