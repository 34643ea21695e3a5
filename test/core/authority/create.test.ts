import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CoreDesk, passphrase } from '../desk.ts';

const ca = '第一 CA';

test('a CA whose first CRL cannot be kept does not exist at all', async () => {
  await using desk = new CoreDesk();
  const core = desk.open('home');
  await core.client.vault.initialize({ passphrase, keychain: false });
  const { DatabaseSync } = await import('node:sqlite');
  const raw = new DatabaseSync(desk.path('home/registry.db'));
  raw.exec(`CREATE TRIGGER no_crl BEFORE INSERT ON crls BEGIN SELECT RAISE(ABORT, 'no room'); END`);
  const create = () => core.client.authority.create({ name: ca, subject: 'CN=CA', keyAlgorithm: 'ec-p256' });
  await assert.rejects(create());
  assert.deepEqual(await core.client.authority.list(), []);
  raw.exec('DROP TRIGGER no_crl');
  raw.close();
  assert.equal((await create()).crl?.number, 1);
});
