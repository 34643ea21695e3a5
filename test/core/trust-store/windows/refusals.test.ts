import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { installResult, removeResult } from '../../../../contract/trust-store.ts';
import type { InstallOptions } from '../../../../core/trust-store/store.ts';
import { WindowsStore } from '../../../../core/trust-store/windows/store.ts';
import { alwaysCng, userStores } from '../../../../core/trust-store/windows/system.ts';
import { fingerprint256, parseCertificate } from '../../../../core/x509/certificate.ts';
import { type OpensslIdentity, OpensslPki } from '../../probe/openssl-pki.ts';
import { WindowsDouble } from './windows-double.ts';

const host = { platform: 'win32', env: {}, home: 'C:\\Users\\太郎' } as const;

const password = 'canary-割符';
const clientProfile = 'extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature';

describe('Windows store on a recording double', () => {
  let pki: OpensslPki;
  let rsa: OpensslIdentity;
  let ec: OpensslIdentity;
  let rsaP12: Uint8Array;
  let ecP12: Uint8Array;
  let system: WindowsDouble;
  let store: WindowsStore;

  before(() => {
    pki = new OpensslPki();
    rsa = pki.issue({ subject: '/CN=太郎', extensions: clientProfile, key: 'rsa:2048' });
    ec = pki.issue({ subject: '/CN=花子', extensions: clientProfile });
    rsaP12 = pki.pkcs12(rsa, '太郎のカード', password);
    ecP12 = pki.pkcs12(ec, '花子のカード', password);
  });
  after(() => pki.remove());
  beforeEach(() => {
    system = new WindowsDouble();
    store = new WindowsStore(userStores, host, async () => system);
  });
  afterEach(() => assert.equal(system.leaks, 0, 'a context, key or store was not given back'));

  const install = (options: Partial<InstallOptions> = {}, pkcs12 = rsaP12) =>
    store.install({ pkcs12, password }, { trustCa: false, ...options });
  const id = ({ certificate }: OpensslIdentity): string => fingerprint256(certificate);
  const check = async (name: string, now = new Date()) =>
    (await store.diagnose({ now })).find((finding) => finding.check === name)?.ok;

  test('asks for a CNG provider first and stays there when Windows takes the flag', async () => {
    const result = installResult.parse(await install());
    assert.equal(result.outcome, 'installed');
    assert.equal(result.certificate.nickname, '太郎のカード');
    assert.equal(system.importFlags.length, 1);
    assert.notEqual(system.importFlags[0]! & alwaysCng, 0);
    assert.equal(system.own.My.get(id(rsa))?.keyPlace?.provider, 'Microsoft Software Key Storage Provider');
    assert.equal(await check('key-provider'), true);
  });

  test('never lets a key be exported again', async () => {
    await install();
    system.takesAlwaysCng = false;
    await install({}, ecP12).catch(() => undefined);
    const exportable = 1;
    for (const flags of system.importFlags) assert.equal(flags & exportable, 0);
  });

  test('falls back when the flag is refused, and the diagnosis says what that costs', async () => {
    system.takesAlwaysCng = false;
    assert.equal((await install()).outcome, 'installed');
    assert.deepEqual(
      system.importFlags.map((flags) => (flags & alwaysCng) !== 0),
      [true, false],
    );
    assert.equal(await check('key-usable'), true);
    assert.equal(await check('key-provider'), false);
  });

  test('proves an EC key, too', async () => {
    assert.equal((await install({}, ecP12)).outcome, 'installed');
    assert.equal(await check('key-usable'), true);
    assert.equal(await check('key-provider'), true);
  });

  test('files the CA for chains without consent, and asks nobody', async () => {
    const result = await install();
    assert.deepEqual([result.authority?.before, result.authority?.trusted], ['absent', false]);
    assert.deepEqual([...system.own.CA.keys()], [id(pki.ca)]);
    assert.equal(system.own.Root.size, 0);
    assert.equal(system.questions, 0);
  });

  test('with consent Windows asks once; trust that is there needs no second question', async () => {
    const first = await install({ trustCa: true });
    assert.deepEqual([first.authority?.before, first.authority?.trusted], ['absent', true]);
    const again = await install({ trustCa: true });
    assert.deepEqual([again.outcome, again.authority?.before], ['already-installed', 'trusted']);
    assert.equal(system.questions, 1);
    assert.equal(system.own.CA.size, 0);
    assert.equal(system.importFlags.length, 1);
  });

  test('a CA that the machine trusts already is not asked about, and not listed as the user’s', async () => {
    system.machine.Root.set(id(pki.ca), { der: pki.ca.certificate });
    const result = await install({ trustCa: true });
    assert.deepEqual([result.authority?.before, result.authority?.trusted], ['trusted', true]);
    assert.equal(system.questions, 0);
    assert.deepEqual(
      (await store.list()).map(({ thumbprint }) => thumbprint),
      [id(rsa)],
    );
    assert.equal(await check('authority-trusted'), true);
  });

  test('"No" to the question about the CA leaves the identity installed and says so', async () => {
    system.answer = 'no';
    const { outcome, authority } = await install({ trustCa: true });
    assert.deepEqual([outcome, authority?.trusted, authority?.declined], ['installed', false, true]);
    assert.equal((await store.find(id(rsa)))?.hasKey, true);
    assert.equal((await store.find(id(pki.ca)))?.trust.server, false);
    assert.equal(await check('key-usable'), true);
    assert.equal(await check('authority-trusted'), false);
  });

  test('"No" to the removal of the CA keeps it and says so', async () => {
    await install({ trustCa: true });
    system.answer = 'no';
    const result = removeResult.parse(await store.remove(id(rsa), { removeCa: true }));
    assert.equal(result.authority.outcome, 'kept');
    await assert.rejects(store.remove(id(pki.ca)), { code: 'STORE_NOT_REMOVED' });
    system.answer = 'yes';
    await store.remove(id(pki.ca));
    assert.deepEqual(await store.list(), []);
  });

  test('an import that succeeds and brings nothing is not believed', async () => {
    system.liars.add('importPkcs12');
    await assert.rejects(install({ trustCa: true }), {
      code: 'STORE_NOT_INSTALLED',
      data: { path: store.path, missing: 'certificate' },
    });
    assert.equal(system.questions, 0);
  });

  test('an addition that succeeds and is not there afterwards is not believed', async () => {
    system.liars.add('addCertificate');
    await assert.rejects(install(), {
      code: 'STORE_NOT_INSTALLED',
      data: { path: store.path, missing: 'certificate' },
    });
  });

  test('a certificate whose key does not sign is not believed', async () => {
    system.refusers.add('acquireKey');
    await assert.rejects(install(), {
      code: 'STORE_NOT_INSTALLED',
      data: { path: store.path, missing: 'private key' },
    });
  });

  test('a certificate whose key is another one is not believed, and a new install repairs it', async () => {
    await install();
    const [container] = system.keys.keys();
    await install({}, ecP12);
    system.keys.set(container!, [...system.keys.values()].at(-1)!);
    assert.equal((await store.diagnose({ now: new Date(), thumbprint: id(rsa) }))[3]?.ok, false);
    assert.equal((await install()).outcome, 'installed');
    assert.equal(await check('key-usable'), true);
  });

  test('trust that was said to be given and was not is not believed', async () => {
    system.liars.add('addEncoded');
    await assert.rejects(install(), {
      code: 'STORE_NOT_INSTALLED',
      data: { path: store.path, missing: 'CA certificate' },
    });
  });

  test('a refused import is said with the code of Windows', async () => {
    system.refusers.add('importPkcs12');
    await assert.rejects(install(), {
      code: 'STORE_SYSTEM_REFUSED',
      data: { path: 'Cert:\\CurrentUser', call: 'PFXImportCertStore', reason: '0x00000005' },
    });
    assert.deepEqual(await store.list(), []);
  });

  test('a refused addition leaves no key behind that nobody would find', async () => {
    system.refusers.add('addCertificate');
    await assert.rejects(install(), { code: 'STORE_SYSTEM_REFUSED' });
    assert.equal(system.keys.size, 0);
  });

  test('a store that does not open is said', async () => {
    system.refusers.add('openStore');
    await assert.rejects(store.list(), { code: 'STORE_SYSTEM_REFUSED' });
  });

  test('what is wrong with the file is found before Windows sees it', async () => {
    const untouched = new WindowsStore(userStores, host, () => assert.fail('Windows was called'));
    const refuse = (pkcs12: Uint8Array, word: string, code: string) =>
      assert.rejects(untouched.install({ pkcs12, password: word }, { trustCa: true }), { code });
    await refuse(rsaP12, 'wrong', 'WRONG_PASSWORD');
    await refuse(rsaP12, '', 'PASSWORD_REQUIRED');
    await refuse(Buffer.from('not a p12'), password, 'DER_MALFORMED');
    await refuse(rsaP12.subarray(0, 500), password, 'DER_MALFORMED');
    await refuse(pki.pkcs12(rsa, 'x', password, { args: ['-nokeys'] }), password, 'IDENTITY_ABSENT');
    await refuse(pki.pkcs12(rsa, 'x', password, { chain: false }), password, 'STORE_CA_ABSENT');
  });

  test('removes certificate and key, and keeps a key that another certificate needs', async () => {
    await install();
    const renewed = pki.issue({ subject: '/CN=太郎 2', extensions: clientProfile, key: 'rsa:2048' });
    const place = system.own.My.get(id(rsa))!.keyPlace!;
    system.own.My.set(id(renewed), { der: renewed.certificate, keyPlace: place });
    await store.remove(id(rsa));
    assert.equal(system.keys.size, 1);
    await store.remove(id(renewed));
    assert.equal(system.keys.size, 0);
  });

  test('leaves the key of a smart card where it is', async () => {
    await install();
    const row = system.own.My.get(id(rsa))!;
    system.own.My.set(id(rsa), {
      ...row,
      keyPlace: { ...row.keyPlace!, provider: 'Microsoft Smart Card Key Storage Provider' },
    });
    await store.remove(id(rsa));
    assert.equal(system.keys.size, 1);
    assert.equal(await store.find(id(rsa)), undefined);
  });

  test('a removal that did not happen is not believed', async () => {
    await install();
    system.liars.add('deleteCertificate');
    await assert.rejects(store.remove(id(rsa)), { code: 'STORE_NOT_REMOVED' });
    system.liars.clear();
    system.refusers.add('deleteKey');
    await assert.rejects(store.remove(id(rsa)), { code: 'STORE_NOT_REMOVED' });
    assert.ok(await store.find(id(rsa)));
  });

  test('takes the CA out only when asked and when no other identity comes from it', async () => {
    await install({ trustCa: true });
    await install({}, ecP12);
    assert.equal((await store.remove(id(rsa), { removeCa: true })).authority.outcome, 'in-use');
    assert.equal((await store.remove(id(ec), { removeCa: true })).authority.outcome, 'removed');
    assert.deepEqual(await store.list(), []);
    await assert.rejects(store.remove(id(ec)), { code: 'STORE_CERTIFICATE_UNKNOWN' });
  });

  test('diagnoses by evidence: nothing installed, expired, not advertised, browser running', async () => {
    assert.equal(await check('certificate-present'), false);
    await install();
    assert.equal(await check('certificate-present'), true);
    assert.equal(await check('not-after', new Date(Date.now() + 40 * 86_400_000)), false);
    assert.equal(await check('not-before', new Date(Date.now() - 40 * 86_400_000)), false);
    assert.equal(await check('for-client-authentication'), true);
    assert.equal(await check('issuer-advertised'), null);
    const ask = async (advertisedNames: readonly Uint8Array[]) =>
      (await store.diagnose({ now: new Date(), thumbprint: id(rsa), advertisedNames })).find(
        (finding) => finding.check === 'issuer-advertised',
      )?.ok;
    assert.equal(await ask([parseCertificate(pki.ca.certificate).subject.der]), true);
    assert.equal(await ask([parseCertificate(rsa.certificate).subject.der]), false);
    assert.equal(await check('browser-restarted'), true);
    system.programs = ['explorer.exe', 'MSEdge.exe'];
    assert.equal(await check('browser-restarted'), null);
    assert.equal((await install()).restartBrowser, true);
  });
});
