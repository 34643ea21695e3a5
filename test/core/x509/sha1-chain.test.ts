import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { chainSha1 } from '../../../core/x509/pkcs12/sha1-chain.ts';

test('the chain is node:crypto’s SHA-1, over and over', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), fc.nat(50), (digest, times) => {
      let expected: Uint8Array = digest;
      for (let i = 0; i < times; i++) expected = createHash('sha1').update(expected).digest();
      assert.deepEqual(Buffer.from(chainSha1(digest, times)), Buffer.from(expected));
    }),
  );
});
