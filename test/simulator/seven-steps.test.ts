import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { clientNames, officialClient, until } from './judges/alibaba-clients.ts';
import { type Identity, OpensslWorkshop } from './judges/openssl.ts';
import { visit } from './judges/web-client.ts';

describe('the official clients of Alibaba Cloud build mutual TLS on the simulator', () => {
  let workshop: OpensslWorkshop;
  let simulator: Simulator;
  let ca: Identity;
  let server: Identity;
  let client: Identity;

  before(async () => {
    workshop = new OpensslWorkshop();
    ca = workshop.authority('/CN=Practice CA');
    server = workshop.leaf(ca, {
      subject: '/CN=www.example.com',
      usage: 'serverAuth',
      domain: 'www.example.com',
    });
    client = workshop.leaf(ca, { subject: '/CN=alice' });
    simulator = await startSimulator({
      port: 0,
      accessKeyId: 'practice-id',
      accessKeySecret: 'practice-secret',
      delays: { starting: 50, second: 20, consistency: 20 },
    });
  });
  after(async () => {
    await simulator.close();
    workshop.remove();
  });

  for (const [at, name] of clientNames.entries()) {
    test(`${name}: from the upload of certificates to healthy backends that take turns`, async () => {
      const call = officialClient(name, simulator);
      const RegionId = simulator.regionId;

      const uploaded = await call('UploadServerCertificate', {
        RegionId,
        ServerCertificate: server.certificate,
        PrivateKey: server.key,
        ServerCertificateName: "my cert*'()!~",
      });
      const sha1 = workshop.run(
        'x509',
        '-noout',
        '-fingerprint',
        '-sha1',
        '-in',
        workshop.file('s.crt', server.certificate),
      );
      assert.equal(uploaded.Fingerprint, sha1.trim().split('=')[1]?.toLowerCase());
      assert.equal(uploaded.CommonName, 'www.example.com');
      assert.deepEqual(uploaded.SubjectAlternativeNames.SubjectAlternativeName, ['www.example.com']);
      const { CACertificateId } = await call('UploadCACertificate', {
        RegionId,
        CACertificate: ca.certificate,
        CACertificateName: 'clients',
      });

      const { LoadBalancerId, Address } = await call('CreateLoadBalancer', {
        RegionId,
        LoadBalancerName: 'front',
        InstanceChargeType: 'PayByCLCU',
        AddressType: 'internet',
        ClientToken: `token-${at}`,
        'Tag.1.Key': 'made-by',
        'Tag.1.Value': 'test',
      });
      await call('AddBackendServers', {
        RegionId,
        LoadBalancerId,
        BackendServers: JSON.stringify(
          simulator.backends.map(({ serverId }) => ({ ServerId: serverId, Weight: '100' })),
        ),
      });
      await call('CreateLoadBalancerHTTPSListener', {
        RegionId,
        LoadBalancerId,
        ListenerPort: 18443,
        BackendServerPort: 80,
        Bandwidth: -1,
        Scheduler: 'rr',
        StickySession: 'off',
        HealthCheck: 'on',
        HealthCheckURI: '/index.html',
        ServerCertificateId: uploaded.ServerCertificateId,
        CACertificateId,
      });
      const target = { RegionId, LoadBalancerId, ListenerPort: 18443, ListenerProtocol: 'https' };
      const describeListener = () =>
        call('DescribeLoadBalancerHTTPSListenerAttribute', { RegionId, LoadBalancerId, ListenerPort: 18443 });
      const born = await until(describeListener, (answer) => answer.ListenerPort !== undefined);
      assert.equal(born.Status, 'stopped');
      assert.equal(born.CACertificateId, CACertificateId);
      assert.equal(born.SimulatorEndpoint, undefined);

      await call('StartLoadBalancerListener', target);
      assert.equal((await describeListener()).Status, 'starting');
      await until(describeListener, (answer) => answer.Status === 'running');
      const health = await until(
        () => call('DescribeHealthStatus', target),
        (answer) =>
          answer.BackendServers.BackendServer.every(
            (backend: { ServerHealthStatus: string }) => backend.ServerHealthStatus === 'normal',
          ),
      );
      assert.equal(health.BackendServers.BackendServer.length, 2);
      assert.match(health.RequestId, /^[0-9A-F-]{36}$/);

      const answered: string[] = [];
      for (let n = 0; n < 20; n += 1) {
        const page = await visit({ host: Address, port: 18443 }, { identity: client });
        assert.equal(page.status, 200);
        answered.push(String(page.headers['x-backend']));
      }
      assert.equal(answered.filter((name) => name === 'i-demo-1').length, 10);
      assert.equal(answered.filter((name) => name === 'i-demo-2').length, 10);
      assert.ok(
        answered.every((name, n) => name !== answered[n + 1]),
        'backends take turns',
      );
    });
  }
});
