import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { InstallResult, RemoveResult, StoredCertificate } from '../../../contract/trust-store.ts';
import { fingerprint1 } from '../../../core/x509/certificate.ts';
import { type OpensslIdentity, OpensslPki } from '../../core/probe/openssl-pki.ts';
import { issueForWine, WineMachine, wineMissing } from './wine-machine.ts';

describe('trusted roots of Wine', { skip: wineMissing }, () => {
  let machine: WineMachine;
  let pki: OpensslPki;
  let taro: OpensslIdentity;
  let path: string;

  before(() => {
    machine = new WineMachine();
    pki = new OpensslPki();
    taro = issueForWine(pki, { subject: '/CN=太郎', extensions: 'extendedKeyUsage=clientAuth' });
    const file = join(pki.directory, '太郎.p12');
    writeFileSync(file, pki.pkcs12(taro, '太郎', 'secret'));
    writeFileSync(`${file}.password`, 'secret');
    path = WineMachine.path(file);
  });
  after(() => {
    machine?.remove();
    pki?.remove();
  });

  const list = async (): Promise<readonly StoredCertificate[]> =>
    (await machine.warifu<readonly { certificates: readonly StoredCertificate[] }[]>('store', 'list'))
      .answer[0]!.certificates;
  const sha1 = ({ certificate }: OpensslIdentity): string =>
    fingerprint1(certificate).replaceAll(':', '').toLowerCase();
  const install = (file: string, ...options: readonly string[]) =>
    machine.warifu<InstallResult>('store', 'install', file, ...options);

  test('puts the CA under the trusted roots with consent, takes it out again, and survives a restart', async () => {
    const { answer } = await install(path, '--trust-ca');
    assert.deepEqual([answer.authority?.before, answer.authority?.trusted], ['absent', true]);
    assert.deepEqual(await machine.registry('ROOT'), [sha1(pki.ca)]);
    machine.shutDown();
    assert.deepEqual(
      (await list()).map(({ thumbprintSha1, hasKey, trust }) => [thumbprintSha1, hasKey, trust.server]),
      [
        [sha1(taro), true, false],
        [sha1(pki.ca), false, true],
      ],
    );
    // The key still signs after the restart: that alone makes it "already installed".
    const again = await install(path, '--trust-ca');
    assert.deepEqual(
      [again.answer.outcome, again.answer.authority?.before],
      ['already-installed', 'trusted'],
    );
    const kept = await machine.warifu<RemoveResult>('store', 'remove', sha1(taro));
    assert.equal(kept.answer.authority.outcome, 'kept');
    assert.deepEqual(await machine.registry('ROOT'), [sha1(pki.ca)]);
    await machine.warifu('store', 'remove', sha1(pki.ca));
    machine.shutDown();
    assert.deepEqual(await list(), []);
    for (const store of ['MY', 'CA', 'ROOT'] as const) assert.deepEqual(await machine.registry(store), []);
  });
});
