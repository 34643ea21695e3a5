import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decryptRc2Cbc } from '../../../core/x509/rc2.ts';

const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');

// RFC 2268 §5: key, effective bits, plaintext, ciphertext.
const vectors = [
  ['0000000000000000', 63, '0000000000000000', 'ebb773f993278eff'],
  ['ffffffffffffffff', 64, 'ffffffffffffffff', '278b27e42e2f0d49'],
  ['3000000000000000', 64, '1000000000000001', '30649edf9be7d2c2'],
  ['88', 64, '0000000000000000', '61a8a244adacccf0'],
  ['88bca90e90875a', 64, '0000000000000000', '6ccf4308974c267f'],
  ['88bca90e90875a7f0f79c384627bafb2', 64, '0000000000000000', '1a807d272bbe5db1'],
  ['88bca90e90875a7f0f79c384627bafb2', 128, '0000000000000000', '2269552ab0f85ca6'],
  [
    '88bca90e90875a7f0f79c384627bafb216f80a6f85920584c42fceb0be255daf1e',
    129,
    '0000000000000000',
    '5b78d3a43dfff1f1',
  ],
] as const;

for (const [key, bits, plaintext, ciphertext] of vectors)
  test(`RC2 decrypts the RFC 2268 vector of ${key.length / 2} octets and ${bits} effective bits`, () => {
    const plain = decryptRc2Cbc(hex(key), bits, new Uint8Array(8), hex(ciphertext));
    assert.equal(Buffer.from(plain).toString('hex'), plaintext);
  });

test('RC2-CBC chains each block to the one before', () => {
  const [key, bits, , block] = vectors[6];
  const plain = decryptRc2Cbc(hex(key), bits, hex('0102030405060708'), hex(block + block));
  assert.equal(Buffer.from(plain).toString('hex'), `0102030405060708${block}`);
});
