import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Desk, entry, tool } from './warifu.ts';

/** Whether this machine lets us make a network namespace (as root, or where users may). */
const allowed = spawnSync('unshare', ['-n', 'true']).status === 0;
const skip = allowed ? false : 'network namespaces are not allowed here';

/** Runs the command line where no interface is up, watched by strace; its JSON. */
// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the command prints; the test asserts on it
function offline(desk: Desk, trace: string, ...args: readonly string[]): any {
  const watched = [
    'strace',
    '-f',
    '-qq',
    '-e',
    'trace=network',
    '-o',
    trace,
    process.execPath,
    entry,
    '--json',
  ];
  const run = spawnSync('unshare', ['-n', '--', ...watched, ...args], {
    env: desk.environment(),
    encoding: 'utf8',
    timeout: 120_000,
  });
  assert.equal(run.status, 0, `warifu ${args.join(' ')}: ${run.stdout}${run.stderr}`);
  return JSON.parse(run.stdout);
}

/** Every network call of a trace that could leave the machine: anything but local sockets. */
function leaving(trace: string): string[] {
  return readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => /\b(connect|sendto|sendmsg|bind|listen)\(/.test(line))
    .filter((line) => !/AF_UNIX|AF_NETLINK/.test(line));
}

test('with no network at all the CA is made, issues, revokes, publishes and exports, and never tries to connect', {
  skip,
}, () => {
  using keeper = new Desk('気密');
  let traces = 0;
  const run = (...args: readonly string[]) => {
    const trace = keeper.path(`trace ${traces++}`);
    const result = offline(keeper, trace, ...args);
    assert.deepEqual(leaving(trace), [], args.join(' '));
    return result;
  };
  run('vault', 'init');
  const { fingerprint } = run('ca', 'create', '割符 CA', '--key', 'rsa-2048');
  const { id } = run('cert', 'issue', 'CN=山田', '--ca', '割符 CA');
  run('cert', 'revoke', id, '--reason', 'superseded');
  const { entries } = run('crl', 'publish', '割符 CA');
  assert.equal(entries, 1);
  const bundle = keeper.path('持ち出し');
  run('transfer', 'export', '--ca', '割符 CA', '--out', bundle);
  run('vault', 'backup', '--out', keeper.path('控え'));
  run('audit', 'verify');

  // The connected machine takes it in, and openssl agrees with what arrived.
  using connected = new Desk('接続');
  connected.json('vault', 'init');
  connected.json('transfer', 'import', bundle, '--fingerprint', fingerprint, '--yes');
  const crl = connected.path('crl.pem');
  connected.json('crl', 'show', '割符 CA', '--out', crl);
  assert.match(tool('openssl', 'crl', '-in', crl, '-noout', '-text'), /Revoked Certificates/);
  assert.equal(connected.json('cert', 'show', id).state, 'revoked');
});

test('the trace would show a connection: strace sees what it is meant to see', { skip }, () => {
  using desk = new Desk('見張り');
  const trace = desk.path('trace');
  const program = "require('node:net').connect(9, '127.0.0.1').on('error', () => {})";
  spawnSync('strace', ['-f', '-qq', '-e', 'trace=network', '-o', trace, process.execPath, '-e', program]);
  assert.ok(leaving(trace).some((line) => line.includes('AF_INET')));
});
