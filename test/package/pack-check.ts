/** npm run pack:check: packs for Linux and Windows around a stub of Electron, then looks at what came out, and starts it. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { extractAll, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import type { Wish as ReaderWish } from '../../core/authority/reader-thread.ts';
import type { Wish as AsideWish } from '../../core/pkcs12/aside-thread.ts';
import { ja } from '../../renderer/speech/ja.ts';
import { fuses } from '../../scripts/fuses.mjs';
import { lay, pack } from '../../scripts/pack.mjs';
import { mouse } from '../e2e/app/hands.ts';
import { firstRun } from '../e2e/app/seven-steps.ts';
import { startDouble } from '../electron/double-app.ts';
import { makeStub } from './stub-electron.ts';

const version = '45.4.1';
const desk = mkdtempSync(join(tmpdir(), 'warifu pack-'));
after(() => rmSync(desk, { recursive: true, force: true }));

const targets = [
  { system: 'linux', unpacked: 'linux-unpacked', program: 'warifu-desktop', native: /linux-x64-gnu/ },
  { system: 'win', unpacked: 'win-unpacked', program: 'Warifu.exe', native: /win32-x64-msvc/ },
] as const;

/** First bytes of machine code: ELF, or MZ of Windows. */
const machineCode = { linux: '7f454c46', win: '4d5a' } as const;

for (const { system, unpacked, program, native } of targets) {
  describe(`the package for ${system}`, () => {
    let folder = '';
    let taken = '';
    before(() => {
      const stub = makeStub(join(desk, `stub-${system}`), system, version);
      const laid = lay(system, 'x64');
      pack(laid, system, 'x64', ['--dir', `-c.electronDist=${stub}`]);
      folder = join(laid, 'packed', unpacked);
      taken = join(desk, `taken-apart-${system}`);
      extractAll(join(folder, 'resources', 'app.asar'), taken);
    });

    test('holds what it needs and nothing else', () => {
      const inside = listPackage(join(folder, 'resources', 'app.asar'), { isPack: false })
        .map((path) => path.split(sep).join('/').replace(/^\//, ''))
        .filter((path) => /\.[a-z\d]+$/i.test(path.split('/').at(-1)!));
      for (const needed of [
        'package.json',
        'dist/main/main.cjs',
        'dist/main/reader-thread.cjs',
        'dist/main/key-maker-thread.cjs',
        'dist/main/aside-thread.cjs',
        'dist/main/sdk.cjs',
        'dist/preload/preload.cjs',
        'dist/renderer/index.html',
        'dist/cli/warifu.mjs',
        'assets/icon.png',
        'node_modules/@napi-rs/keyring/index.js',
      ])
        assert.ok(inside.includes(needed), needed);
      const known =
        /^(package\.json|dist\/(main\/(main|sdk|(reader|key-maker|aside)-thread)\.cjs|preload\/preload\.cjs|renderer\/|cli\/)|assets\/icon\.png|node_modules\/(@napi-rs\/keyring|koffi|@koromix\/koffi))/;
      assert.deepEqual(
        inside.filter((path) => !known.test(path)),
        [],
      );
      assert.deepEqual(
        inside.filter(
          (path) => /\.(map|tsx?|svg\.ts)$|built-from|\.env/.test(path) && !path.endsWith('.d.ts'),
        ),
        [],
      );
      const manifest = JSON.parse(readFileSync(join(taken, 'package.json'), 'utf8')) as object;
      assert.ok(!('devDependencies' in manifest));
    });

    test('has the machine code of its target alone', () => {
      const files = filesBelow(join(folder, 'resources', 'app.asar.unpacked', 'node_modules')).filter(
        (path) => path.endsWith('.node'),
      );
      assert.ok(
        files.some((path) => native.test(path)),
        String(files),
      );
      for (const path of files) {
        const start = readFileSync(path).subarray(0, 4).toString('hex');
        assert.ok(start.startsWith(machineCode[system]), path);
      }
    });

    test('has every fuse as it was decided', async () => {
      const wire = await getCurrentFuseWire(join(folder, program));
      const decided = fuses as Readonly<Record<number, boolean>>;
      for (const [name, at] of Object.entries(FuseV1Options).filter(([, value]) => typeof value === 'number'))
        assert.equal(
          wire[at as FuseV1Options],
          decided[at as number] ? FuseState.ENABLE : FuseState.DISABLE,
          name,
        );
    });
  });
}

const linux = (): string =>
  join(import.meta.dirname, '../../dist/package/linux-x64/packed/linux-unpacked/resources');

test('the packed command line starts in a plain Node and makes a vault', () => {
  const home = join(desk, 'home データ');
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [join(linux(), 'app.asar.unpacked/dist/cli/warifu.mjs'), '--json', ...args], {
      encoding: 'utf8',
      input: 'correct horse battery 割符\n',
      env: { ...process.env, WARIFU_HOME: home, HOME: desk },
    });
  const made = run('--passphrase-file', '-', 'vault', 'init');
  assert.equal(made.status, 0, made.stderr);
  assert.equal(made.stderr, '');
  const status = run('vault', 'status');
  assert.equal((JSON.parse(status.stdout) as { state: string }).state, 'locked');
  // Answered by the thread that lies beside it.
  const list = run('cert', 'list');
  assert.equal(list.status, 0, list.stderr);
  assert.deepEqual((JSON.parse(list.stdout) as { items: unknown[] }).items, []);
});

test('the packed command line serves the window to a browser', async () => {
  const child = spawn(
    process.execPath,
    [join(linux(), 'app.asar.unpacked/dist/cli/warifu.mjs'), '--json', 'app', '--no-browser'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, WARIFU_HOME: join(desk, 'home app'), HOME: desk },
    },
  );
  const ended = once(child, 'exit');
  try {
    const line = await Promise.race([once(createInterface(child.stdout), 'line'), ended.then(() => [''])]);
    const { address } = JSON.parse(line[0]) as { address: string };
    const page = await fetch(new URL('/', address));
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<div id="root">/);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
});

test('main, preload and window start from the packed files', async () => {
  await using app = await startDouble({ locale: 'ja-JP', root: join(desk, 'taken-apart-linux') });
  await firstRun(app.page, mouse(app.page), ja);
  assert.deepEqual(app.complaints, []);
});

/** What a thread of the packed app answers first, as the app itself starts it: without Electron. */
async function firstAnswer(thread: string, workerData: unknown, wish?: unknown): Promise<unknown> {
  const file = join(desk, 'taken-apart-linux', 'dist', 'main', `${thread}-thread.cjs`);
  const worker = new Worker(file, { workerData, execArgv: [] });
  try {
    if (wish !== undefined) worker.postMessage(wish);
    const [answer] = await once(worker, 'message');
    return answer;
  } finally {
    await worker.terminate();
  }
}

test('the threads of the packed app start by themselves, and answer', async () => {
  const key = (await firstAnswer('key-maker', undefined, 'ec-p256')) as Uint8Array;
  assert.equal(createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' }).type, 'private');
  const noFile: AsideWish = { read: { bytes: new Uint8Array(100), password: 'x' } };
  const { refusal } = (await firstAnswer('aside', noFile)) as {
    refusal: { code: string };
  };
  assert.equal(refusal.code, 'DER_MALFORMED');
  const path = join(desk, 'home データ', 'registry.db');
  const wish: ReaderWish = { id: 1, wish: { query: { offset: 0, limit: 1 }, now: new Date() } };
  const { page } = (await firstAnswer('reader', { path }, wish)) as { page: { total: number } };
  assert.equal(page.total, 0);
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
