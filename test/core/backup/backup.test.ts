import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { WarifuClient } from '../../../contract/contract.ts';
import { CoreDesk, furnish, issue, passphrase, problem } from '../desk.ts';

const ca = '割符 CA';
const names = async ({ certificate }: WarifuClient): Promise<string[]> =>
  (await certificate.list({})).items.map(({ commonName }) => commonName).sort();
const byCode = (recoveryCode: string) => ({ slot: 'recovery-code', recoveryCode }) as const;

/** A home with a CA, a certificate that is revoked, one that is not, and a backup of all that. */
async function backedUp(desk: CoreDesk) {
  const core = desk.open('home');
  const code = await furnish(core.client, ca);
  const gone = await issue(core.client, ca, '退職者');
  await issue(core.client, ca, '山田');
  await core.client.certificate.revoke({ certificate: gone.id });
  await core.client.authority.publishCrl({ authority: ca });
  const { file, summary } = await core.client.backup.create();
  return { core, code, file: new Blob([await file.arrayBuffer()]), summary };
}

test('an empty home becomes the one that was backed up: certificates, keys, revocations, audit log', async () => {
  await using desk = new CoreDesk();
  const { core, file, summary } = await backedUp(desk);
  const other = desk.open('other').client;
  const plan = await other.backup.inspect({ file });
  assert.deepEqual([plan.mode, plan.reason, plan.backup], ['create', 'empty', summary]);
  const done = await other.backup.restore({ file, credential: { slot: 'passphrase', passphrase } });
  assert.equal(done.setAside, null);
  assert.equal((await other.vault.status()).state, 'locked');
  assert.deepEqual(await names(other), await names(core.client));
  await other.vault.unlock({ slot: 'passphrase', passphrase });
  const { lastAt, changes } = await other.backup.status();
  assert.deepEqual([lastAt, changes], [summary.createdAt, 0]);
  const verdict = await other.audit.verify({ anchors: [summary.audit] });
  assert.ok(verdict.ok && verdict.sealsChecked && verdict.sealedThrough === verdict.records, 'audit');
  // The CA's key signs, the person's key can be taken out, and the CRL goes on counting.
  await issue(other, ca, '復元後');
  assert.ok((await other.certificate.exportPkcs12({ certificate: '山田' })).password);
  // Lists may have been published after the backup, so their numbers are left out.
  assert.equal((await other.authority.publishCrl({ authority: ca })).number, 1003);
  assert.equal((await other.certificate.get({ certificate: '退職者' })).state, 'revoked');
});

test('a cloud account and a server certificate come back too, with their secrets', async () => {
  await using desk = new CoreDesk();
  const { client } = desk.open('home');
  await furnish(client, ca);
  const accessKeySecret = 'canary secret of an account';
  await client.cloud.login({
    name: 'work',
    accessKeyId: 'LTAI-test',
    accessKeySecret,
    regionId: 'cn-hangzhou',
    endpoint: 'http://127.0.0.1:9',
  });
  await client.serverCertificate.issue({ name: 'front', authority: ca, hosts: ['www.example.test'] });
  const { file } = await client.backup.create();
  const other = desk.open('other').client;
  await other.backup.restore({ file, credential: { slot: 'passphrase', passphrase } });
  assert.deepEqual(
    (await other.cloud.accounts()).map(({ name }) => name),
    ['work'],
  );
  assert.deepEqual(
    (await other.serverCertificate.list()).map(({ name }) => name),
    ['front'],
  );
  await other.vault.unlock({ slot: 'passphrase', passphrase });
  const { registry, vault } = desk.contextOf('other');
  const { id, sealed } = registry.read(
    (rows) => rows.secrets.get(rows.cloudAccounts.byName('work')!.secretId)!,
  );
  const opened = vault.unseal('access-key-secret', id, sealed);
  assert.equal(Buffer.from(opened).toString(), accessKeySecret);
});

test('into the same vault nothing is forgotten that was made since: certificates, revocations, CRL numbers, passphrase', async () => {
  await using desk = new CoreDesk();
  const { core, code, file } = await backedUp(desk);
  const { client } = core;
  const late = await issue(client, ca, '新人');
  await client.certificate.revoke({ certificate: '山田' });
  assert.equal((await client.authority.publishCrl({ authority: ca })).number, 3);
  await client.vault.changePassphrase({ current: passphrase, next: 'changed since then' });
  const before = await client.audit.head();
  const plan = await client.backup.inspect({ file });
  assert.deepEqual([plan.mode, plan.reason], ['merge', 'same-vault']);
  const { setAside } = await client.backup.restore({ file, credential: byCode(code) });
  await client.vault.unlock({ slot: 'passphrase', passphrase: 'changed since then' });
  assert.equal((await client.certificate.get({ certificate: late.id })).hasKey, true);
  assert.equal((await client.certificate.get({ certificate: '山田' })).state, 'revoked');
  assert.equal((await client.authority.publishCrl({ authority: ca })).number, 4);
  assert.ok((await client.audit.verify({ anchors: [before] })).ok);
  // What stood here before stands aside as a home of its own.
  const aside = desk.open(setAside!.slice(desk.directory.length + 1)).client;
  assert.deepEqual(await names(aside), [ca, '新人', '山田', '退職者'].sort());
});

test('a certificate row that was damaged or deleted comes back whole, with what is newer beside it', async () => {
  await using desk = new CoreDesk();
  const { core, code, file } = await backedUp(desk);
  await issue(core.client, ca, '新人');
  await core.close();
  const { DatabaseSync } = await import('node:sqlite');
  const raw = new DatabaseSync(desk.path('home/registry.db'));
  raw.exec(`UPDATE certificates SET not_after = '2099-01-01T00:00:00.000Z' WHERE common_name = '山田'`);
  raw.exec(`PRAGMA foreign_keys = OFF; DELETE FROM certificates WHERE common_name = '退職者'`);
  raw.close();
  const { client } = desk.open('home');
  await assert.rejects(client.certificate.get({ certificate: '山田' }), problem('REGISTRY_ROW_DAMAGED'));
  await client.backup.restore({ file, credential: byCode(code) });
  await client.vault.unlock(byCode(code));
  assert.deepEqual(await names(client), [ca, '新人', '山田', '退職者'].sort());
  assert.ok((await client.audit.verify({})).ok);
});

test('another vault gives way whole, is set aside, and opens there', async () => {
  await using desk = new CoreDesk();
  const { code, file } = await backedUp(desk);
  const { client } = desk.open('other');
  const otherCode = await furnish(client, 'Other CA');
  const plan = await client.backup.inspect({ file });
  assert.deepEqual([plan.mode, plan.reason], ['replace', 'other-vault']);
  const { setAside } = await client.backup.restore({ file, credential: byCode(code) });
  assert.deepEqual(await names(client), [ca, '山田', '退職者'].sort());
  await assert.rejects(client.vault.unlock(byCode(otherCode)), problem('WRONG_RECOVERY_CODE'));
  await client.vault.unlock(byCode(code));
  assert.ok((await client.audit.verify({})).ok);
  const aside = desk.open(setAside!.slice(desk.directory.length + 1)).client;
  await aside.vault.unlock(byCode(otherCode));
  await issue(aside, 'Other CA', 'still here');
});

test('a registry that is damaged beyond opening is set aside as it is, and restored', async () => {
  await using desk = new CoreDesk();
  const { core, code, file } = await backedUp(desk);
  await core.close();
  const path = desk.path('home/registry.db');
  const content = readFileSync(path);
  writeFileSync(path, content.fill(0x5a, 0, 50));
  const { client } = desk.open('home');
  await assert.rejects(client.certificate.list({}), problem('REGISTRY_DAMAGED'));
  const plan = await client.backup.inspect({ file });
  assert.deepEqual([plan.mode, plan.reason], ['replace', 'registry-damaged']);
  const { setAside } = await client.backup.restore({ file, credential: byCode(code) });
  assert.deepEqual(readFileSync(`${setAside}/registry.db`), content);
  await client.vault.unlock(byCode(code));
  await issue(client, ca, '復元後');
});

test('a vault that is damaged is set aside as it is, and restored', async () => {
  await using desk = new CoreDesk();
  const { core, code, file } = await backedUp(desk);
  await core.close();
  writeFileSync(desk.path('home/vault.json'), 'not a vault');
  const { client } = desk.open('home');
  const plan = await client.backup.inspect({ file });
  assert.deepEqual([plan.mode, plan.reason], ['merge', 'vault-damaged']);
  const { setAside } = await client.backup.restore({ file, credential: byCode(code) });
  assert.equal(readFileSync(`${setAside}/vault.json`, 'utf8'), 'not a vault');
  await client.vault.unlock(byCode(code));
  await issue(client, ca, '復元後');
});

test('a wrong secret, a foreign file and a newer format are told apart and change nothing', async () => {
  await using desk = new CoreDesk();
  const { core, file } = await backedUp(desk);
  const { client } = core;
  const head = await client.audit.head();
  const wrong = { slot: 'passphrase', passphrase: 'not this one' } as const;
  await assert.rejects(client.backup.restore({ file, credential: wrong }), problem('WRONG_PASSPHRASE'));
  const credential = { slot: 'passphrase', passphrase } as const;
  for (const [content, code] of [
    ['', 'NOT_A_BACKUP'],
    ['PK\u0003\u0004 something else', 'NOT_A_BACKUP'],
    ['warifu backup 2\n{}', 'BACKUP_NEWER'],
    ['warifu backup 1\n', 'BACKUP_DAMAGED'],
    [Buffer.from(await file.arrayBuffer()).subarray(0, -1), 'BACKUP_DAMAGED'],
  ] as const)
    await assert.rejects(client.backup.restore({ file: new Blob([content]), credential }), problem(code));
  assert.deepEqual((await client.audit.head()).hash, head.hash);
  assert.deepEqual(
    readdirSync(desk.path('home')).filter((name) => name.startsWith('before-')),
    [],
  );
});

test('the reminder comes when something changed and the last backup is too old, and not before', async () => {
  await using desk = new CoreDesk();
  let now = new Date('2026-06-01T00:00:00Z');
  const { client } = desk.open('home', () => new Date(now));
  assert.equal((await client.backup.status()).due, false);
  const code = await furnish(client, ca);
  assert.equal((await client.backup.status()).due, true);
  const { summary } = await client.backup.create();
  // Made is not saved: the stick may be full.
  assert.equal((await client.backup.status()).due, true);
  await client.backup.confirmSaved({ digest: summary.digest });
  assert.deepEqual(await client.backup.status(), {
    lastAt: '2026-06-01T00:00:00.000Z',
    changes: 0,
    reminderDays: 30,
    due: false,
  });
  now = new Date('2026-07-02T00:00:00Z');
  assert.equal((await client.backup.status()).due, false);
  // A month without use has locked it.
  await client.vault.unlock(byCode(code));
  await issue(client, ca, '山田');
  assert.equal((await client.backup.status()).due, true);
  await client.backup.setReminder({ days: 90 });
  assert.equal((await client.backup.status()).due, false);
});

test('a backup holds no key in the clear, and its files do not outlive the process', async () => {
  await using desk = new CoreDesk();
  const { core, file } = await backedUp(desk);
  const octets = Buffer.from(await file.arrayBuffer());
  assert.ok(!octets.includes('SQLite format 3'), 'the registry lies in it unencrypted');
  assert.ok(!octets.includes(Buffer.from('山田')));
  await core.close();
  assert.deepEqual(readdirSync(desk.path('home')).sort(), ['registry.db', 'vault.json']);
  assert.ok(!existsSync(desk.path('home/registry.db-wal')));
});

for (const [how, harm] of [
  ['lost', (path: string) => rmSync(path)],
  ['damaged', (path: string) => writeFileSync(path, readFileSync(path).fill(0x20, 20, 40))],
] as const)
  test(`with vault.json ${how}, nothing that was issued or revoked since the backup is forgotten`, async () => {
    await using desk = new CoreDesk();
    const { core, code, file } = await backedUp(desk);
    await issue(core.client, ca, '新人');
    await core.client.certificate.revoke({ certificate: '山田' });
    assert.equal((await core.client.authority.publishCrl({ authority: ca })).number, 3);
    await core.close();
    harm(desk.path('home/vault.json'));
    const { client } = desk.open('home');
    if (how === 'lost')
      await assert.rejects(client.vault.initialize({ passphrase, keychain: false }), problem('VAULT_LOST'));
    assert.equal((await client.backup.inspect({ file })).mode, 'merge');
    await client.backup.restore({ file, credential: byCode(code) });
    await client.vault.unlock(byCode(code));
    assert.equal((await client.certificate.get({ certificate: '山田' })).state, 'revoked');
    assert.equal((await client.certificate.get({ certificate: '新人' })).hasKey, true);
    assert.equal((await client.authority.publishCrl({ authority: ca })).number, 4);
    assert.ok((await client.audit.verify({})).ok);
  });

test('a Warifu that is open with the vault of before can seal nothing into what was restored over it', async () => {
  await using desk = new CoreDesk();
  const { code, file } = await backedUp(desk);
  const open = desk.open('other').client;
  await furnish(open, 'Other CA');
  const restoring = desk.open('other').client;
  await restoring.backup.restore({ file, credential: byCode(code) });
  const made = { name: 'Late CA', subject: 'CN=Late', keyAlgorithm: 'ec-p256' } as const;
  await assert.rejects(open.authority.create(made), problem('VAULT_LOCKED', 'VAULT_REPLACED'));
  assert.equal((await open.vault.status()).state, 'locked');
  await open.backup.setReminder({ days: 10 });
  await restoring.vault.unlock(byCode(code));
  assert.ok((await restoring.audit.verify({})).ok);
  await restoring.backup.create();
});

test('between the registry and vault.json of a restore, nothing is sealed under the vault of before', async () => {
  await using desk = new CoreDesk();
  const { code, file } = await backedUp(desk);
  const open = desk.open('other').client;
  await furnish(open, 'Other CA');
  const restoring = desk.open('other').client;
  // Step 4 cannot be done: something stands where the new vault.json is written.
  mkdirSync(desk.path('other/vault.json.new'));
  await assert.rejects(
    restoring.backup.restore({ file, credential: byCode(code) }),
    problem('RESTORE_UNFINISHED'),
  );
  const made = { name: 'Late CA', subject: 'CN=Late', keyAlgorithm: 'ec-p256' } as const;
  await assert.rejects(open.authority.create(made), problem('VAULT_REPLACED', 'VAULT_UNWRITABLE'));
  rmdirSync(desk.path('other/vault.json.new'));
  // The next call finishes it.
  await restoring.vault.unlock(byCode(code));
  assert.deepEqual(await names(restoring), [ca, '山田', '退職者'].sort());
  assert.ok((await restoring.audit.verify({})).ok);
});

test('what is left of a finished restore does not undo a passphrase that was changed since', async () => {
  await using desk = new CoreDesk();
  const { code, file } = await backedUp(desk);
  const { client } = desk.open('other');
  await client.backup.restore({ file, credential: byCode(code) });
  await client.vault.changePassphrase({ current: passphrase, next: 'changed since then' });
  // As if its last transaction had not come to pass.
  const old = JSON.parse(
    Buffer.from(await file.arrayBuffer())
      .toString('latin1')
      .split('\n')[1]!,
  ).vault;
  desk.contextOf('other').registry.write((rows) => rows.settings.set('restore.vault', old));
  const again = desk.open('other').client;
  await again.vault.unlock({ slot: 'passphrase', passphrase: 'changed since then' });
});

test('a registry with one bad page is replaced, not merged into for ever', async () => {
  await using desk = new CoreDesk();
  const { core, code, file } = await backedUp(desk);
  await core.close();
  const path = desk.path('home/registry.db');
  const { DatabaseSync } = await import('node:sqlite');
  const raw = new DatabaseSync(path);
  const { rootpage } = raw.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'crls'`).get() as {
    rootpage: number;
  };
  raw.close();
  const content = readFileSync(path);
  writeFileSync(path, content.fill(0x5a, (rootpage - 1) * 4096, rootpage * 4096));
  const { client } = desk.open('home');
  assert.equal((await client.backup.inspect({ file })).reason, 'registry-damaged');
  await client.backup.restore({ file, credential: byCode(code) });
  await client.vault.unlock(byCode(code));
  await issue(client, ca, '復元後');
});

/** Changes the registry of a closed home behind Warifu's back. */
async function tamper(desk: CoreDesk, home: string, sql: string): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite');
  const raw = new DatabaseSync(desk.path(`${home}/registry.db`));
  raw.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  raw.close();
}

for (const [what, sql, damage] of [
  ['a certificate', `UPDATE certificates SET serial = '0b' WHERE common_name = '山田'`, /^certificates /],
  [
    'the key of a CA',
    `UPDATE secrets SET sealed = zeroblob(length(sealed)) WHERE id = (SELECT secret_id FROM authorities)`,
    /^private-key /,
  ],
  ['a record of the audit log', `UPDATE audit SET action = 'x' WHERE seq = 3`, /^audit 3 \(hash\)$/],
] as const)
  test(`with ${what} damaged no backup is made, and the latest one mends it with what is newer kept`, async () => {
    await using desk = new CoreDesk();
    const { core, code, file } = await backedUp(desk);
    await issue(core.client, ca, '新人');
    await core.close();
    await tamper(desk, 'home', sql);
    const { client } = desk.open('home');
    await client.vault.unlock(byCode(code));
    await assert.rejects(client.backup.create(), (error: { code?: string; data?: { damage?: string } }) => {
      assert.equal(error.code, 'DATA_DAMAGED');
      assert.match(error.data?.damage ?? '', damage);
      return true;
    });
    const left = readdirSync(desk.path('home'), { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      left.filter((name) => /^scratch-.*\//.test(name)),
      [],
    );
    await client.backup.restore({ file, credential: byCode(code) });
    await client.vault.unlock(byCode(code));
    assert.deepEqual(await names(client), [ca, '新人', '山田', '退職者'].sort());
    await issue(client, ca, '修復後');
    const whole = await client.backup.create();
    assert.equal(whole.summary.certificates, 5);
  });

test('who remembers the old passphrase and not the new one comes in by the backup, and loses nothing', async () => {
  await using desk = new CoreDesk();
  const { core, file } = await backedUp(desk);
  const { client } = core;
  await issue(client, ca, '新人');
  await client.vault.changePassphrase({ current: passphrase, next: 'forgotten at once' });
  const credential = { slot: 'passphrase', passphrase } as const;
  await assert.rejects(client.vault.unlock(credential), problem('WRONG_PASSPHRASE'));
  const { mode } = await client.backup.restore({ file, credential, slots: 'backup' });
  assert.equal(mode, 'merge');
  await client.vault.unlock(credential);
  await issue(client, ca, '復元後');
  assert.ok((await client.audit.verify({})).ok);
  assert.deepEqual(await names(client), [ca, '新人', '山田', '退職者', '復元後'].sort());
  await client.vault.lock();
  const next = { slot: 'passphrase', passphrase: 'forgotten at once' } as const;
  await assert.rejects(client.vault.unlock(next), problem('WRONG_PASSPHRASE'));
});

test('guessing by way of restore is slowed down as guessing by way of unlock is', async () => {
  await using desk = new CoreDesk();
  const { core, code, file } = await backedUp(desk);
  const { client } = core;
  await client.vault.lock();
  const wrong = { slot: 'passphrase', passphrase: 'not this one' } as const;
  for (let attempt = 0; attempt < 3; attempt++)
    await assert.rejects(client.backup.restore({ file, credential: wrong }), problem('WRONG_PASSPHRASE'));
  await assert.rejects(client.backup.restore({ file, credential: wrong }), problem('UNLOCK_PAUSED'));
  await assert.rejects(client.vault.unlock(byCode(code)), problem('UNLOCK_PAUSED'));
});
