import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { describeProblem, Problem } from '../../../contract/problem.ts';
import { openStore } from '../../../core/trust-store/locate.ts';
import type { TrustStore } from '../../../core/trust-store/store.ts';
import { removeStaleWorkspaces } from '../../../core/trust-store/workspace.ts';
import { fingerprint256 } from '../../../core/x509/certificate.ts';
import { type OpensslIdentity, OpensslPki } from '../probe/openssl-pki.ts';
import { nssToolsMissing, PrivateHost } from './private-host.ts';

const password = 'canary-password-割符';

describe('NSS store in trouble', {
  skip: nssToolsMissing && 'certutil and pk12util (libnss3-tools) are missing',
}, () => {
  let pki: OpensslPki;
  let taro: OpensslIdentity;
  let pkcs12: Uint8Array;
  let host: PrivateHost;
  let store: TrustStore;

  before(() => {
    pki = new OpensslPki();
    taro = pki.issue({ subject: '/CN=太郎', extensions: 'extendedKeyUsage=clientAuth' });
    pkcs12 = pki.pkcs12(taro, '太郎', password);
  });
  after(() => pki.remove());
  beforeEach(() => {
    host = new PrivateHost();
    store = openStore(undefined, host);
  });
  afterEach(() => host.remove());

  const install = (trustCa = true, storePassword?: string) =>
    store.install(
      { pkcs12, password },
      { trustCa, ...(storePassword === undefined ? {} : { storePassword }) },
    );
  const realTool = (tool: string): string => spawnSync('which', [tool], { encoding: 'utf8' }).stdout.trim();

  test('tools that exit 0 and do nothing yield "not installed", never success', async () => {
    host.replaceTools({ certutil: 'exit 0', pk12util: 'exit 0' });
    await assert.rejects(install(), {
      code: 'STORE_NOT_INSTALLED',
      data: { path: store.path, missing: 'database' },
    });
  });

  test('a pk12util that says it imported and did not is not believed', async () => {
    host.replaceTools({ pk12util: 'echo "pk12util: PKCS12 IMPORT SUCCESSFUL"' });
    await assert.rejects(install(), {
      code: 'STORE_NOT_INSTALLED',
      data: { path: store.path, missing: 'certificate' },
    });
  });

  test('a certificate that arrives without its key is not believed', async () => {
    host.replaceTools({
      pk12util: `${realTool('certutil')} -d sql:'${store.path}' -A -n 太郎 -t ,, -a -i ${taro.certificateFile}`,
    });
    await assert.rejects(install(), {
      code: 'STORE_NOT_INSTALLED',
      data: { path: store.path, missing: 'private key' },
    });
  });

  test('trust that was not set is not believed', async () => {
    host.replaceTools({
      certutil: `case " $* " in *" CT,C,C "*) exit 0;; esac; exec ${realTool('certutil')} "$@"`,
    });
    await assert.rejects(install(), {
      code: 'STORE_NOT_INSTALLED',
      data: { path: store.path, missing: 'CA trust' },
    });
  });

  test('a removal that did not happen is not believed', async () => {
    await install();
    host.replaceTools({
      certutil: `case " $* " in *" -F "*|*" -D "*) exit 0;; esac; exec ${realTool('certutil')} "$@"`,
    });
    await assert.rejects(store.remove(fingerprint256(taro.certificate)), { code: 'STORE_NOT_REMOVED' });
  });

  test('a missing tool is named with the package that holds it', async () => {
    host.env['PATH'] = host.home;
    const error = await install().catch((thrown: unknown) => thrown);
    assert.ok(error instanceof Problem);
    assert.equal(error.code, 'STORE_TOOL_MISSING');
    for (const language of ['en', 'ja', 'zh-CN'] as const)
      assert.match(describeProblem(error.code, error.data, language).remedy, /libnss3-tools/);
  });

  test('a master password is asked for, and works', async () => {
    mkdirSync(store.path, { recursive: true });
    writeFileSync(join(host.home, 'master'), 'マスター');
    spawnSync('certutil', ['-N', '-d', `sql:${store.path}`, '-f', join(host.home, 'master')]);
    const untouched = contents(store.path);
    await assert.rejects(install(), { code: 'STORE_LOCKED', data: { path: store.path } });
    await assert.rejects(install(true, 'wrong'), { code: 'STORE_LOCKED' });
    assert.deepEqual(contents(store.path), untouched);
    assert.equal((await install(true, 'マスター')).outcome, 'installed');
    assert.equal((await store.find(fingerprint256(taro.certificate)))?.hasKey, true);
    await assert.rejects(store.remove(fingerprint256(taro.certificate)), { code: 'STORE_LOCKED' });
    const findings = await store.diagnose({ now: new Date() });
    assert.equal(findings.find(({ check }) => check === 'store-unlocked')?.ok, false);
    assert.equal(findings.find(({ check }) => check === 'key-usable')?.ok, null);
    await store.remove(fingerprint256(taro.certificate), { storePassword: 'マスター' });
  });

  test('a damaged database is left as it is', async () => {
    mkdirSync(store.path, { recursive: true });
    for (const name of ['cert9.db', 'key4.db']) writeFileSync(join(store.path, name), Buffer.alloc(4096, 7));
    const untouched = contents(store.path);
    await assert.rejects(install(), { code: 'STORE_DAMAGED' });
    await assert.rejects(store.list(), { code: 'STORE_DAMAGED' });
    assert.deepEqual(contents(store.path), untouched);
  });

  test('a read-only store and a read-only home are said, and nothing is broken', async (t) => {
    writeFileSync(join(host.home, 'x.p12'), pkcs12);
    const script = `
      import { readFileSync } from 'node:fs';
      import { openStore } from ${JSON.stringify(new URL('../../../core/trust-store/locate.ts', import.meta.url).href)};
      const home = ${JSON.stringify(host.home)};
      const store = openStore(undefined, { platform: 'linux', home, env: { PATH: process.env.PATH, HOME: home } });
      await store.install({ pkcs12: readFileSync(home + '/x.p12'), password: ${JSON.stringify(password)} }, { trustCa: true }).then(
        () => console.log('installed'), (error) => console.log(error.code));`;
    // Root writes everywhere; without this capability it is held to the permissions like anybody else.
    const asPlainUser =
      process.getuid?.() === 0 ? ['setpriv', '--inh-caps=-dac_override', '--bounding-set=-dac_override'] : [];
    const run = (): string => {
      const [command, ...args] = [...asPlainUser, process.execPath, '--input-type=module', '-e', script];
      const { stdout, stderr, error } = spawnSync(command!, args, { encoding: 'utf8' });
      if (error) t.diagnostic(String(error));
      return stdout.trim() || stderr;
    };
    chmodSync(host.home, 0o500);
    assert.equal(run(), 'FILE_UNWRITABLE');
    chmodSync(host.home, 0o700);
    await install();
    const untouched = contents(store.path);
    chmodSync(store.path, 0o500);
    assert.equal(run(), 'STORE_READ_ONLY');
    chmodSync(store.path, 0o700);
    assert.deepEqual(contents(store.path), untouched);
  });

  test('passwords and keys travel in 0600 files of a 0700 directory, never in an argument, and are gone afterwards', async () => {
    const log = join(host.home, 'log');
    const record = (tool: string): string => `
      for a in "$@"; do printf '%s\\n' "$a" >> '${log}'; if [ -f "$a" ]; then stat -c "mode %a %n" "$a" "$(dirname "$a")" >> '${log}'; fi; done
      exec ${realTool(tool)} "$@"`;
    host.replaceTools({ certutil: record('certutil'), pk12util: record('pk12util') });
    await install(true, 'store-canary');
    const lines = readFileSync(log, 'utf8');
    assert.doesNotMatch(lines, /canary|PRIVATE KEY/);
    const modes = [...lines.matchAll(/^mode (\d+) (.*)$/gm)].filter(([, , path]) =>
      path!.includes('warifu-store-'),
    );
    assert.ok(modes.length > 4);
    for (const [, mode, path] of modes) assert.equal(mode, statLike(path!), path);
    const oneTime = [...lines.matchAll(/^-w\n(.*)$/gm)].map(([, path]) => path!);
    assert.equal(oneTime.length, 1);
    assert.equal(existsSync(oneTime[0]!), false);
    assert.deepEqual(leftovers(), []);
  });

  test('what a killed run left behind is gone at the next start, what a living one uses is not', async () => {
    const module = new URL('../../../core/trust-store/workspace.ts', import.meta.url).href;
    const script = `import { withWorkspace, writeSecretFile } from ${JSON.stringify(module)};
      await withWorkspace(async (d) => { await writeSecretFile(d, 'secret', 'canary'); console.log(d); await new Promise((r) => setTimeout(r, 60000)); });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
    const directory = chunk.toString().trim();
    assert.equal(statSync(directory).mode & 0o777, 0o700);
    await removeStaleWorkspaces();
    assert.ok(existsSync(join(directory, 'secret')));
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.ok(existsSync(join(directory, 'secret')));
    await store.list();
    await removeStaleWorkspaces();
    assert.equal(existsSync(directory), false);
  });

  test('a full disk is said before the store is touched', async (t) => {
    if (!existsSync('/dev/full')) return t.skip('/dev/full is missing');
    const directory = mkdtempSync(join(tmpdir(), 'warifu-nowhere-'));
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = join(directory, 'gone');
    try {
      await assert.rejects(install(), { code: 'FILE_UNWRITABLE' });
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      rmSync(directory, { recursive: true });
    }
    assert.equal(existsSync(store.path), false);
  });

  test('two installs at once both succeed', async () => {
    const hanako = pki.issue({ subject: '/CN=花子', extensions: 'extendedKeyUsage=clientAuth' });
    const other = pki.pkcs12(hanako, '花子', password);
    await install(false);
    await store.remove(fingerprint256(taro.certificate));
    const results = await Promise.all([
      install(),
      openStore(undefined, host).install({ pkcs12: other, password }, { trustCa: true }),
    ]);
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ['installed', 'installed'],
    );
    assert.equal((await store.list()).filter(({ hasKey }) => hasKey).length, 2);
  });
});

function contents(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name)).toString('base64')]),
  );
}

function statLike(path: string): string {
  return /warifu-store-[^/]+$/.test(path) ? '700' : '600';
}

function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`warifu-store-${process.pid}-`));
}
