import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createCore } from '../../../core/create-core.ts';
import { readPkcs12 } from '../../../core/x509/pkcs12/read.ts';
import { Desk, tool } from '../warifu.ts';
import { suitsWine, WineMachine, wineMissing } from './wine-machine.ts';

function keyForWine(): KeyObject {
  for (;;) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    if (suitsWine(privateKey)) return privateKey;
  }
}

/**
 * Wine's PowerShell and certutil end with 0 and do nothing: what a person must never take for success. Its crypt32 does
 * import, RSA keys alone.
 */
describe('on Windows, as far as Wine is one', { skip: wineMissing }, () => {
  const desk = new Desk('wine');
  let machine: WineMachine;
  let kit = '';

  before(() => {
    machine = new WineMachine();
    desk.json('vault', 'init');
    desk.json('ca', 'create', 'Wine CA', '--key', 'rsa-2048');
    const { kits } = desk.json(
      'kit',
      'make',
      '--name',
      '山田 太郎',
      '--ca',
      'Wine CA',
      '--out',
      desk.path('out'),
    );
    tool('unzip', '-q', join(desk.path('out'), kits[0].file), '-d', desk.directory);
    kit = desk.path('山田 太郎');
  });
  after(() => {
    machine?.remove();
    desk[Symbol.dispose]();
  });

  const starter = (folder: string) => machine.wineIn(folder, 'cmd', '/c', 'Install-Windows.cmd');
  const copy = (name: string, files: readonly string[], change = (text: string): string => text): string => {
    const folder = desk.path(name);
    mkdirSync(folder);
    for (const file of files)
      writeFileSync(join(folder, file), change(readFileSync(join(kit, file), 'latin1')), 'latin1');
    return folder;
  };

  test('a PowerShell that ends with 0 and has done nothing is reported as not installed', async () => {
    const { exitCode, stdout } = await starter(kit);
    assert.equal(exitCode, 1);
    assert.match(stdout, /NOT INSTALLED\. See "By hand" in guide\.html/);
    assert.doesNotMatch(stdout, /^Installed/m);
  });

  test('only the exit code that the script gives after reading the store back counts as installed', async () => {
    const ending = (code: number) =>
      copy(`code ${code}`, ['Install-Windows.cmd', 'Install-Windows.ps1'], (text) =>
        text.replace(/^"%POWERSHELL%".*\r$/m, `cmd.exe /c exit ${code}\r`),
      );
    for (const code of [0, 1, 11]) {
      const { exitCode, stdout } = await starter(ending(code));
      assert.deepEqual([code, exitCode, /NOT INSTALLED/.test(stdout)], [code, 1, true]);
    }
    const { exitCode, stdout } = await starter(ending(10));
    assert.deepEqual([exitCode, /^Installed\./m.test(stdout), /NOT/.test(stdout)], [0, true, false]);
  });

  test('started from inside a zip that was not unpacked, it says what to do', async () => {
    const { exitCode, stdout } = await starter(copy('not unpacked', ['Install-Windows.cmd']));
    assert.equal(exitCode, 1);
    assert.match(stdout, /NOT INSTALLED\. Unpack the whole zip first/);
  });

  test('crypt32 imports every re-wrapped RSA file and the kit, and each key signs for its certificate', async () => {
    const list: { file: string; password: string; thumbprint: string }[] = [];
    const core = createCore({ home: desk.path('files'), keychain: null });
    const { pkcs12 } = core.client;
    for (const [name, password, ...options] of [
      ['default', 'correct horse 1'],
      ['legacy', 'correct horse 1', '-legacy'],
      ['empty', ''],
      ['japanese', 'ひみつのことば'],
      ['no MAC', 'correct horse 1', '-nomac'],
      ['in the clear', 'correct horse 1', '-keypbe', 'NONE', '-certpbe', 'NONE'],
      ['two-key triple DES', 'correct horse 1', '-legacy', '-keypbe', 'PBE-SHA1-2DES'],
      ['AES-192', 'correct horse 1', '-keypbe', 'AES-192-CBC', '-macalg', 'sha512'],
    ] as const) {
      const [key, certificate, foreign] = ['key', 'crt', 'p12'].map((end) => desk.path(`${name}.${end}`)) as [
        string,
        string,
        string,
      ];
      writeFileSync(key, keyForWine().export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
      tool('openssl', 'req', '-x509', '-key', key, '-out', certificate, '-subj', `/CN=${name}`);
      const passwordFile = desk.write(`${name}.password`, `${password}\n`);
      tool(
        'openssl',
        'pkcs12',
        '-export',
        '-inkey',
        key,
        '-in',
        certificate,
        '-passout',
        `file:${passwordFile}`,
        '-out',
        foreign,
        ...options,
      );
      const file = { pkcs12: readFileSync(foreign).toString('base64'), password };
      for (const target of ['windows', 'windows-2016'] as const) {
        const made = await pkcs12.rewrap({ ...file, target });
        const out = desk.write(`${name} for ${target}.p12`, Buffer.from(made.bytes, 'base64'));
        list.push({
          file: WineMachine.path(out),
          password: made.password!,
          thumbprint: new X509Certificate(readFileSync(certificate)).fingerprint.replaceAll(':', ''),
        });
      }
    }
    const told = readFileSync(desk.path('out/passwords/山田 太郎.txt'), 'utf8');
    const password = /[2-9a-z]{4}(-[2-9a-z]{4}){5}/.exec(told)![0];
    const kitFile = join(kit, '山田 太郎.p12');
    await core.close();
    const [person] = readPkcs12(readFileSync(kitFile), password).identities;
    const kitKey = createPrivateKey({ key: Buffer.from(person!.key), format: 'der', type: 'pkcs8' });
    list.push({
      file: WineMachine.path(kitFile),
      password,
      thumbprint: new X509Certificate(person!.certificate!).fingerprint.replaceAll(':', ''),
    });
    // A judge that cannot say no is none.
    list.push({ ...list[0]!, password: 'wrong' }, { ...list[0]!, thumbprint: list[2]!.thumbprint });

    const [question, answer] = [desk.write('list.json', JSON.stringify(list)), desk.path('answer.json')];
    const script = fileURLToPath(new URL('import-pkcs12.cjs', import.meta.url));
    const run = await machine.script(script, ...[question, answer].map((path) => WineMachine.path(path)));
    assert.equal(run.exitCode, 0, run.stderr);
    const outcomes: string[] = JSON.parse(readFileSync(answer, 'utf8'));
    // Of a key that it cannot use Wine shows the import alone.
    if (!suitsWine(kitKey) && outcomes[16] === 'another key') outcomes[16] = 'imported';
    assert.deepEqual(outcomes, [
      ...Array.from({ length: 17 }, () => 'imported'),
      'refused',
      'no certificate',
    ]);
  });
});
