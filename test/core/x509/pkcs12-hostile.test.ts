import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { explicit, integer, nullValue, octetString, oid, sequence } from '../../../core/x509/der.ts';
import { DerivationBudget } from '../../../core/x509/derivation-budget.ts';
import { X509Error, type X509ErrorCode } from '../../../core/x509/errors.ts';
import { sealPbes2 } from '../../../core/x509/pbes2.ts';
import { inspectPkcs12 } from '../../../core/x509/pkcs12/protection.ts';
import { readPkcs12 } from '../../../core/x509/pkcs12/read.ts';
import { missing, ToolBench } from './tool-bench.ts';

const bench = new ToolBench();
after(() => bench.remove());

const ec = bench.issue('ec', 'P-256');
const secret = 'c4nary-p4ssword';

const refused = (code: X509ErrorCode) => (error: unknown) => {
  assert.ok(error instanceof X509Error, String(error));
  assert.equal(error.code, code);
  return true;
};

function opensslExport(...options: readonly string[]): Uint8Array {
  bench.openssl(
    'pkcs12',
    '-export',
    '-inkey',
    'ec.key',
    '-in',
    'ec.crt',
    '-certfile',
    'ec-ca.crt',
    '-name',
    'hostile',
    '-passout',
    `pass:${secret}`,
    '-out',
    'made.p12',
    ...options,
  );
  return bench.read('made.p12');
}

/** Small iteration counts: no change of one octet makes them cost more than milliseconds. */
const seeds: Readonly<Record<string, () => Uint8Array>> = {
  'AES under a MAC': () => opensslExport('-iter', '100'),
  'AES without a MAC': () => opensslExport('-iter', '100', '-nomac', '-certpbe', 'AES-256-CBC'),
  'RC2 and triple DES without a MAC': () =>
    opensslExport(
      '-iter',
      '100',
      '-nomac',
      '-legacy',
      '-keypbe',
      'PBE-SHA1-3DES',
      '-certpbe',
      'PBE-SHA1-RC2-40',
    ),
  'no protection': () => opensslExport('-nomac', '-keypbe', 'NONE', '-certpbe', 'NONE'),
};

/** Whatever it does, it does it soon, and says it with an X509Error that does not know the password. */
function assertTame(work: () => unknown): void {
  const started = performance.now();
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof X509Error, error instanceof Error ? error.stack : String(error));
    assert.ok(!`${error.message}${JSON.stringify(error.data)}`.includes(secret));
  }
  assert.ok(performance.now() - started < 5000, 'took too long');
}

const attack = (file: Uint8Array): void => {
  assertTame(() => readPkcs12(file, secret));
  assertTame(() => inspectPkcs12(file));
};

for (const [name, make] of Object.entries(seeds)) {
  test(`a file cut anywhere is refused (${name})`, () => {
    const file = make();
    for (let length = 0; length < file.length; length++)
      assert.throws(() => readPkcs12(file.subarray(0, length), secret), refused('DER_MALFORMED'));
  });

  test(`a file with octets changed, dropped, doubled or made indefinite does no harm (${name})`, () => {
    const file = make();
    const change = fc.record({
      at: fc.nat(file.length - 1),
      kind: fc.constantFrom('flip', 'set', 'drop', 'double'),
      value: fc.oneof(fc.constantFrom(0x00, 0x30, 0x80, 0xff, 0x24, 0xa0), fc.nat(255)),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let octets = Array.from(file);
        for (const { at, kind, value } of changes) {
          if (kind === 'flip') octets[at % octets.length]! ^= 1 << (value & 7);
          else if (kind === 'set') octets[at % octets.length] = value;
          else
            octets = octets.toSpliced(
              at % octets.length,
              kind === 'drop' ? 1 + (value & 3) : 0,
              ...(kind === 'double' ? octets.slice(at, at + value) : []),
            );
        }
        attack(Uint8Array.from(octets));
      }),
      { numRuns: 600 },
    );
  });
}

test('a BER file of NSS with octets changed does no harm', { skip: missing('pk12util', 'certutil') }, () => {
  bench.write('in.p12', opensslExport());
  bench.makeDirectory('nss');
  bench.run('certutil', '-N', '-d', 'sql:nss', '--empty-password');
  bench.run('pk12util', '-i', 'in.p12', '-d', 'sql:nss', '-W', secret, '-K', '');
  bench.run('pk12util', '-o', 'nss.p12', '-n', 'hostile', '-d', 'sql:nss', '-W', secret, '-K', '');
  const file = bench.read('nss.p12');
  // NSS takes 600,000 iterations for the MAC; what is read without the password is what is tested here.
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.nat(255), (at, value) => {
      const damaged = Uint8Array.from(file);
      damaged[at] = value;
      assertTame(() => inspectPkcs12(damaged));
    }),
    { numRuns: 2000 },
  );
});

test('random octets, and random octets that begin like a PKCS#12, do no harm', () => {
  const start = Buffer.from('308006092a864886f70d010701a0802480', 'hex');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(start.length), (octets, count) =>
      attack(Buffer.concat([Buffer.from('3080020103', 'hex'), start.subarray(0, count), octets])),
    ),
    { numRuns: 2000 },
  );
  attack(randomBytes(1024 * 1024));
  attack(Buffer.concat([Buffer.from('30833fffff', 'hex'), randomBytes(0x3fffff)]));
});

test('50 MB are refused before anything is read', () => {
  const started = performance.now();
  assert.throws(() => readPkcs12(new Uint8Array(50 * 1024 * 1024), secret), refused('INPUT_TOO_LARGE'));
  assert.throws(() => inspectPkcs12(new Uint8Array(50 * 1024 * 1024)), refused('INPUT_TOO_LARGE'));
  assert.ok(performance.now() - started < 5000);
});

// ── files made to cost ─────────────────────────────────────────────────────────────────────────────────────────

const data = (content: Uint8Array): Uint8Array =>
  sequence(oid('1.2.840.113549.1.7.1'), explicit(0, octetString(content)));
const bag = (type: number, value: Uint8Array): Uint8Array =>
  sequence(oid(`1.2.840.113549.1.12.10.1.${type}`), explicit(0, value));
const pfx = (safes: readonly Uint8Array[], ...mac: readonly Uint8Array[]): Uint8Array =>
  sequence(integer(3), data(sequence(...safes)), ...mac);
const sealedKeyBag = (iterations: number): Uint8Array => {
  const { algorithm, ciphertext } = sealPbes2(ec.key, secret, iterations);
  return bag(2, sequence(algorithm, octetString(ciphertext)));
};

test('an iteration count over ten million is refused, in MAC and in bags', () => {
  const mac = (iterations: number): Uint8Array =>
    sequence(
      sequence(sequence(oid('2.16.840.1.101.3.4.2.1'), nullValue()), octetString(new Uint8Array(32))),
      octetString(new Uint8Array(8)),
      integer(iterations),
    );
  assert.throws(() => readPkcs12(pfx([], mac(10_000_001)), secret), refused('INPUT_TOO_LARGE'));
  assert.throws(() => readPkcs12(pfx([], mac(2 ** 31)), secret), refused('INPUT_TOO_LARGE'));
  assert.throws(() => readPkcs12(pfx([], mac(0)), secret), refused('DER_MALFORMED'));
  const pbe = sequence(
    oid('1.2.840.113549.1.12.1.3'),
    sequence(octetString(new Uint8Array(8)), integer(10_000_001)),
  );
  assert.throws(
    () => readPkcs12(pfx([data(sequence(bag(2, sequence(pbe, octetString(new Uint8Array(8))))))]), secret),
    refused('INPUT_TOO_LARGE'),
  );
});

test('bags that are each within the ceilings share one budget', () => {
  const affordable = sealedKeyBag(500_000);
  const scheme = sequence(
    oid('1.2.840.113549.1.5.3'),
    sequence(octetString(new Uint8Array(8)), integer(4_950_000)),
  );
  const alone = bag(2, sequence(scheme, octetString(new Uint8Array(8))));
  assert.doesNotThrow(() => new DerivationBudget('sample').spendIterations(4_950_000, 1, 8));
  assert.equal(readPkcs12(pfx([data(sequence(affordable, affordable))]), secret).identities.length, 2);
  const started = performance.now();
  assert.throws(
    () => readPkcs12(pfx([data(sequence(affordable, affordable, alone))]), secret),
    refused('INPUT_TOO_LARGE'),
  );
  assert.ok(performance.now() - started < 5000);
});

test('a budget is spent by PBKDF2, the PKCS#12 derivation and scrypt alike', () => {
  const budget = new DerivationBudget('sample', 1000);
  budget.spendIterations(100, 2, 2);
  budget.spendScrypt(16, 4, 3);
  assert.throws(() => budget.spendIterations(25, 1, 1), refused('INPUT_TOO_LARGE'));
});

test('twenty thousand small bags, and safes in safes without end, are refused soon', () => {
  const tiny = bag(3, sequence(oid('1.2.840.113549.1.9.22.1'), explicit(0, octetString(new Uint8Array(1)))));
  const crowded = pfx([data(sequence(...Array.from({ length: 20_000 }, () => tiny)))]);
  const started = performance.now();
  assert.throws(() => readPkcs12(crowded, ''), refused('INPUT_TOO_LARGE'));
  assert.ok(performance.now() - started < 5000);
  let nested = sequence();
  for (let depth = 0; depth < 2000; depth++) nested = sequence(bag(6, nested));
  assert.throws(() => readPkcs12(pfx([data(nested)]), ''), refused('INPUT_TOO_LARGE'));
});

test('a thousand keys with a certificate each are paired in bounded time', () => {
  const key = bag(1, ec.key);
  const certificate = bag(
    3,
    sequence(oid('1.2.840.113549.1.9.22.1'), explicit(0, octetString(ec.certificate))),
  );
  const bags = Array.from({ length: 1000 }, () => [key, certificate]).flat();
  const started = performance.now();
  const { identities } = readPkcs12(pfx([data(sequence(...bags))]), '');
  assert.equal(identities.filter(({ certificate: found }) => found !== undefined).length, 1000);
  assert.ok(performance.now() - started < 5000);
});
