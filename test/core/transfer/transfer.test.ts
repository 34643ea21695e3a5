import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { WarifuClient } from '../../../contract/contract.ts';
import { desiredRollout } from '../../../contract/rollout.ts';
import { noResources } from '../../../core/rollout/resources.ts';
import { CoreDesk, furnish, issue, passphrase, problem } from '../desk.ts';

const ca = '割符 CA';

/** A file as it goes through a hand: octets, out of reach of the process that made it. */
const carried = async (file: Blob): Promise<Blob> => new Blob([await file.arrayBuffer()]);
const exported = async ({ transfer }: WarifuClient): Promise<Blob> =>
  carried((await transfer.export({ authority: ca })).file);

/** The CA's machine with one certificate, and a connected machine that has taken the CA in. */
async function twoMachines(desk: CoreDesk) {
  const keeper = desk.open('keeper').client;
  const code = await furnish(keeper, ca);
  const first = await issue(keeper, ca, '最初');
  const connected = desk.open('connected').client;
  await connected.vault.initialize({ passphrase, keychain: false });
  const file = await exported(keeper);
  const { authority } = await connected.transfer.inspect({ file });
  assert.equal(authority.state, 'new');
  const { fingerprint } = await keeper.authority.get({ authority: ca });
  await connected.transfer.import({ file, fingerprint });
  return { keeper, connected, first, file, code };
}

test('a CA is taken in by its fingerprint alone, without its key, with its certificates and its CRL', async () => {
  await using desk = new CoreDesk();
  const { keeper, connected, first, file } = await twoMachines(desk);
  const view = await connected.authority.get({ authority: ca });
  assert.equal(view.hasKey, false);
  assert.equal((await connected.certificate.get({ certificate: first.id })).hasKey, false);
  assert.equal((await connected.authority.latestCrl({ authority: ca }))?.number, 1);
  const stranger = desk.open('stranger').client;
  await assert.rejects(stranger.transfer.import({ file }), problem('TRANSFER_UNCONFIRMED'));
  const wrong = 'ab'.repeat(32);
  await assert.rejects(
    stranger.transfer.import({ file, fingerprint: wrong }),
    problem('TRANSFER_UNCONFIRMED'),
  );
  assert.deepEqual(await stranger.authority.list(), []);
  await assert.rejects(issue(connected, ca, 'no key here'), problem('AUTHORITY_KEY_ABSENT'));
  await assert.rejects(
    connected.certificate.revoke({ certificate: first.id }),
    problem('AUTHORITY_KEY_ABSENT'),
  );
  await assert.rejects(
    keeper.transfer.requestRevocation({ certificate: first.id }),
    problem('AUTHORITY_KEY_PRESENT'),
  );
});

test('requests go one way, answers come back: the key never leaves the machine it was made on', async () => {
  await using desk = new CoreDesk();
  const { keeper, connected, first } = await twoMachines(desk);
  const names = ['yamada@example.com'];
  const wanted = await connected.transfer.requestCertificate({
    authority: ca,
    subject: 'CN=山田',
    names,
    days: 30,
    keyAlgorithm: 'ec-p256',
  });
  const unwanted = await connected.transfer.requestCertificate({
    authority: ca,
    subject: 'CN=見知らぬ人',
    keyAlgorithm: 'ec-p256',
  });
  await connected.transfer.requestRevocation({ certificate: first.id, reason: 'superseded' });
  const requests = await exported(connected);
  const text = Buffer.from(await requests.arrayBuffer()).toString();
  assert.doesNotMatch(text, /PRIVATE|sealed/);
  const view = await keeper.transfer.inspect({ file: requests });
  assert.deepEqual(
    view.requests.map(({ kind, label, state }) => [kind, label, state]),
    [
      ['certificate', 'CN=山田', 'new'],
      ['certificate', 'CN=見知らぬ人', 'new'],
      ['revocation', 'CN=最初', 'new'],
    ],
  );
  const [, , revocation] = view.requests;
  const decisions = { file: requests, approve: [wanted.id, revocation!.id], refuse: [unwanted.id] };
  // Twice at once, as by a double click.
  await Promise.all([keeper.transfer.import(decisions), keeper.transfer.import(decisions)]);
  const issued = (await keeper.certificate.list({})).total;
  assert.equal(issued, 3);
  assert.deepEqual(await keeper.certificate.possiblyIssued(), []);
  // Once more, as after a crash, or by mistake.
  await keeper.transfer.import(decisions);
  assert.equal((await keeper.certificate.list({})).total, issued);
  await keeper.authority.publishCrl({ authority: ca });

  const answers = await exported(keeper);
  const coming = await connected.transfer.inspect({ file: answers });
  assert.deepEqual(
    [coming.certificates, coming.revocations, coming.answers, coming.crl],
    [1, 1, 3, { here: 1, there: 2 }],
  );
  await connected.transfer.import({ file: answers });
  const yamada = await connected.certificate.get({ certificate: '山田' });
  assert.deepEqual([yamada.hasKey, yamada.state, yamada.names], [true, 'valid', names]);
  assert.equal((await connected.certificate.get({ certificate: first.id })).state, 'revoked');
  assert.deepEqual(await connected.transfer.waiting({ authority: ca }), []);

  // openssl, not we, says that certificate, key and CA belong together.
  const { bytes, password } = await connected.certificate.exportPkcs12({ certificate: '山田' });
  writeFileSync(desk.path('y.p12'), Buffer.from(bytes, 'base64'));
  writeFileSync(desk.path('pw'), password!);
  const pem = execFileSync('openssl', [
    ...['pkcs12', '-in', desk.path('y.p12'), '-nodes', '-passin', `file:${desk.path('pw')}`],
  ]);
  writeFileSync(desk.path('y.pem'), pem);
  writeFileSync(desk.path('ca.pem'), (await connected.authority.exportCertificate({ authority: ca })).pem);
  const verified = execFileSync(
    'openssl',
    ['verify', '-x509_strict', '-CAfile', desk.path('ca.pem'), desk.path('y.pem')],
    { encoding: 'utf8' },
  );
  assert.match(verified, /: OK\n$/);
  for (const client of [keeper, connected]) assert.ok((await client.audit.verify({})).ok);
});

test('an older file, taken in late, takes nothing back', async () => {
  await using desk = new CoreDesk();
  const { keeper, connected, first, file: old } = await twoMachines(desk);
  await keeper.certificate.revoke({ certificate: first.id });
  await keeper.authority.publishCrl({ authority: ca });
  await connected.transfer.import({ file: await exported(keeper) });
  await connected.transfer.import({ file: old });
  assert.equal((await connected.certificate.get({ certificate: first.id })).state, 'revoked');
  assert.equal((await connected.authority.latestCrl({ authority: ca }))?.number, 2);
});

test('a file of another CA with the same name is no file of this CA', async () => {
  await using desk = new CoreDesk();
  const { connected } = await twoMachines(desk);
  const impostor = desk.open('impostor').client;
  await furnish(impostor, ca);
  await issue(impostor, ca, '山田');
  const file = await exported(impostor);
  assert.equal((await connected.transfer.inspect({ file })).authority.state, 'new');
  await assert.rejects(connected.transfer.import({ file }), problem('TRANSFER_UNCONFIRMED'));
  const { fingerprint } = await impostor.authority.get({ authority: ca });
  await assert.rejects(connected.transfer.import({ file, fingerprint }), problem('AUTHORITY_EXISTS'));
  assert.equal((await connected.authority.list()).length, 1);
});

test('a CA that asks signs a transfer file, and answers to requests, only when its keeper approves', async () => {
  await using desk = new CoreDesk();
  const { keeper, connected } = await twoMachines(desk);
  const credential = { slot: 'passphrase', passphrase } as const;
  await keeper.authority.setSigning({ authority: ca, signing: 'asked', credential });
  await assert.rejects(exported(keeper), problem('SIGNATURE_NOT_APPROVED'));
  const made = await connected.transfer.requestCertificate({
    authority: ca,
    subject: 'CN=山田',
    keyAlgorithm: 'ec-p256',
  });
  const file = await exported(connected);
  const approve = [made.id];
  await assert.rejects(keeper.transfer.import({ file, approve }), problem('SIGNATURE_NOT_APPROVED'));
  await keeper.authority.approveSigning({ authority: ca, credential, signatures: 1 });
  await keeper.transfer.import({ file, approve });
  await assert.rejects(exported(keeper), problem('SIGNATURE_NOT_APPROVED'));
});

test('the desired state of the cloud that stands on a CA goes with it, to where its account is', async () => {
  await using desk = new CoreDesk();
  const { keeper, connected } = await twoMachines(desk);
  const login = {
    name: 'prod',
    accessKeyId: 'LTAIexample',
    accessKeySecret: 'canary-secret-of-the-account',
    regionId: 'ap-northeast-1',
    practice: false,
  };
  await keeper.cloud.login(login);
  const { pem } = await keeper.authority.exportCertificate({ authority: ca });
  const desired = desiredRollout.parse({
    regionId: 'ap-northeast-1',
    loadBalancer: { id: 'lb-0123456789' },
    serverCertificate: { name: 'front', chainPem: pem },
    caCertificate: { name: 'ca', pem },
    listener: {},
    backends: [{ serverId: 'i-1' }, { serverId: 'i-2' }],
  });
  const { registry } = desk.contextOf('keeper');
  registry.write((rows) =>
    rows.rollouts.insert({
      id: 'rollout-1',
      name: '本番',
      accountId: rows.cloudAccounts.byName('prod')!.id,
      desired: JSON.stringify(desired),
      resources: JSON.stringify(noResources),
      createdAt: '2026-06-01T00:00:00.000Z',
      updatedAt: '2026-06-01T00:00:00.000Z',
    }),
  );
  const file = await exported(keeper);
  assert.doesNotMatch(Buffer.from(await file.arrayBuffer()).toString(), /canary|LTAI|PRIVATE/);
  const states = async () => (await connected.transfer.inspect({ file })).rollouts;
  assert.deepEqual(await states(), [{ name: '本番', state: 'account-missing' }]);
  await connected.transfer.import({ file });
  assert.deepEqual(await connected.rollout.list(), []);
  await connected.cloud.login({ ...login, name: 'ours' });
  assert.deepEqual(await states(), [{ name: '本番', state: 'new' }]);
  await connected.transfer.import({ file });
  await connected.transfer.import({ file });
  const [row, ...others] = desk.contextOf('connected').registry.read((rows) => rows.rollouts.list());
  assert.deepEqual(others, []);
  assert.deepEqual(JSON.parse(row!.desired), desired);
  assert.deepEqual(await states(), [{ name: '本番', state: 'known' }]);
});

test('a file of requests whose words were changed shows what it really asks for, and nothing is signed twice', async () => {
  await using desk = new CoreDesk();
  const { keeper, connected } = await twoMachines(desk);
  const names = ['admin@example.com'];
  const wanted = { authority: ca, subject: 'CN=管理者', names, days: 3000, keyAlgorithm: 'ec-p256' } as const;
  await connected.transfer.requestCertificate({ ...wanted, names: [...names] });
  const text = Buffer.from(await (await exported(connected)).arrayBuffer()).toString();
  const sealed = (body: string): Blob =>
    new Blob([`${body}{"digest":"${createHash('sha256').update(body).digest('hex')}"}\n`]);
  const body = text.slice(0, text.indexOf('{"digest"'));
  const [request] = (
    await keeper.transfer.inspect({ file: sealed(body.replace('"label":"CN=管理者"', '"label":"CN=山田"')) })
  ).requests;
  assert.equal(request!.label, 'CN=管理者');
  assert.equal(request!.detail, 'client · 3000 d · admin@example.com');
  assert.deepEqual(request!.asks, {
    kind: 'certificate',
    key: 'EC P-256',
    profile: 'client',
    days: 3000,
    names: ['admin@example.com'],
  });
  const line = body.split('\n').find((each) => each.startsWith('{"request"'))!;
  await assert.rejects(
    keeper.transfer.inspect({ file: sealed(`${body}${line}\n`) }),
    problem('TRANSFER_DAMAGED'),
  );
});

test('a request is taken back with its key; what was answered cannot be', async () => {
  await using desk = new CoreDesk();
  const { keeper, connected } = await twoMachines(desk);
  const wanted = await connected.transfer.requestCertificate({
    authority: ca,
    subject: 'CN=山田',
    keyAlgorithm: 'ec-p256',
  });
  const carried = await exported(connected);
  assert.equal((await connected.transfer.withdraw({ request: wanted.id })).label, 'CN=山田');
  assert.deepEqual(await connected.transfer.waiting({ authority: ca }), []);
  await assert.rejects(connected.transfer.withdraw({ request: wanted.id }), problem('REQUEST_NOT_WAITING'));
  // The file was already under way: the certificate comes, and has no key here.
  await keeper.transfer.import({ file: carried, approve: [wanted.id] });
  await connected.transfer.import({ file: await exported(keeper) });
  assert.equal((await connected.certificate.get({ certificate: '山田' })).hasKey, false);
  assert.ok((await connected.audit.verify({})).ok);
});
