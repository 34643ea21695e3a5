/** What others see, and may do, while a certificate is being signed. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type Core, createCore } from '../../../core/create-core.ts';
import { CoreDesk, passphrase, problem } from '../desk.ts';

const authority = 'CA';

async function withCa(work: (core: Core) => Promise<void>): Promise<void> {
  await using desk = new CoreDesk();
  const core = desk.open('home');
  await core.client.vault.initialize({ passphrase, keychain: false });
  // RSA-3072: its signature takes long enough for others to have a turn.
  await core.client.authority.create({ name: authority, subject: 'CN=CA', keyAlgorithm: 'rsa-3072' });
  await work(core);
}

/** Waits until the intent is written, and fails when the work is over before. */
async function whileSigning(core: Core, work: Promise<unknown>): Promise<void> {
  let isOver = false;
  work.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  while (openIntents(core).length === 0) {
    assert.ok(!isOver, 'nobody had a turn while it was signed');
    await turn();
  }
}

const openIntents = ({ rooms }: Core) => rooms.context.registry.read((rows) => rows.intents.open());

test('what is being signed is not called possibly issued, and cannot be settled from outside', () =>
  withCa(async (core) => {
    const issuing = core.client.certificate.issue({ authority, subject: 'CN=佐藤' });
    await whileSigning(core, issuing);
    const [intent] = openIntents(core);
    assert.deepEqual(await core.client.certificate.possiblyIssued(), []);
    assert.ok(!(await core.client.home.overview()).needs.some(({ kind }) => kind === 'possibly-issued'));
    await assert.rejects(
      core.client.certificate.settlePossiblyIssued({ id: intent!.id, decision: 'discard' }),
      problem('INTENT_NOT_FOUND'),
    );
    assert.equal((await issuing).commonName, '佐藤');
    assert.deepEqual(openIntents(core), []);
  }));

test('a vault that is locked while a signature is made loses neither certificate nor key', () =>
  withCa(async (core) => {
    const issuing = core.client.certificate.issue({ authority, subject: 'CN=佐藤' });
    await whileSigning(core, issuing);
    await core.client.vault.lock();
    const { id, hasKey } = await issuing;
    assert.ok(hasKey);
    assert.deepEqual(openIntents(core), []);
    await assert.rejects(
      core.client.certificate.issue({ authority, subject: 'CN=鈴木' }),
      problem('VAULT_LOCKED'),
    );
    await core.client.vault.unlock({ slot: 'passphrase', passphrase });
    const exported = await core.client.certificate.exportPkcs12({ certificate: id, profile: 'modern' });
    assert.ok(exported.bytes.length > 1000);
    assert.ok((await core.client.audit.verify({})).ok);
  }));

test('a vault that is locked while a key is put into a file lets no file out', () =>
  withCa(async (core) => {
    const { id: certificate } = await core.client.certificate.issue({ authority, subject: 'CN=佐藤' });
    const thread = once(process, 'worker');
    const exporting = core.client.certificate.exportPkcs12({ certificate, profile: 'modern' });
    const refused = assert.rejects(exporting, problem('VAULT_LOCKED'));
    await thread;
    await core.client.vault.lock();
    await refused;
    const { entries } = await core.client.audit.show({});
    assert.ok(!entries.some(({ action }) => action === 'certificate.exported'));
  }));

test('a vault that is locked before the intent is written stands in the way of all of it', (t) =>
  withCa(async (core) => {
    t.mock.method(core.rooms.context.reader, 'ahead', () => core.client.vault.lock());
    await assert.rejects(
      core.client.certificate.issue({ authority, subject: 'CN=佐藤' }),
      problem('VAULT_LOCKED'),
    );
    assert.deepEqual(openIntents(core), []);
    assert.equal((await core.client.certificate.list({ profile: 'client' })).total, 0);
  }));

test('a server certificate is kept with its key, or not at all, when the vault is locked meanwhile', () =>
  withCa(async (core) => {
    const issuing = core.client.serverCertificate.issue({
      authority,
      name: 'www',
      hosts: ['www.example.com'],
    });
    await whileSigning(core, issuing);
    await core.client.vault.lock();
    assert.equal((await issuing).certificate.name, 'www');
    assert.deepEqual(
      (await core.client.serverCertificate.list()).map(({ name }) => name),
      ['www'],
    );
  }));

test('closing waits for what is being signed; what comes later is refused', () =>
  withCa(async (core) => {
    const issuing = core.client.certificate.issue({ authority, subject: 'CN=佐藤' });
    await whileSigning(core, issuing);
    await core.close();
    // Its answer finds nobody any more.
    await issuing.catch(() => {});
    await assert.rejects(core.client.certificate.list({}), problem('REGISTRY_UNAVAILABLE'));
    const again = createCore({ home: core.rooms.context.files.home, keychain: null });
    assert.deepEqual(await again.client.certificate.possiblyIssued(), []);
    assert.equal((await again.client.certificate.list({ search: '佐藤' })).total, 1);
    await again.close();
  }));

test('many keys that are made at once leave room for the signatures', () =>
  withCa(async (core) => {
    const issuing = Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        core.client.certificate.issue({ authority, subject: `CN=${n}`, keyAlgorithm: 'rsa-3072' }),
      ),
    );
    let isOver = false;
    void issuing.finally(() => {
      isOver = true;
    });
    let most = 0;
    while (!isOver) {
      most = Math.max(most, openIntents(core).length);
      await turn();
    }
    await issuing;
    assert.ok(most >= 1 && most <= 3, `${most} intents were open at once`);
  }));
