/** A page that somebody has taken over: what it can reach from inside the window. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileNameOf } from '../../main/file-dialogs.ts';
import { desktop } from '../electron/double/electron.ts';
import { type DoubleApp, startDouble } from '../electron/double-app.ts';

let app: DoubleApp;
before(async () => {
  app = await startDouble({ locale: 'en-US' });
  await app.page.getByRole('heading', { level: 1 }).waitFor();
});
after(() => app[Symbol.asyncDispose]());

/** A port of the attacker's own, and a procedure called over it as the protocol has it. */
const call = async (path: string, input: unknown): Promise<{ status: number; body: unknown }> => {
  const answer = await app.page.evaluate(
    `new Promise((resolve) => {
      addEventListener('message', function take({ data, ports: [port] }) {
        if (data !== 'warifu-port') return;
        removeEventListener('message', take);
        port.onmessage = ({ data: answer }) => resolve(answer);
        port.postMessage(JSON.stringify({ i: '1', p: { u: ${JSON.stringify(path)}, b: { json: ${JSON.stringify(input ?? null)} } } }));
      });
      window.warifu.connect();
    })`,
  );
  const { p } = JSON.parse(String(answer)) as { p: { s?: number; b?: unknown } };
  return { status: p.s ?? 200, body: p.b };
};

test('a port answers procedures of the contract, so the other answers here mean something', async () => {
  const { status, body } = await call('/vault/status', undefined);
  assert.equal(status, 200);
  assert.match(JSON.stringify(body), /"absent"/);
});

test('nothing answers that is not in the contract', async () => {
  for (const path of [
    '/vault/deriveKey',
    '/vault/key',
    '/registry/read',
    '/constructor',
    '/__proto__/toString',
    '/vault/status/handler',
    '/../vault/status/x',
  ])
    assert.equal((await call(path, {})).status, 404, path);
});

test('the key of a CA is never given out, and no key while the vault is locked', async () => {
  const made = await call('/vault/initialize', { passphrase: 'correct horse battery staple' });
  assert.equal(made.status, 200);
  const authority = { name: 'CA', subject: 'CN=CA', keyAlgorithm: 'ec-p256' };
  assert.equal((await call('/authority/create', authority)).status, 200);
  const person = { authority: 'CA', subject: 'CN=person', keyAlgorithm: 'ec-p256' };
  assert.equal((await call('/certificate/issue', person)).status, 200);
  const refusal = async (certificate: string): Promise<string> => {
    const { status, body } = await call('/certificate/exportPkcs12', { certificate, profile: 'compatible' });
    assert.notEqual(status, 200);
    return JSON.stringify(body);
  };
  assert.match(await refusal('CA'), /AUTHORITY_KEY_STAYS/);
  await call('/vault/lock', undefined);
  assert.match(await refusal('person'), /VAULT_LOCKED/);
});

test('a page names no path: not to write to, not to read from', async () => {
  const target = app.path('chosen.p12');
  await app.answerSave(target);
  await app.page.evaluate(
    `window.warifu.saveFile({ name: '../../../../etc/cron.d/evil', path: '/tmp/evil', filePath: '/tmp/evil', bytes: new Uint8Array([1, 2]) })`,
  );
  assert.deepEqual([...readFileSync(target)], [1, 2], 'it stands where the person said');
  assert.match(desktop.asked.at(-1)?.defaultPath ?? '', /ダウンロード downloads[\\/]evil$/);
  assert.ok(!existsSync('/tmp/evil'));

  const secret = app.path('secret.txt');
  writeFileSync(secret, 'not for the page');
  const answer = await app.page.evaluate(
    `window.warifu.openFiles({ kind: 'any', multiple: false, path: ${JSON.stringify(secret)}, defaultPath: ${JSON.stringify(secret)} })`,
  );
  assert.deepEqual(answer, { value: [] }, 'the person chose nothing');
  assert.equal(desktop.asked.at(-1)?.defaultPath, undefined);
});

test('what does not fit a channel is refused before anything comes up', async () => {
  const before = desktop.asked.length;
  for (const request of [
    `saveFile({ name: '', bytes: new Uint8Array(1) })`,
    `saveFile({ name: 'x', bytes: '/etc/passwd' })`,
    `saveFile('/etc/passwd')`,
    `openFiles({ kind: '/etc/passwd', multiple: false })`,
    `copyText({ toString: 1 })`,
  ])
    assert.equal(
      await app.page.evaluate(`window.warifu.${request}.then(() => 'done', () => 'refused')`),
      'refused',
      request,
    );
  assert.equal(desktop.asked.length, before);
});

test('a file that cannot be read or written is a problem with words, and costs nothing', async () => {
  mkdirSync(app.path('folder'));
  await app.answerOpen([app.path('missing')]);
  assert.match(
    JSON.stringify(await app.page.evaluate(`window.warifu.openFiles({ kind: 'any', multiple: true })`)),
    /FILE_UNREADABLE/,
  );
  await app.answerSave(app.path('no such folder/file'));
  assert.match(
    JSON.stringify(
      await app.page.evaluate(`window.warifu.saveFile({ name: 'x', bytes: new Uint8Array(1) })`),
    ),
    /FILE_UNWRITABLE/,
  );
});

test('no address of its choice reaches a browser', async () => {
  await app.page.evaluate(`window.open('https://evil.example/')`);
  await app.page.evaluate(`(() => {
    const link = document.createElement('a');
    link.href = 'https://evil.example/';
    link.target = '_blank';
    document.body.append(link);
    link.click();
  })()`);
  await app.page.evaluate(`location.assign('mailto:evil@example.com')`);
  assert.deepEqual(desktop.opened, []);
  assert.match(app.page.url(), /^http:\/\/app\.warifu\.localhost\//);
});

test('nonsense on the port ends nothing', async () => {
  await app.page.evaluate(`new Promise((resolve) => {
    addEventListener('message', ({ data, ports: [port] }) => {
      if (data !== 'warifu-port') return;
      for (const nonsense of ['', '{', 'null', '[]', '{"i":1,"p":{"u":7}}', new Uint8Array([255, 255]), { i: 1, p: null }])
        port.postMessage(nonsense);
      resolve();
    }, { once: true });
    window.warifu.connect();
  })`);
  assert.equal((await call('/vault/status', undefined)).status, 200);
});

test('names that a page proposes become one plain file name', () => {
  for (const [proposal, name] of [
    ['山田 太郎.p12', '山田 太郎.p12'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\evil.exe', 'evil.exe'],
    ['a\u202ecod.exe', 'acod.exe'],
    ['...', 'warifu-'],
    ['con.p12', 'warifu-con.p12'],
    ['x\u0000y|z', 'xyz'],
    [`${'長'.repeat(200)}.p12`, '長'.repeat(120)],
  ] as const)
    assert.equal(fileNameOf(proposal), name);
});
