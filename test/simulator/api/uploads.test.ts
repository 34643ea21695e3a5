import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Simulator, startSimulator } from '../../../simulator/simulator.ts';
import { type Call, popCore, refusalOf } from '../judges/alibaba-clients.ts';
import { type Identity, OpensslWorkshop } from '../judges/openssl.ts';

describe('uploading certificates', () => {
  let workshop: OpensslWorkshop;
  let simulator: Simulator;
  let call: Call;
  let ca: Identity;
  let server: Identity;

  const upload = (certificate: string, key: string) =>
    call('UploadServerCertificate', {
      RegionId: 'cn-hangzhou',
      ServerCertificate: certificate,
      PrivateKey: key,
    });
  const uploadCa = (certificate: string, RegionId = 'cn-hangzhou') =>
    call('UploadCACertificate', { RegionId, CACertificate: certificate });

  before(async () => {
    workshop = new OpensslWorkshop();
    ca = workshop.authority('/CN=CA');
    server = workshop.leaf(ca, {
      subject: '/CN=www.example.com',
      usage: 'serverAuth',
      domain: 'www.example.com',
    });
    simulator = await startSimulator({ port: 0 });
    call = popCore(simulator, 'POST');
  });
  after(async () => {
    await simulator.close();
    workshop.remove();
  });

  test('a chain with the leaf first is taken, and so are CRLF line ends', async () => {
    const chain = server.certificate + ca.certificate;
    assert.ok((await upload(chain, server.key)).ServerCertificateId);
    assert.ok((await upload(chain.replaceAll('\n', '\r\n'), server.key)).ServerCertificateId);
  });

  test('a chain with the CA first does not match its key', async () => {
    const { code } = await refusalOf(upload(ca.certificate + server.certificate, server.key));
    assert.equal(code, 'CertificateNotMatchPrivateKey');
  });

  test('blank lines, long lines, text around and bare DER are refused as a bad format', async () => {
    const oneLine = server.certificate.replace(/(?<=[A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/g, '');
    const bad = [
      server.certificate.replace('\n', '\n\n'),
      `${server.certificate}\n${ca.certificate}`,
      `subject=CN = x\n${server.certificate}`,
      oneLine,
      'hello',
    ];
    for (const text of bad) {
      const { code, message } = await refusalOf(upload(text, server.key));
      assert.equal(code, 'InvalidParameter');
      assert.match(message, /ServerCertificate format is error\./);
    }
    const nonsense = server.certificate.replace(/[A-Za-z0-9]{64}/, 'A'.repeat(64));
    assert.equal((await refusalOf(upload(nonsense, server.key))).code, 'KeyFormatError');
  });

  test('a key as PKCS#8, a key for elliptic curves and an RSA-3072 key are refused', async () => {
    const keyPath = workshop.file('k', server.key);
    const pkcs8 = workshop.run('pkcs8', '-topk8', '-nocrypt', '-in', keyPath);
    const ec = workshop.run('ecparam', '-genkey', '-name', 'prime256v1', '-noout');
    for (const key of [pkcs8, ec, 'hello']) {
      const { code, message } = await refusalOf(upload(server.certificate, key));
      assert.equal(code, 'InvalidParameter');
      assert.match(message, /key format is error\./);
    }
    const odd = workshop.leaf(ca, { subject: '/CN=www.example.com' }, workshop.rsaKey(3072));
    assert.equal((await refusalOf(upload(odd.certificate, odd.key))).code, 'InvalidParameter');
  });

  test('an encrypted key is refused as such, in the old form and in PKCS#8', async () => {
    const keyPath = workshop.file('k', server.key);
    const old = workshop.run('rsa', '-traditional', '-aes128', '-passout', 'pass:secret', '-in', keyPath);
    const pkcs8 = workshop.run('pkcs8', '-topk8', '-passout', 'pass:secret', '-in', keyPath);
    for (const key of [old, pkcs8]) {
      assert.equal((await refusalOf(upload(server.certificate, key))).code, 'PrivateKeyEncryption');
    }
  });

  test('the key of another certificate is refused', async () => {
    const { code } = await refusalOf(upload(server.certificate, ca.key));
    assert.equal(code, 'CertificateNotMatchPrivateKey');
  });

  test('nothing but one CA certificate at a time is taken', async () => {
    assert.equal((await refusalOf(uploadCa(ca.certificate + server.certificate))).code, 'InvalidParameter');
    assert.equal((await refusalOf(uploadCa('hello'))).code, 'InvalidParameter');
    assert.equal(
      (await refusalOf(call('UploadCACertificate', { RegionId: 'cn-hangzhou' }))).code,
      'MissingCACertificate',
    );
  });

  test('certificates belong to their region, can be renamed, found by id, tagged and deleted', async () => {
    const RegionId = 'ap-northeast-1';
    const { CACertificateId, Fingerprint } = await uploadCa(ca.certificate, RegionId);
    await call('SetCACertificateName', { RegionId, CACertificateId, CACertificateName: 'renamed' });
    const tag = { RegionId, ResourceType: 'certificate', 'ResourceId.1': CACertificateId };
    await call('TagResources', { ...tag, 'Tag.1.Key': 'k', 'Tag.1.Value': 'v' });
    const { CACertificates } = await call('DescribeCACertificates', { RegionId, CACertificateId });
    const [found] = CACertificates.CACertificate;
    assert.equal(found.CACertificateName, 'renamed');
    assert.equal(found.Fingerprint, Fingerprint);
    assert.match(found.Fingerprint, /^([0-9a-f]{2}:){19}[0-9a-f]{2}$/);
    assert.match(found.ExpireTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(found.ExpireTimeStamp, Date.parse(found.ExpireTime));
    assert.deepEqual(JSON.parse(JSON.stringify(found.Tags)), { Tag: [{ TagKey: 'k', TagValue: 'v' }] });
    const { TagResources } = await call('ListTagResources', { RegionId, ResourceType: 'certificate' });
    assert.equal(TagResources.TagResource[0].ResourceId, CACertificateId);
    await call('UntagResources', { ...tag, 'TagKey.1': 'k' });
    assert.equal(
      (await call('ListTagResources', { RegionId, ResourceType: 'certificate' })).TagResources.TagResource
        .length,
      0,
    );

    const elsewhere = call('DeleteCACertificate', { RegionId: 'cn-hangzhou', CACertificateId });
    assert.equal((await refusalOf(elsewhere)).code, 'CACertificateId.NotFound');
    await call('DeleteCACertificate', { RegionId, CACertificateId });
    assert.equal((await call('DescribeCACertificates', { RegionId })).CACertificates.CACertificate.length, 0);
  });

  test('the same certificate can be uploaded twice, and 100 of a kind fill a region', async () => {
    const RegionId = 'eu-central-1';
    const ids = new Set<string>();
    for (let n = 0; n < 100; n += 1) ids.add((await uploadCa(ca.certificate, RegionId)).CACertificateId);
    assert.equal(ids.size, 100);
    assert.equal((await refusalOf(uploadCa(ca.certificate, RegionId))).code, 'OverQuota');
    assert.ok((await uploadCa(ca.certificate, 'eu-west-1')).CACertificateId);
  });
});
