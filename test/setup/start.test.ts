import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { bareCheckout, type Checkout, installedCheckout, pretendingToBeNode20 } from './planted-checkout.ts';

const lockfile = JSON.stringify({
  lockfileVersion: 3,
  packages: { '': {}, 'node_modules/part': { version: '1.0.0', integrity: 'sha512-new' } },
});

/** Stands for npm: what it is asked, and what it leaves behind. */
const npm = {
  thatInstalls: `
    import { mkdirSync, writeFileSync, readFileSync, appendFileSync } from 'node:fs';
    appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n');
    console.log('words of npm');
    mkdirSync('node_modules/part', { recursive: true });
    writeFileSync('node_modules/part/package.json', '{}');
    writeFileSync('node_modules/.package-lock.json', readFileSync('package-lock.json'));`,
  thatBreaksOff: `
    import { mkdirSync } from 'node:fs';
    mkdirSync('node_modules/part', { recursive: true });
    console.error('network unreachable');
    process.exit(1);`,
};

test('npm start -- --tour takes the tour with its arguments, and answers with its exit code', async () => {
  await using checkout = await installedCheckout();
  await checkout.plant({
    'package.json': '{"type":"module"}',
    'cli/warifu.mjs': 'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7;',
  });
  const { exitCode, stdout } = await checkout.node([
    'scripts/start.mjs',
    '--tour',
    '--json',
    '--keep',
    'a folder',
  ]);
  assert.equal(stdout, '["tour","--json","--keep","a folder"]\n');
  assert.equal(exitCode, 7);
});

test('npm start builds what it opens once, again when it has changed, and opens the app', async () => {
  await using checkout = await installedCheckout();
  await checkout.plant({
    'package.json': '{"type":"module"}',
    'cli/warifu.mjs': 'console.log(JSON.stringify(process.argv.slice(2)));',
    'core/key-maker/key-maker-thread.ts': '',
    'core/authority/reader-thread.ts': '',
    'core/pkcs12/aside-thread.ts': '',
    'host/host.ts': '',
    'simulator/simulator.ts': '',
    'contract/contract.ts': 'export const contract = 1;',
    'renderer/index.html': '<!doctype html><script type="module" src="./main.ts"></script>',
    'renderer/main.ts': "document.title = 'first';",
  });
  const first = await checkout.node(['scripts/start.mjs', '--no-browser']);
  assert.equal(first.stdout, '["app","--no-browser"]\n');
  assert.match(first.stderr, /Building the window \.\.\.\n(.*\n)*?Building the command line/);
  const second = await checkout.node(['scripts/start.mjs']);
  assert.deepEqual([second.stdout, second.stderr], ['["app"]\n', '']);
  await checkout.plant({ 'renderer/main.ts': "document.title = 'second';" });
  assert.equal((await checkout.node(['scripts/start.mjs'])).stderr, 'Building the window ...\n');
  await checkout.plant({ 'cli/warifu.mjs': "console.log('another');" });
  const third = await checkout.node(['scripts/start.mjs']);
  assert.deepEqual([third.stdout, third.stderr], ['another\n', 'Building the command line ...\n']);
  await checkout.plant({ 'renderer/main.ts': 'this is no program' });
  const broken = await checkout.node(['scripts/start.mjs']);
  assert.deepEqual([broken.exitCode, broken.stdout], [1, '']);
  assert.match(broken.stderr, /could not be built/);
});

test('an interrupt reaches the main job, which has the last word', {
  skip: process.platform === 'win32',
}, async () => {
  await using checkout = await installedCheckout();
  await checkout.plant({
    'package.json': '{"type":"module"}',
    'cli/warifu.mjs': `
      process.once('SIGINT', () => { console.log('tidied up'); process.exit(130); });
      setInterval(() => {}, 1000);
      console.log('running');`,
  });
  const start = spawn(process.execPath, ['scripts/start.mjs', '--tour'], {
    cwd: checkout.path,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  start.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said === 'running\n') start.kill('SIGINT');
  });
  const [exitCode] = await once(start, 'close');
  assert.equal(said, 'running\ntidied up\n');
  assert.equal(exitCode, 130);
});

test('what is missing is installed once; npm speaks on stderr only', async () => {
  await using checkout = await checkoutWithNpm(npm.thatInstalls);
  const first = await start(checkout);
  assert.deepEqual([first.exitCode, first.stdout], [0, 'main job\n']);
  assert.match(first.stderr, /words of npm/);
  const second = await start(checkout);
  assert.deepEqual([second.exitCode, second.stdout, second.stderr], [0, 'main job\n', '']);
});

test('an install that broke off is done again by the next run', async () => {
  await using checkout = await checkoutWithNpm(npm.thatBreaksOff);
  const broken = await start(checkout);
  assert.equal(broken.exitCode, 1);
  assert.equal(broken.stdout, '');
  assert.match(broken.stderr, /npm did not succeed \(1\).*run this again/);
  await checkout.plant({ 'npm/npm-cli.js': npm.thatInstalls });
  assert.deepEqual((await start(checkout)).stdout, 'main job\n');
});

for (const [what, files] of Object.entries({
  'packages of an older lockfile': {
    'node_modules/.package-lock.json': lockfile.replace('sha512-new', 'sha512-old'),
    'node_modules/part/package.json': '{}',
  },
  'a package that was deleted by hand': { 'node_modules/.package-lock.json': lockfile },
  'a package that is no longer wanted': {
    'node_modules/.package-lock.json': lockfile.replace('"":{}', '"node_modules/old":{}'),
    'node_modules/part/package.json': '{}',
  },
  'a torn record of what is installed': { 'node_modules/.package-lock.json': lockfile.slice(0, 40) },
})) {
  test(`${what}: noticed and repaired`, async () => {
    await using checkout = await checkoutWithNpm(npm.thatInstalls);
    await checkout.plant(files);
    const { exitCode, stderr } = await start(checkout);
    assert.equal(exitCode, 0);
    assert.match(stderr, /words of npm/);
  });
}

test('where npm can bring no Node 24 and the own one is older, one sentence says what to do', async () => {
  await using checkout = await checkoutWithNpm(npm.thatInstalls);
  const { exitCode, stdout, stderr } = await start(checkout, pretendingToBeNode20);
  assert.equal(exitCode, 1);
  assert.equal(stdout, '');
  assert.match(
    stderr,
    /\nWarifu needs Node 24 or newer, this is 20\.11\.0, .*install it from https:\/\/nodejs\.org, then run this again\.\n$/,
  );
});

async function checkoutWithNpm(script: string): Promise<Checkout> {
  const checkout = await bareCheckout();
  await checkout.plant({
    'package.json': '{"type":"module"}',
    'package-lock.json': lockfile,
    'npm/npm-cli.js': script,
    'cli/warifu.mjs': "console.log('main job');",
  });
  return checkout;
}

function start(checkout: Checkout, nodeOptions: readonly string[] = []) {
  const npm_execpath = join(checkout.path, 'npm', 'npm-cli.js');
  return checkout.node([...nodeOptions, 'scripts/start.mjs', '--tour'], { npm_execpath });
}
