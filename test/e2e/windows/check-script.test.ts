import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WineMachine, wineMissing } from './wine-machine.ts';

const unlucky = /^FAIL {2}WinHTTP is let in with the RSA key over the TLS it likes best/m;

describe('the check for a real Windows, on Wine', { skip: wineMissing }, () => {
  let machine: WineMachine;
  before(() => {
    machine = new WineMachine();
  });
  after(() => machine?.remove());

  test('holds where Wine can show it, and fails or abstains where docs/reality.md says it cannot', async () => {
    const script = fileURLToPath(new URL('../../../scripts/check-windows-store.mjs', import.meta.url));
    const client = fileURLToPath(new URL('winhttp-client.ts', import.meta.url));
    const copies = ['--cli', machine.cli, '--client', machine.copy(client)];
    let outcome = await machine.script(script, ...copies);
    // One RSA key in some twenty shows Wine's limits here and not Warifu's (see suitsWine): another is tried, twice.
    for (let again = 0; again < 2 && unlucky.test(outcome.stdout); again++)
      outcome = await machine.script(script, ...copies);
    const { exitCode, stdout, stderr } = outcome;
    const lines = stdout
      .replaceAll(/ {2}\[.*\]$/gm, '')
      .trim()
      .split('\n');
    assert.match(lines.pop() ?? '', /^\d+ ok, \d+ failed, \d+ could not be told$/);
    const provider = 'Microsoft Software Key Storage Provider';
    assert.deepEqual(lines, [
      'ok    a wrong password is called that',
      'ok    an empty password is called that',
      'ok    garbage is called that',
      'ok    and the store is as it was',
      'ok    an RSA identity installs',
      'FAIL  an EC identity installs beside it',
      'ok    the RSA key still signs, in another process',
      'ok    the registry has the RSA certificate',
      'FAIL  the registry has the EC certificate',
      `?     certutil says that the RSA key is with ${provider}`,
      '?     certutil cannot export the RSA key',
      `?     certutil says that the EC key is with ${provider}`,
      '?     certutil cannot export the EC key',
      'ok    WinHTTP without a certificate is refused',
      'ok    WinHTTP is let in with the RSA key over the TLS it likes best',
      'FAIL  WinHTTP is let in with the RSA key over TLS 1.3',
      'FAIL  WinHTTP is let in with the EC key over the TLS it likes best',
      'FAIL  WinHTTP is let in with the EC key over TLS 1.3',
      'ok    a modern PKCS#12 installs',
      'ok    a PKCS#12 with a Japanese and German password installs',
      '?     certutil opens compatible.p12 as Warifu wrote it',
      '?     certutil opens modern.p12 as Warifu wrote it',
      '?     certutil opens ec.p12 as Warifu wrote it',
      '?     Windows asks before it trusts the CA',
      'ok    the registry has nothing of it any more',
      '?     certutil finds the same keys as before',
    ]);
    assert.deepEqual([exitCode, stderr], [1, '']);
  });
});
