import assert from 'node:assert/strict';
import { createServer, request as httpRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { type Simulator, startSimulator } from '../../../simulator/simulator.ts';
import { openApi, popCore, refusalOf } from '../judges/alibaba-clients.ts';

interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

describe('who may call the API', () => {
  let simulator: Simulator;
  let now = new Date();

  before(async () => {
    simulator = await startSimulator({ port: 0, clock: () => now });
  });
  after(() => simulator.close());

  test('a wrong secret is refused, and V1 echoes the string-to-sign as the real gateway does', async () => {
    const wrong = { ...simulator, accessKeySecret: 'something else' };
    const v1 = await refusalOf(popCore(wrong, 'POST')('DescribeRegions', { Secretive: 'PRIVATE' }));
    assert.equal(v1.code, 'SignatureDoesNotMatch');
    assert.match(v1.message, /server string to sign is:POST&%2F&AccessKeyId.*PRIVATE/);
    const v3 = await refusalOf(openApi(wrong, { place: 'body' })('DescribeRegions'));
    assert.equal(v3.code, 'SignatureDoesNotMatch');
    const v2 = await refusalOf(openApi(wrong, { place: 'body', signature: 'v2' })('DescribeRegions'));
    assert.equal(v2.code, 'SignatureDoesNotMatch');
  });

  test('an unknown AccessKey is refused', async () => {
    const wrong = { ...simulator, accessKeyId: 'nobody' };
    for (const call of [popCore(wrong, 'GET'), openApi(wrong, { place: 'query' })]) {
      assert.equal((await refusalOf(call('DescribeRegions'))).code, 'InvalidAccessKeyId.NotFound');
    }
  });

  test('a time more than 15 minutes off is refused, in both directions; 14 minutes are not', async () => {
    const calls = [popCore(simulator, 'GET'), openApi(simulator, { place: 'body' })];
    const real = Date.now();
    try {
      for (const minutes of [-16, 16]) {
        now = new Date(real + minutes * 60_000);
        for (const call of calls) {
          assert.equal((await refusalOf(call('DescribeRegions'))).code, 'InvalidTimeStamp.Expired');
        }
      }
      now = new Date(real + 14 * 60_000);
      for (const call of calls) assert.ok((await call('DescribeRegions')).Regions);
    } finally {
      now = new Date();
    }
  });

  test('a request that comes a second time is refused, whichever signature it has', async () => {
    now = new Date();
    const senders = [popCore, (account: Simulator) => openApi(account, { place: 'body' })] as const;
    for (const sender of senders) {
      const recorded = await record((endpoint) =>
        sender({ ...simulator, endpoint }, 'POST')('DescribeZones', { RegionId: 'cn-beijing' }),
      );
      assert.equal((await send(simulator.endpoint, recorded)).status, 200);
      const again = await send(simulator.endpoint, recorded);
      assert.equal(again.status, 400);
      assert.equal(again.json.Code, 'SignatureNonceUsed');
      assert.deepEqual(Object.keys(again.json).sort(), [
        'Code',
        'HostId',
        'Message',
        'Recommend',
        'RequestId',
      ]);
    }
  });

  test('a body, a query or a header changed on its way breaks the signature', async () => {
    const recorded = await record((endpoint) =>
      openApi({ ...simulator, endpoint }, { place: 'body' })('DescribeZones', { RegionId: 'cn-beijing' }),
    );
    const changes: Partial<Recorded>[] = [
      { body: recorded.body.replace('beijing', 'hangzhou') },
      { path: `${recorded.path}?RegionId=cn-hangzhou` },
      { headers: { ...recorded.headers, 'x-acs-action': 'DescribeRegions' } },
    ];
    for (const change of changes) {
      const answer = await send(simulator.endpoint, { ...recorded, ...change });
      assert.equal(answer.json.Code, 'SignatureDoesNotMatch');
    }
    assert.equal((await send(simulator.endpoint, recorded)).status, 200, 'untouched it passes');
  });

  test('an x-acs header that is not under the signature is refused', async () => {
    const recorded = await record((endpoint) =>
      openApi({ ...simulator, endpoint }, { place: 'body' })('DescribeRegions'),
    );
    const headers = { ...recorded.headers, 'x-acs-region-id': 'cn-beijing' };
    const answer = await send(simulator.endpoint, { ...recorded, headers });
    assert.equal(answer.json.Code, 'IncompleteSignature');
  });

  test('a bare request is told what it lacks', async () => {
    const ask = (path: string) => send(simulator.endpoint, { method: 'GET', path, headers: {}, body: '' });
    assert.equal((await ask('/')).json.Code, 'MissingAction');
    assert.equal((await ask('/?Action=A&Version=B')).json.Code, 'MissingAccessKeyId');
    assert.equal((await ask('/elsewhere')).json.Code, 'InvalidAction.NotFound');
    const put = await send(simulator.endpoint, { method: 'PUT', path: '/', headers: {}, body: '' });
    assert.deepEqual([put.status, put.json.Code], [403, 'UnsupportedHTTPMethod']);
  });

  test('unknown actions, versions and regions have their own codes', async () => {
    const call = popCore(simulator, 'POST');
    assert.equal((await refusalOf(call('MakeCoffee'))).code, 'InvalidAction.NotFound');
    assert.equal((await refusalOf(call('CreateRules'))).code, 'UnsupportedOperation');
    assert.equal((await refusalOf(call('DescribeZones'))).code, 'MissingRegionId');
    const atlantis = call('DescribeZones', { RegionId: 'cn-atlantis' });
    assert.equal((await refusalOf(atlantis)).code, 'InvalidRegionId.NotFound');
    const newer = popCore(simulator, 'GET', '2020-06-16');
    assert.equal((await refusalOf(newer('DescribeRegions'))).code, 'InvalidVersion');
  });

  test('regions lead back to the simulator, never to the real cloud', async () => {
    const { Regions } = await popCore(simulator, 'GET')('DescribeRegions', { AcceptLanguage: 'zh-CN' });
    const hosts = new Set(Regions.Region.map((region: { RegionEndpoint: string }) => region.RegionEndpoint));
    assert.deepEqual([...hosts], [simulator.endpoint.replace('http://', '')]);
    assert.ok(Regions.Region.some((region: { LocalName: string }) => region.LocalName === '日本（东京）'));
  });
});

/** Has a client send its request to a listener of ours that only writes it down. */
async function record(sender: (endpoint: string) => Promise<unknown>): Promise<Recorded> {
  let recorded: Recorded | undefined;
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      recorded = { method: incoming.method!, path: incoming.url!, headers: incoming.headers, body };
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await sender(`http://127.0.0.1:${port}`);
  server.closeAllConnections();
  server.close();
  return recorded!;
}

/** Sends a recorded request, chunked or not as it was, with the Host it was signed for. */
function send(
  endpoint: string,
  recorded: Recorded,
): Promise<{ status: number; json: Record<string, string> }> {
  const { 'content-length': _, connection: __, ...headers } = recorded.headers;
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      endpoint,
      {
        method: recorded.method,
        path: recorded.path,
        headers: headers as Record<string, string>,
        agent: false,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode!, json: JSON.parse(text) }));
      },
    );
    sent.on('error', reject);
    sent.end(recorded.body);
  });
}
