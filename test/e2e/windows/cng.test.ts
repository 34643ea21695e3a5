import assert from 'node:assert/strict';
import { constants, createPublicKey, verify } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WineMachine, wineMissing } from './wine-machine.ts';

describe('functions of Windows, as Wine has them', { skip: wineMissing }, () => {
  let machine: WineMachine;
  before(() => {
    machine = new WineMachine();
  });
  after(() => machine?.remove());

  test('CNG keys sign through the binding in PKCS #1 and in PSS, which TLS 1.3 demands', async () => {
    const script = fileURLToPath(new URL('sign-with-cng.ts', import.meta.url));
    const { exitCode, stdout, stderr } = await machine.compiled(script);
    assert.equal(exitCode, 0, stderr);
    const { e, n, pkcs1, pss } = JSON.parse(stdout) as Record<'e' | 'n' | 'pkcs1' | 'pss', string>;
    const key = createPublicKey({ key: { kty: 'RSA', e, n }, format: 'jwk' });
    const nonce = Buffer.from('nonce');
    const pssPadding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    assert.ok(verify('sha256', nonce, key, Buffer.from(pkcs1, 'base64')));
    assert.ok(verify('sha256', nonce, { key, ...pssPadding }, Buffer.from(pss, 'base64')));
    assert.ok(!verify('sha256', Buffer.from('other'), key, Buffer.from(pkcs1, 'base64')));
  });

  test('a thread that makes keys gives way to all others', async () => {
    const script = fileURLToPath(new URL('give-way.ts', import.meta.url));
    const { exitCode, stdout, stderr } = await machine.compiled(script);
    assert.equal(exitCode, 0, stderr);
    const [threadPriorityNormal, threadPriorityLowest] = [0, -2];
    assert.deepEqual(JSON.parse(stdout), [threadPriorityNormal, threadPriorityLowest]);
  });
});
