import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { Desk, entry, tool } from './warifu.ts';

const desk = new Desk('bad input');
const p12 = desk.path('good.p12');

before(() => {
  desk.json('vault', 'init');
  desk.json('ca', 'create', 'CA', '--key', 'rsa-2048');
  desk.json('cert', 'issue', 'Somebody', '--ca', 'CA');
  desk.json('cert', 'export', 'Somebody', '--out', p12);
  desk.write('random', randomBytes(4096));
  desk.write('truncated', readFileSync(p12).subarray(0, 1500));
  desk.write('empty', '');
  desk.write('huge', Buffer.alloc(50 * 1024 * 1024, randomBytes(1024)));
  desk.write(
    'huge.pem',
    Buffer.concat([Buffer.from('-----BEGIN CERTIFICATE-----\n'), Buffer.alloc(50 * 1024 * 1024, 'QUJD\n')]),
  );
  desk.write('wrong-password', 'not the password\n');
});
after(() => desk[Symbol.dispose]());

/** What a refusal must be: a known problem in words, the right exit code, nothing changed on disk. */
function refused(
  args: readonly string[],
  codes: readonly string[],
  exits: readonly number[] = [1, 2, 3],
): void {
  const before = registryDigest();
  const { code, stdout, stderr } = desk.run('--json', ...args);
  const said = `${args.join(' ')}: exit ${code}\n${stdout}\n${stderr}`;
  const { ok, problem } = JSON.parse(stdout || '{}');
  assert.equal(ok, false, said);
  assert.ok(codes.includes(problem.code), said);
  assert.ok(exits.includes(code ?? -1), said);
  assert.ok(problem.what.length > 10 && problem.remedy.length > 10, said);
  assert.doesNotMatch(problem.what + problem.remedy + (problem.kept ?? ''), /\{\{|undefined|\[object/);
  assert.equal(registryDigest(), before, `something changed: ${said}`);
}

/** Every row of every table; the file itself may be checkpointed without anything changing. */
function registryDigest(): string {
  const database = new DatabaseSync(`${desk.home}/registry.db`, { readOnly: true });
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .all() as { name: string }[];
    const hash = createHash('sha256');
    for (const { name } of tables)
      for (const row of database.prepare(`SELECT * FROM "${name}"`).all()) hash.update(JSON.stringify(row));
    return hash.digest('hex');
  } finally {
    database.close();
  }
}

const unreadable = [
  'DER_MALFORMED',
  'PEM_MALFORMED',
  'INPUT_TOO_LARGE',
  'SERVER_CERTIFICATE_REFUSED',
  'NO_CERTIFICATE',
  'VALUE_INVALID',
  'UNSUPPORTED_ALGORITHM',
  'SERVER_CERTIFICATE_UNREADABLE',
];

describe('every importer', () => {
  for (const file of ['random', 'truncated', 'empty', 'huge', 'huge.pem'])
    for (const [name, args] of [
      [
        'store install',
        ['store', 'install', desk.path(file), '--password-file', desk.path('wrong-password')],
      ],
      ['cert sign', ['cert', 'sign', desk.path(file), '--ca', 'CA']],
      ['server-cert import', ['server-cert', 'import', 'x', desk.path(file)]],
      ['server-cert check', ['server-cert', 'check', desk.path(file)]],
    ] as const)
      test(`${name} refuses a ${file} file and changes nothing`, () =>
        refused(args, [...unreadable, 'SERVER_CERTIFICATE_NOT_FOUND_IN_FILES', 'PASSWORD_REQUIRED']));

  test('a file that is not there', () =>
    refused(
      ['store', 'install', desk.path('absent'), '--password-file', desk.path('wrong-password')],
      ['FILE_UNREADABLE'],
      [1],
    ));
});

test('wrong passwords and passphrases', () => {
  refused(['store', 'install', p12, '--password-file', desk.path('wrong-password')], ['WRONG_PASSWORD'], [1]);
  refused(
    ['server-cert', 'import', 'x', p12, '--password-file', desk.path('wrong-password')],
    ['WRONG_PASSWORD'],
    [1],
  );
  refused(
    ['--passphrase-file', desk.path('wrong-password'), 'ca', 'create', 'Second'],
    ['WRONG_PASSPHRASE'],
    [1],
  );
});

test('a key that belongs to another certificate', () => {
  for (const name of ['a', 'b'])
    tool(
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      `/CN=${name}.test`,
      '-addext',
      `subjectAltName=DNS:${name}.test`,
      '-days',
      '30',
      '-keyout',
      desk.path(`${name}.key`),
      '-out',
      desk.path(`${name}.crt`),
    );
  refused(
    ['server-cert', 'import', 'x', desk.path('a.crt'), '--key-file', desk.path('b.key')],
    ['KEY_MISMATCH', 'SERVER_CERTIFICATE_REFUSED'],
  );
});

test('names, values and policies', () => {
  refused(['ca', 'create', 'X', '--subject', 'C=Japan, CN=x'], ['NAME_INVALID'], [2]);
  refused(['ca', 'create', 'X', '--years', 'many'], ['VALUE_INVALID'], [2]);
  refused(['ca', 'create', 'CA'], ['AUTHORITY_EXISTS'], [3]);
  refused(['cert', 'issue', 'CA', '--ca', 'CA'], ['COMMON_NAME_OF_AUTHORITY'], [3]);
  refused(['cert', 'issue', 'Late', '--ca', 'CA', '--days', '3660'], ['OUTLIVES_AUTHORITY'], [3]);
  refused(['cert', 'issue', 'x', '--ca', 'nowhere'], ['AUTHORITY_NOT_FOUND'], [1]);
  refused(['cert', 'revoke', 'nobody'], ['CERTIFICATE_NOT_FOUND'], [1]);
});

test('an unknown region', () => {
  const secret = desk.write('secret', 'abcdefghijklmnopqrstuvwxyz1234');
  desk.json(
    'cloud',
    'login',
    '--name',
    'atlantis',
    '--access-key-id',
    'LTAI0000',
    '--access-key-secret-file',
    secret,
    '--region',
    'xx-atlantis-1',
  );
  refused(['cloud', 'regions', '--account', 'atlantis'], ['UNKNOWN_REGION']);
});

test('a busy port: the API says so, and a listener moves to a free port and says where', async () => {
  const busy = createServer();
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
  const { code, stdout } = desk.run(
    '--json',
    'simulator',
    'start',
    '--port',
    `${(busy.address() as AddressInfo).port}`,
  );
  await new Promise((resolve) => busy.close(resolve));
  assert.equal(JSON.parse(stdout).problem.code, 'PORT_BUSY');
  assert.equal(code, 1);

  const everywhere = createServer();
  const bound = await new Promise<boolean>((resolve) =>
    everywhere.once('error', () => resolve(false)).listen(443, '0.0.0.0', () => resolve(true)),
  );
  try {
    const tour = desk.json('tour');
    if (bound) assert.doesNotMatch(tour.endpoint, /:443$/);
    assert.equal(tour.steps.length, 7);
  } finally {
    everywhere.close();
  }
});

test('a full disk: the export says so and leaves no half file', (t) => {
  const mount = desk.path('small disk');
  mkdirSync(mount);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', mount]).status !== 0)
    return t.skip('a small file system cannot be mounted here');
  try {
    refusedOutput(['cert', 'export', 'Somebody', '--out', `${mount}/a.p12`]);
    assert.deepEqual(
      readdirSync(mount).filter((name) => name.endsWith('.p12') || name.endsWith('.part')),
      [],
    );
  } finally {
    spawnSync('umount', [mount]);
  }
});

function refusedOutput(args: readonly string[]): void {
  const { code, stdout } = desk.run('--json', ...args);
  assert.equal(JSON.parse(stdout).problem.code, 'FILE_UNWRITABLE');
  assert.equal(code, 1);
}

test('a full disk under the data directory: nothing is half-made, and it works again with space', (t) => {
  const mount = desk.path('small home');
  mkdirSync(mount);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', mount]).status !== 0)
    return t.skip('a small file system cannot be mounted here');
  try {
    const home = ['--home', `${mount}/home`];
    desk.json(...home, 'vault', 'init');
    desk.json(...home, 'ca', 'create', 'Small', '--key', 'rsa-2048');
    tool(
      'dd',
      'if=/dev/zero',
      `of=${mount}/ballast`,
      'bs=1k',
      'count=4000',
      'status=none',
      'conv=fsync,noerror',
      'oflag=append',
    );
  } catch (error) {
    // dd ends with an error once the disk is full, which is what it is here for.
    assert.match(String(error), /No space left/);
  }
  try {
    const home = ['--home', `${mount}/home`];
    const { code, stdout } = desk.run('--json', ...home, 'cert', 'issue', 'Nobody', '--ca', 'Small');
    assert.equal(code, 1, stdout);
    assert.match(JSON.parse(stdout).problem.code, /REGISTRY_DISK_FULL|REGISTRY_UNAVAILABLE/);
    tool('rm', `${mount}/ballast`);
    assert.equal(
      desk
        .json(...home, 'cert', 'list')
        .items.filter(({ commonName }: { commonName: string }) => commonName === 'Nobody').length,
      0,
    );
    assert.equal(desk.json(...home, 'cert', 'issue', 'Nobody', '--ca', 'Small').state, 'valid');
    assert.equal(desk.json(...home, 'audit', 'verify').ok, true);
  } finally {
    spawnSync('umount', [mount]);
  }
});

test('a data directory of a newer Warifu is left alone', () => {
  const home = desk.path('newer');
  desk.json('--home', home, 'vault', 'init');
  const database = new DatabaseSync(`${home}/registry.db`);
  database.exec('PRAGMA user_version = 9999');
  database.close();
  const before = readFileSync(`${home}/registry.db`);
  const { code, stdout } = desk.run('--json', '--home', home, 'ca', 'list');
  assert.equal(JSON.parse(stdout).problem.code, 'REGISTRY_NEWER');
  assert.notEqual(code, 0);
  assert.deepEqual(readFileSync(`${home}/registry.db`), before);
});

test('usage: unknown commands, missing options and bad languages end with 2 and say what was expected', () => {
  for (const args of [['frobnicate'], ['cert', 'issue', 'x'], ['--lang', 'fr', 'ca', 'list']]) {
    const { code, stderr } = desk.run(...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, /error:/);
  }
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.deepEqual(desk.run('--version'), { code: 0, stdout: `${version}\n`, stderr: '' });
});

test('what is asked wrongly is told in the language of everything else, with what to do next', () => {
  const { code, stderr } = desk.run('--lang', 'ja', 'cert', 'list', '--serch', 'x');
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^エラー: オプション「--serch」はありません\nもしかして: --search\n使えるもの.*--help/,
  );
});

test('the same problem is told in English, Japanese and Chinese', () => {
  const said = ['en', 'ja', 'zh-CN'].map(
    (language) => desk.run('--lang', language, 'ca', 'show', 'nowhere').stderr,
  );
  assert.match(said[0]!, /There is no CA called/);
  assert.match(said[1]!, /という CA はありません/);
  assert.match(said[2]!, /没有名为/);
});

test('two at once on one data directory: both finish and nothing is lost', async () => {
  const issue = (who: string) =>
    new Promise<number | null>((resolve) => {
      const child = desk.start('cert', 'issue', who, '--ca', 'CA', '--key', 'ec-p256');
      child.stdout!.resume();
      child.stderr!.resume();
      child.once('close', resolve);
    });
  const people = Array.from({ length: 8 }, (_, i) => `Person ${i}`);
  const exits: (number | null)[] = [];
  for (let i = 0; i < people.length; i += 2)
    exits.push(...(await Promise.all(people.slice(i, i + 2).map(issue))));
  assert.deepEqual(
    exits,
    people.map(() => 0),
  );
  const { items } = desk.json('cert', 'list', '--search', 'Person');
  assert.deepEqual(items.map(({ commonName }: { commonName: string }) => commonName).toSorted(), people);
  assert.equal(new Set(items.map(({ serial }: { serial: string }) => serial)).size, people.length);
  assert.equal(desk.json('audit', 'verify').ok, true);
  assert.deepEqual(desk.json('cert', 'possibly-issued'), []);
});

test('a reader that had enough hears no complaint', () => {
  // It is gone before the first word.
  const script = '"$0" "$1" --help | :';
  const { stderr } = spawnSync('sh', ['-c', script, process.execPath, entry], { encoding: 'utf8' });
  assert.equal(stderr, '');
});

test('Ctrl-C in the middle of a tour ends it cleanly', async () => {
  const child = desk.start('tour', '--keep', desk.path('interrupted'));
  child.stdout!.resume();
  await new Promise<void>((resolve) =>
    child.stderr!.on('data', (chunk) => String(chunk).includes('3.') && resolve()),
  );
  child.kill('SIGINT');
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(code, 130);
  assert.ok(existsSync(desk.path('interrupted/home/registry.db')));
});
