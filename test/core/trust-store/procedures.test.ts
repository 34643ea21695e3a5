import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Core, createCore } from '../../../core/create-core.ts';
import { fingerprint1, fingerprint256 } from '../../../core/x509/certificate.ts';
import { type OpensslIdentity, OpensslPki } from '../probe/openssl-pki.ts';
import { PlantedProfile } from './firefox-profile.ts';
import { nssToolsMissing, PrivateHost } from './private-host.ts';

describe('all stores of a user at once', {
  skip: nssToolsMissing && 'certutil and pk12util (libnss3-tools) are missing',
}, () => {
  let pki: OpensslPki;
  let taro: OpensslIdentity;
  let host: PrivateHost;
  let core: Core;

  before(async () => {
    pki = new OpensslPki();
    taro = pki.issue({ subject: '/O=割符/CN=Yamada Taro', extensions: 'extendedKeyUsage=clientAuth' });
    host = new PrivateHost();
    new PlantedProfile(host);
    const damaged = new PlantedProfile(host, join('snap', 'firefox', 'common', '.mozilla', 'firefox'), 'old');
    for (const name of ['cert9.db', 'key4.db'])
      writeFileSync(join(damaged.path, name), Buffer.alloc(4096, 7));
    core = createCore({ home: join(host.home, 'data'), storeHome: host.home, keychain: null });
    const pkcs12 = Buffer.from(pki.pkcs12(taro, '山田 太郎', 'x')).toString('base64');
    for (const store of ['chromium', `firefox-default-release`])
      await core.client.trustStore.install({ store, identity: { pkcs12, password: 'x' } });
  });
  after(async () => {
    await core.close();
    host.remove();
    pki.remove();
  });

  test('one that cannot be read hides none of the others', async () => {
    const stores = await core.client.trustStore.list({});
    assert.deepEqual(
      stores.map(({ store, certificates, problem }) => [store.id, certificates.length, problem?.code]),
      [
        ['chromium', 2, undefined],
        ['chromium-home', 0, undefined],
        ['firefox-default-release', 2, undefined],
        ['firefox-snap-old', 0, 'STORE_DAMAGED'],
      ],
    );
  });

  test('a certificate is found by either thumbprint or part of a name, wherever it is', async () => {
    const where = async (search: string) =>
      (await core.client.trustStore.find({ search })).map(({ store }) => store.id);
    const both = ['chromium', 'firefox-default-release'];
    assert.deepEqual(await where(fingerprint256(taro.certificate)), both);
    assert.deepEqual(await where(fingerprint1(taro.certificate)), both);
    assert.deepEqual(await where('yamada'), both);
    assert.deepEqual(await where('太郎'), both);
    assert.deepEqual(await where('花子'), []);
    assert.deepEqual(await where('00'.repeat(32)), []);
  });

  test('a diagnosis is of the store that was asked for, and needs no server', async () => {
    const asked = await core.client.trustStore.diagnose({
      store: 'firefox-default-release',
      thumbprint: fingerprint1(taro.certificate),
    });
    assert.deepEqual([asked.store.id, asked.authorities], ['firefox-default-release', null]);
    assert.equal(asked.findings.find(({ check }) => check === 'key-usable')?.ok, true);
    assert.equal(asked.findings.find(({ check }) => check === 'issuer-advertised')?.ok, null);
    assert.ok(!asked.findings.some(({ check }) => check === 'server-asks'));
    await assert.rejects(core.client.trustStore.diagnose({ store: 'firefox-snap-old' }), {
      code: 'STORE_DAMAGED',
    });
  });
});
