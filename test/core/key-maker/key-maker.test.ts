import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { KeyMaker } from '../../../core/key-maker/key-maker.ts';
import { describePublicKey, type KeyAlgorithm, publicKeyOf } from '../../../core/x509/key.ts';
import { missing, ToolBench } from '../x509/tool-bench.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const notLinux = process.platform === 'linux' ? false : 'only Linux shows a process its threads';
const bench = new ToolBench();
after(() => bench.remove());

const texts: Readonly<Record<KeyAlgorithm, string>> = {
  'rsa-2048': 'RSA 2048',
  'rsa-3072': 'RSA 3072',
  'rsa-4096': 'RSA 4096',
  'ec-p256': 'EC P-256',
  'ec-p384': 'EC P-384',
};
const asked: readonly KeyAlgorithm[] = ['ec-p384', 'rsa-2048', 'ec-p256', 'rsa-3072', 'ec-p256', 'ec-p384'];
const textOf = (key: Uint8Array): string => describePublicKey(publicKeyOf(key)).text;

/** How nice this process's threads of that name are (proc(5), the 19th field). */
function niceness(name: string): number[] {
  return readdirSync('/proc/self/task').flatMap((thread) => {
    try {
      const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'latin1');
      const [, comm, rest] = /^\d+ \((.*)\) (.*)$/s.exec(stat)!;
      return comm === name ? Number(rest!.split(' ')[16]) : [];
    } catch (error) {
      // It has ended since it was listed.
      if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  });
}

async function until(what: () => boolean): Promise<void> {
  for (let n = 0; !what(); n++) {
    // On a machine that is busy to the last, threads that give way end late.
    assert.ok(n < 3000, 'it never came about');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('everybody gets a key of the algorithm they asked for, whoever made it, and openssl finds it sound', {
  skip: missing('openssl'),
}, async () => {
  const maker = new KeyMaker();
  const algorithms = [...asked, ...asked, ...asked];
  const keys = await Promise.all(algorithms.map((algorithm) => maker.make(algorithm)));
  assert.deepEqual(
    keys.map(textOf),
    algorithms.map((algorithm) => texts[algorithm]),
  );
  assert.equal(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size, keys.length);
  for (const key of keys.slice(-asked.length)) {
    bench.write('made.der', key);
    const words = bench.run('openssl', 'pkey', '-inform', 'DER', '-in', 'made.der', '-check', '-noout');
    assert.match(words, /Key is valid/);
  }
  maker.close();
});

test('a few keys start no thread; the threads of many give way to all others, and end when closed', {
  skip: notLinux,
}, async () => {
  // Those of the test before may still be ending.
  await until(() => niceness('key maker').length === 0);
  const maker = new KeyMaker();
  for (let n = 0; n < 5; n++) await maker.make('ec-p256');
  assert.deepEqual(niceness('key maker'), []);
  await maker.make('ec-p256');
  assert.deepEqual(niceness('key maker'), [constants.priority.PRIORITY_BELOW_NORMAL]);
  assert.deepEqual([...new Set(niceness('libuv-worker'))], [getPriority()]);
  maker.close();
  await until(() => niceness('key maker').length === 0);
  assert.equal(textOf(await maker.make('ec-p256')), 'EC P-256');
  maker.close();
});

test('a key that was asked for before the end is made', async () => {
  const maker = new KeyMaker();
  for (let n = 0; n < 5; n++) await maker.make('ec-p256');
  const keys = [maker.make('rsa-2048'), maker.make('ec-p384')];
  maker.close();
  assert.deepEqual((await Promise.all(keys)).map(textOf), ['RSA 2048', 'EC P-384']);
});

test('a thread that is given no turn is done without, until it has had one', { skip: notLinux }, async () => {
  const maker = new KeyMaker(1);
  for (let n = 0; n < 5; n++) await maker.make('ec-p256');
  // A thread cannot have started within a millisecond, nor made this.
  assert.equal(textOf(await maker.make('rsa-3072')), 'RSA 3072');
  assert.equal(textOf(await maker.make('ec-p384')), 'EC P-384');
  maker.close();
  await until(() => niceness('key maker').length === 0);
});

test('nobody waits for threads that rest: a process that is done ends', async () => {
  const script = `
    import { KeyMaker } from './core/key-maker/key-maker.ts';
    const maker = new KeyMaker();
    for (let n = 0; n < 8; n++) await maker.make('ec-p256');
    console.log('made');`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--disable-warning=ExperimentalWarning', '--eval', script],
    { cwd: root, timeout: 30_000 },
  );
  assert.equal(stdout, 'made\n');
});
