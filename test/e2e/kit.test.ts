// takes turns: the policy files of Chromium
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Nginx, nginxPath } from '../core/probe/nginx.ts';
import { Desk, tool } from './warifu.ts';

const executablePath = '/usr/bin/chromium';
const policies = '/etc/chromium/policies/managed';
const whyNot = !existsSync(executablePath)
  ? 'chromium is missing'
  : !nginxPath
    ? 'nginx is missing'
    : process.getuid?.() !== 0
      ? 'only root can set the policy that answers the prompt'
      : false;

describe('fifty people without Warifu', { skip: whyNot }, () => {
  const desk = new Desk('キット');
  const folder = desk.path('配布 kits');
  const commandLines = new Set<string>();
  const polling = setInterval(watchProcesses, 5);
  let nginx: Nginx;
  let policy = '';
  let seconds = 0;
  let made: { kits: { name: string; file: string; passwordFile: string }[]; passwordSheet: string };
  let said = '';

  before(async () => {
    desk.json('vault', 'init');
    desk.json('ca', 'create', 'Kit CA', '--key', 'rsa-2048');
    await startServer();
    await makeKits();
  });
  after(async () => {
    clearInterval(polling);
    rmSync(policy, { force: true });
    await nginx?.stop();
    desk[Symbol.dispose]();
  });

  async function startServer(): Promise<void> {
    const [key, csr, certificate, ca] = ['server.key', 'server.csr', 'server.crt', 'ca.crt'].map((name) =>
      desk.path(name),
    ) as [string, string, string, string];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    tool('openssl', 'req', '-new', '-newkey', 'rsa:2048', '-nodes', ...names, '-keyout', key, '-out', csr);
    desk.json('cert', 'sign', csr, '--ca', 'Kit CA', '--profile', 'server', '--out', certificate);
    desk.json('ca', 'export', 'Kit CA', '--out', ca);
    nginx = await Nginx.start({ certificate: `'${certificate}'`, key: `'${key}'`, ca: `'${ca}'` });
    // A headless browser cannot click its prompt; the policy is machine-wide, so it names this server's port alone.
    policy = join(policies, `warifu-kit-${process.pid}-${nginx.port}.json`);
    mkdirSync(policies, { recursive: true });
    const pattern = JSON.stringify({ pattern: `https://localhost:${nginx.port}`, filter: {} });
    writeFileSync(policy, JSON.stringify({ AutoSelectCertificateForUrls: [pattern] }));
  }

  /** One command, a list as a Japanese Excel saves it. */
  async function makeKits(): Promise<void> {
    const lines = Array.from(
      { length: 50 },
      (_, at) => `山田 太郎${at},taro${at}@example.test,営業部,${['日本語', '英語', '中文'][at % 3]}`,
    );
    const list = spawnSync('iconv', ['-f', 'UTF-8', '-t', 'CP932'], {
      input: ['氏名,メール,部署,言語', ...lines, ''].join('\r\n').replaceAll('中文', 'zh-CN'),
    }).stdout;
    const csv = desk.write('名簿.csv', list);
    const started = performance.now();
    const child = desk.start(
      '--json',
      'kit',
      'make',
      '--csv',
      csv,
      '--ca',
      'Kit CA',
      '--url',
      `https://localhost:${nginx.port}/`,
      '--out',
      folder,
    );
    let output = '';
    child.stdout!.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr!.on('data', (chunk) => {
      said += chunk;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    seconds = (performance.now() - started) / 1000;
    assert.equal(code, 0, said + output);
    made = JSON.parse(output);
    said += output;
  }

  function watchProcesses(): void {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        commandLines.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      } catch {
        // Processes end while they are looked at.
      }
    }
  }

  const password = (at: number): string =>
    /[2-9a-z]{4}(-[2-9a-z]{4}){5}/.exec(readFileSync(join(folder, made.kits[at]!.passwordFile), 'utf8'))![0];

  test('one command makes fifty kits that openssl opens with fifty different passwords', (context) => {
    context.diagnostic(`50 kits in ${seconds.toFixed(1)} s`);
    assert.ok(seconds < 200, `${seconds} s`);
    assert.equal(made.kits.length, 50);
    assert.match(said, /shift_jis/);
    const passwords = made.kits.map((_, at) => password(at));
    assert.equal(new Set(passwords).size, 50);
    for (const [at, kit] of made.kits.entries()) {
      const p12 = desk.path('one.p12');
      const stem = kit.file.replace(/\.zip$/, '');
      const unzip = spawnSync('unzip', ['-p', join(folder, kit.file), `${stem}/${stem}.p12`], {
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      });
      assert.equal(unzip.status, 0, unzip.stderr.toString());
      writeFileSync(p12, unzip.stdout);
      const opened = spawnSync('openssl', ['pkcs12', '-in', p12, '-passin', 'stdin', '-nokeys', '-legacy'], {
        input: passwords[at],
        encoding: 'utf8',
      });
      assert.equal(opened.status, 0, opened.stderr);
      assert.ok(opened.stdout.includes('issuer=CN = Kit CA'));
    }
  });

  test('the sheet has a page and a password for each of them', () => {
    const sheet = readFileSync(join(folder, made.passwordSheet), 'utf8');
    assert.equal(sheet.match(/<section /g)?.length, 50);
    for (const at of made.kits.keys()) assert.ok(sheet.includes(password(at)));
  });

  test('the same command again makes nothing', () => {
    const before = desk.json('cert', 'list', '--limit', '1').total;
    const csv = desk.path('名簿.csv');
    const again = desk.json('kit', 'make', '--csv', csv, '--ca', 'Kit CA', '--out', folder);
    assert.deepEqual(
      new Set(again.kits.map(({ outcome }: { outcome: string }) => outcome)),
      new Set(['done']),
    );
    assert.equal(desk.json('cert', 'list', '--limit', '1').total, before);
  });

  test('a plan with faults shows all of it and ends with 1', () => {
    const csv = desk.write('faults.csv', 'name,days\n佐藤,30\n鈴木,often\n');
    const { code, stdout } = desk.run(
      'kit',
      'plan',
      '--csv',
      csv,
      '--ca',
      'Kit CA',
      '--out',
      folder,
      '--json',
    );
    assert.equal(code, 1);
    const { kits, faults } = JSON.parse(stdout);
    assert.deepEqual([kits.length, faults.length, faults[0].line], [1, 1, 3]);
    const good = desk.write('good.csv', 'name,days\n佐藤,30\n');
    assert.equal(desk.run('kit', 'plan', '--csv', good, '--ca', 'Kit CA', '--out', folder).code, 0);
  });

  async function visit(home: string, ignoreHTTPSErrors: boolean) {
    const browser = await chromium.launch({
      executablePath,
      env: { ...process.env, HOME: home, XDG_DATA_HOME: '' },
    });
    try {
      const page = await (await browser.newContext({ ignoreHTTPSErrors })).newPage();
      const response = await page.goto(`https://localhost:${nginx.port}/`, { timeout: 20_000 });
      return { status: response?.status(), title: await page.title() };
    } finally {
      await browser.close();
    }
  }

  /** The script on a terminal of its own: each answer is typed when its question stands there. */
  async function onTerminal(directory: string, home: string, answers: readonly [RegExp, string][]) {
    const child = spawn('script', ['-qefc', 'sh install-linux.sh', '/dev/null'], {
      cwd: directory,
      env: { ...process.env, HOME: home, XDG_DATA_HOME: '', XDG_RUNTIME_DIR: '', TMPDIR: home, TERM: 'dumb' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    const waiting = [...answers];
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (waiting[0]?.[0].test(output)) {
        const [, answer] = waiting.shift()!;
        // The prompt is printed just before the echo is turned off.
        setTimeout(() => child.stdin.write(`${answer}\n`), 500);
      }
    });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, output };
  }

  test('a kit, unpacked in a private home, installs by its script on a terminal, and Chromium then gets in', async () => {
    const home = desk.path('太郎 home');
    const profile = join(home, '.mozilla', 'firefox', 'abc.default');
    mkdirSync(profile, { recursive: true });
    tool('certutil', '-N', '-d', `sql:${profile}`, '--empty-password');
    tool('unzip', '-q', join(folder, made.kits[0]!.file), '-d', home);
    const directory = join(home, made.kits[0]!.name);

    assert.deepEqual(await visit(home, true), {
      status: 400,
      title: '400 No required SSL certificate was sent',
    });

    const { code, output } = await onTerminal(directory, home, [
      [/何も表示されません/, 'wrong password'],
      [/開けません[\s\S]*何も表示されません/, password(0)],
      [/\[y\/N\]/, 'y'],
    ]);
    assert.equal(code, 0, output);
    assert.match(output, /インストールして確認しました：.*nssdb/);
    assert.match(output, /インストールして確認しました：.*abc\.default/);
    assert.ok(!output.includes(password(0)) && !output.includes('wrong password'), 'the password was echoed');
    assert.match(tool('certutil', '-L', '-d', `sql:${profile}`), /山田 太郎0 +u,u,u/);
    assert.deepEqual(
      readdirSync(home).filter((name) => name.startsWith('install-certificate')),
      [],
    );

    const admitted = await visit(home, false);
    assert.equal(admitted.status, 200);
    assert.match(admitted.title, /^ecs0[12]$/);
  });

  test('no password was ever in the process list, in what was said, or in the data directory', () => {
    const passwords = [...made.kits.map((_, at) => password(at)), 'wrong password'];
    const seen = [...commandLines].join('\n');
    assert.ok(seen.includes('pk12util') && seen.includes('kit\0make'), 'the poll saw what it must see');
    const log = readdirSync(desk.home).map((name) => readFileSync(join(desk.home, name), 'latin1'));
    for (const secret of passwords)
      for (const [where, text] of [
        ['process list', seen],
        ['output', said],
        ...log.map((text) => ['data directory', text]),
      ] as const)
        assert.ok(!text!.includes(secret), where);
  });
});
