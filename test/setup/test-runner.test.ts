import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Checkout, installedCheckout, lastLine } from './planted-checkout.ts';

const passing = "import { test } from 'node:test';\ntest('passes', () => {});\n";
const skipping =
  "import { test } from 'node:test';\ntest('needs a tool', (t) => t.skip('no such tool here'));\n";
const failing = `
  import assert from 'node:assert/strict';
  import { test } from 'node:test';
  console.log('words of the test file');
  test('adds up', () => assert.equal(1 + 1, 3, 'one and one'));`;

test('the last line counts every test, and success is exit code 0', async () => {
  const { exitCode, stdout } = await runTests({
    'one.test.ts': passing,
    'deep/down/two.test.ts': `
      import { describe, it } from 'node:test';
      describe('a suite is no test', () => { it('a', () => {}); it('b', async (t) => { await t.test('b, part one', () => {}); }); });`,
  });
  assert.equal(lastLine(stdout), '4 passed, 0 failed, 0 skipped');
  assert.ok(stdout.endsWith(' skipped\n'));
  assert.equal(exitCode, 0);
});

test('a failed test is shown with its error and the words of its file', async () => {
  const { exitCode, stdout } = await runTests({ 'one.test.ts': passing, 'two.test.ts': failing });
  assert.equal(lastLine(stdout), '1 passed, 1 failed, 0 skipped');
  assert.match(stdout, /--- adds up .*two\.test\.ts:5\n\s+AssertionError \[ERR_ASSERTION\]: one and one/);
  assert.match(stdout, /words of the test file/);
  assert.equal(exitCode, 1);
});

test('a skipped test is forgiven on a desk', async () => {
  const { exitCode, stdout } = await runTests({ 'one.test.ts': passing, 'two.test.ts': skipping });
  assert.equal(lastLine(stdout), '1 passed, 0 failed, 1 skipped');
  assert.match(stdout, /skipped: tests: two\.test\.ts: needs a tool: no such tool here\n/);
  assert.equal(exitCode, 0);
});

test('a skipped test fails a CI run, which names it and its reason', async () => {
  const { exitCode, stdout } = await runTests(
    { 'one.test.ts': passing, 'two.test.ts': skipping },
    { CI: 'true' },
  );
  assert.match(stdout, /skipped: tests: two\.test\.ts: needs a tool: no such tool here\n/);
  assert.equal(lastLine(stdout), '1 passed, 0 failed, 1 skipped');
  assert.equal(exitCode, 1);
});

test('a file for another system is named and not picked up; for this one it runs', async () => {
  const onlyOn = (platform: string, text: string): string => `// only on ${platform}: real keys\n${text}`;
  const elsewhere = process.platform === 'darwin' ? 'linux' : 'darwin';
  const { exitCode, stdout } = await runTests(
    {
      'one.test.ts': onlyOn(process.platform, passing),
      'two.test.ts': onlyOn(elsewhere, failing),
    },
    { CI: 'true' },
  );
  assert.match(stdout, new RegExp(`on ${elsewhere} alone: two\\.test\\.ts: real keys`));
  assert.equal(lastLine(stdout), '1 passed, 0 failed, 0 skipped');
  assert.equal(exitCode, 0);
});

test('a whole suite that is skipped, and a test still to do, count as skipped', async () => {
  const { exitCode, stdout } = await runTests(
    {
      'one.test.ts': `
        import { describe, it, test } from 'node:test';
        describe.skip('later', () => { it('a', () => {}); });
        test('unfinished', { todo: 'next week' }, () => { throw new Error('not yet'); });`,
    },
    { CI: 'true' },
  );
  assert.match(stdout, /unfinished: todo: next week/);
  assert.equal(lastLine(stdout), '0 passed, 0 failed, 2 skipped');
  assert.equal(exitCode, 1);
});

for (const [what, text, said] of [
  ['cannot be loaded', "throw new Error('no good');", /failed outside its tests|did not finish/],
  ['exits in mid-test', `${passing}test('quits', () => process.exit(0));`, /did not finish.*: exit code 0/],
  [
    'is killed',
    `${passing}test('dies', () => process.kill(process.pid, 'SIGKILL'));`,
    /did not finish.*: ended by SIGKILL/,
  ],
  ['holds no test', "console.log('nothing');", /holds no test/],
  ['fails after its tests', `${passing}setTimeout(() => { throw new Error('late'); }, 50);`, /late/],
] as const) {
  test(`a test file that ${what} is a failure`, {
    skip: process.platform === 'win32' && what === 'is killed',
  }, async () => {
    const { exitCode, stdout } = await runTests({ 'one.test.ts': text });
    assert.match(lastLine(stdout) ?? '', /^[01] passed, 1 failed, 0 skipped$/);
    assert.match(stdout, said);
    assert.equal(exitCode, 1);
  });
}

test('what a test file leaves running ends with it', { skip: process.platform === 'win32' }, async () => {
  await using checkout = await plantedTests({
    'one.test.ts': `
      import { spawn } from 'node:child_process';
      import { existsSync } from 'node:fs';
      import { test } from 'node:test';
      import { setTimeout } from 'node:timers/promises';
      test('forgets a child', async () => {
        const beat = "setInterval(() => fs.writeFileSync('heart', String(Date.now())), 20)";
        spawn(process.execPath, ['-e', beat], { stdio: 'inherit' }).unref();
        while (!existsSync('heart')) await setTimeout(10);
      });`,
  });
  assert.equal((await run(checkout)).exitCode, 0);
  const heart = join(checkout.path, 'heart');
  const lastBeat = await readFile(heart, 'utf8');
  await setTimeout(300);
  assert.equal(await readFile(heart, 'utf8'), lastBeat);
});

test('the crypto suite runs under Node and again under Bun, but for files that say why not', async (t) => {
  if (!existsSync(join(import.meta.dirname, '..', '..', 'node_modules', '@oven', 'bun-linux-x64'))) {
    t.skip('the Bun package is not installed');
    return;
  }
  const { stdout } = await runTests({
    'core/x509/one.test.ts': `${passing}${failing.replace('one and one', 'only where <Bun> & "Node" differ')}`
      .replace('1 + 1, 3', 'process.versions.bun, undefined')
      .replace("import { test } from 'node:test';\n", ''),
    'core/vault/two.test.ts': skipping,
    'core/vault/three.test.ts': `// not under Bun: it reads Node's own flags\n${passing}`,
    'core/slb/four.test.ts': passing,
  });
  // Node: 2 + skip + 1 + 1. Bun: 1 and 1 failed, skip.
  assert.equal(lastLine(stdout), '5 passed, 1 failed, 2 skipped');
  assert.match(stdout, /failed: crypto suite under Bun: core\/x509\/one\.test\.ts: adds up\n/);
  assert.match(
    stdout,
    /skipped: crypto suite under Bun: core\/vault\/two\.test\.ts: needs a tool: no such tool here\n/,
  );
  assert.match(stdout, /under Node alone: core\/vault\/three\.test\.ts: it reads Node's own flags\n/);
});

test('a full run counts each check as one test, and an absence of tests as a failure', async () => {
  await using checkout = await plantedTests({ 'one.test.ts': passing, 'core/x509/two.test.ts': passing });
  await checkout.plant({
    'package.json': manifest({ 'check:lint': `node -e "console.error('a stray comma'); process.exit(3)"` }),
  });
  const { exitCode, stdout } = await checkout.node(['scripts/test.mjs', '--no-install']);
  assert.match(stdout, /FAIL lint {2}\([\d.]+ s\)\n\s+a stray comma\n\s+\(exit code 3\)\n/);
  assert.match(stdout, /failed: lint: npm run check:lint\n/);
  assert.match(stdout, /failed: end-to-end tests: no test file was found\n/);
  const underBun = existsSync(join(checkout.path, 'node_modules', '@oven', 'bun-linux-x64'));
  assert.equal(
    lastLine(stdout),
    underBun ? '6 passed, 2 failed, 0 skipped' : '5 passed, 2 failed, 1 skipped',
  );
  assert.equal(exitCode, 1);
});

test('a set-up that cannot be completed is one failure with its sentence', async () => {
  await using checkout = await plantedTests({ 'one.test.ts': passing });
  await checkout.plant({ 'package-lock.json': '{"packages":{"node_modules/never":{"version":"1.0.0"}}}' });
  const { exitCode, stdout } = await run(checkout);
  assert.match(
    stdout,
    /The installed packages differ from package-lock\.json \(node_modules\/never\)\. Run "npm start" or "npm test"/,
  );
  assert.equal(lastLine(stdout), '0 passed, 1 failed, 0 skipped');
  assert.equal(exitCode, 1);
});

test('a filter that matches no test file is a failure', async () => {
  await using checkout = await plantedTests({ 'one.test.ts': passing });
  const { exitCode, stdout } = await checkout.node(['scripts/test.mjs', '--no-install', 'core/nowhere']);
  assert.equal(lastLine(stdout), '0 passed, 1 failed, 0 skipped');
  assert.equal(exitCode, 1);
});

/** Runs the test stages alone, on planted files below test/. */
async function runTests(files: Readonly<Record<string, string>>, env?: Readonly<Record<string, string>>) {
  await using checkout = await plantedTests(files);
  return await run(checkout, env);
}

function run(checkout: Checkout, env?: Readonly<Record<string, string>>) {
  // The empty filter matches every file and leaves the checks out.
  return checkout.node(['scripts/test.mjs', '--no-install', 'test/'], env);
}

async function plantedTests(files: Readonly<Record<string, string>>): Promise<Checkout> {
  const checkout = await installedCheckout();
  await checkout.plant({ 'package.json': manifest({}) });
  await checkout.plant(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`test/${name}`, text])),
  );
  return checkout;
}

function manifest(scripts: Readonly<Record<string, string>>): string {
  const checks = {
    'check:types': 'node -e 0',
    'check:lint': 'node -e 0',
    'check:arrows': 'node -e 0',
    'check:dead': 'node -e 0',
  };
  return JSON.stringify({ type: 'module', scripts: { ...checks, ...scripts } });
}

test('files that take turns over the same thing never run beside each other', async () => {
  // Fails when the folder is there already.
  const exclusive = `// takes turns: the folder
import { mkdirSync, rmdirSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
test('has it alone', async () => {
  mkdirSync('only-one');
  await setTimeout(700);
  rmdirSync('only-one');
});
`;
  await using checkout = await plantedTests({
    'a.test.ts': exclusive,
    'b.test.ts': exclusive,
    'c.test.ts': passing,
    'd.test.ts': exclusive,
  });
  const { stdout } = await checkout.node(['scripts/test.mjs', '--no-install', 'a', 'b', 'c', 'd']);
  assert.equal(lastLine(stdout), '4 passed, 0 failed, 0 skipped');
});
