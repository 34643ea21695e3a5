/** Electron's security checklist (its docs/tutorial/security.md), item by item, on the compiled app that runs. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { FuseV1Options, FuseVersion } from '@electron/fuses';
import type Electron from 'electron';
import { channels } from '../../contract/shell.ts';
import { answerFrom, isOurs } from '../../main/content-scheme.ts';
import { links } from '../../main/links.ts';
import { fuses } from '../../scripts/fuses.mjs';
import { desktop } from '../electron/double/electron.ts';
import { circumstances, ipc } from '../electron/double/state.ts';
import { type DoubleApp, startDouble } from '../electron/double-app.ts';

const root = join(import.meta.dirname, '../..');
const sources = ['main', 'preload'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((file) => readFileSync(join(root, folder, file), 'utf8')),
);

let app: DoubleApp;
let preferences: Electron.WebPreferences;
before(async () => {
  app = await startDouble({ locale: 'zh-CN' });
  preferences = app.window.options.webPreferences!;
});
after(() => app[Symbol.asyncDispose]());

/** Does it in the page, as somebody who has taken it over; what they see of it. */
const inPage = (script: string): Promise<unknown> => app.page.evaluate(script);
/** Tells whether the page asked for something that is prevented. */
const isPrevented = (name: string): boolean => {
  let prevented = false;
  app.window.webContents.emit(name, { preventDefault: () => (prevented = true) }, 'https://evil.example/');
  return prevented;
};

test('1. only content of our own scheme is loaded, and every remote address is refused by the policy', async () => {
  assert.match(app.page.url(), /^http:\/\/app\.warifu\.localhost\//);
  const asked = await inPage(`fetch('https://example.com/').then(() => 'answered', () => 'refused')`);
  assert.equal(asked, 'refused');
});
test('2. no Node in the page, in its workers or its frames', async () => {
  assert.equal(preferences.nodeIntegration, false);
  assert.equal(preferences.nodeIntegrationInWorker, false);
  assert.equal(preferences.nodeIntegrationInSubFrames, false);
  assert.equal(await inPage('typeof require + typeof process + typeof module'), 'undefined'.repeat(3));
});
test('3. the preload script is isolated from the page', () =>
  assert.equal(preferences.contextIsolation, true));
test('4. every process is sandboxed', () => {
  assert.equal(preferences.sandbox, true);
  assert.ok(circumstances.sandboxed, 'app.enableSandbox() before ready');
});
test('5. every permission is refused, asked for or looked up', () => {
  const { permissionRequest, permissionCheck, devicePermission } = app.window.webContents.session;
  for (const permission of [
    'media',
    'geolocation',
    'clipboard-read',
    'notifications',
    'openExternal',
  ] as const) {
    const answers: boolean[] = [];
    permissionRequest!(null as never, permission as never, (given) => answers.push(given), null as never);
    assert.deepEqual(answers, [false], permission);
    assert.equal(permissionCheck!(null, permission as never, '', null as never), false, permission);
  }
  assert.equal(devicePermission!(null as never), false);
});
test('6. web security stays on', () => assert.equal(preferences.webSecurity, true));
test('7. a content security policy comes with every answer, without inline scripts, eval or connections', async () => {
  for (const url of ['warifu://app/', 'warifu://app/nothing', 'warifu://other/']) {
    const policy = answerFrom(new Map(), { method: 'GET', url }).headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.match(policy, /connect-src 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
  }
  // A debugger is not held to the policy; what the page does a moment later is.
  const later = `new Promise((resolve) => setTimeout(() => {
    try { resolve(new Function('return "ran"')()) } catch (error) { resolve(error.name) }
  }))`;
  assert.equal(await inPage(later), 'EvalError');
  await inPage(
    `(() => { const one = document.createElement('script'); one.textContent = 'window.ran = 1'; document.body.append(one) })()`,
  );
  assert.equal(await inPage('typeof window.ran'), 'undefined');
});
test('8. no insecure content is allowed in', () =>
  assert.equal(preferences.allowRunningInsecureContent, false));
test('9. no experimental features', () => assert.equal(preferences.experimentalFeatures, false));
test('10. no Blink features are switched on', () => {
  assert.equal(preferences.enableBlinkFeatures, undefined);
  for (const source of sources) assert.doesNotMatch(source, /enableBlinkFeatures|appendSwitch/);
});
test('11. no webview can open a window', () => {
  for (const source of sources) assert.doesNotMatch(source, /allowpopups/);
  assert.equal(preferences.webviewTag, false);
});
test('12. every webview is refused', () => assert.ok(isPrevented('will-attach-webview')));
test('13. the window leads nowhere else', async () => {
  for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect'])
    assert.ok(isPrevented(name), name);
  await inPage(`location.href = 'https://evil.example/'`);
  assert.equal(await inPage('document.querySelector("h1") !== null'), true);
  assert.match(app.page.url(), /^http:\/\/app\.warifu\.localhost\//);
});
test('14. no further window opens', async () => {
  assert.equal(app.window.webContents.mayOpen('https://evil.example/'), false);
  assert.equal(app.window.webContents.mayOpen('warifu://app/'), false);
});
test('15. a browser is handed fixed https addresses alone, by the menu and not by the page', async () => {
  for (const address of Object.values(links)) assert.equal(new URL(address).protocol, 'https:');
  const clicks = desktop.menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
  for (const { click } of clicks) click?.(null as never, undefined, null as never);
  assert.deepEqual(desktop.opened, Object.values(links));
  assert.ok(!Object.keys(channels).some((name) => /link|url|external/i.test(name)));
});
test('16. Electron is of one exact version, the one that packages are made with', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const { electron } = manifest.devDependencies;
  assert.match(electron ?? '', /^\d+\.\d+\.\d+$/);
  assert.ok(
    readFileSync(join(root, 'electron-builder.yml'), 'utf8').includes(`electronVersion: ${electron}\n`),
  );
});
test('17. every channel listens to the main frame of our own page alone', async () => {
  const registered = ipc.channels();
  assert.deepEqual([...registered].sort(), Object.values(channels).sort(), 'no channel but the known');
  const sent: unknown[] = [];
  const frame = (url: string, parent: unknown = null) => ({
    url,
    parent,
    postMessage: (...message: unknown[]) => void sent.push(message),
  });
  const strangers = [
    frame('https://evil.example/'),
    frame('file:///etc/passwd'),
    frame('warifu://app.evil/'),
    frame('warifu://evil@app/'),
    frame('about:blank'),
    frame('warifu://app/', frame('warifu://app/')),
    null,
  ];
  for (const senderFrame of strangers) {
    ipc.emit(channels.connect, { senderFrame });
    for (const channel of [channels.saveFile, channels.openFiles, channels.handed, channels.copyText]) {
      const answer = (await ipc.invoked(channel, { senderFrame }, ['x'])) as { error?: string };
      assert.match(answer.error ?? '', /refused/, `${channel} ${senderFrame?.url}`);
    }
  }
  assert.deepEqual(sent, [], 'nobody was given a port');
  assert.deepEqual([desktop.asked, desktop.clipboard], [[], ''], 'no dialog came up, nothing was copied');
});
test('18. no file: address, and no path out of the window', () => {
  const files = new Map([['/', { bytes: Buffer.from('x'), type: 'text/html' }]]);
  const status = (url: string, method = 'GET') => answerFrom(files, { method, url }).status;
  assert.equal(status('warifu://app/'), 200);
  for (const url of [
    'warifu://app/../../etc/passwd',
    'warifu://app/%2e%2e/%2e%2e/etc/passwd',
    'warifu://app/..%2f..%2fetc%2fpasswd',
    'warifu://app//etc/passwd',
    'warifu://app/C:/Windows/win.ini',
    'warifu://app/..\\..\\secret',
    'warifu://other/',
  ])
    assert.equal(status(url), 404, url);
  assert.equal(status('warifu://app/', 'POST'), 404);
  assert.ok(!isOurs('file:///') && !isOurs('warifu://app:80/') && isOurs('warifu://app/#/home'));
  for (const source of sources) assert.doesNotMatch(source, /loadFile|file:\/\//);
});
test('19. all nine fuses are decided, and none may be forgotten', () => {
  assert.equal(fuses.strictlyRequireAllFuses, true);
  assert.equal(fuses.version, FuseVersion.V1);
  const decided: Readonly<Record<number, boolean>> = fuses as never;
  const on = Object.values(FuseV1Options).filter(
    (at): at is number => typeof at === 'number' && decided[at]!,
  );
  assert.deepEqual(on, [
    FuseV1Options.EnableCookieEncryption,
    FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
    FuseV1Options.OnlyLoadAppFromAsar,
    FuseV1Options.WasmTrapHandlers,
  ]);
});
test('20. the page gets five functions, and nothing of Electron', async () => {
  assert.deepEqual(await inPage('Object.keys(window.warifu)'), [
    'connect',
    'saveFile',
    'openFiles',
    'takeHanded',
    'copyText',
  ]);
  assert.equal(await inPage('Object.isFrozen(window.warifu) && typeof window.electron'), 'undefined');
  assert.equal(await inPage(`window.warifu = null; typeof window.warifu`), 'object');
});
