import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Desk, tool } from './warifu.ts';

/**
 * Canaries: every secret that a session with the cloud makes or is given, in each encoding it could leak in.
 * The simulator stands behind a listening post that records every request line.
 */
const desk = new Desk('canary');
const secrets = new Map<string, Buffer>();
const requestLines: string[] = [];
const commandLines = new Set<string>();
const output: string[] = [];
let post: ReturnType<typeof createServer>;

const polling = setInterval(watchProcesses, 2);

before(async () => {
  const region = await desk.simulator();
  const upstream = new URL(region.endpoint);
  post = createServer((incoming, outgoing) => {
    requestLines.push(`${incoming.method} ${incoming.url}`);
    const forwarded = request(
      {
        host: upstream.hostname,
        port: upstream.port,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => post.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(post.address() as AddressInfo).port}`;

  await run('vault', 'init');
  const secretFile = desk.write('access-key-secret', region.accessKeySecret);
  await run(
    'cloud',
    'login',
    '--access-key-id',
    region.accessKeyId,
    '--access-key-secret-file',
    secretFile,
    '--region',
    region.regionId,
    '--endpoint',
    endpoint,
    '--practice',
  );
  await run('ca', 'create', 'Canary CA', '--key', 'rsa-2048');
  tool(
    'openssl',
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=canary.test',
    '-addext',
    'subjectAltName=DNS:canary.test',
    '-keyout',
    desk.path('server.key'),
    '-out',
    desk.path('server.csr'),
  );
  await run(
    'cert',
    'sign',
    desk.path('server.csr'),
    '--ca',
    'Canary CA',
    '--profile',
    'server',
    '--out',
    desk.path('server.crt'),
  );
  await run('ca', 'export', 'Canary CA', '--out', desk.path('ca.crt'));
  await run(
    'server-cert',
    'import',
    'canary',
    desk.path('server.crt'),
    desk.path('ca.crt'),
    '--key-file',
    desk.path('server.key'),
    '--host',
    'canary.test',
  );
  await run(
    'rollout',
    'apply',
    '--yes',
    '--server-cert',
    'canary',
    '--ca',
    'Canary CA',
    '--backend',
    'i-demo-1',
    'i-demo-2',
  );
  await run('cert', 'issue', 'Canary Client', '--ca', 'Canary CA');
  await run('cert', 'export', 'Canary Client', '--out', desk.path('client.p12'));
  await run('store', 'install', desk.path('client.p12'));
  await run('rollout', 'verify');
  // Errors must keep secrets too: a wrong AccessKey, a wrong password, a wrong passphrase.
  const wrong = desk.write('wrong', 'WrongCanarySecret1234567890');
  await run(
    'cloud',
    'login',
    '--name',
    'wrong',
    '--access-key-id',
    region.accessKeyId,
    '--access-key-secret-file',
    wrong,
    '--region',
    region.regionId,
    '--endpoint',
    endpoint,
    '--practice',
  );
  await run('cloud', 'regions', '--account', 'wrong');
  await run('store', 'install', desk.path('client.p12'), '--password-file', wrong);
  await run('--passphrase-file', wrong, 'vault', 'unlock');

  secrets.set('vault passphrase', Buffer.from(desk.passphrase));
  secrets.set('AccessKey secret', Buffer.from(region.accessKeySecret));
  secrets.set('wrong secret', Buffer.from('WrongCanarySecret1234567890'));
  const password = readFileSync(desk.path('client.p12.password'), 'utf8').trim();
  secrets.set('PKCS#12 password', Buffer.from(password));
  addKey('server key', readFileSync(desk.path('server.key'), 'utf8'));
  addKey(
    'client key',
    tool(
      'openssl',
      'pkcs12',
      '-in',
      desk.path('client.p12'),
      '-passin',
      `file:${desk.path('client.p12.password')}`,
      '-nodes',
      '-nocerts',
    ),
  );
});
after(() => {
  clearInterval(polling);
  post.close();
  desk[Symbol.dispose]();
});

/** The private primes of an RSA key, raw: whatever the encoding around them, they are in it. */
function addKey(name: string, pem: string): void {
  const text = tool('openssl', 'rsa', '-in', desk.write(`${name}.pem`, pem), '-noout', '-text');
  for (const part of ['privateExponent', 'prime1', 'prime2']) {
    const hex = new RegExp(`${part}:\\s*([0-9a-f:\\s]+)`)
      .exec(text)![1]!
      .replace(/[^0-9a-f]/g, '')
      .replace(/^00/, '');
    secrets.set(`${name} ${part}`, Buffer.from(hex, 'hex'));
  }
}

async function run(...args: readonly string[]): Promise<void> {
  const child = desk.start('--json', ...args);
  child.stdout!.on('data', (chunk) => output.push(String(chunk)));
  child.stderr!.on('data', (chunk) => output.push(String(chunk)));
  await new Promise((resolve) => child.once('close', resolve));
}

function watchProcesses(): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      commandLines.add(readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
    } catch {
      // Processes end while they are looked at.
    }
  }
}

/** A secret as bytes, hex, base64 at each of its three alignments, and percent-encoded. */
function encodings(secret: Buffer): Buffer[] {
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), secret])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4)
      .replace(/.{4}=*$/, ''),
  );
  const texts = [
    secret.toString('hex'),
    secret.toString('hex').toUpperCase(),
    ...base64.filter((text) => text.length >= 12),
    encodeURIComponent(secret.toString('latin1')),
  ];
  return [secret, ...texts.map((text) => Buffer.from(text))];
}

function search(where: string, content: Buffer): string[] {
  const dense = Buffer.from(content.toString('latin1').replace(/[\r\n]+/g, ''), 'latin1');
  return [...secrets]
    .filter(([, secret]) => encodings(secret).some((form) => content.includes(form) || dense.includes(form)))
    .map(([name]) => `${name} in ${where}`);
}

test('the canaries can be found where they are meant to be, so that a clean result means something', () => {
  assert.deepEqual(
    search('file', readFileSync(desk.path('server.key'))),
    ['server key privateExponent', 'server key prime1', 'server key prime2'].map((name) => `${name} in file`),
  );
  assert.deepEqual(search('file', readFileSync(desk.path('access-key-secret'))), [
    'AccessKey secret in file',
  ]);
});

test('no secret lies in plain in the data directory, its log included', () => {
  const found = readdirSync(desk.home).flatMap((name) => search(name, readFileSync(join(desk.home, name))));
  assert.deepEqual(found, []);
});

test('no secret and no parameter travels in a URL', () => {
  assert.ok(requestLines.length > 15, `${requestLines.length} requests`);
  assert.deepEqual([...new Set(requestLines)], ['POST /']);
});

test('no secret is in what the command line says, errors included', () => {
  const said = output.join('');
  assert.match(said, /SLB_DENIED/);
  assert.match(said, /WRONG_PASSPHRASE/);
  assert.deepEqual(search('output', Buffer.from(said)), []);
});

test('no secret is ever in the process list', () => {
  assert.ok(
    [...commandLines].some(
      (line) => line.includes('pk12util') || line.includes('certutil') || line.includes('warifu.mjs'),
    ),
  );
  assert.deepEqual(search('process list', Buffer.from([...commandLines].join('\n'), 'latin1')), []);
});
