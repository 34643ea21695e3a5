import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openStore } from '../../../core/trust-store/locate.ts';
import { type OpensslIdentity, OpensslPki } from '../probe/openssl-pki.ts';
import { legacyRoot, PlantedProfile } from './firefox-profile.ts';
import { MacHost } from './mac-host.ts';
import { nssToolsMissing, PrivateHost } from './private-host.ts';

const password = 'canary-p12-8f3a1c';
const storePassword = 'canary-store-5d77e0';

/** A process that does nothing but read what all others show of themselves, as fast as it can. */
class Watcher implements Disposable {
  readonly #child: ChildProcess;
  readonly #seen: string[] = [];

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout!.on('data', (chunk: Buffer) => this.#seen.push(chunk.toString('latin1')));
  }

  static async start(): Promise<Watcher> {
    const script = `
      const { readdirSync, readFileSync, writeSync } = require('node:fs');
      const known = new Set();
      let rounds = 0;
      process.on('disconnect', () => process.exit());
      const look = () => {
        for (const pid of readdirSync('/proc')) {
          if (!/^\\d+$/.test(pid) || Number(pid) === process.pid) continue;
          for (const file of ['cmdline', 'environ'])
            try {
              const text = readFileSync('/proc/' + pid + '/' + file, 'latin1');
              if (!known.has(text)) { writeSync(1, file + ' ' + text + '\\n'); known.add(text); }
            } catch {}
        }
        if (++rounds === 1) process.send('watching');
        setImmediate(look);
      };
      process.on('message', () => process.send(rounds, () => process.exit()));
      look();`;
    const child = spawn(process.execPath, ['-e', script], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      // Its own environment must not be what it finds.
      env: {},
    });
    await once(child, 'message');
    return new Watcher(child);
  }

  /** Everything any process showed, and in how many rounds it was looked for. */
  async end(): Promise<{ readonly seen: string; readonly rounds: number }> {
    this.#child.send('rounds?');
    const closed = once(this.#child, 'close');
    const [rounds] = (await once(this.#child, 'message')) as [number];
    await closed;
    return { seen: this.#seen.join(''), rounds };
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
  }
}

describe('secrets on their way into a store', {
  skip:
    process.platform !== 'linux'
      ? 'processes are watched through /proc'
      : nssToolsMissing && 'certutil and pk12util (libnss3-tools) are missing',
}, () => {
  let pki: OpensslPki;
  let taro: OpensslIdentity;
  let pkcs12: Uint8Array;
  let host: PrivateHost;

  before(() => {
    pki = new OpensslPki();
    taro = pki.issue({ subject: '/CN=太郎', extensions: 'extendedKeyUsage=clientAuth' });
    pkcs12 = pki.pkcs12(taro, '太郎', password);
  });
  after(() => pki.remove());
  beforeEach(() => {
    host = new PrivateHost();
  });
  afterEach(() => host.remove());

  /** Slows a tool down, so that nobody is too quick to be seen, and keeps the one-time password it was given. */
  const lingering = (tool: string): string =>
    `prev=; for a in "$@"; do [ "$prev" = -w ] && cat "$a" >> '${host.home}/one-time'; prev="$a"; done; ` +
    `sleep 0.1; PATH='${process.env['PATH']}' exec ${tool} "$@"`;

  test('the watcher sees a password that is given as an argument or a variable, so a clean result means something', async () => {
    using watcher = await Watcher.start();
    const child = spawn('/bin/sleep', ['0.3'], {
      argv0: `sleep ${password}`,
      env: { SECRET: storePassword },
    });
    await once(child, 'close');
    const { seen } = await watcher.end();
    assert.match(seen, new RegExp(password));
    assert.match(seen, new RegExp(storePassword));
  });

  test('no password is in any argument or environment, at any moment, of NSS or of the keychain program', async () => {
    const profile = new PlantedProfile(host, legacyRoot, 'default-release', storePassword);
    host.replaceTools({ certutil: lingering('certutil'), pk12util: lingering('pk12util') });
    const mac = new MacHost({ locked: true, password: storePassword });
    using watcher = await Watcher.start();
    const access = { trustCa: true, storePassword };
    await openStore('firefox-default-release', host).install({ pkcs12, password }, access);
    await openStore(undefined, host).install({ pkcs12, password }, { trustCa: true });
    await openStore(undefined, mac).install({ pkcs12, password }, access);
    const { seen, rounds } = await watcher.end();
    const oneTime = readFileSync(join(host.home, 'one-time'), 'utf8').match(/[\w-]{32}/g) ?? [];
    const keychainPassword = mac.wordsOf('import')[0]?.[7];
    mac.remove();
    assert.equal(oneTime.length, 2);
    assert.match(keychainPassword ?? '', /^[\w-]{32}$/);
    // The tools were really seen at work, by a watcher that was quick enough for their 100 ms.
    assert.match(seen, /cmdline [^\n]*pk12util\0-i\0/);
    assert.match(seen, /cmdline [^\n]*security-double\.ts\0[^\n]*\0-i\0/);
    assert.ok(rounds > 20, `${rounds} rounds`);
    for (const secret of [password, storePassword, keychainPassword!, ...oneTime])
      assert.ok(!seen.includes(secret), `${secret} was seen`);
    assert.match(profile.certutil('-L'), /u,u,u/);
  });

  test('a kill -9 in mid-install leaves 0600 files in a 0700 directory, gone at the next start, and a sound store', async () => {
    const store = openStore(undefined, host);
    const module = (path: string) => JSON.stringify(new URL(`../../../core/${path}`, import.meta.url).href);
    writeFileSync(join(host.home, 'x.p12'), pkcs12);
    host.replaceTools({ pk12util: `echo $$ > '${host.home}/hanging'; exec sleep 600` });
    const env = { ...host.env, HOME: host.home } as Record<string, string>;
    const script = `
      import { readFileSync } from 'node:fs';
      import { openStore } from ${module('trust-store/locate.ts')};
      const home = ${JSON.stringify(host.home)};
      const host = { platform: 'linux', home, env: { PATH: process.env.PATH, HOME: home } };
      const pkcs12 = readFileSync(home + '/x.p12');
      const password = readFileSync(0, 'utf8');
      await openStore(undefined, host).install({ pkcs12, password }, { trustCa: true });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    child.stdin!.end(password);
    for (let i = 0; i < 600 && !existsSync(join(host.home, 'hanging')); i++) await wait(50);
    const mine = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`warifu-store-${child.pid}-`));
    child.kill('SIGKILL');
    await once(child, 'exit');
    process.kill(Number(readFileSync(join(host.home, 'hanging'), 'utf8')), 'SIGKILL');

    const [left] = mine();
    assert.ok(left, 'the killed run leaves its directory');
    assert.equal(statSync(join(tmpdir(), left)).mode & 0o777, 0o700);
    const files = readdirSync(join(tmpdir(), left)).map((name) => join(tmpdir(), left, name));
    assert.ok(files.length >= 3);
    for (const file of files) assert.equal(statSync(file).mode & 0o777, 0o600, file);
    assert.ok(files.every((file) => !readFileSync(file).includes(password)));

    host.env['PATH'] = process.env['PATH'];
    await store.list();
    assert.deepEqual(mine(), [], 'whatever comes next removes it');
    assert.equal((await store.install({ pkcs12, password }, { trustCa: true })).outcome, 'installed');
    assert.match(host.certutil('-L'), /太郎 +u,u,u/);
  });

  test('no file with a secret survives an install, whether it worked or not', async () => {
    const before = new Set(readdirSync(tmpdir()));
    const store = openStore(undefined, host);
    host.replaceTools({ pk12util: 'exit 1' });
    await assert.rejects(store.install({ pkcs12, password }, { trustCa: true }), {
      code: 'STORE_TOOL_FAILED',
    });
    host.env['PATH'] = process.env['PATH'];
    await store.install({ pkcs12, password }, { trustCa: true });
    const made = readdirSync(tmpdir()).filter((name) => !before.has(name));
    assert.deepEqual(
      made.filter((name) => name.startsWith(`warifu-store-${process.pid}-`)),
      [],
    );
  });
});
