import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { certificatePem, readCertificates } from '../../../core/x509/certificate.ts';
import { octetString, sequence, utf8String } from '../../../core/x509/der.ts';
import { X509Error } from '../../../core/x509/errors.ts';
import { looksLikePem, parsePem, toPem } from '../../../core/x509/pem.ts';
import { assertBounded } from './hostile.ts';
import { leafTemplate, makeAuthority, sign } from './issued.ts';
import { missing, ToolBench } from './tool-bench.ts';

const noOpenssl = missing('openssl');
const bench = new ToolBench();
after(() => bench.remove());
const authority = await makeAuthority();
const der = authority.certificate.der;
const pem = certificatePem(der);
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const same = (a: Uint8Array | undefined, b: Uint8Array): void =>
  assert.equal(Buffer.compare(a ?? new Uint8Array(0), b), 0);
const refused = (code: string, reason?: string) => (error: unknown) =>
  error instanceof X509Error &&
  error.code === code &&
  (reason === undefined || error.data['reason'] === reason);

test('what is written is 64 columns, LF, no blank line, and is read back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (bytes) => {
      const text = toPem('CERTIFICATE', bytes);
      const lines = text.split('\n');
      assert.equal(lines.at(-1), '');
      assert.ok(lines.slice(1, -3).every((line) => line.length === 64));
      assert.ok(lines.at(-3)!.length <= 64 && lines.at(-3)!.length > 0);
      same(parsePem(text)[0]?.bytes, bytes);
    }),
  );
});

test('openssl reads our PEM and we read what it writes, text in front and all', { skip: noOpenssl }, () => {
  bench.write('ca.pem', pem);
  same(bench.openssl('x509', '-in', 'ca.pem', '-outform', 'DER'), der);
  const withText = bench.openssl('x509', '-in', 'ca.pem', '-text');
  same(readCertificates(withText)[0]?.der, der);
  const trusted = bench.openssl(
    'x509',
    '-in',
    'ca.pem',
    '-trustout',
    '-addtrust',
    'clientAuth',
    '-setalias',
    'x',
  );
  assert.ok(Buffer.from(trusted).includes('BEGIN TRUSTED CERTIFICATE'));
  same(readCertificates(trusted)[0]?.der, der);
});

test('what surrounds and indents a block does not matter', () => {
  const body = pem.trimEnd();
  for (const [name, text] of Object.entries({
    'CR LF': pem.replaceAll('\n', '\r\n'),
    'CR alone': pem.replaceAll('\n', '\r'),
    'blank lines inside': pem.replaceAll('\n', '\n\n'),
    indented: pem.replaceAll(/^/gm, '    '),
    'byte order mark': `\ufeff${pem}`,
    'Japanese around it': `証明書です。\n${pem}以上。\n`,
    'a sentence that names BEGIN': `paste from -----BEGIN CERTIFICATE----- to the end\n${pem}`,
    'no line break at the end': body,
    'one long line': `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`,
    '70,000 characters of text first': `${'x'.repeat(70_000)}\n${pem}`,
  })) {
    assert.ok(looksLikePem(bytesOf(text)), name);
    const blocks = parsePem(bytesOf(text));
    assert.equal(blocks.length, 1, name);
    same(blocks[0]?.bytes, der);
    same(parsePem(text)[0]?.bytes, der);
  }
});

test('UTF-16, as PowerShell redirects it, is read', () => {
  const text = Buffer.from(`\ufeff${pem.replaceAll('\n', '\r\n')}`, 'utf16le');
  assert.ok(looksLikePem(text));
  same(readCertificates(text)[0]?.der, der);
});

test('two blocks joined without a line break are two blocks', () => {
  const leaf = sign(leafTemplate(authority, authority.signer.spki), authority.signer);
  const blocks = readCertificates(bytesOf(certificatePem(leaf).trimEnd() + pem));
  assert.deepEqual(
    blocks.map((block) => block.serial),
    [readCertificates(leaf)[0]!.serial, authority.certificate.serial],
  );
});

test('inside a block nothing is forgiven', () => {
  const block = (body: string, end = 'CERTIFICATE'): string =>
    `-----BEGIN CERTIFICATE-----\n${body}\n-----END ${end}-----\n`;
  const open = '-----BEGIN CERTIFICATE-----\nAAAA\n';
  for (const [name, text] of Object.entries({
    empty: block(''),
    'not base64': block('AA$A'),
    'not ASCII': block('AAAÄ'),
    'one digit too many': block('AAAAA'),
    'padding missing': block('AAA'),
    'too much padding': block('AA==='),
    'padding inside': block('AA==AAAA'),
    'padding alone': block('===='),
    'spare bits set': block('AB=='),
    'URL alphabet': block('AA-_'),
    'wrong END': block('AAAA', 'PRIVATE KEY'),
    'no END': open,
    'BEGIN before END': open + block('AAAA'),
    'headers without end': block('Proc-Type: 4,ENCRYPTED\nAAAA'),
    'BEGIN line broken': '-----BEGIN CERTI\nFICATE-----\nAAAA\n-----END CERTI\nFICATE-----\n',
    'BEGIN line without end': '-----BEGIN CERTIFICATE',
    'label too long': `-----BEGIN ${'A'.repeat(100)}-----\nAAAA\n-----END ${'A'.repeat(100)}-----\n`,
    'control characters in the label': '-----BEGIN \u001b[2J-----\nAAAA\n-----END \u001b[2J-----\n',
  }))
    assert.throws(() => parsePem(text), refused('PEM_MALFORMED'), name);
});

test('headers of old encrypted keys are read, whatever the line ends', () => {
  const text =
    '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\nAAAA\nAAAA\n-----END RSA PRIVATE KEY-----\n';
  for (const variant of [text, text.replaceAll('\n', '\r\n'), text.replace('\n\n', '\n \t\n')]) {
    const [block] = parsePem(variant);
    assert.deepEqual({ ...block?.headers }, { 'Proc-Type': '4,ENCRYPTED', 'DEK-Info': 'AES-256-CBC,00FF' });
    assert.equal(block?.bytes.length, 6);
  }
  const [proto] = parsePem('-----BEGIN X-----\n__proto__: 1\nconstructor: 2\n\nAAAA\n-----END X-----\n');
  assert.equal(({} as Record<string, unknown>)['1'], undefined);
  assert.equal(proto?.headers['toString'], undefined);
});

test('DER stays DER, whatever text its maker put inside', () => {
  const decoy = sequence(utf8String(pem), octetString(randomBytes(200)));
  assert.equal(looksLikePem(decoy), false);
  assert.equal(looksLikePem(der), false);
  assert.equal(looksLikePem(new Uint8Array(0)), false);
});

test('a text without the block that is wanted says so', () => {
  assert.throws(
    () => readCertificates(bytesOf(toPem('PRIVATE KEY', randomBytes(9)))),
    refused('PEM_MALFORMED', 'no CERTIFICATE block'),
  );
});

test('size and number of blocks are bounded', () => {
  assert.throws(() => parsePem('x'.repeat(16 * 1024 * 1024 + 1)), refused('INPUT_TOO_LARGE'));
  assert.equal(parsePem(toPem('A', Buffer.of(1)).repeat(1000)).length, 1000);
  assert.throws(() => parsePem(toPem('A', Buffer.of(1)).repeat(1001)), refused('INPUT_TOO_LARGE'));
});

test('any text is read or refused quickly', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '-----BEGIN ',
      '-----',
      'CERTIFICATE',
      '-----END CERTIFICATE-----',
      '\n',
      '\r\n',
      ' ',
      ':',
      '=',
      'AAAA',
      'Proc-Type: 4,ENCRYPTED\n',
      '\n\n',
    ),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      assertBounded(() => parsePem(pieces.join('')), 500);
      assertBounded(() => parsePem(bytesOf(pieces.join(''))), 500);
    }),
    { numRuns: 500 },
  );
});
