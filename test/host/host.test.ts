import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, before, describe, it, test } from 'node:test';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { WarifuClient } from '../../contract/contract.ts';
import { type Loopback, openLoopback, tokenOf } from './loopback.ts';

let loopback: Loopback;
before(async () => {
  loopback = await openLoopback();
});
after(() => loopback[Symbol.asyncDispose]());

/** vault.status, as the window asks for it. */
const call = '/api/vault/status';

describe('the host lets in', () => {
  it('the browser that brings the one-time token, and answers it', async () => {
    const headers = await loopback.letIn();
    const answer = await loopback.ask(call, { method: 'POST', headers, body: '{}' });
    assert.equal(answer.status, 200);
    assert.equal(JSON.parse(answer.text).json.state, 'absent');
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
  });

  it('anybody to the page itself, which says nothing, under a policy with a new nonce each time', async () => {
    const [first, second] = [await loopback.ask('/'), await loopback.ask('/')];
    assert.equal(first.status, 200);
    const policy = String(first.headers['content-security-policy']);
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*/);
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!;
    assert.ok(first.text.includes(`nonce="${nonce}"`));
    assert.doesNotMatch(first.text, /__WARIFU_NONCE__/);
    assert.ok(!second.text.includes(nonce));
    assert.equal(first.headers['x-content-type-options'], 'nosniff');
  });

  it('the contract with its typed problems and its event iterators', async () => {
    const given = await loopback.letIn();
    const link = new RPCLink({
      url: `${loopback.host.origin}/api`,
      headers: given as Record<string, string>,
    });
    const client: WarifuClient = createORPCClient(link);
    await assert.rejects(client.authority.get({ authority: 'nobody' }), {
      code: 'AUTHORITY_NOT_FOUND',
      data: { authority: 'nobody' },
    });
    const events = await client.rollout.verify({ name: 'nothing' });
    await assert.rejects(events.next(), { code: 'ROLLOUT_NOT_FOUND' });
    await assert.rejects(client.certificate.list({ limit: 100_000 }), { code: 'BAD_REQUEST' });
  });
});

describe('the cookie', () => {
  it('cannot be read by scripts, goes to no other site, and is not enough', async () => {
    const token = tokenOf(loopback.host.newAddress());
    const answer = await loopback.ask('/session', {
      method: 'POST',
      headers: { origin: loopback.host.origin, 'content-type': 'application/json' },
      body: token,
    });
    const [cookie] = answer.headers['set-cookie']!;
    assert.match(cookie!, /; HttpOnly/);
    assert.match(cookie!, /; SameSite=Strict/);
    // Another server on this machine may have been sent it: cookies know no ports.
    const stolen = await loopback.ask(call, {
      method: 'POST',
      headers: {
        origin: loopback.host.origin,
        'content-type': 'application/json',
        cookie: cookie!.split(';')[0]!,
      },
      body: '{}',
    });
    assert.equal(stolen.status, 401);
  });
});

describe('the host refuses, and says so in its log,', () => {
  const guess = 'guessedtokenguessedtokenguessedtoken';

  it('a call without a session', async () => {
    const { status, text } = await loopback.ask(call, {
      method: 'POST',
      headers: { origin: loopback.host.origin, 'content-type': 'application/json' },
      body: '{}',
    });
    assert.deepEqual([status, text], [401, '']);
    assert.match(loopback.log(), /"refused":"no-session"/);
  });

  it('a wrong token, an empty one, and one that is far too long', async () => {
    for (const body of [guess, '', 'x'.repeat(100_000)]) {
      const answer = await loopback.ask('/session', {
        method: 'POST',
        headers: { origin: loopback.host.origin, 'content-type': 'application/json' },
        body,
      });
      assert.equal(answer.status, 403);
      assert.equal(answer.headers['set-cookie'], undefined);
    }
    assert.match(loopback.log(), /"refused":"wrong-token"/);
  });

  it('a token that was used already', async () => {
    const body = tokenOf(loopback.host.newAddress());
    const exchange = () =>
      loopback.ask('/session', {
        method: 'POST',
        headers: { origin: loopback.host.origin, 'content-type': 'application/json' },
        body,
      });
    assert.equal((await exchange()).status, 200);
    assert.equal((await exchange()).status, 403);
  });

  it('another origin, a missing one, and none at all to speak of', async () => {
    const headers = await loopback.letIn();
    for (const origin of ['https://evil.example', 'http://127.0.0.1:1', 'http://localhost', 'null']) {
      const answer = await loopback.ask(call, {
        method: 'POST',
        headers: { ...headers, origin },
        body: '{}',
      });
      assert.equal(answer.status, 403, origin);
    }
    const { origin: _, ...without } = headers;
    assert.equal((await loopback.ask(call, { method: 'POST', headers: without, body: '{}' })).status, 403);
    assert.match(loopback.log(), /"refused":"foreign-origin"/);
  });

  it('a name that was made to point here (DNS rebinding)', async () => {
    const headers = await loopback.letIn();
    const { port } = new URL(loopback.host.origin);
    for (const host of [`evil.example:${port}`, 'evil.example', `localhost:${port}`, '127.0.0.1']) {
      assert.equal((await loopback.ask('/', { headers: { host } })).status, 403, host);
      const answer = await loopback.ask(call, { method: 'POST', headers: { ...headers, host }, body: '{}' });
      assert.equal(answer.status, 403, host);
    }
    assert.match(loopback.log(), /"refused":"foreign-host"/);
  });

  it('a form of another site, and a form of any site', async () => {
    const headers = await loopback.letIn();
    const cross = { ...headers, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    assert.equal((await loopback.ask(call, { method: 'POST', headers: cross, body: '{}' })).status, 403);
    const { 'x-warifu-key': _, ...form } = headers;
    for (const type of [
      'application/x-www-form-urlencoded',
      'text/plain',
      'multipart/form-data; boundary=b',
    ]) {
      const answer = await loopback.ask(call, {
        method: 'POST',
        headers: { ...form, 'content-type': type },
        body: 'json={}',
      });
      assert.equal(answer.status, 403, type);
    }
    assert.match(loopback.log(), /"refused":"cross-site"/);
    assert.match(loopback.log(), /"refused":"form"/);
  });

  it('to be embedded or read by another site, even for the page', async () => {
    for (const dest of ['iframe', 'script', 'image', 'empty']) {
      const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': dest };
      assert.equal((await loopback.ask('/', { headers })).status, 403, dest);
    }
  });

  it('paths that lead out of the window, and files that are not of it', async () => {
    for (const path of [
      '/../../../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/..%2f..%2fetc/passwd',
      '/..\\..\\windows\\win.ini',
      '//etc/passwd',
      '/app.js/../../registry.db',
      '/notes.key',
      '/index.html',
      '/%00',
    ]) {
      const { status, text } = await loopback.ask(path);
      assert.deepEqual([status, text], [404, ''], path);
    }
  });

  it('methods other than GET and POST, and reading the contract by GET', async () => {
    const headers = await loopback.letIn();
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])
      assert.equal((await loopback.ask(call, { method, headers })).status, 403, method);
    assert.notEqual((await loopback.ask(call, { headers })).status, 200);
  });

  it('a procedure that is not in the contract', async () => {
    const headers = await loopback.letIn();
    for (const path of [
      '/api/vault/unseal',
      '/api/registry/write',
      '/api/constructor',
      '/api/__proto__/status',
      '/api/vault',
      '/api/',
    ]) {
      const answer = await loopback.ask(path, { method: 'POST', headers, body: '{}' });
      assert.equal(answer.status, 404, path);
    }
    assert.match(loopback.log(), /"refused":"no-such-procedure"/);
  });

  it('without ever writing a token, a key or a cookie down', async () => {
    const headers = await loopback.letIn();
    await loopback.ask(`/${tokenOf(loopback.host.newAddress())}?token=${guess}`);
    const log = loopback.log();
    for (const secret of [guess, String(headers['x-warifu-key']), String(headers['cookie']).split('=')[1]!])
      assert.ok(!log.includes(secret));
    assert.doesNotMatch(log, /[A-Za-z0-9_-]{24,}/);
  });
});

test('an answer of the contract carries no stack and no path of this machine', async () => {
  const headers = await loopback.letIn();
  const answer = await loopback.ask('/api/authority/get', { method: 'POST', headers, body: 'not json' });
  assert.ok(answer.status >= 400);
  assert.doesNotMatch(answer.text, /node_modules|\.ts:\d|at .*\(/);
});

test('other machines find no door', async (t) => {
  const { port } = new URL(loopback.host.origin);
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address && !address.internal && address.family === 'IPv4');
  if (!outside) {
    t.diagnostic('this machine has no address but the loopback one');
    return;
  }
  const reached = await new Promise<boolean>((resolve) => {
    const socket = connect(Number(port), outside.address, () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  assert.equal(reached, false);
});

test('nothing that the window may ask for takes a path of this machine', async () => {
  // Files come and go as bytes, through the browser's own dialogs.
  const { contract } = await import('../../contract/contract.ts');
  const named = JSON.stringify(
    Object.entries(contract).flatMap(([room, procedures]) =>
      Object.entries(procedures).map(([name, procedure]) => {
        const { inputSchema } = (procedure as { '~orpc': { inputSchema?: { def?: unknown } } })['~orpc'];
        return [room, name, inputFields(inputSchema)];
      }),
    ),
  );
  assert.match(named, /"fileBytes"|"files"|"pkcs12"/);
  assert.doesNotMatch(named, /"(path|file|directory|folder|fileName|out)"/i);
  // And the data directory holds what Warifu made, nothing that a call has put there.
  assert.ok(readdirSync(loopback.home).every((name) => /^(registry\.db|host\.log|vault\.json)/.test(name)));
});

/** Names of the fields of a Zod object, unions looked into. */
function inputFields(schema: unknown): readonly string[] {
  const def = (schema as { def?: { shape?: object; options?: unknown[]; innerType?: unknown } } | undefined)
    ?.def;
  if (!def) return [];
  return [
    // A file is its bytes (instanceof Blob), whatever the field is called.
    ...Object.entries(def.shape ?? {})
      .filter(([, field]) => (field as { def: { type: string } }).def.type !== 'custom')
      .map(([name]) => name),
    ...Object.values(def.shape ?? {}).flatMap(inputFields),
    ...(def.options ?? []).flatMap(inputFields),
    ...(def.innerType ? inputFields(def.innerType) : []),
  ];
}
