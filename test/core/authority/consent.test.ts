import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CoreDesk, issue, passphrase, problem } from '../desk.ts';

const ca = '慎重 CA';
const credential = { slot: 'passphrase', passphrase } as const;

async function askingCa(desk: CoreDesk, clock?: () => Date) {
  const { client } = desk.open('home', clock);
  await client.vault.initialize({ passphrase, keychain: false });
  await client.authority.create({ name: ca, subject: 'CN=CA', keyAlgorithm: 'ec-p256', signing: 'asked' });
  return client;
}

test('a CA that asks signs nothing with an unlocked vault alone, and one thing for each approval', async () => {
  await using desk = new CoreDesk();
  const client = await askingCa(desk);
  const refused = problem('SIGNATURE_NOT_APPROVED');
  // Making it signed its certificate and its first CRL: its maker was there.
  assert.equal((await client.authority.latestCrl({ authority: ca }))?.number, 1);
  await assert.rejects(issue(client, ca, '山田'), refused);
  await assert.rejects(client.authority.publishCrl({ authority: ca }), refused);
  const server = { name: 'front', authority: ca, hosts: ['www.example.com'] };
  await assert.rejects(client.serverCertificate.issue(server), refused);
  assert.deepEqual(await client.certificate.possiblyIssued(), []);
  await client.authority.approveSigning({ authority: ca, credential, signatures: 2 });
  await issue(client, ca, '山田');
  await client.authority.publishCrl({ authority: ca });
  await assert.rejects(issue(client, ca, '佐藤'), refused);
});

test('an approval needs the right passphrase, lasts a minute, and ends when the vault locks', async () => {
  await using desk = new CoreDesk();
  let now = Date.now();
  const client = await askingCa(desk, () => new Date(now));
  const wrong = { slot: 'passphrase', passphrase: 'not this one' } as const;
  await assert.rejects(
    client.authority.approveSigning({ authority: ca, credential: wrong }),
    problem('WRONG_PASSPHRASE'),
  );
  await client.authority.approveSigning({ authority: ca, credential });
  now += 60_000;
  await assert.rejects(issue(client, ca, '山田'), problem('SIGNATURE_NOT_APPROVED'));
  await client.authority.approveSigning({ authority: ca, credential });
  await client.vault.lock();
  await client.vault.unlock(credential);
  await assert.rejects(issue(client, ca, '山田'), problem('SIGNATURE_NOT_APPROVED'));
});

test('the key of a CA leaves the vault as no file', async () => {
  await using desk = new CoreDesk();
  const client = await askingCa(desk);
  const { fingerprint: certificate } = await client.authority.get({ authority: ca });
  await assert.rejects(client.certificate.exportPkcs12({ certificate }), problem('AUTHORITY_KEY_STAYS'));
});

test('it stops asking only when its keeper says so with the passphrase', async () => {
  await using desk = new CoreDesk();
  const client = await askingCa(desk);
  const wrong = { slot: 'passphrase', passphrase: 'not this one' } as const;
  await assert.rejects(
    client.authority.setSigning({ authority: ca, signing: 'unlocked', credential: wrong }),
    problem('WRONG_PASSPHRASE'),
  );
  await client.authority.setSigning({ authority: ca, signing: 'unlocked', credential });
  await issue(client, ca, '山田');
});
