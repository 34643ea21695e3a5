import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { InstallResult, RemoveResult, StoredCertificate } from '../../../contract/trust-store.ts';
import { fingerprint1, fingerprint256 } from '../../../core/x509/certificate.ts';
import { importPrivateKey } from '../../../core/x509/key.ts';
import { writePkcs12 } from '../../../core/x509/pkcs12/write.ts';
import { type OpensslIdentity, OpensslPki } from '../../core/probe/openssl-pki.ts';
import { issueForWine, WineMachine, wineMissing } from './wine-machine.ts';

type Listed = readonly { readonly certificates: readonly StoredCertificate[] }[];
type Failed = { readonly problem: { readonly code: string } };

describe('compiled command line as a Windows process, on Wine’s crypt32', { skip: wineMissing }, () => {
  let machine: WineMachine;
  let pki: OpensslPki;
  let taro: OpensslIdentity;
  let folder: string;

  before(async () => {
    machine = new WineMachine();
    pki = new OpensslPki();
    taro = issueForWine(pki, {
      subject: '/O=割符/CN=山田 太郎',
      extensions: 'extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature',
    });
    folder = join(pki.directory, '証明書 と 鍵');
    mkdirSync(folder);
  });
  after(() => {
    machine?.remove();
    pki?.remove();
  });
  beforeEach(async () => {
    // Wine has one place for the key of a user, so every test starts without an identity.
    for (const store of ['MY', 'CA'])
      for (const id of await machine.registry(store)) await machine.warifu('store', 'remove', id);
  });

  const list = async (): Promise<readonly StoredCertificate[]> =>
    (await machine.warifu<Listed>('store', 'list')).answer[0]!.certificates;
  const sha1 = ({ certificate }: OpensslIdentity): string =>
    fingerprint1(certificate).replaceAll(':', '').toLowerCase();
  /** Writes a file with its password beside it, and names it as Windows does. */
  const file = (name: string, content: Uint8Array, password: string): string => {
    writeFileSync(join(folder, name), content);
    writeFileSync(join(folder, `${name}.password`), password);
    return WineMachine.path(join(folder, name));
  };
  const ours = (profile: 'compatible' | 'modern'): string => {
    const password = 'パスワード-ü-1';
    const request = {
      profile,
      password,
      friendlyName: `太郎 (${profile})`,
      key: importPrivateKey(Buffer.from(taro.key)),
      certificates: [taro.certificate, pki.ca.certificate],
    };
    return file(`${profile}.p12`, writePkcs12(request), password);
  };
  const install = (path: string, ...options: readonly string[]) =>
    machine.warifu<InstallResult>('store', 'install', path, ...options);

  for (const profile of ['compatible', 'modern'] as const)
    test(`installs, lists, finds and removes a ${profile} PKCS#12, and the registry agrees`, async () => {
      const { exitCode, answer } = await install(ours(profile));
      assert.equal(exitCode, 0);
      assert.equal(answer.outcome, 'installed');
      assert.equal(answer.certificate.thumbprint, fingerprint256(taro.certificate));
      assert.equal(answer.certificate.nickname, `太郎 (${profile})`);
      assert.deepEqual([answer.authority?.before, answer.authority?.trusted], ['absent', false]);
      assert.deepEqual(await machine.registry('MY'), [sha1(taro)]);
      assert.deepEqual(await machine.registry('CA'), [sha1(pki.ca)]);
      assert.deepEqual(await machine.registry('ROOT'), []);
      assert.equal(await machine.holdsKey(), true);
      const listed = await list();
      assert.deepEqual(
        listed.map(({ thumbprintSha1, hasKey, authority }) => [thumbprintSha1, hasKey, authority]),
        [
          [sha1(taro), true, false],
          [sha1(pki.ca), false, true],
        ],
      );
      assert.equal((await install(ours(profile))).answer.outcome, 'already-installed');

      // By the thumbprint as Windows shows it.
      const shown = sha1(taro).toUpperCase();
      const removed = await machine.warifu<RemoveResult>('store', 'remove', shown, '--remove-ca');
      assert.equal(removed.answer.removed.thumbprint, fingerprint256(taro.certificate));
      assert.equal(removed.answer.authority.outcome, 'removed');
      assert.deepEqual(await machine.registry('MY'), []);
      assert.deepEqual(await machine.registry('CA'), []);
      assert.equal(await machine.holdsKey(), false);
      const again = await machine.warifu<Failed>('store', 'remove', shown);
      assert.deepEqual([again.exitCode, again.answer.problem.code], [1, 'STORE_CERTIFICATE_UNKNOWN']);
    });

  test('takes a PKCS#12 made by openssl, in its old form and its new', async () => {
    for (const [name, args] of [
      ['legacy', ['-legacy']],
      ['aes', []],
    ] as const) {
      const path = file(`${name}.p12`, pki.pkcs12(taro, name, 'secret', { args }), 'secret');
      assert.equal((await install(path)).answer.certificate?.nickname, name);
      await machine.warifu('store', 'remove', sha1(taro));
    }
  });

  test('tells a wrong password, an empty one and garbage apart, and leaves the store as it was', async () => {
    const pkcs12 = pki.pkcs12(taro, 'x', 'secret');
    const refused = async (name: string, content: Uint8Array, password: string) => {
      const { exitCode, answer } = await machine.warifu<Failed>(
        'store',
        'install',
        file(name, content, password),
        '--trust-ca',
      );
      assert.equal(exitCode, 1);
      return answer.problem.code;
    };
    assert.equal(await refused('wrong.p12', pkcs12, 'Secret'), 'WRONG_PASSWORD');
    assert.equal(await refused('empty.p12', pkcs12, ''), 'PASSWORD_REQUIRED');
    assert.equal(await refused('garbage.p12', Buffer.from('not a p12'), 'secret'), 'DER_MALFORMED');
    assert.equal(await refused('half.p12', pkcs12.subarray(0, 700), 'secret'), 'DER_MALFORMED');
    assert.deepEqual(await list(), []);
    for (const store of ['MY', 'CA', 'ROOT'] as const) assert.deepEqual(await machine.registry(store), []);
  });

  test('what Wine’s crypt32 refuses, an EC key, is a problem and not a success', async () => {
    const hanako = pki.issue({ subject: '/CN=花子', extensions: 'extendedKeyUsage=clientAuth' });
    const path = file('ec.p12', pki.pkcs12(hanako, 'ec', 'secret'), 'secret');
    const { exitCode, answer } = await machine.warifu<Failed>('store', 'install', path);
    assert.deepEqual([exitCode, answer.problem.code], [1, 'STORE_SYSTEM_REFUSED']);
    assert.deepEqual(await list(), []);
  });
});
