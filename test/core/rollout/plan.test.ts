import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  type DesiredRolloutInput,
  desiredRollout,
  type RolloutResources,
  rolloutPlan,
} from '../../../contract/rollout.ts';
import { clbCertificates } from '../../../core/rollout/clb-rules.ts';
import type { CloudState } from '../../../core/rollout/cloud-state.ts';
import { listenerAttributes } from '../../../core/rollout/listener-attributes.ts';
import { planRollout } from '../../../core/rollout/plan.ts';
import { noResources } from '../../../core/rollout/resources.ts';
import { type Made, makeCa, makeServer } from './certificates.ts';

let ca: Made;
let server: Made;
before(async () => {
  ca = await makeCa('CN=Plan CA');
  server = await makeServer('www.example.com', ca);
});

const desiredOf = (change: Partial<DesiredRolloutInput> = {}) =>
  desiredRollout.parse({
    regionId: 'ap-northeast-1',
    loadBalancer: { create: { name: 'warifu' } },
    serverCertificate: { name: 'web', chainPem: server.pem },
    caCertificate: { name: 'clients', pem: ca.pem },
    backends: [{ serverId: 'i-1' }, { serverId: 'i-2' }],
    ...change,
  });

const empty: CloudState = {
  loadBalancer: undefined,
  serverCertificates: [],
  caCertificates: [],
  listener: undefined,
};

/** A cloud in which everything is as `desiredOf()` wants it. */
function complete(): CloudState {
  const desired = desiredOf();
  const { server: web, ca: clients } = clbCertificates(desired);
  const attributes = listenerAttributes(desired.listener, {
    serverCertificateId: 'sc-1',
    caCertificateId: 'cc-1',
  });
  const certificate = { commonName: 'x', expiresAt: null };
  return {
    loadBalancer: {
      id: 'lb-1',
      name: 'warifu',
      address: '192.0.2.1',
      addressType: 'internet',
      status: 'active',
      instanceChargeType: 'PayByCLCU',
      vpcId: '',
      vSwitchId: '',
      createdAt: '',
      deleteProtection: false,
      backends: [1, 2].map((n) => ({ serverId: `i-${n}`, weight: 100, type: 'ecs', serverIp: '' })),
      listeners: [{ port: 443, protocol: 'https' }],
    },
    serverCertificates: [
      {
        ...certificate,
        id: 'sc-1',
        name: 'web',
        fingerprint: web.sha1,
        subjectAlternativeNames: [],
        managed: false,
      },
    ],
    caCertificates: [{ ...certificate, id: 'cc-1', name: 'clients', fingerprint: clients.sha1 }],
    listener: {
      port: 443,
      status: 'running',
      serverCertificateId: 'sc-1',
      caCertificateId: 'cc-1',
      backendServerPort: 80,
      vServerGroupId: '',
      simulatorEndpoint: undefined,
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, String(value)]),
      ),
    },
  };
}

function owned(): RolloutResources {
  const { server: web, ca: clients } = clbCertificates(desiredOf());
  return {
    loadBalancer: { id: 'lb-1', name: 'warifu', made: true },
    serverCertificates: [{ id: 'sc-1', name: 'web', sha256: web.sha256, made: true }],
    caCertificates: [{ id: 'cc-1', name: 'clients', sha256: clients.sha256, made: true }],
    listener: { port: 443, made: true },
    backends: [],
  };
}

const actionsOf = (
  cloud: CloudState,
  resources: RolloutResources,
  change: Partial<DesiredRolloutInput> = {},
) =>
  planRollout(desiredOf(change), cloud, resources, new Date()).items.map(
    ({ resource, action, reason }) => `${resource} ${action} ${reason}`,
  );

test('a plan has the shape of the contract, and the same in gives the same digest', () => {
  const plan = planRollout(desiredOf(), empty, noResources, new Date());
  assert.deepEqual(rolloutPlan.parse(plan), plan);
  assert.equal(planRollout(desiredOf(), empty, noResources, new Date()).digest, plan.digest);
  assert.notEqual(
    planRollout(desiredOf({ backends: [{ serverId: 'i-1' }] }), empty, noResources, new Date()).digest,
    plan.digest,
  );
});

test('every creation names its calls, and mutual authentication is among them', () => {
  const { items } = planRollout(desiredOf(), empty, noResources, new Date());
  assert.deepEqual(
    items.flatMap(({ apiCalls }) => apiCalls.map(({ action }) => action)),
    [
      'CreateLoadBalancer',
      'UploadServerCertificate',
      'UploadCACertificate',
      'AddBackendServers',
      'CreateLoadBalancerHTTPSListener',
      'StartLoadBalancerListener',
    ],
  );
  assert.match(items[0]!.apiCalls[0]!.summary, /InstanceChargeType=PayByCLCU/);
  assert.match(items[4]!.apiCalls[0]!.summary, /CACertificateId=\(new\)/);
  assert.match(items[4]!.apiCalls[0]!.summary, /Scheduler=rr StickySession=off/);
  assert.match(items[4]!.apiCalls[0]!.summary, /TLSCipherPolicy=tls_cipher_policy_1_2 /);
});

test('what is as desired needs nothing; what is not recorded yet is adopted', () => {
  assert.ok(actionsOf(complete(), owned()).every((line) => line.endsWith('nothing as-desired')));
  assert.deepEqual(actionsOf(complete(), noResources), [
    'load-balancer adopt same-name',
    'server-certificate adopt same-certificate',
    'ca-certificate adopt same-certificate',
    'backends nothing as-desired',
    'listener adopt port-exists',
  ]);
  assert.equal(
    actionsOf(complete(), noResources, { loadBalancer: { id: 'lb-1' } })[0],
    'load-balancer adopt same-id',
  );
});

test('a fingerprint is recognised in capitals, without colons, and as SHA-256', () => {
  const { ca: clients } = clbCertificates(desiredOf());
  for (const fingerprint of [
    clients.sha1.toUpperCase(),
    clients.sha1.replaceAll(':', ''),
    clients.sha256,
    clients.sha256.replace(/..(?=.)/g, '$&:'),
  ]) {
    const cloud = complete();
    const caCertificates = cloud.caCertificates.map((certificate) => ({ ...certificate, fingerprint }));
    assert.equal(
      actionsOf({ ...cloud, caCertificates }, noResources)[2],
      'ca-certificate adopt same-certificate',
      fingerprint,
    );
  }
  const cloud = complete();
  const other = cloud.caCertificates.map((certificate) => ({
    ...certificate,
    fingerprint: clients.sha1.replace(/^../, '00'),
  }));
  assert.equal(
    actionsOf({ ...cloud, caCertificates: other }, noResources)[2],
    'ca-certificate create absent',
  );
});

test('of several uploads of one certificate, the one that the listener has is adopted', () => {
  const cloud = complete();
  const [first] = cloud.caCertificates;
  const caCertificates = [{ ...first!, id: 'cc-0' }, first!];
  assert.equal(
    planRollout(desiredOf(), { ...cloud, caCertificates }, noResources, new Date()).items[2]!.id,
    'cc-1',
  );
});

test('each attribute of the listener that differs is shown, now and as it will be', () => {
  const attributesNow: readonly (readonly [string, string, string])[] = [
    ['Scheduler', 'wrr', 'rr'],
    ['StickySession', 'on', 'off'],
    ['TLSCipherPolicy', 'tls_cipher_policy_1_0', 'tls_cipher_policy_1_2'],
    ['HealthCheckURI', '/', '/healthz'],
    ['HealthCheckHttpCode', 'http_2xx,http_3xx', 'http_2xx'],
    ['UnhealthyThreshold', '10', '3'],
    ['ServerCertificateId', 'sc-9', 'sc-1'],
  ];
  for (const [name, now, willBe] of attributesNow) {
    const cloud = complete();
    const listener = { ...cloud.listener!, attributes: { ...cloud.listener!.attributes, [name]: now } };
    const item = planRollout(desiredOf(), { ...cloud, listener }, owned(), new Date()).items[4]!;
    assert.deepEqual(
      [item.action, item.now, item.willBe],
      ['change', { Status: 'running', [name]: now }, { Status: 'running', [name]: willBe }],
    );
    assert.deepEqual(
      item.apiCalls.map(({ action }) => action),
      ['SetLoadBalancerHTTPSListenerAttribute'],
    );
  }
});

test('a listener without a CA is a difference even where the answer leaves the field out', () => {
  const cloud = complete();
  const { CACertificateId: _, ...attributes } = cloud.listener!.attributes;
  const item = planRollout(
    desiredOf(),
    { ...cloud, listener: { ...cloud.listener!, caCertificateId: '', attributes } },
    owned(),
    new Date(),
  ).items[4]!;
  assert.deepEqual([item.action, item.willBe], ['change', { Status: 'running', CACertificateId: 'cc-1' }]);
});

test('an attribute that the answer leaves out is no difference, nor is the order of status codes', () => {
  const cloud = complete();
  const { Gzip: _, ...attributes } = cloud.listener!.attributes;
  assert.equal(
    actionsOf({ ...cloud, listener: { ...cloud.listener!, attributes } }, owned())[4],
    'listener nothing as-desired',
  );
  const codes = { ...cloud.listener!.attributes, HealthCheckHttpCode: 'http_3xx,http_2xx' };
  const change = {
    listener: { healthCheck: { httpCodes: ['http_2xx', 'http_3xx'] } },
  } satisfies Partial<DesiredRolloutInput>;
  assert.equal(
    actionsOf({ ...cloud, listener: { ...cloud.listener!, attributes: codes } }, owned(), change)[4],
    'listener nothing as-desired',
  );
});

test('what CLB cannot change in place is replaced, and said to interrupt', () => {
  const cloud = complete();
  assert.equal(
    actionsOf(cloud, owned(), { listener: { backendServerPort: 81 } })[4],
    'listener replace backend-port-fixed',
  );
  const grouped = { ...cloud, listener: { ...cloud.listener!, vServerGroupId: 'rsp-1' } };
  assert.equal(actionsOf(grouped, owned())[4], 'listener replace server-group-in-the-way');
});

test('a stopped listener and a stopped load balancer are woken', () => {
  const cloud = complete();
  const stopped: CloudState = {
    ...cloud,
    listener: { ...cloud.listener!, status: 'stopped' },
    loadBalancer: { ...cloud.loadBalancer!, status: 'inactive' },
  };
  const { items } = planRollout(desiredOf(), stopped, owned(), new Date());
  assert.deepEqual(
    items[0]!.apiCalls.map(({ action }) => action),
    ['SetLoadBalancerStatus'],
  );
  assert.deepEqual(
    items[4]!.apiCalls.map(({ action }) => action),
    ['StartLoadBalancerListener'],
  );
});

test('a rollout does not move to another load balancer port by itself', () => {
  assert.throws(() => planRollout(desiredOf({ listener: { port: 8443 } }), complete(), owned(), new Date()), {
    code: 'ROLLOUT_REFUSED',
  });
});

test('port 443 of another protocol is refused; UDP does not stand in the way', () => {
  const cloud = complete();
  const taken = (protocol: string): CloudState => ({
    ...cloud,
    listener: undefined,
    loadBalancer: { ...cloud.loadBalancer!, listeners: [{ port: 443, protocol }] },
  });
  assert.throws(() => planRollout(desiredOf(), taken('tcp'), noResources, new Date()), {
    code: 'LISTENER_PORT_TAKEN',
  });
  assert.equal(actionsOf(taken('udp'), noResources)[4], 'listener create absent');
});

test('an old certificate is offered for deletion only once the listener has the new one, and only when it was made here', () => {
  const cloud = complete();
  const old = { ...cloud.caCertificates[0]!, id: 'cc-0', fingerprint: 'aa:bb' };
  const both: CloudState = { ...cloud, caCertificates: [...cloud.caCertificates, old] };
  const resources = (made: boolean): RolloutResources => ({
    ...owned(),
    caCertificates: [...owned().caCertificates, { id: 'cc-0', name: 'old', sha256: 'x', made }],
  });
  assert.equal(actionsOf(both, resources(true))[5], 'old-ca-certificate delete superseded');
  assert.equal(actionsOf(both, resources(false))[5], undefined);
  const notYet: CloudState = { ...both, listener: { ...cloud.listener!, caCertificateId: 'cc-0' } };
  assert.equal(actionsOf(notYet, resources(true))[5], undefined);
});

test('more than two backends, several addresses of one network interface and weight 0 are told apart', () => {
  const cloud = complete();
  const backends = [
    { serverId: 'eni-1', weight: 100, type: 'eni', serverIp: '10.0.0.1' },
    { serverId: 'eni-1', weight: 100, type: 'eni', serverIp: '10.0.0.2' },
  ];
  const change = {
    backends: [
      { serverId: 'eni-1', type: 'eni', serverIp: '10.0.0.1', weight: 0 },
      { serverId: 'eni-1', type: 'eni', serverIp: '10.0.0.3' },
    ],
  } satisfies Partial<DesiredRolloutInput>;
  const { apiCalls } = planRollout(
    desiredOf(change),
    { ...cloud, loadBalancer: { ...cloud.loadBalancer!, backends } },
    owned(),
    new Date(),
  ).items[3]!;
  assert.deepEqual(
    apiCalls.map(({ action }) => action),
    ['RemoveBackendServers', 'AddBackendServers', 'SetBackendServers'],
  );
});

test('a desired state that names a backend twice or out of range is no desired state', () => {
  assert.throws(() => desiredOf({ backends: [{ serverId: 'i-1' }, { serverId: 'i-1' }] }));
  assert.throws(() => desiredOf({ backends: [{ serverId: 'i-1', weight: 101 }] }));
  assert.throws(() => desiredOf({ backends: [] }));
  assert.throws(() => desiredOf({ listener: { port: 0 } }));
  assert.throws(() => desiredOf({ listener: { bandwidth: 0 } }));
});
