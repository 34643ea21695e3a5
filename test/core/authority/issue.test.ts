/** What others see, and may do, while a certificate is being signed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Core } from '../../../core/create-core.ts';
import { CoreDesk, passphrase, problem } from '../desk.ts';

const authority = 'CA';

async function withCa(work: (core: Core) => Promise<void>): Promise<void> {
  await using desk = new CoreDesk();
  const core = desk.open('home');
  await core.client.vault.initialize({ passphrase, keychain: false });
  // RSA-4096: its signature takes long enough for others to have a turn.
  await core.client.authority.create({ name: authority, subject: 'CN=CA' });
  await work(core);
}

const openIntents = ({ rooms }: Core) => rooms.context.registry.read((rows) => rows.intents.open());

test('what is being signed is not called possibly issued, and cannot be settled from outside', () =>
  withCa(async (core) => {
    const issuing = core.client.certificate.issue({ authority, subject: 'CN=佐藤' });
    while (openIntents(core).length === 0) await turn();
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
    while (openIntents(core).length === 0) await turn();
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
