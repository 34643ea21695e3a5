import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  canonicalRequestV3,
  readAuthorizationV3,
  type SignedRequest,
  signV1,
  signV3,
  stringToSignV1,
  stringToSignV3,
} from '../../../simulator/api/signature.ts';

interface Vector {
  readonly label: string;
  readonly signatureVersion: string;
  readonly request: { method: string; url: string; headers: Record<string, string>; body: string };
  readonly canonicalRequest?: string;
  readonly stringToSign: string;
  readonly signature: string;
}

const { accessKeyId, accessKeySecret, vectors } = JSON.parse(
  readFileSync(new URL('../fixtures/signature-vectors.json', import.meta.url), 'utf8'),
) as { accessKeyId: string; accessKeySecret: string; vectors: readonly Vector[] };

function signedRequest({ request }: Vector): SignedRequest {
  const isForm = request.headers['content-type']?.includes('form') ?? false;
  return {
    method: request.method,
    query: [...new URL(request.url, 'http://host').searchParams],
    form: isForm ? [...new URLSearchParams(request.body)] : [],
    headers: request.headers,
    body: Buffer.from(request.body),
  };
}

describe('signatures of recorded requests of the official clients', () => {
  for (const vector of vectors.filter(({ signatureVersion }) => signatureVersion.includes('v1'))) {
    test(`V1: ${vector.label}`, () => {
      const stringToSign = stringToSignV1(signedRequest(vector));
      assert.equal(stringToSign, vector.stringToSign);
      assert.equal(signV1(stringToSign, accessKeySecret), vector.signature);
    });
  }

  for (const vector of vectors.filter(({ signatureVersion }) => signatureVersion.startsWith('ACS3'))) {
    test(`V3: ${vector.label}`, () => {
      const authorization = readAuthorizationV3(vector.request.headers.authorization ?? '');
      assert.equal(authorization?.credential, accessKeyId);
      assert.equal(authorization.signature, vector.signature);
      const canonical = canonicalRequestV3(signedRequest(vector), authorization.signedHeaders);
      assert.equal(canonical, vector.canonicalRequest);
      assert.equal(stringToSignV3(canonical), vector.stringToSign);
      assert.equal(signV3(vector.stringToSign, accessKeySecret), vector.signature);
    });
  }

  test('there are vectors of both versions', () => {
    assert.ok(vectors.some(({ signatureVersion }) => signatureVersion.includes('v1')));
    assert.ok(vectors.some(({ signatureVersion }) => signatureVersion.startsWith('ACS3')));
  });
});
