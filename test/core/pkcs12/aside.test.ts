import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPkcs12Aside, writePkcs12Aside } from '../../../core/pkcs12/aside.ts';
import { X509Error } from '../../../core/x509/errors.ts';
import { readPkcs12 } from '../../../core/x509/pkcs12/read.ts';
import { type Pkcs12Profile, type Pkcs12Request, writePkcs12 } from '../../../core/x509/pkcs12/write.ts';
import { makeAuthority } from '../x509/issued.ts';

const { key, certificate } = await makeAuthority();
const password = '割符 s3cret';
const request = (profile: Pkcs12Profile, certificates = [certificate.der]): Pkcs12Request => ({
  profile,
  password,
  friendlyName: 'アリス',
  key,
  certificates,
});
const files = { compatible: writePkcs12(request('compatible')), modern: writePkcs12(request('modern')) };

/** What it resolves to, and whether others had a turn before. */
async function watched<T>(work: Promise<T>): Promise<{ result: T; hadTurn: boolean }> {
  let hadTurn = false;
  setImmediate(() => {
    hadTurn = true;
  });
  return { result: await work, hadTurn };
}

for (const [profile, aside] of [
  ['compatible', false],
  ['modern', true],
] as const)
  test(`a ${profile} file is read and written ${aside ? 'while others have their turn' : 'at once'}`, async () => {
    const read = await watched(readPkcs12Aside(files[profile], password));
    assert.equal(read.hadTurn, aside);
    // What comes from another thread is of no class.
    assert.deepEqual(structuredClone(read.result), structuredClone(readPkcs12(files[profile], password)));
    const written = await watched(writePkcs12Aside(request(profile)));
    assert.equal(written.hadTurn, aside);
    assert.deepEqual(structuredClone(readPkcs12(written.result, password)), structuredClone(read.result));
  });

test('what is wrong is said as ever, and never with the password', async () => {
  const wrong = readPkcs12Aside(files.modern, 'wr0ng');
  await assert.rejects(wrong, (error) => {
    assert.ok(error instanceof X509Error);
    assert.equal(error.code, 'WRONG_PASSWORD');
    assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes('wr0ng'));
    return true;
  });
  await assert.rejects(readPkcs12Aside(files.modern.subarray(0, 200), password), X509Error);
  const none = writePkcs12Aside(request('modern', []));
  await assert.rejects(none, (error) => error instanceof X509Error && error.code === 'VALUE_INVALID');
  assert.ok(key.some((octet) => octet !== 0));
});
