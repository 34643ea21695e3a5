import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Worker } from 'node:worker_threads';
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

/** What it resolves to, and the exit codes of the threads that were started for it. */
async function watched<T>(work: () => Promise<T>): Promise<{ result: T; threads: number[] }> {
  const ends: Promise<number>[] = [];
  const watch = (thread: Worker): void => {
    ends.push(once(thread, 'exit').then(([code]) => code as number));
  };
  process.on('worker', watch);
  const result = await work();
  const threads = await Promise.all(ends);
  process.off('worker', watch);
  return { result, threads };
}

for (const [profile, threads] of [
  ['compatible', []],
  ['modern', [0]],
] as const)
  test(`a ${profile} file is read and written ${threads.length > 0 ? 'by a thread that ends well' : 'at once'}`, async () => {
    const read = await watched(() => readPkcs12Aside(files[profile], password));
    assert.deepEqual(read.threads, threads);
    // What comes from another thread is of no class.
    assert.deepEqual(structuredClone(read.result), structuredClone(readPkcs12(files[profile], password)));
    const written = await watched(() => writePkcs12Aside(request(profile)));
    assert.deepEqual(written.threads, threads);
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
