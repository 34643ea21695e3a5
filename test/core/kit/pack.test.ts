/** Kits as a window gets them: bytes to save, no folder named; judged by unzip and openssl. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { CollectedKits, KitEvent, KitOrder } from '../../../contract/kit.ts';
import { KitDesk } from './kit-desk.ts';

let desk: KitDesk;
before(async () => {
  desk = await KitDesk.open();
});
after(() => desk.close());

const people = '氏名,メール\n山田 太郎,yamada@example.jp\nAnn Other,ann@example.com\n';
const order = (list: string, more: Partial<KitOrder> = {}): KitOrder => ({
  people: { authority: 'CA', list: Buffer.from(list).toString('base64') },
  defaults: { keyAlgorithm: 'ec-p256' },
  ...more,
});
const password = /[2-9a-z]{4}(?:-[2-9a-z]{4}){5}/g;

async function pack(
  input: KitOrder,
  watch: (event: KitEvent) => void = () => {},
  signal?: AbortSignal,
): Promise<string> {
  const events = await desk.client.kit.pack(input, signal ? { signal } : {});
  for (;;) {
    const { done, value } = await events.next();
    if (done) return value.id;
    watch(value);
  }
}
const collect = async (input: KitOrder): Promise<CollectedKits> =>
  desk.client.kit.collect({ id: await pack(input) });
const bytesOf = async (blob: Blob): Promise<Buffer> => Buffer.from(await blob.arrayBuffer());
const refused = (code: string) => (error: unknown) => (error as { code?: string }).code === code;

/** The subject of what openssl finds in a PKCS#12. */
function subjectIn(p12: string, secret: string): string {
  const args = ['pkcs12', '-in', p12, '-nokeys', '-clcerts', '-passin', 'stdin', '-legacy'];
  const { status, stdout, stderr } = spawnSync('openssl', args, { input: secret, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return spawnSync('openssl', ['x509', '-noout', '-subject', '-nameopt', 'utf8,sep_comma_plus'], {
    input: stdout,
    encoding: 'utf8',
  }).stdout;
}

test('everybody on a list gets a kit in one zip, and the passwords are in a file of their own', async () => {
  const before = await desk.issued();
  const made = await collect(order(people));
  assert.equal(made.fileName, 'kits.zip');
  assert.equal(made.password, null, 'there are two');
  const zip = desk.path('kits.zip');
  writeFileSync(zip, await bytesOf(made.file));
  spawnSync('unzip', ['-q', zip, '-d', desk.path('kits')], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  assert.deepEqual(readdirSync(desk.path('kits')).sort(), ['Ann Other.zip', '山田 太郎.zip']);
  const sheet = (await bytesOf(made.passwords)).toString();
  const secrets = sheet.match(password)!;
  assert.equal(new Set(secrets).size, 2);
  // In the order of the list.
  const folder = desk.unzip(desk.path('kits/山田 太郎.zip'), desk.path('yamada'));
  assert.match(subjectIn(join(folder, '山田 太郎.p12'), secrets[0]!), /山田 太郎/);
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    for (const secret of secrets) assert.ok(!readFileSync(join(folder, file)).includes(secret), file);
  assert.equal(await desk.issued(), before + 2);
});

test('one certificate becomes one kit, its password told once', async () => {
  const made = await collect({ people: { certificate: 'Ann Other' }, url: 'https://www.example.test/' });
  assert.equal(made.fileName, 'Ann Other.zip');
  const zip = desk.path('one.zip');
  writeFileSync(zip, await bytesOf(made.file));
  const folder = desk.unzip(zip, desk.path('one'));
  assert.match(subjectIn(join(folder, 'Ann Other.p12'), made.password!), /Ann Other/);
  assert.match(readFileSync(join(folder, 'guide.html'), 'utf8'), /https:\/\/www\.example\.test\//);
});

test('.p12 files alone, with the CA in them, when that is what is wanted', async () => {
  const made = await collect(order(people, { form: 'pkcs12' }));
  assert.equal(made.fileName, 'certificates.zip');
  const zip = desk.path('p12s.zip');
  writeFileSync(zip, await bytesOf(made.file));
  spawnSync('unzip', ['-q', zip, '-d', desk.path('p12s')], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  assert.deepEqual(readdirSync(desk.path('p12s')).sort(), ['Ann Other.p12', '山田 太郎.p12']);
  const [first] = (await bytesOf(made.passwords)).toString().match(password)!;
  assert.match(subjectIn(desk.path('p12s/山田 太郎.p12'), first!), /山田 太郎/);
});

test('a list with faults is refused whole, each fault named beforehand', async () => {
  const before = await desk.issued();
  const faulty = order(
    'name,email,days\nGood,good@example.com,30\nBad,nonsense@,30\nWorse,w@example.com,soon\n',
  );
  const { kits, faults } = await desk.client.kit.check(faulty);
  assert.deepEqual(
    kits.map(({ name, action }) => [name, action]),
    [['Good', 'issue']],
  );
  assert.deepEqual(
    faults.map(({ line, code }) => [line, code]),
    [
      [3, 'ADDRESS_INVALID'],
      [4, 'DAYS_INVALID'],
    ],
  );
  await assert.rejects(pack(faulty), refused('KIT_LIST_FAULTY'));
  assert.equal(await desk.issued(), before);
});

test('stopped in between, the same list again issues nobody a second certificate', async () => {
  const names = Array.from({ length: 30 }, (_, at) => `Person ${at}`);
  const list = order(`name\n${names.join('\n')}\n`);
  const stop = new AbortController();
  const before = await desk.issued();
  await assert.rejects(
    pack(list, (event) => event.type === 'kit' && event.done >= 2 && stop.abort(), stop.signal),
  );
  const halfway = (await desk.issued()) - before;
  assert.ok(halfway >= 2 && halfway < 30, `${halfway}`);
  const { passwords } = await collect(list);
  assert.equal((await desk.issued()) - before, 30);
  assert.equal(new Set((await bytesOf(passwords)).toString().match(password)).size, 30);
  // With nothing left to issue it can be stopped just as well.
  const again = new AbortController();
  await assert.rejects(pack(list, (event) => event.type === 'kit' && again.abort(), again.signal));
});

test('kits are collected once, by who packed them last, and not after the vault was locked', async () => {
  const one = { people: { certificate: 'Ann Other' } };
  const id = await pack(one);
  await desk.client.kit.collect({ id });
  await assert.rejects(desk.client.kit.collect({ id }), refused('KITS_GONE'));
  const older = await pack(one);
  const newer = await pack(one);
  await assert.rejects(desk.client.kit.collect({ id: older }), refused('KITS_GONE'));
  await desk.client.vault.lock();
  await assert.rejects(desk.client.kit.collect({ id: newer }), refused('KITS_GONE'));
});

test('a window can call nothing of this that names a folder', () => {
  assert.deepEqual(Object.keys(desk.core.router.kit).sort(), ['check', 'collect', 'pack']);
});
