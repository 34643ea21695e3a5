import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';
import { openStore, trustStores } from '../../../../core/trust-store/locate.ts';

const host = { platform: 'win32', env: {}, home: 'C:\\Users\\太郎' } as const;

test('Windows has one store, which every browser reads', () => {
  assert.deepEqual(
    trustStores(host).map((store) => store.summary()),
    [
      {
        id: 'windows',
        kind: 'windows',
        label: 'Windows: Chrome, Edge, Firefox',
        path: 'Cert:\\CurrentUser\\My',
        readBy: ['Chrome', 'Edge', 'Firefox (security.osclientcerts.autoload)'],
        state: 'present',
        used: true,
      },
    ],
  );
});

test('a person whom a tour makes up never gets the stores of the user', () => {
  assert.equal(openStore(undefined, { ...host, madeUp: true }).path, 'Cert:\\CurrentUser\\WarifuPractice');
});

test('koffi is loaded at the first use of a Windows store, and a machine without crypt32 is said', async () => {
  const asked: string[] = [];
  const hooks = registerHooks({
    resolve: (name, context, next) => {
      asked.push(name);
      return next(name, context);
    },
  });
  try {
    openStore(undefined, { ...host, platform: 'linux' }).summary();
    const store = openStore(undefined, host);
    assert.equal(asked.length, 0);
    if (process.platform === 'win32') return;
    await assert.rejects(store.list(), { code: 'STORE_UNSUPPORTED' });
    assert.ok(asked.includes('koffi'));
  } finally {
    hooks.deregister();
  }
});
