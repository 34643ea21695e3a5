import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Desk, tool } from './warifu.ts';

const python = '/usr/bin/python3';
const cryptography = '/usr/lib/python3/dist-packages/cryptography/__init__.py';
const skip = existsSync(python) && existsSync(cryptography) ? false : 'python3-cryptography is not installed';

/** The script of docs/recovery.md as it stands there: what a stranger would copy. */
function stranger(): string {
  const page = readFileSync(fileURLToPath(new URL('../../docs/recovery.md', import.meta.url)), 'utf8');
  return /```python\n([\s\S]*?)```/.exec(page)![1]!;
}

test('with a backup, the passphrase and docs/recovery.md alone, somebody without Warifu gets the CA key out', {
  skip,
}, () => {
  using desk = new Desk('復旧');
  desk.json('vault', 'init');
  const made = desk.json('ca', 'create', '割符 CA', '--key', 'rsa-2048');
  desk.json('ca', 'create', 'Second CA', '--key', 'ec-p256');
  desk.json('cert', 'issue', 'CN=山田', '--ca', '割符 CA', '--key', 'ec-p256');
  const backup = desk.path('バックアップ');
  desk.json('vault', 'backup', '--out', backup);
  const script = desk.write('recover.py', stranger());
  const out = desk.path('out');
  // Nothing of ours is within its reach but the file: neither the home nor the environment.
  const run = spawnSync(python, ['-I', script, backup, desk.passphraseFile, out], {
    encoding: 'utf8',
    env: {},
  });
  assert.equal(run.status, 0, run.stderr);
  assert.equal(run.stdout, '1 割符 CA\n2 Second CA\n');
  const [certificate, key] = [`${out}-1.crt`, `${out}-1.key`];
  assert.equal(statSync(key).mode & 0o777, 0o600);
  assert.ok(existsSync(`${out}-2.key`));
  const fingerprint = tool(
    'openssl',
    'x509',
    '-inform',
    'DER',
    '-in',
    certificate,
    '-noout',
    '-sha256',
    '-fingerprint',
  );
  assert.equal(fingerprint.trim().split('=')[1]!.replaceAll(':', '').toLowerCase(), made.fingerprint);
  const publicKeys = [
    tool('openssl', 'x509', '-inform', 'DER', '-in', certificate, '-noout', '-pubkey'),
    tool('openssl', 'pkey', '-inform', 'DER', '-in', key, '-pubout'),
  ];
  assert.match(publicKeys[0]!, /BEGIN PUBLIC KEY/);
  assert.equal(publicKeys[0], publicKeys[1]);

  const wrong = desk.write('wrong', 'not this passphrase\n');
  const refused = spawnSync(python, ['-I', script, backup, wrong, desk.path('none')], {
    encoding: 'utf8',
    env: {},
  });
  assert.notEqual(refused.status, 0);
  assert.ok(!existsSync(desk.path('none-1.key')));
});
