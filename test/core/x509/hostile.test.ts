import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  encode,
  encodeHeader,
  integer,
  nullValue,
  oid,
  sequence,
  setOf,
  time,
  utf8String,
} from '../../../core/x509/der.ts';
import { Oid } from '../../../core/x509/oids.ts';
import { assertBounded, importers } from './hostile.ts';

const megabyte = 1_000_000;
const size = 50 * megabyte;
const fill = (piece: string | Uint8Array): Buffer => Buffer.alloc(size, piece);
/** A header that promises all of the contents, as DER. */
const wrapped = (tag: number, content: Uint8Array): Buffer =>
  Buffer.concat([encodeHeader(tag, content.length), content]);
const base64 = `${'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2M'.slice(0, 64)}\n`;
const pem = (label: string, body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`-----BEGIN ${label}-----\n`), body, Buffer.from(`-----END ${label}-----\n`)]);

/** Files of 50 MB, made when asked for, so that one at a time stands in memory. */
const files: Readonly<Record<string, () => Uint8Array>> = {
  'random octets': () => randomBytes(size),
  zeros: () => new Uint8Array(size),
  'one octet repeated': () => fill(Buffer.of(0x30)),
  'indefinite lengths nested': () => fill(Buffer.of(0x30, 0x80)),
  'a SEQUENCE of random octets': () => wrapped(0x30, randomBytes(size)),
  'a SEQUENCE of NULLs': () => wrapped(0x30, fill(nullValue())),
  'a SEQUENCE of INTEGERs': () => wrapped(0x30, fill(integer(1))),
  'a SEQUENCE of SEQUENCEs': () => wrapped(0x30, wrapped(0x30, fill(sequence()))),
  'BEGIN lines': () => fill('-----BEGIN CERTIFICATE-----\n'),
  'BEGIN without a line break': () => fill('-----BEGIN '),
  'BEGIN inside lines': () => fill('x-----BEGIN CERTIFICATE-----'),
  dashes: () => fill('-'),
  'spaces, then BEGIN': () => Buffer.concat([fill(' '), Buffer.from('-----BEGIN X-----')]),
  'tiny blocks': () => fill('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
  'headers without end': () => pem('RSA PRIVATE KEY', fill('a: b\n')),
  'blank lines after a header': () =>
    pem('RSA PRIVATE KEY', Buffer.concat([Buffer.from('a: b'), fill('\n ')])),
  'a certificate of base64': () => pem('CERTIFICATE', fill(base64)),
  'a request of base64': () => pem('CERTIFICATE REQUEST', fill(base64)),
  'a CRL of base64': () => pem('X509 CRL', fill(base64)),
  'a CRL of base64 digits and spaces': () => pem('X509 CRL', fill('A ')),
  'a CRL of padding': () => pem('X509 CRL', fill('=')),
  'a key of base64': () => pem('PRIVATE KEY', fill(base64)),
  'UTF-16': () => Buffer.concat([Buffer.of(0xff, 0xfe), fill(Buffer.from('-----BEGIN X-----\n', 'utf16le'))]),
};

/** Peak memory of the process, in octets. */
const peak = (): number => process.resourceUsage().maxRSS * 1024;

for (const [name, make] of Object.entries(files))
  test(`50 MB of ${name}: every importer refuses them within a second and without more memory than a few copies`, () => {
    const bytes = make();
    for (const [importer, read] of Object.entries(importers)) {
      const before = Math.max(peak(), process.memoryUsage.rss());
      assertBounded(() => read(bytes), 1000, `${importer} of ${name}`);
      assert.ok(
        peak() - before < 400 * megabyte,
        `${importer} of ${name} took ${((peak() - before) / megabyte).toFixed(0)} MB`,
      );
    }
  });

const name = sequence(setOf(sequence(oid('2.5.4.3'), utf8String('x'))));
const algorithm = sequence(oid(Oid.ecdsaWithSHA256));
const signature = Buffer.of(3, 2, 0, 1);
/** A well-formed CRL with `body` where its entries stand. */
const crlWith = (...body: readonly Uint8Array[]): Buffer => {
  const tbs = wrapped(0x30, Buffer.concat([integer(1), algorithm, name, time(new Date(0)), ...body]));
  return wrapped(0x30, Buffer.concat([tbs, algorithm, signature]));
};

/** Structures that parse a long way before they are refused. */
const wellFormed: Readonly<Record<string, () => Uint8Array>> = {
  'a CRL of a name of 40 MB': () =>
    wrapped(
      0x30,
      Buffer.concat([
        wrapped(
          0x30,
          Buffer.concat([
            integer(1),
            algorithm,
            wrapped(0x30, Buffer.alloc(40 * megabyte, setOf(sequence(oid('2.5.4.3'), utf8String('x'))))),
          ]),
        ),
        algorithm,
        signature,
      ]),
    ),
  'a CRL entry of a million extensions': () =>
    crlWith(
      wrapped(
        0x30,
        wrapped(
          0x30,
          Buffer.concat([
            integer(1),
            time(new Date(0)),
            wrapped(0x30, Buffer.alloc(20 * megabyte, sequence(oid('1.2'), encode(4, nullValue())))),
          ]),
        ),
      ),
    ),
  'a CRL entry with a serial of 40 MB': () =>
    crlWith(
      wrapped(
        0x30,
        wrapped(0x30, Buffer.concat([wrapped(0x02, Buffer.alloc(40 * megabyte, 1)), time(new Date(0))])),
      ),
    ),
  'a key usage of 3 MB': () => wrapped(0x03, Buffer.alloc(3 * megabyte, 0xff)),
  'an OID of 3 MB': () => wrapped(0x06, Buffer.alloc(3 * megabyte, 0x7f)),
  'an INTEGER of 3 MB': () => wrapped(0x02, Buffer.alloc(3 * megabyte, 0x7f)),
};

for (const [title, make] of Object.entries(wellFormed))
  test(`${title} is refused within a second`, () => {
    const bytes = make();
    for (const [importer, read] of Object.entries(importers))
      assertBounded(() => read(bytes), 1000, importer);
  });

test('a CRL of more entries than any CA has is refused before it fills the memory', () => {
  const count = 1_500_001;
  const entry = sequence(integer(Buffer.of(1, 0, 0, 0)), time(new Date(0)));
  const entries = Buffer.alloc(count * entry.length, entry);
  for (let i = 0; i < count; i++) entries.writeUInt32BE(0x10000000 + i, i * entry.length + 4);
  const bytes = crlWith(wrapped(0x30, entries));
  const before = peak();
  const error = assertBounded(() => importers['crl']!(bytes), 15_000);
  assert.equal(error?.code, 'INPUT_TOO_LARGE');
  assert.ok(peak() - before < 1200 * megabyte);
});

test('deep nesting of every tag is refused, however deep', () => {
  for (const tag of [0x30, 0x31, 0xa0, 0xa3])
    for (const depth of [40, 1000, 20_000]) {
      let inner: Uint8Array = nullValue();
      const headers: Uint8Array[] = [];
      let length = inner.length;
      for (let i = 0; i < depth; i++) {
        const header = encodeHeader(tag, length);
        headers.unshift(header);
        length += header.length;
      }
      inner = Buffer.concat([...headers, inner]);
      for (const [importer, read] of Object.entries(importers))
        assertBounded(() => read(inner), 500, importer);
    }
});

test('random octets, and random octets in PEM, are refused quickly by every importer', () => {
  const labels = [
    'CERTIFICATE',
    'CERTIFICATE REQUEST',
    'X509 CRL',
    'PRIVATE KEY',
    'RSA PRIVATE KEY',
    'EC PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
  ];
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.constantFrom(...labels),
      fc.boolean(),
      (bytes, label, sequenced) => {
        const der = sequenced ? wrapped(0x30, bytes) : Buffer.from(bytes);
        const text = pem(label, Buffer.from(`${der.toString('base64')}\n`));
        for (const [importer, read] of Object.entries(importers)) {
          assertBounded(() => read(der), 500, importer);
          assertBounded(() => read(text), 500, importer);
        }
      },
    ),
    { numRuns: 400 },
  );
});
