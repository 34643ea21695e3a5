import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { installResult, removeResult } from '../../../contract/trust-store.ts';
import { openStore, trustStores } from '../../../core/trust-store/locate.ts';
import { parseIdentities } from '../../../core/trust-store/macos/keychain.ts';
import { fingerprint256 } from '../../../core/x509/certificate.ts';
import { importPrivateKey } from '../../../core/x509/key.ts';
import { type OpensslIdentity, OpensslPki } from '../probe/openssl-pki.ts';
import { MacHost } from './mac-host.ts';
import type { DoubleState } from './security-double.ts';

const name = '山田 "太郎" O\'Brien \\ $(x)';

describe('the macOS keychain, by what a recording `security` was told', () => {
  let pki: OpensslPki;
  let taro: OpensslIdentity;
  let pkcs12: Uint8Array;
  let host: MacHost;

  before(() => {
    pki = new OpensslPki();
    taro = pki.issue({
      subject: '/CN=山田 "太郎" O\'Brien',
      extensions: 'extendedKeyUsage=clientAuth\nsubjectKeyIdentifier=hash',
      key: 'rsa:2048',
    });
    pkcs12 = pki.pkcs12(taro, name, 'ひみつ');
  });
  after(() => pki.remove());
  afterEach(() => host.remove());

  const mac = (state: Partial<DoubleState> = {}) => {
    host = new MacHost(state);
    return openStore(undefined, host);
  };
  const thumbprint = () => fingerprint256(taro.certificate);
  const identity = () => ({ pkcs12, password: 'ひみつ' });

  test('imports a one-time PKCS#12 that openssl opens, not extractable, for no application in particular', async () => {
    const store = mac();
    const result = installResult.parse(await store.install(identity(), { trustCa: false }));
    assert.equal(result.outcome, 'installed');
    assert.equal(result.certificate.thumbprint, thumbprint());
    assert.equal(result.certificate.hasKey, true);
    assert.deepEqual(
      [result.authority?.before, result.authority?.trusted, result.authority?.declined],
      ['absent', false, undefined],
    );
    assert.deepEqual([result.asksAtFirstUse, result.store.kind], [true, 'keychain']);
    assert.deepEqual(host.imported, { nonExtractable: true, anyApplication: false });
    assert.deepEqual(host.wordsOf('add-trusted-cert'), []);
  });

  test('the command lines are these, and the password is on standard input alone', async () => {
    const store = mac();
    await store.install(identity(), { trustCa: true });
    await store.remove(thumbprint(), { removeCa: true });
    const [[, file, ...rest] = []] = host.wordsOf('import');
    assert.match(file ?? '', /\/warifu-store-\d+-\w+\/identity\.p12$/);
    const password = rest[5]!;
    assert.deepEqual(rest, ['-k', host.keychain, '-f', 'pkcs12', '-P', password, '-x']);
    assert.match(password, /^[\w-]{32}$/);
    const argv = host.calls.flatMap((call) => [call.argv.join('\0'), call.env.join()]);
    assert.ok(argv.every((line) => !line.includes(password) && !line.includes('ひみつ')));
    const outline = host.calls.map(({ argv: [command, ...args] }) =>
      [command, ...args.map((word) => (word.startsWith('/') ? word.replace(/^.*\//, '…') : word))].join(' '),
    );
    const sha1 = (identity: OpensslIdentity) =>
      pki
        .run('x509', '-in', identity.certificateFile, '-noout', '-fingerprint', '-sha1')
        .replace(/^.*=|:|\n/g, '');
    const keyIdentifier = pki
      .run('x509', '-in', taro.certificateFile, '-noout', '-ext', 'subjectKeyIdentifier')
      .replace(/^.*\n|[\s:]/g, '');
    assert.deepEqual(
      [...new Set(outline)]
        .map((line) => line.replace(/…\w{40}-\d+\.pem/, '….pem').replace(/…\w{16}\./g, '….'))
        .filter(unique),
      [
        'find-certificate -a -Z -p …login.keychain-db',
        '-i',
        'find-identity -p basic …login.keychain-db',
        'verify-cert -c ….pem -l -L -p basic',
        `cms -S -Z ${keyIdentifier} -k …login.keychain-db -H SHA256 -Y NONE -i ….nonce -o ….cms`,
        'add-trusted-cert -r trustRoot -p ssl -p basic -k …login.keychain-db ….pem',
        `delete-identity -Z ${sha1(taro)} …login.keychain-db`,
        `delete-certificate -Z ${sha1(pki.ca)} -t …login.keychain-db`,
      ],
    );
    assert.deepEqual(host.state.certificates, []);
    assert.ok(host.calls.every(({ env }) => !env.includes('WARIFU_PASSPHRASE_FILE')));
  });

  test('"already exists" is no failure when what was asked for is there', async () => {
    const store = mac({
      certificates: [{ der: Buffer.from(pki.ca.certificate).toString('base64'), key: false }],
    });
    assert.equal((await store.install(identity(), { trustCa: false })).outcome, 'installed');
    assert.equal((await store.install(identity(), { trustCa: false })).outcome, 'already-installed');
    assert.equal(host.wordsOf('import').length, 1);
  });

  test('trust is given on consent, and the answer of the person is a normal outcome', async () => {
    const agreed = await mac().install(identity(), { trustCa: true });
    assert.deepEqual([agreed.authority?.trusted, agreed.authority?.declined], [true, undefined]);
    const again = await openStore(undefined, host).install(identity(), { trustCa: true });
    assert.equal(again.authority?.before, 'trusted');
    assert.equal(host.wordsOf('add-trusted-cert').length, 1, 'nobody is asked twice');
    for (const answer of ['no', 'nobody'] as const) {
      host.remove();
      const refused = installResult.parse(await mac({ answer }).install(identity(), { trustCa: true }));
      assert.deepEqual(
        [refused.outcome, refused.authority?.trusted, refused.authority?.declined],
        ['installed', false, true],
      );
    }
  });

  test('one of two certificates with one key goes alone, and the key stays', async () => {
    const store = mac();
    const csr = join(pki.directory, 'same.csr');
    const certificate = join(pki.directory, 'same.crt');
    pki.run('req', '-new', '-key', taro.keyFile, '-subj', '/CN=renewed', '-out', csr);
    const ca = ['-CA', pki.ca.certificateFile, '-CAkey', pki.ca.keyFile, '-days', '9'];
    pki.run('x509', '-req', '-in', csr, ...ca, '-out', certificate);
    const der = Buffer.from(pki.run('x509', '-in', certificate).replace(/-----[^-]+-----|\s/g, ''), 'base64');
    await store.install(identity(), { trustCa: false });
    const key = importPrivateKey(Buffer.from(taro.key));
    await store.install({ key, certificates: [der, pki.ca.certificate] }, { trustCa: false });
    const removed = removeResult.parse(await store.remove(thumbprint(), { removeCa: true }));
    assert.equal(removed.authority.outcome, 'in-use');
    assert.equal(await store.find(thumbprint()), undefined);
    assert.equal((await store.find(fingerprint256(der)))?.hasKey, true);
    await assert.rejects(store.remove('00'), { code: 'STORE_CERTIFICATE_UNKNOWN' });
  });

  test('diagnosis tells of the prompt that macOS shows once, and of a Firefox that looks elsewhere', async () => {
    const store = mac();
    await store.install(identity(), { trustCa: true });
    const root = join(host.home, 'Library', 'Application Support', 'Firefox');
    for (const profile of ['a b', 'c']) mkdirSync(join(root, 'Profiles', profile), { recursive: true });
    writeFileSync(
      join(root, 'profiles.ini'),
      '[Profile0]\nName=default\nIsRelative=1\nPath=Profiles/a b\n\n[Profile1]\nName=仕事\nIsRelative=1\nPath=Profiles/c\n',
    );
    writeFileSync(
      join(root, 'Profiles', 'c', 'prefs.js'),
      '// x\nuser_pref("security.osclientcerts.autoload", false);\n',
    );
    const findings = await store.diagnose({ now: new Date(), advertisedNames: [] });
    assert.deepEqual(
      findings.filter(({ ok }) => ok === false).map(({ check, detail }) => [check, detail]),
      [['firefox-system-store', '仕事: security.osclientcerts.autoload = false']],
    );
    assert.ok(findings.some(({ check, ok }) => check === 'firefox-system-store' && ok === true));
    assert.equal(findings.find(({ check }) => check === 'key-access')?.ok, null);
    assert.equal(findings.find(({ check }) => check === 'key-usable')?.ok, true, 'the key signed a nonce');
    host.change({ idle: ['cms'] });
    const untried = (await store.diagnose({ now: new Date() })).find(({ check }) => check === 'key-usable');
    assert.equal(untried?.ok, null, 'a program that did not sign has proven nothing');
    assert.equal(findings.find(({ check }) => check === 'authority-trusted')?.ok, true);
    const [summary] = trustStores(host).map((each) => each.summary());
    assert.ok(summary?.readBy.includes('Firefox (security.osclientcerts.autoload)'));
  });

  test('identities are read from the listing whatever their names hold', () => {
    host = new MacHost();
    const listing = `\nPolicy: X.509 Basic\n  Matching identities\n  1) ${'A'.repeat(40)} "x) ${'B'.repeat(40)} "y" (CSSMERR_TP_CERT_EXPIRED)\n 12) ${'0C'.repeat(20)} "山田"\n     2 identities found\n`;
    assert.deepEqual([...parseIdentities(listing)], ['a'.repeat(40), '0c'.repeat(20)]);
  });
});

function unique(line: string, at: number, lines: readonly string[]): boolean {
  return lines.indexOf(line) === at;
}
