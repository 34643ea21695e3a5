// takes turns: the policy files of Chromium
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Visitor, whyNoVisitor } from './visitor.ts';
import { Desk } from './warifu.ts';

describe('a person with a browser', { skip: whyNoVisitor }, () => {
  const desk = new Desk('ブラウザー');
  let visitor: Visitor;
  let url = '';

  before(async () => {
    const { endpoint, accessKeyId, accessKeySecret, regionId, backends } = await desk.simulator();
    desk.json('vault', 'init');
    const secret = desk.write('secret', accessKeySecret);
    desk.json(
      'cloud',
      'login',
      '--name',
      'rehearsal',
      '--access-key-id',
      accessKeyId,
      '--access-key-secret-file',
      secret,
      '--region',
      regionId,
      '--endpoint',
      endpoint,
      '--practice',
    );
    desk.json('ca', 'create', '株式会社 サンプル CA');
    desk.json(
      'server-cert',
      'issue',
      'front',
      '--ca',
      '株式会社 サンプル CA',
      '--host',
      'localhost',
      '127.0.0.1',
    );
    const backendIds = backends.map(({ serverId }: { serverId: string }) => serverId);
    const status = desk.json(
      'rollout',
      'apply',
      '--yes',
      '--server-cert',
      'front',
      '--ca',
      '株式会社 サンプル CA',
      '--backend',
      ...backendIds,
    );
    assert.equal(status.ready, true);
    desk.json('cert', 'issue', 'CN=山田 太郎, O=サンプル, C=JP', '--ca', '株式会社 サンプル CA');
    desk.json('cert', 'export', '山田 太郎', '--out', desk.path('client.p12'));
    // The listener's own address is not in its certificate: the browser is told where "localhost" is.
    url = `https://${status.endpoint}`;
    visitor = new Visitor(desk.environment());
  });
  after(() => {
    visitor?.[Symbol.dispose]();
    desk[Symbol.dispose]();
  });

  test('gets the 400 page before, a backend after `store install`, and the 400 again after `store remove`', async () => {
    assert.deepEqual(await visitor.visit(url, { trusting: true }), {
      status: 400,
      title: '400 No required SSL certificate was sent',
    });
    const installed = desk.json('store', 'install', desk.path('client.p12'), '--trust-ca');
    assert.equal(installed.outcome, 'installed');
    const admitted = await visitor.visit(url, { trusting: false });
    assert.equal(admitted.status, 200);
    assert.match(admitted.title, /i-demo-[12]/);
    desk.json('store', 'remove', installed.certificate.thumbprint, '--remove-ca');
    assert.equal((await visitor.visit(url, { trusting: true })).status, 400);
  });

  test('learns from `store diagnose` what is missing, and from it again that nothing is', async () => {
    const failed = (thumbprint?: string) => {
      const only = thumbprint === undefined ? [] : ['--thumbprint', thumbprint];
      const { code, stdout } = desk.run('--json', 'store', 'diagnose', url, ...only);
      const { findings, authorities } = JSON.parse(stdout);
      assert.deepEqual(
        authorities.names.map(({ text }: { text: string }) => text),
        ['CN=株式会社 サンプル CA'],
      );
      const bad = findings.filter(({ ok }: { ok: boolean | null }) => ok === false);
      assert.equal(code, bad.length > 0 ? 1 : 0);
      return bad.map(({ check }: { check: string }) => check);
    };
    assert.deepEqual(failed(), ['certificate-present']);

    // From the vault, with no file in between; and one of a CA that this listener does not ask for.
    const installed = desk.json('store', 'install', '--certificate', '山田 太郎', '--trust-ca');
    desk.json('ca', 'create', '別の CA', '--key', 'ec-p256');
    desk.json('cert', 'issue', 'CN=よその人', '--ca', '別の CA', '--key', 'ec-p256');
    desk.json('store', 'install', '--certificate', 'よその人');
    const [found] = desk.json('store', 'find', '山田');
    assert.deepEqual(
      [found.store.id, found.certificate.thumbprint, found.certificate.hasKey],
      ['chromium', installed.certificate.thumbprint, true],
    );
    assert.deepEqual(failed(installed.certificate.thumbprint), []);
    assert.equal((await visitor.visit(url, { trusting: false })).status, 200);

    // Both at once, each line saying whose it is; the remedy stands below what is in the way.
    for (const [language, fits, refused] of [
      [
        'en',
        /✓ 山田 太郎: Its issuer is one the server asks for/,
        /✗ よその人: .*does not ask for certificates from its issuer.*\n {4}Next: Install a certificate of a CA/,
      ],
      [
        'ja',
        /✓ 山田 太郎: サーバーが求める発行者のものです/,
        /✗ よその人: .*選択肢に出しません。\n {4}.+: サーバーが示す CA の証明書を/,
      ],
      [
        'zh-CN',
        /✓ 山田 太郎: 其颁发者正是服务器所要求的/,
        /✗ よその人: .*浏览器不会提供它。\n {4}.+: 请安装服务器所列 CA 签发的证书/,
      ],
    ] as const) {
      const { code, stdout } = desk.run('--lang', language, 'store', 'diagnose', url);
      assert.equal(code, 1);
      assert.match(stdout, fits);
      assert.match(stdout, refused);
    }
  });

  test('is told what was asked wrongly: no identity, two of them, no address', () => {
    const code = (...args: readonly string[]) => {
      const run = desk.run('--json', 'store', ...args);
      return [run.code, JSON.parse(run.stdout).problem.code];
    };
    assert.deepEqual(code('install'), [2, 'VALUE_INVALID']);
    assert.deepEqual(code('install', desk.path('client.p12'), '--certificate', 'x'), [2, 'VALUE_INVALID']);
    assert.deepEqual(code('diagnose', 'http://127.0.0.1/'), [2, 'VALUE_INVALID']);
  });

  test('`rollout verify` proves the same without a browser', () => {
    const result = desk.json('rollout', 'verify');
    assert.equal(result.ok, true);
    assert.deepEqual(
      result.balance.backends.map(({ count }: { count: number }) => count),
      [10, 10],
    );
  });

  test('`rollout apply` again finds nothing to do, and `rollout destroy` leaves nothing', () => {
    const ids = [
      '--server-cert',
      'front',
      '--ca',
      '株式会社 サンプル CA',
      '--backend',
      'i-demo-1',
      'i-demo-2',
    ];
    assert.equal(desk.json('rollout', 'plan', ...ids).settled, true);
    desk.json('rollout', 'destroy', '--yes');
    const plan = desk.json('rollout', 'plan', ...ids);
    assert.deepEqual(
      plan.items.map(({ action }: { action: string }) => action),
      ['create', 'create', 'create', 'create', 'create'],
    );
  });
});
