import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { Problem } from '../../../contract/problem.ts';
import * as backends from '../../../core/slb/backends.ts';
import * as certificates from '../../../core/slb/certificates.ts';
import { createSlbClient, type SlbClient, type SlbClientOptions } from '../../../core/slb/client.ts';
import * as listeners from '../../../core/slb/listeners.ts';
import * as loadBalancers from '../../../core/slb/load-balancers.ts';
import * as regions from '../../../core/slb/regions.ts';
import * as tags from '../../../core/slb/tags.ts';
import * as vServerGroups from '../../../core/slb/vserver-groups.ts';

/** An API that remembers what it was asked, and answers what the test lays ready. */
interface Recorded {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
  readonly body: string;
}
type Reply =
  | { readonly status?: number; readonly json?: object; readonly text?: string }
  | 'drop'
  | 'silence'
  | 'cut';

const requests: Recorded[] = [];
let replies: Reply[] = [];
let fallback: Reply = { json: { RequestId: 'R-0' } };
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    requests.push({
      line: `${request.method} ${request.url}`,
      headers: request.headers,
      form: new URLSearchParams(body),
      body,
    });
    const reply = replies.shift() ?? fallback;
    if (reply === 'drop') request.socket.destroy();
    else if (reply === 'cut') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"RequestId":');
      setTimeout(() => request.socket.destroy(), 20);
    } else if (reply !== 'silence') {
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' });
      response.end(reply.text ?? JSON.stringify(reply.json));
    }
  });
});
let endpoint = '';
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests.length = 0;
  replies = [];
  fallback = { json: { RequestId: 'R-0' } };
});

const secret = 'CanarySecret0123456789abcdef';

/** A client whose waiting takes no time; `waits` tells what it would have waited. */
function client(options: Partial<SlbClientOptions> = {}): SlbClient & { readonly waits: number[] } {
  const waits: number[] = [];
  let clock = 0;
  const made = createSlbClient({
    regionId: 'ap-northeast-1',
    credentials: { accessKeyId: 'LTAIexample', accessKeySecret: secret },
    endpoint,
    now: () => clock,
    sleep: async (ms) => {
      waits.push(ms);
      clock += ms;
    },
    ...options,
  });
  return { ...made, waits };
}

const refusal = (status: number, code: string, message = 'words'): Reply => ({
  status,
  json: { RequestId: 'R-1', HostId: 'slb.example', Code: code, Message: message },
});

async function problemOf(call: Promise<unknown>): Promise<Problem> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof Problem, String(error));
    return error;
  }
  assert.fail('expected a problem');
}

const key =
  '-----BEGIN RSA PRIVATE KEY-----\nTHISisAcanaryKEYthisISaCANARYkey/+01\nsecondLINEofCANARY==\n-----END RSA PRIVATE KEY-----\n';
const address = { loadBalancerId: 'lb-1', port: 443 };
const one = [{ serverId: 'i-1', weight: 100 }];
const vOne = [{ serverId: 'i-1', weight: 100, port: 80 }];

/** Every action, called through its typed function. */
const everyAction: Readonly<Record<string, (slb: SlbClient) => Promise<unknown>>> = {
  UploadServerCertificate: (slb) =>
    certificates.uploadServerCertificate(slb, { name: 'a', chainPem: 'PEM', privateKeyPem: key }),
  UploadCACertificate: (slb) => certificates.uploadCaCertificate(slb, { name: 'a', pem: 'PEM' }),
  DescribeServerCertificates: certificates.describeServerCertificates,
  DescribeCACertificates: certificates.describeCaCertificates,
  DeleteServerCertificate: (slb) => certificates.deleteServerCertificate(slb, 'c-1'),
  DeleteCACertificate: (slb) => certificates.deleteCaCertificate(slb, 'c-1'),
  SetServerCertificateName: (slb) => certificates.setServerCertificateName(slb, 'c-1', 'b'),
  SetCACertificateName: (slb) => certificates.setCaCertificateName(slb, 'c-1', 'b'),
  CreateLoadBalancer: (slb) =>
    loadBalancers.createLoadBalancer(slb, { name: 'a', addressType: 'internet', clientToken: 't' }),
  DescribeLoadBalancers: (slb) => loadBalancers.describeLoadBalancers(slb, { name: 'a' }),
  DescribeLoadBalancerAttribute: (slb) => loadBalancers.describeLoadBalancer(slb, 'lb-1'),
  SetLoadBalancerName: (slb) => loadBalancers.setLoadBalancerName(slb, 'lb-1', 'b'),
  SetLoadBalancerStatus: (slb) => loadBalancers.setLoadBalancerStatus(slb, 'lb-1', 'active'),
  SetLoadBalancerDeleteProtection: (slb) => loadBalancers.setDeleteProtection(slb, 'lb-1', true),
  DeleteLoadBalancer: (slb) => loadBalancers.deleteLoadBalancer(slb, 'lb-1'),
  CreateLoadBalancerHTTPSListener: (slb) =>
    listeners.createHttpsListener(slb, address, { BackendServerPort: 80 }),
  SetLoadBalancerHTTPSListenerAttribute: (slb) =>
    listeners.setHttpsListener(slb, address, { Scheduler: 'rr' }),
  DescribeLoadBalancerHTTPSListenerAttribute: (slb) => listeners.describeHttpsListener(slb, address),
  StartLoadBalancerListener: (slb) => listeners.startListener(slb, address),
  StopLoadBalancerListener: (slb) => listeners.stopListener(slb, address),
  DeleteLoadBalancerListener: (slb) => listeners.deleteListener(slb, address),
  DescribeLoadBalancerListeners: (slb) => listeners.describeListeners(slb, 'lb-1'),
  CreateLoadBalancerHTTPListener: (slb) =>
    listeners.createRedirectListener(slb, { ...address, port: 80 }, 443),
  DescribeLoadBalancerHTTPListenerAttribute: (slb) => listeners.describeHttpListener(slb, address),
  ListTLSCipherPolicies: listeners.listTlsCipherPolicies,
  AddBackendServers: (slb) => backends.addBackendServers(slb, 'lb-1', one),
  SetBackendServers: (slb) => backends.setBackendServers(slb, 'lb-1', one),
  RemoveBackendServers: (slb) => backends.removeBackendServers(slb, 'lb-1', one),
  DescribeHealthStatus: (slb) => backends.describeHealthStatus(slb, 'lb-1', { port: 443, protocol: 'https' }),
  CreateVServerGroup: (slb) => vServerGroups.createVServerGroup(slb, 'lb-1', { name: 'a', servers: vOne }),
  DescribeVServerGroups: (slb) => vServerGroups.describeVServerGroups(slb, 'lb-1'),
  DescribeVServerGroupAttribute: (slb) => vServerGroups.describeVServerGroup(slb, 'g-1'),
  AddVServerGroupBackendServers: (slb) => vServerGroups.addVServers(slb, 'g-1', vOne),
  RemoveVServerGroupBackendServers: (slb) => vServerGroups.removeVServers(slb, 'g-1', vOne),
  DeleteVServerGroup: (slb) => vServerGroups.deleteVServerGroup(slb, 'g-1'),
  TagResources: (slb) => tags.tagResources(slb, 'instance', ['lb-1'], { a: 'b' }),
  UntagResources: (slb) => tags.untagResources(slb, 'instance', ['lb-1'], ['a']),
  ListTagResources: (slb) => tags.listTagResources(slb, 'instance', ['lb-1']),
  DescribeRegions: regions.describeRegions,
  DescribeZones: regions.describeZones,
  DescribeAvailableResource: regions.describeAvailableResource,
};

for (const [action, call] of Object.entries(everyAction))
  test(`${action} travels in the body alone, signed with V3`, async () => {
    await call(client());
    assert.equal(requests.length, 1);
    const [{ line, headers, form, body }] = requests as [Recorded];
    assert.equal(line, 'POST /');
    assert.equal(headers['x-acs-action'], action);
    assert.equal(headers['x-acs-version'], '2014-05-15');
    assert.match(headers['content-type'] ?? '', /^application\/x-www-form-urlencoded/);
    assert.match(
      headers['authorization'] ?? '',
      /^ACS3-HMAC-SHA256 Credential=LTAIexample,SignedHeaders=\S+,Signature=[0-9a-f]{64}$/,
    );
    assert.equal(headers['x-acs-content-sha256'], createHash('sha256').update(body).digest('hex'));
    assert.equal(form.get('RegionId'), 'ap-northeast-1');
    assert.ok(!JSON.stringify(headers).includes(secret));
    assert.ok(!JSON.stringify(headers).includes('canaryKEY'));
  });

test('the private key and the chain arrive byte for byte', async () => {
  await certificates.uploadServerCertificate(client(), {
    name: 'web',
    chainPem: 'chain +/=\n&%日本',
    privateKeyPem: key,
  });
  assert.equal(requests[0]!.form.get('PrivateKey'), key);
  assert.equal(requests[0]!.form.get('ServerCertificate'), 'chain +/=\n&%日本');
});

test('temporary credentials send their token in a header', async () => {
  const credentials = { accessKeyId: 'STS.x', accessKeySecret: secret, securityToken: 'token-token-token' };
  await regions.describeRegions(client({ credentials }));
  assert.equal(requests[0]!.headers['x-acs-security-token'], 'token-token-token');
  assert.equal(requests[0]!.line, 'POST /');
});

test('a new load balancer is always ordered by CLCU and traffic', async () => {
  await everyAction['CreateLoadBalancer']!(client());
  const { form } = requests[0]!;
  assert.equal(form.get('InstanceChargeType'), 'PayByCLCU');
  assert.equal(form.get('InternetChargeType'), 'paybytraffic');
  assert.equal(form.get('PayType'), 'PayOnDemand');
  assert.equal(form.get('LoadBalancerSpec'), null);
  assert.equal(form.get('ClientToken'), 't');
});

test('backends go out in calls of at most twenty', async () => {
  const many = Array.from({ length: 45 }, (_, index) => ({ serverId: `i-${index}`, weight: 1 }));
  await backends.addBackendServers(client(), 'lb-1', many);
  assert.deepEqual(
    requests.map(({ form }) => JSON.parse(form.get('BackendServers')!).length),
    [20, 20, 5],
  );
});

test('lists come back without their wrappers', async () => {
  fallback = {
    json: {
      RequestId: 'R',
      ServerCertificates: {
        ServerCertificate: [
          {
            ServerCertificateId: 'c-1',
            ServerCertificateName: 'web',
            Fingerprint: 'aa:bb',
            CommonName: 'example.com',
            ExpireTimeStamp: 1_800_000_000_000,
            IsAliCloudCertificate: 0,
            SubjectAlternativeNames: { SubjectAlternativeName: ['example.com', 'www.example.com'] },
          },
        ],
      },
    },
  };
  assert.deepEqual(await certificates.describeServerCertificates(client()), [
    {
      id: 'c-1',
      name: 'web',
      fingerprint: 'aa:bb',
      commonName: 'example.com',
      expiresAt: '2027-01-15T08:00:00.000Z',
      subjectAlternativeNames: ['example.com', 'www.example.com'],
      managed: false,
    },
  ]);
});

test('every page of load balancers is read, and only whole names match', async () => {
  const row = (id: number, name = 'warifu') => ({ LoadBalancerId: `lb-${id}`, LoadBalancerName: name });
  replies = [
    {
      json: {
        TotalCount: 102,
        LoadBalancers: { LoadBalancer: Array.from({ length: 100 }, (_, id) => row(id, `n${id}`)) },
      },
    },
    { json: { TotalCount: 102, LoadBalancers: { LoadBalancer: [row(100), row(101, 'warifu-2')] } } },
  ];
  assert.deepEqual(
    (await loadBalancers.describeLoadBalancers(client(), { name: 'warifu' })).map(({ id }) => id),
    ['lb-100'],
  );
});

test('a listener that is created but not visible yet reads as absent', async () => {
  replies = [
    { json: { RequestId: 'R', Status: '' } },
    refusal(404, 'ListenerNotFound'),
    refusal(400, 'InvalidParameter', 'The specified resource does not exist.'),
  ];
  for (let round = 0; round < 3; round++)
    assert.equal(await listeners.describeHttpsListener(client(), address), undefined);
});

test('a busy load balancer is waited for, three to five seconds at a time', async () => {
  replies = [
    refusal(400, 'ServiceIsConfiguring'),
    refusal(409, 'BackendServer.configuring'),
    refusal(449, 'SystemBusy'),
    { json: { RequestId: 'R-9' } },
  ];
  const slb = client();
  assert.deepEqual(await listeners.startListener(slb, address), { requestId: 'R-9' });
  assert.deepEqual(slb.waits, [3_000, 4_000, 5_000]);
});

test('a load balancer that stays busy for five minutes is given up', async () => {
  fallback = refusal(400, 'OperationBusy');
  const slb = client();
  const problem = await problemOf(listeners.startListener(slb, address));
  assert.equal(problem.code, 'SLB_BUSY');
  assert.deepEqual(problem.data, {
    action: 'StartLoadBalancerListener',
    cloudCode: 'OperationBusy',
    message: 'words',
    requestId: 'R-1',
    waitedSeconds: 302,
  });
  assert.ok(slb.waits.every((ms) => ms >= 3_000 && ms <= 5_000));
});

test('throttling is waited out with growing pauses, for a minute at most', async () => {
  replies = [refusal(400, 'Throttling.User'), refusal(503, 'Throttling'), { json: { RequestId: 'R-2' } }];
  const slb = client();
  await regions.describeRegions(slb);
  assert.deepEqual(slb.waits, [1_000, 2_000]);
  fallback = refusal(400, 'Throttling.Api');
  assert.equal((await problemOf(regions.describeRegions(client()))).code, 'SLB_THROTTLED');
});

test('a reused nonce is answered by a new one', async () => {
  replies = [refusal(400, 'SignatureNonceUsed')];
  await listeners.startListener(client(), address);
  assert.equal(requests.length, 2);
  assert.notEqual(
    requests[0]!.headers['x-acs-signature-nonce'],
    requests[1]!.headers['x-acs-signature-nonce'],
  );
});

test('a read is repeated when the connection breaks, is cut or the server fails', async () => {
  replies = ['drop', 'cut', refusal(500, 'InternalError'), { json: { RequestId: 'R-4' } }];
  await regions.describeRegions(client());
  assert.equal(requests.length, 4);
});

for (const [name, reply] of [
  ['broken off', 'drop'],
  ['cut in the middle', 'cut'],
  ['not JSON', { text: '<html>bad gateway</html>', status: 502 }],
  ['an internal error', refusal(500, 'InternalError')],
] as const)
  test(`a change whose answer is ${name} is sent once and has an unknown outcome`, async () => {
    replies = [reply];
    const problem = await problemOf(certificates.uploadCaCertificate(client(), { name: 'a', pem: 'PEM' }));
    assert.equal(problem.code, 'SLB_UNKNOWN_OUTCOME');
    assert.equal(requests.length, 1);
  });

test('a change without an answer in time has an unknown outcome', async () => {
  replies = ['silence'];
  const problem = await problemOf(
    certificates.uploadCaCertificate(client({ timeoutMs: 150 }), { name: 'a', pem: 'PEM' }),
  );
  assert.deepEqual(
    [problem.code, problem.data],
    ['SLB_UNKNOWN_OUTCOME', { action: 'UploadCACertificate', reason: 'timeout' }],
  );
});

test('where nobody listens, nothing was done', async () => {
  const nobody = createServer();
  await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve));
  const { port } = nobody.address() as AddressInfo;
  await new Promise((resolve) => nobody.close(resolve));
  const problem = await problemOf(
    certificates.uploadCaCertificate(client({ endpoint: `http://127.0.0.1:${port}` }), {
      name: 'a',
      pem: 'PEM',
    }),
  );
  assert.deepEqual(problem.data, {
    action: 'UploadCACertificate',
    endpoint: `127.0.0.1:${port}`,
    reason: 'ECONNREFUSED',
  });
});

test('changes to one load balancer wait for each other, others do not', async () => {
  const begun: string[] = [];
  const hold = Promise.withResolvers<void>();
  const slow = client({ sleep: () => hold.promise });
  replies = [refusal(400, 'OperationBusy')];
  const first = listeners.startListener(slow, address).then(() => begun.push('first'));
  const second = loadBalancers.setLoadBalancerName(slow, 'lb-1', 'b').then(() => begun.push('second'));
  await loadBalancers.setLoadBalancerName(client(), 'lb-2', 'b').then(() => begun.push('other'));
  hold.resolve();
  await Promise.all([first, second]);
  assert.deepEqual(begun, ['other', 'first', 'second']);
});

test('an aborted client does not retry', async () => {
  replies = [refusal(400, 'OperationBusy')];
  assert.equal(
    (await problemOf(listeners.startListener(client({ signal: AbortSignal.abort() }), address))).code,
    'SLB_BUSY',
  );
  assert.equal(requests.length, 1);
});

test('nothing of a request is found in the problem, whatever the cloud echoes', async () => {
  const echoes = [
    (body: string) => `server string to sign is:POST&%2F&${encodeURIComponent(body)}`,
    (body: string) => `bad request: ${body}`,
    () => `key ${key} is bad`,
    () => `key ${key.replaceAll('\n', ' ')}`,
    () => `PrivateKey=${encodeURIComponent(key)} and ${secret}`,
    () => key.split('\n')[1]!,
    () => `line ${key.split('\n')[2]}`,
  ];
  for (const echo of echoes)
    for (const code of ['SignatureDoesNotMatch', 'InvalidParameter', 'Strange.Code']) {
      const sent = new URLSearchParams({ ServerCertificateName: 'web', PrivateKey: key }).toString();
      replies = [refusal(400, code, echo(sent))];
      const problem = await problemOf(
        certificates.uploadServerCertificate(client(), { name: 'web', chainPem: 'PEM', privateKeyPem: key }),
      );
      const seen = JSON.stringify({
        ...problem,
        message: problem.message,
        stack: problem.stack,
        cause: problem.cause,
      });
      for (const canary of ['canaryKEY', 'secondLINEofCANARY', secret])
        assert.ok(!seen.includes(canary), `${code}: ${seen}`);
    }
});

test('regions have the endpoints that the official SDK uses', () => {
  const host = (regionId: string) =>
    createSlbClient({ regionId, credentials: { accessKeyId: 'a', accessKeySecret: 'b' } }).endpoint;
  assert.deepEqual(host('cn-hangzhou'), { protocol: 'https', host: 'slb.aliyuncs.com' });
  assert.deepEqual(host('ap-southeast-1'), { protocol: 'https', host: 'slb.aliyuncs.com' });
  assert.deepEqual(host('ap-northeast-1'), { protocol: 'https', host: 'slb.ap-northeast-1.aliyuncs.com' });
  assert.throws(() => host('mars-1'), { code: 'UNKNOWN_REGION' });
});

test('credentials go to https, and to plain http on loopback only', () => {
  const open = (override: string) => client({ endpoint: override }).endpoint;
  assert.deepEqual(open('http://127.0.0.1:81'), { protocol: 'http', host: '127.0.0.1:81' });
  assert.deepEqual(open('http://[::1]:81'), { protocol: 'http', host: '[::1]:81' });
  assert.deepEqual(open('https://slb.example.com'), { protocol: 'https', host: 'slb.example.com' });
  for (const bad of [
    'http://slb.aliyuncs.com',
    'http://127.0.0.1.evil.example',
    'https://a.example/path',
    'https://u:p@a.example',
    'ftp://a',
    'slb.aliyuncs.com',
    '',
  ])
    assert.throws(() => open(bad), { code: 'ENDPOINT_REFUSED' }, bad);
  try {
    open('https://user:hunter2hunter2@a.example');
  } catch (error) {
    assert.ok(!String((error as Error).message).includes('hunter2'));
  }
});
