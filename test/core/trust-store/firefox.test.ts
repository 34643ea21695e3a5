import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { firefoxSystemStore } from '../../../core/trust-store/firefox/system-store.ts';
import { openStore, trustStores } from '../../../core/trust-store/locate.ts';
import { fingerprint256 } from '../../../core/x509/certificate.ts';
import { type OpensslIdentity, OpensslPki } from '../probe/openssl-pki.ts';
import { legacyRoot, PlantedProfile } from './firefox-profile.ts';
import { nssToolsMissing, PrivateHost } from './private-host.ts';

describe('Firefox profiles', {
  skip: nssToolsMissing && 'certutil and pk12util (libnss3-tools) are missing',
}, () => {
  let pki: OpensslPki;
  let taro: OpensslIdentity;
  let pkcs12: Uint8Array;
  let host: PrivateHost;

  before(() => {
    pki = new OpensslPki();
    taro = pki.issue({ subject: '/CN=山田 太郎', extensions: 'extendedKeyUsage=clientAuth' });
    pkcs12 = pki.pkcs12(taro, '山田 太郎', 'ひみつ');
  });
  after(() => pki.remove());
  beforeEach(() => {
    host = new PrivateHost();
  });
  afterEach(() => host.remove());

  const id = 'firefox-default-release';
  const store = () => openStore(id, host);
  const install = (storePassword?: string) =>
    store().install(
      { pkcs12, password: 'ひみつ' },
      { trustCa: true, ...(storePassword === undefined ? {} : { storePassword }) },
    );

  test('are found by profiles.ini wherever the package keeps them, the one Firefox starts with marked', () => {
    new PlantedProfile(host);
    new PlantedProfile(host, join('snap', 'firefox', 'common', '.mozilla', 'firefox'), 'snap one');
    new PlantedProfile(host, join('.var', 'app', 'org.mozilla.firefox', '.mozilla', 'firefox'), 'flat');
    new PlantedProfile(host, join('設定', 'mozilla', 'firefox'), 'default-release');
    host.env['XDG_CONFIG_HOME'] = join(host.home, '設定');
    const found = trustStores(host)
      .map((each) => each.summary())
      .filter((summary) => summary.id.startsWith('firefox'));
    assert.deepEqual(
      found.map((summary) => [summary.id, summary.readBy[0], summary.used, summary.state]),
      [
        ['firefox-default-release', 'Firefox (default-release)', true, 'present'],
        ['firefox-default-release-2', 'Firefox (default-release)', true, 'present'],
        ['firefox-snap-snap-one', 'Firefox (snap) (snap one)', true, 'present'],
        ['firefox-flatpak-flat', 'Firefox (Flatpak) (flat)', true, 'present'],
      ],
    );
    assert.equal(openStore(undefined, host).id, 'chromium');
  });

  test('an old profiles.ini has one default, an absolute path stands, and nonsense is nobody', () => {
    const elsewhere = join(host.home, 'よそ');
    mkdirSync(join(host.home, legacyRoot, 'b'), { recursive: true });
    mkdirSync(elsewhere);
    const ini = join(host.home, legacyRoot, 'profiles.ini');
    const profile = (i: number, path: string, rest = '') =>
      `[Profile${i}]\nName=p${i}\nIsRelative=${path.startsWith('/') ? 0 : 1}\nPath=${path}\n${rest}\n`;
    writeFileSync(
      ini,
      `;c\n=x\nName\n${profile(0, elsewhere)}${profile(1, 'b', 'Default=1')}[Profile2]\nName=no path\n[Profilex]\nPath=b\n`,
    );
    const summaries = () =>
      trustStores(host)
        .map((each) => each.summary())
        .filter((summary) => summary.id.startsWith('firefox'));
    assert.deepEqual(
      summaries().map((summary) => [summary.id, summary.path, summary.used, summary.state]),
      [
        ['firefox-p1', join(host.home, legacyRoot, 'b'), true, 'absent'],
        ['firefox-p0', elsewhere, false, 'absent'],
      ],
    );
    rmSync(ini);
    mkdirSync(ini);
    assert.deepEqual(summaries(), []);
  });

  test('take an identity with its CA, which certutil and pk12util confirm, and give it up again', async () => {
    const profile = new PlantedProfile(host);
    const result = await install();
    assert.deepEqual([result.outcome, result.restartBrowser], ['installed', false]);
    assert.match(profile.certutil('-L'), /山田 太郎 +u,u,u/);
    assert.match(profile.certutil('-L'), /試験 CA.* +CT,C,C/);
    assert.ok(profile.export('山田 太郎', join(host.home, 'out.p12')));
    assert.equal((await install()).outcome, 'already-installed');
    const removed = await store().remove(fingerprint256(taro.certificate), { removeCa: true });
    assert.equal(removed.authority.outcome, 'removed');
    assert.doesNotMatch(profile.certutil('-L'), /山田|試験/);
    assert.doesNotMatch(profile.certutil('-K'), /< *0>/);
  });

  test('with a primary password say so, stay as they are, and open with it', async () => {
    const profile = new PlantedProfile(host, legacyRoot, 'default-release', '合言葉');
    const untouched = contents(profile.path);
    await assert.rejects(install(), { code: 'STORE_LOCKED', data: { path: profile.path } });
    await assert.rejects(install('違う'), { code: 'STORE_LOCKED' });
    assert.deepEqual(contents(profile.path), untouched);
    assert.equal((await install('合言葉')).outcome, 'installed');
    const findings = await store().diagnose({ now: new Date() });
    assert.equal(findings.find(({ check }) => check === 'store-unlocked')?.ok, false);
    assert.equal(findings.find(({ check }) => check === 'key-usable')?.ok, null);
    const opened = await store().diagnose({ now: new Date(), storePassword: '合言葉' });
    assert.equal(opened.find(({ check }) => check === 'key-usable')?.ok, true);
  });

  test('in use are said to need a restart; a lock that outlived its Firefox is not believed', async () => {
    const profile = new PlantedProfile(host);
    const lock = join(profile.path, 'lock');
    symlinkSync(`127.0.1.1:+${process.pid}`, lock);
    assert.equal((await install()).restartBrowser, true);
    const restarted = async () =>
      (await store().diagnose({ now: new Date() })).find(({ check }) => check === 'browser-restarted')?.ok;
    assert.equal(await restarted(), null);
    rmSync(lock);
    const { pid } = spawnSync('true');
    symlinkSync(`127.0.1.1:+${pid}`, lock);
    assert.equal(await restarted(), true);
  });

  test('that are damaged, or gone while their name stands, are left as they are', async () => {
    const profile = new PlantedProfile(host);
    for (const name of ['cert9.db', 'key4.db'])
      writeFileSync(join(profile.path, name), Buffer.alloc(4096, 7));
    const untouched = contents(profile.path);
    await assert.rejects(install(), { code: 'STORE_DAMAGED' });
    await assert.rejects(store().diagnose({ now: new Date() }), { code: 'STORE_DAMAGED' });
    assert.deepEqual(contents(profile.path), untouched);
    const known = store();
    rmSync(profile.path, { recursive: true });
    assert.throws(() => store(), { code: 'STORE_UNKNOWN' });
    assert.deepEqual(await known.list(), []);
    assert.equal(existsSync(profile.path), false);
  });

  test('that may not be written are said, and nothing is broken', () => {
    const profile = new PlantedProfile(host);
    writeFileSync(join(host.home, 'x.p12'), pkcs12);
    const module = new URL('../../../core/trust-store/locate.ts', import.meta.url).href;
    const script = `
      import { readFileSync } from 'node:fs';
      import { openStore } from ${JSON.stringify(module)};
      const home = ${JSON.stringify(host.home)};
      const store = openStore('${id}', { platform: 'linux', home, env: { PATH: process.env.PATH, HOME: home } });
      await store.install({ pkcs12: readFileSync(home + '/x.p12'), password: 'ひみつ' }, { trustCa: true }).then(
        () => console.log('installed'), (error) => console.log(error.code));`;
    // Root writes everywhere; without this capability it is held to the permissions like anybody else.
    const asPlainUser =
      process.getuid?.() === 0 ? ['setpriv', '--inh-caps=-dac_override', '--bounding-set=-dac_override'] : [];
    const untouched = contents(profile.path);
    chmodSync(profile.path, 0o500);
    const [command, ...args] = [...asPlainUser, process.execPath, '--input-type=module', '-e', script];
    const { stdout, stderr } = spawnSync(command!, args, { encoding: 'utf8' });
    chmodSync(profile.path, 0o700);
    assert.equal(stdout.trim() || stderr, 'STORE_READ_ONLY');
    assert.deepEqual(contents(profile.path), untouched);
  });

  test('are not believed to hold what tools only claim to have put there', async () => {
    const profile = new PlantedProfile(host);
    host.replaceTools({ pk12util: 'echo "pk12util: PKCS12 IMPORT SUCCESSFUL"' });
    await assert.rejects(install(), {
      code: 'STORE_NOT_INSTALLED',
      data: { path: profile.path, missing: 'certificate' },
    });
    host.replaceTools({ certutil: 'exit 0', pk12util: 'exit 0' });
    await assert.rejects(install(), { code: 'STORE_NOT_INSTALLED' });
  });

  test("an administrator's policies.json is evidence, and one that cannot be read is no guess", async () => {
    new PlantedProfile(host);
    await install();
    const etc = join(host.home, 'etc');
    const read = async () =>
      (
        await openStore(id, { ...host, platform: 'linux', home: host.home, env: host.env, etc }).diagnose({
          now: new Date(),
        })
      ).find(({ check }) => check === 'policies-read');
    assert.deepEqual([(await read())?.ok, (await read())?.detail], [true, '0']);
    const file = join(etc, 'firefox', 'policies', 'policies.json');
    mkdirSync(join(etc, 'firefox', 'policies'), { recursive: true });
    const chosen = { Value: 'Select Automatically', Status: 'locked' };
    writeFileSync(
      file,
      JSON.stringify({ policies: { Preferences: { 'security.default_personal_cert': chosen } } }),
    );
    assert.match(
      (await read())?.detail ?? '',
      /policies\.json security\.default_personal_cert = .*Select Auto/,
    );
    writeFileSync(file, '{ broken');
    assert.deepEqual([(await read())?.ok, (await read())?.detail], [null, `${file} (JSON)`]);
  });

  test('on Windows take the system store, unless a preference forbids it; user.js has the last word', async () => {
    const roaming = join(host.home, 'ローミング');
    const profile = join(roaming, 'Mozilla', 'Firefox', 'Profiles', 'p');
    mkdirSync(profile, { recursive: true });
    writeFileSync(
      join(roaming, 'Mozilla', 'Firefox', 'profiles.ini'),
      '[Profile0]\nName=default\nIsRelative=1\nPath=Profiles/p\n',
    );
    const windows = { platform: 'win32', home: host.home, env: { APPDATA: roaming } } as const;
    const answer = async () => (await firefoxSystemStore(windows)).map(({ ok }) => ok);
    assert.deepEqual(await answer(), [true]);
    writeFileSync(join(profile, 'prefs.js'), 'user_pref("security.osclientcerts.autoload", false);\n');
    assert.deepEqual(await answer(), [false]);
    writeFileSync(join(profile, 'user.js'), 'user_pref("security.osclientcerts.autoload", true);\n');
    assert.deepEqual(await answer(), [true]);
    rmSync(join(profile, 'user.js'));
    mkdirSync(join(profile, 'user.js'));
    assert.deepEqual(await answer(), [null]);
    assert.deepEqual(await firefoxSystemStore({ ...windows, env: {} }), []);
  });
});

function contents(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name)).toString('base64')]),
  );
}
