import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { WarifuClient } from '../../../contract/contract.ts';
import type { GuideStatus, GuideStepName } from '../../../contract/guide.ts';
import type { RolloutRequest } from '../../../contract/rollout.ts';
import { type Core, createCore } from '../../../core/create-core.ts';
import { startSimulator } from '../../../simulator/simulator.ts';

let folder: string;
let core: Core;
let client: WarifuClient;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'warifu guide-'));
  core = createCore({
    home: join(folder, 'home'),
    keychain: null,
    startPractice: ({ port }) => startSimulator({ port }),
    storeHome: folder,
  });
  client = core.client;
});
after(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const passphrase = 'correct horse battery';
const stateOf = ({ steps }: GuideStatus, name: GuideStepName): string =>
  steps.find(({ step }) => step === name)!.state;
const doneOf = ({ steps }: GuideStatus): string[] =>
  steps.filter(({ state }) => state === 'done').map(({ step }) => step);

async function finish<E, R>(events: Promise<AsyncIterator<E, R>>): Promise<R> {
  const iterator = await events;
  for (;;) {
    const { done, value } = await iterator.next();
    if (done) return value;
  }
}

const request = ({ proposal, account }: GuideStatus): RolloutRequest => ({
  name: proposal.rollout,
  account: account!.name,
  serverCertificate: proposal.serverCertificate!,
  authority: proposal.authority!,
  loadBalancer: { create: { name: proposal.loadBalancerName } },
  listener: { healthCheck: { interval: 1, timeout: 1, healthyThreshold: 2, unhealthyThreshold: 2 } },
  backends: proposal.backends,
});

// One story, each test a chapter: what was clicked never counts, what is there does.
test('before anything, nothing is done and nothing is wrong', async () => {
  await client.vault.initialize({ passphrase });
  const status = await client.guide.status();
  assert.deepEqual([status.done, status.account, status.next], [0, null, 'server-certificate']);
  assert.ok(status.steps.every(({ state, problem }) => state === 'open' && problem === null));
  assert.equal((await client.home.overview()).verdict, 'unmade');
});

test('in Practice the CA comes first, since it answers for the server certificate too', async () => {
  await client.practice.start({ port: 0 });
  const status = await client.guide.status();
  assert.equal(status.next, 'authority');
  assert.deepEqual(
    status.proposal.backends.map(({ serverId }) => serverId),
    ['i-demo-1', 'i-demo-2'],
  );
});

test('certificates count as soon as they are there, with the commands they stand for', async () => {
  await client.authority.create({ name: "O'Hara CA", subject: "CN=O'Hara CA", keyAlgorithm: 'rsa-2048' });
  const { hosts } = (await client.guide.status()).proposal;
  await client.serverCertificate.issue({ name: 'front', authority: "O'Hara CA", hosts });
  await client.certificate.issue({ authority: "O'Hara CA", subject: 'CN=佐藤 花子' });
  const status = await client.guide.status();
  assert.deepEqual(doneOf(status), ['server-certificate', 'authority', 'client-certificate']);
  assert.equal(status.next, 'upload');
  const { commands } = status.steps.find(({ step }) => step === 'authority')!;
  // Quoted for a shell.
  assert.ok(commands[0]!.includes(String.raw`'CN=O'\''Hara CA'`), commands[0]);
});

test('uploading stops when both certificates are there', async () => {
  const status = await client.guide.status();
  await finish(client.rollout.apply({ ...request(status), until: 'ca-certificate' }));
  const after = await client.guide.status();
  assert.deepEqual([stateOf(after, 'upload'), stateOf(after, 'listener')], ['done', 'open']);
  assert.equal(after.next, 'install');
});

test('an installed certificate is found in the store, not in a memory', async () => {
  const before = await client.guide.status();
  await client.trustStore.install({ identity: { certificate: before.proposal.client! }, trustCa: true });
  assert.equal(stateOf(await client.guide.status(), 'install'), 'done');
  const [place] = await client.trustStore.list({});
  const installed = place!.certificates.find(({ hasKey }) => hasKey)!;
  await client.trustStore.remove({ thumbprint: installed.thumbprint });
  assert.equal(stateOf(await client.guide.status(), 'install'), 'open');
  await client.trustStore.install({ identity: { certificate: before.proposal.client! }, trustCa: true });
});

test('the listener and the handshakes with it complete the seven, and Home is green', async () => {
  const status = await client.guide.status();
  await finish(client.rollout.apply(request(status)));
  assert.equal((await client.guide.status()).next, 'test');
  assert.deepEqual(
    (await client.home.overview()).needs.map(({ kind }) => kind).filter((kind) => kind === 'prove'),
    ['prove'],
  );
  await finish(client.rollout.verify({ name: status.proposal.rollout, requests: 20 }));
  const after = await client.guide.status();
  assert.deepEqual([after.done, after.next], [7, null]);
  const home = await client.home.overview();
  assert.equal(home.verdict, 'holds');
  assert.equal(home.evidence!.host, 'www.example.test');
  assert.deepEqual(
    home.evidence!.balance!.backends.map(({ count }) => count),
    [10, 10],
  );
  // The CA, the server and the person; those made for the handshakes are gone in an hour and are left out.
  assert.equal(
    home.expiry.reduce((sum, { count }) => sum + count, 0),
    3,
  );
});

test('a rollout can be asked for as it stands', async () => {
  const asked = await client.rollout.get({ name: 'practice' });
  assert.deepEqual(
    [asked.serverCertificate, asked.authority, asked.account],
    ['front', "O'Hara CA", 'practice'],
  );
  await assert.rejects(client.rollout.get({ name: 'nothing' }), { code: 'ROLLOUT_NOT_FOUND' });
});

test('a locked vault leaves unknown what only the cloud can tell, and says why', async () => {
  await client.vault.lock();
  const status = await client.guide.status();
  for (const name of ['upload', 'listener', 'test'] as const) {
    const step = status.steps.find((candidate) => candidate.step === name)!;
    assert.deepEqual([step.state, step.problem?.code], ['unknown', 'VAULT_LOCKED']);
  }
  assert.equal(stateOf(status, 'authority'), 'done');
  assert.equal((await client.home.overview()).verdict, 'holds');
  await client.vault.unlock({ slot: 'passphrase', passphrase });
});

test('a revoked client that CLB still lets in waits for the person', async () => {
  const { proposal } = await client.guide.status();
  await client.certificate.revoke({ certificate: proposal.client! });
  const { needs } = await client.home.overview();
  assert.deepEqual(
    needs.find(({ kind }) => kind === 'revoked-still-let-in'),
    { kind: 'revoked-still-let-in', count: 1, authority: "O'Hara CA" },
  );
  assert.equal(stateOf(await client.guide.status(), 'client-certificate'), 'open');
});

test('when Practice ends, so does what was proven in it; a new one starts from nothing', async () => {
  await client.practice.stop();
  const stopped = await client.guide.status();
  assert.equal(stopped.steps.find(({ step }) => step === 'upload')!.problem?.code, 'PRACTICE_STOPPED');
  const home = await client.home.overview();
  assert.equal(home.verdict, 'unproven');
  assert.ok(home.needs.some(({ kind }) => kind === 'practice-stopped'));
  await client.practice.start({ port: 0 });
  const fresh = await client.guide.status();
  for (const name of ['upload', 'listener', 'test'] as const)
    assert.equal(stateOf(fresh, name), 'open', name);
});

test('language and theme are remembered, one at a time', async () => {
  assert.deepEqual(await client.settings.get(), { language: null, theme: 'system' });
  await client.settings.set({ language: 'ja' });
  assert.deepEqual(await client.settings.set({ theme: 'dark' }), { language: 'ja', theme: 'dark' });
  assert.deepEqual(await client.settings.get(), { language: 'ja', theme: 'dark' });
});
