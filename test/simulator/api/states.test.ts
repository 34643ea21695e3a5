import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Fault } from '../../../simulator/api/server.ts';
import { type Simulator, startSimulator } from '../../../simulator/simulator.ts';
import { type Call, popCore, refusalOf, until } from '../judges/alibaba-clients.ts';
import { type Identity, OpensslWorkshop } from '../judges/openssl.ts';
import { practise, quick } from '../judges/practice.ts';

describe('states and refusals of the API', () => {
  let workshop: OpensslWorkshop;
  let simulator: Simulator;
  let slow: Simulator;
  let call: Call;
  let ca: Identity;
  let server: Identity;
  let fault: Fault | undefined;
  const RegionId = 'cn-hangzhou';

  before(async () => {
    workshop = new OpensslWorkshop();
    ca = workshop.authority('/CN=CA');
    server = workshop.leaf(ca, { subject: '/CN=www.example.com', usage: 'serverAuth' });
    simulator = await startSimulator({ port: 0, delays: quick, faults: () => fault });
    slow = await startSimulator({
      port: 0,
      delays: { starting: 300, stopping: 300, consistency: 200, configuring: 200, second: 10 },
    });
    call = popCore(simulator, 'POST');
  });
  after(async () => {
    await simulator.close();
    await slow.close();
    workshop.remove();
  });

  async function loadBalancer(ask = call, extra: Record<string, unknown> = {}): Promise<string> {
    return (await ask('CreateLoadBalancer', { RegionId, ...extra })).LoadBalancerId;
  }
  const redirectless = { BackendServerPort: 80, HealthCheck: 'off', StickySession: 'off', Bandwidth: -1 };

  test('a ClientToken makes one load balancer, however often it is sent', async () => {
    const wishes = { LoadBalancerName: 'once', ClientToken: 'abc' };
    const first = await loadBalancer(call, wishes);
    assert.equal(await loadBalancer(call, wishes), first);
    const changed = call('CreateLoadBalancer', { RegionId, ...wishes, LoadBalancerName: 'twice' });
    assert.equal((await refusalOf(changed)).code, 'IdempotentParameterMismatch');
    const { TotalCount } = await call('DescribeLoadBalancers', { RegionId, LoadBalancerName: 'once' });
    assert.equal(TotalCount, 1);
  });

  test('a load balancer is renamed, listed by page, found in its own region only, protected and deleted', async () => {
    const LoadBalancerId = await loadBalancer();
    await call('SetLoadBalancerName', { LoadBalancerId, LoadBalancerName: '割符' });
    const attribute = await call('DescribeLoadBalancerAttribute', { LoadBalancerId, RegionId });
    assert.deepEqual([attribute.LoadBalancerName, attribute.LoadBalancerStatus], ['割符', 'active']);
    assert.match(attribute.Address, /^127\./);
    const page = await call('DescribeLoadBalancers', { RegionId, PageSize: 1, PageNumber: 1 });
    assert.equal(page.LoadBalancers.LoadBalancer.length, 1);
    const elsewhere = call('DescribeLoadBalancerAttribute', { LoadBalancerId, RegionId: 'cn-beijing' });
    assert.equal((await refusalOf(elsewhere)).code, 'InvalidLoadBalancerId.NotFound');

    await call('SetLoadBalancerDeleteProtection', { RegionId, LoadBalancerId, DeleteProtection: 'on' });
    const refused = await refusalOf(call('DeleteLoadBalancer', { LoadBalancerId }));
    assert.equal(refused.code, 'OperationDenied.DeleteProtectionIsOn');
    await call('SetLoadBalancerDeleteProtection', { RegionId, LoadBalancerId, DeleteProtection: 'off' });
    await call('DeleteLoadBalancer', { LoadBalancerId });
    const gone = await refusalOf(call('DescribeLoadBalancerAttribute', { LoadBalancerId }));
    assert.equal(gone.code, 'InvalidLoadBalancerId.NotFound');
  });

  test('a locked load balancer does not serve and does not change', async () => {
    const practice = await practise(simulator, { server });
    const { LoadBalancerId } = practice;
    await simulator.lock(LoadBalancerId, true);
    assert.equal((await refusalOf(practice.set({ Scheduler: 'wrr' }))).code, 'ActionNotAllowed');
    assert.equal((await refusalOf(call('DeleteLoadBalancer', { LoadBalancerId }))).code, 'ActionNotAllowed');
    await simulator.lock(LoadBalancerId, false);
    await practice.set({ Scheduler: 'wrr' });
  });

  test('parameters are checked: what is missing, out of range, or does not fit together', async () => {
    const LoadBalancerId = await loadBalancer();
    const create = (changes: Record<string, unknown>) =>
      refusalOf(
        call('CreateLoadBalancerHTTPSListener', {
          LoadBalancerId,
          ListenerPort: 443,
          ...redirectless,
          ...changes,
        }),
      );
    const without = (name: string) => create({ [name]: '' });
    assert.equal((await without('ListenerPort')).code, 'MissingListenerPort');
    assert.equal((await without('Bandwidth')).code, 'MissingBandwidth');
    assert.equal((await without('HealthCheck')).code, 'MissingHealthCheck');
    assert.match((await without('StickySession')).message, /"StickySession" that is mandatory/);
    assert.match((await create({})).message, /ServerCertificateId is empty/);
    assert.match(
      (await create({ ServerCertificateId: '12345' })).message,
      /ServerCertificateId is not Support/,
    );
    assert.equal((await create({ ServerCertificateId: '1_2_3' })).code, 'ServerCertificateId.NotFound');
    const { ServerCertificateId } = await call('UploadServerCertificate', {
      RegionId,
      ServerCertificate: server.certificate,
      PrivateKey: server.key,
    });
    assert.equal(
      (await create({ ServerCertificateId, CACertificateId: '1_2_3' })).code,
      'CACertificateId.NotFound',
    );
    assert.match(
      (await create({ ServerCertificateId, BackendServerPort: '' })).message,
      /"BackendServerPort"/,
    );
    for (const wrong of [
      { ListenerPort: 70000 },
      { Bandwidth: 0 },
      { HealthCheckInterval: 51 },
      { HealthyThreshold: 1 },
      { HealthCheckURI: 'no-slash' },
      { HealthCheckHttpCode: 'http_2xx,http_9xx' },
      { Scheduler: 'sch' },
      { TLSCipherPolicy: 'tls_cipher_policy_9' },
    ]) {
      const { code, message } = await create({ ServerCertificateId, ...wrong });
      assert.equal(code, 'InvalidParameter', JSON.stringify(wrong));
      assert.ok(message.includes(Object.keys(wrong)[0]!), message);
    }
    const { ServerCertificateId: foreign } = await call('UploadServerCertificate', {
      RegionId: 'cn-beijing',
      ServerCertificate: server.certificate,
      PrivateKey: server.key,
    });
    assert.equal((await create({ ServerCertificateId: foreign })).code, 'ServerCertificateId.NotFound');
  });

  test('backend servers have to exist, are counted once, weighed and removed', async () => {
    const LoadBalancerId = await loadBalancer();
    const add = (servers: unknown) =>
      call('AddBackendServers', { LoadBalancerId, BackendServers: JSON.stringify(servers) });
    assert.equal((await refusalOf(add([{ ServerId: 'i-unknown' }]))).code, 'InvalidServerId.NotFound');
    assert.equal(
      (await refusalOf(add([{ ServerId: 'i-demo-1', Weight: 101 }]))).code,
      'InvalidWeight.Malformed',
    );
    assert.equal((await refusalOf(add([{ Weight: 1 }]))).code, 'BackendServersMalformed');
    const many = Array.from({ length: 21 }, () => ({ ServerId: 'i-demo-1' }));
    assert.equal((await refusalOf(add(many))).code, 'TooManyBackendServers');
    const added = await add([
      { ServerId: 'i-demo-1', Weight: 5 },
      { ServerId: 'i-demo-1', Weight: 7 },
    ]);
    assert.deepEqual(
      added.BackendServers.BackendServer.map((s: { Weight: string }) => s.Weight),
      ['5'],
    );
    assert.equal((await refusalOf(add([{ ServerId: 'i-demo-1' }]))).code, 'InvalidParameter');
    await call('SetBackendServers', {
      LoadBalancerId,
      BackendServers: '[{"ServerId":"i-demo-1","Weight":"9"}]',
    });
    const { BackendServers } = await call('DescribeLoadBalancerAttribute', { LoadBalancerId });
    assert.equal(BackendServers.BackendServer[0].Weight, 9);
    const removed = await call('RemoveBackendServers', { LoadBalancerId, BackendServers: '["i-demo-1"]' });
    assert.equal(removed.BackendServers.BackendServer.length, 0);
  });

  test('a VServer group serves a listener, and cannot be deleted while it does', async () => {
    const { LoadBalancerId, set, call: ask } = await practise(simulator, { server });
    const { VServerGroupId } = await ask('CreateVServerGroup', {
      RegionId,
      LoadBalancerId,
      VServerGroupName: 'group',
      BackendServers: '[{"ServerId":"i-demo-1","Port":8080,"Weight":100}]',
    });
    await set({ VServerGroupId });
    const health = await ask('DescribeHealthStatus', { LoadBalancerId });
    assert.deepEqual(
      health.BackendServers.BackendServer.map((s: { Port: number }) => s.Port),
      [8080],
    );
    const remove = () => ask('DeleteVServerGroup', { RegionId, VServerGroupId });
    assert.equal((await refusalOf(remove())).code, 'RspoolVipExist');
    const servers = { RegionId, VServerGroupId, BackendServers: '[{"ServerId":"i-demo-2","Port":81}]' };
    await ask('AddVServerGroupBackendServers', servers);
    const attribute = await ask('DescribeVServerGroupAttribute', { RegionId, VServerGroupId });
    assert.equal(attribute.BackendServers.BackendServer.length, 2);
    await ask('RemoveVServerGroupBackendServers', servers);
    const { VServerGroups } = await ask('DescribeVServerGroups', {
      RegionId,
      LoadBalancerId,
      IncludeListener: 'true',
    });
    const [group] = VServerGroups.VServerGroup;
    assert.equal(group.ServerCount, 1);
    assert.equal(group.AssociatedObjects.Listeners.Listener[0].Port, 18443);
    await set({ VServerGroup: 'off' });
    await remove();
  });

  test('a certificate in use cannot be deleted; after the listener is gone it can', async () => {
    const practice = await practise(simulator, { server, ca });
    const { CACertificateId, ServerCertificateId, LoadBalancerId, ListenerPort } = practice;
    const deletions = [
      () => call('DeleteCACertificate', { RegionId, CACertificateId }),
      () => call('DeleteServerCertificate', { RegionId, ServerCertificateId }),
    ];
    for (const deletion of deletions) {
      assert.equal((await refusalOf(deletion())).code, 'CertificateAndPrivateKeyIsRefered');
    }
    await call('DeleteLoadBalancerListener', { LoadBalancerId, ListenerPort, ListenerProtocol: 'https' });
    for (const deletion of deletions) await deletion();
    const { code, message } = await refusalOf(practice.describe());
    assert.equal(code, 'InvalidParameter');
    assert.match(message, /The specified resource does not exist\./);
    const { LoadBalancerStatus } = await call('DescribeLoadBalancerAttribute', { LoadBalancerId });
    assert.equal(LoadBalancerStatus, 'inactive', 'without listeners');
  });

  test('a listener that HTTP is forwarded to cannot be deleted', async () => {
    const { LoadBalancerId, ListenerPort } = await practise(simulator, { server });
    const http = { LoadBalancerId, ListenerPort: 80, ListenerForward: 'on', HealthCheck: 'off' };
    const nowhere = call('CreateLoadBalancerHTTPListener', { ...http, ForwardPort: 444 });
    assert.equal((await refusalOf(nowhere)).code, 'InvalidParameter');
    await call('CreateLoadBalancerHTTPListener', { ...http, ForwardPort: ListenerPort });
    const same = call('CreateLoadBalancerHTTPListener', { ...http, ForwardPort: ListenerPort });
    assert.equal((await refusalOf(same)).code, 'ListenerAlreadyExists');
    const remove = () =>
      call('DeleteLoadBalancerListener', { LoadBalancerId, ListenerPort, ListenerProtocol: 'https' });
    assert.equal((await refusalOf(remove())).code, 'ListenerForwardExist');
    await call('DeleteLoadBalancerListener', { LoadBalancerId, ListenerPort: 80 });
    await remove();
    assert.equal((await refusalOf(remove())).code, 'ListenerNotFound');
  });

  test('a trial run of Set changes nothing, and an empty CACertificateId leaves mutual authentication on', async () => {
    const practice = await practise(simulator, { server, ca });
    await practice.set({ Scheduler: 'wrr', DryRun: 'true' });
    assert.equal((await practice.describe()).Scheduler, 'rr');
    await practice.set({ CACertificateId: '' });
    assert.equal((await practice.describe()).CACertificateId, practice.CACertificateId);
  });

  test('all listeners of a region are listed, page by page', async () => {
    const { LoadBalancerId } = await practise(simulator, { server, ca });
    const query = { RegionId, 'LoadBalancerId.1': LoadBalancerId };
    const { Listeners, TotalCount } = await call('DescribeLoadBalancerListeners', query);
    assert.equal(TotalCount, 1);
    assert.equal(Listeners[0].ListenerProtocol, 'https');
    assert.ok(Listeners[0].HTTPSListenerConfig.CACertificateId);
  });

  test('a listener is invisible at first, busy while it changes, and says so', async () => {
    const ask = popCore(slow, 'POST');
    const LoadBalancerId = await loadBalancer(ask);
    const { ServerCertificateId } = await ask('UploadServerCertificate', {
      RegionId,
      ServerCertificate: server.certificate,
      PrivateKey: server.key,
    });
    const listener = { LoadBalancerId, ListenerPort: 18500 };
    const named = { ...listener, ListenerProtocol: 'https' };
    await ask('CreateLoadBalancerHTTPSListener', { ...listener, ...redirectless, ServerCertificateId });
    const describe = () => ask('DescribeLoadBalancerHTTPSListenerAttribute', listener);
    assert.deepEqual(Object.keys(await describe()), ['RequestId']);
    const start = () => ask('StartLoadBalancerListener', named);
    const stop = () => ask('StopLoadBalancerListener', named);
    const remove = () => ask('DeleteLoadBalancerListener', named);
    const set = () => ask('SetLoadBalancerHTTPSListenerAttribute', { ...listener, Scheduler: 'rr' });
    assert.equal((await refusalOf(start())).code, 'Operation.Deny');
    assert.equal((await refusalOf(set())).code, 'ServiceIsConfiguring');
    assert.equal((await refusalOf(remove())).code, 'ServiceIsConfiguring');
    await until(describe, ({ Status }) => Status === 'stopped');
    await until(
      () => start().catch(() => undefined),
      (answer) => answer !== undefined,
    );

    assert.equal((await describe()).Status, 'starting');
    assert.equal((await refusalOf(set())).code, 'OperationFailed.ListenerStatusNotSupport');
    assert.equal((await refusalOf(stop())).code, 'ServiceIsConfiguring');
    assert.equal((await refusalOf(remove())).code, 'ServiceIsConfiguring');
    await until(describe, ({ Status }) => Status === 'running');
    assert.equal((await refusalOf(start())).code, 'Operation.NotAllowed');

    await stop();
    assert.equal((await describe()).Status, 'stopping');
    assert.equal((await refusalOf(start())).code, 'ServiceIsStopping');
    assert.equal((await refusalOf(remove())).code, 'ServiceIsStopping');
    await until(describe, ({ Status }) => Status === 'stopped');

    const add = (ServerId: string) =>
      ask('AddBackendServers', { LoadBalancerId, BackendServers: JSON.stringify([{ ServerId }]) });
    await add('i-demo-1');
    assert.equal((await refusalOf(add('i-demo-2'))).code, 'BackendServer.configuring');
  });

  test('faults: an answer instead of the action, or an action whose answer is lost', async () => {
    const LoadBalancerId = await loadBalancer();
    const rename = (LoadBalancerName: string) =>
      call('SetLoadBalancerName', { LoadBalancerId, LoadBalancerName });
    fault = { answer: { http: 503, code: 'ServiceUnavailable', message: 'later' } };
    assert.equal((await refusalOf(rename('one'))).code, 'ServiceUnavailable');
    fault = { cut: 'before' };
    await assert.rejects(rename('two'));
    fault = { cut: 'after' };
    await assert.rejects(rename('three'));
    fault = undefined;
    const { LoadBalancerName } = await call('DescribeLoadBalancerAttribute', { LoadBalancerId });
    assert.equal(LoadBalancerName, 'three');
  });
});
