import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fingerprint1, parseCertificate } from '../../../core/x509/certificate.ts';
import { parsePem } from '../../../core/x509/pem.ts';
import { KitDesk } from './kit-desk.ts';

/** Whatever a shell, PowerShell or HTML could take for its own. */
const hostileName = `O'Brien $(touch pwned) \`id\` "q" ’x’ %PATH% <b>&amp;</b> «u»`;

describe('a kit', () => {
  let desk: KitDesk;
  let zip = '';
  /** Unpacked by unzip: every system, Japanese. */
  let kit = '';
  let hostile = '';
  let caThumbprint = '';
  const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

  before(async () => {
    desk = await KitDesk.open();
    const list = `name,language,target\n山田 太郎,ja,any\n"${hostileName.replaceAll('"', '""')}",en,any\nWin,zh-CN,windows\n`;
    const { kits, folder } = await desk.make(
      desk.listRequest(list, { url: 'https://www.example.test/a?b=1&c="2"' }),
    );
    zip = join(folder, kits[0]!.file);
    kit = desk.unzip(zip, desk.path('unpacked'));
    hostile = desk.unzip(join(folder, kits[1]!.file), desk.path('hostile'));
    const { pem } = await desk.client.authority.exportCertificate({ authority: 'CA' });
    caThumbprint = fingerprint1(parsePem(Buffer.from(pem))[0]!.bytes)
      .replaceAll(':', '')
      .toUpperCase();
  });
  after(() => desk.close());

  test('opens with its Japanese names, its modes, and sums that hold', () => {
    assert.match(kit, /山田 太郎$/);
    assert.deepEqual(readdirSync(kit).toSorted(), [
      'CA.cer',
      'CA.pem',
      'Install-Windows.cmd',
      'Install-Windows.ps1',
      'SHA256SUMS',
      'guide.html',
      'install-linux.sh',
      'install-macos.command',
      '山田 太郎.p12',
    ]);
    for (const name of readdirSync(kit)) {
      const executable = name === 'install-linux.sh' || name === 'install-macos.command';
      assert.equal(statSync(join(kit, name)).mode & 0o777, executable ? 0o755 : 0o644, name);
    }
    for (const folder of [kit, hostile]) {
      const sums = spawnSync('sha256sum', ['--strict', '-c', 'SHA256SUMS'], {
        cwd: folder,
        encoding: 'utf8',
      });
      assert.equal(sums.status, 0, sums.stdout + sums.stderr);
      assert.equal(sums.stdout.match(/: OK$/gm)?.length, 8);
    }
  });

  test('says in the zip that its names are UTF-8, which is what Explorer and macOS ask', () => {
    const bytes = readFileSync(zip);
    let entries = 0;
    // Central directory file headers (APPNOTE.TXT 4.3.12): flags at 8, name length at 28, name at 46.
    for (let at = bytes.indexOf('PK\x01\x02'); at !== -1; at = bytes.indexOf('PK\x01\x02', at + 46)) {
      entries++;
      assert.equal(bytes.readUInt16LE(at + 8) & 0x800, 0x800);
      assert.match(
        bytes.subarray(at + 46, at + 46 + bytes.readUInt16LE(at + 28)).toString('utf8'),
        /^山田 太郎\//,
      );
    }
    assert.equal(entries, 9);
  });

  test('brings the CA as its own file, and not inside the PKCS#12', () => {
    assert.equal(
      fingerprint1(readFileSync(join(kit, 'CA.cer')))
        .replaceAll(':', '')
        .toUpperCase(),
      caThumbprint,
    );
    assert.equal(parseCertificate(parsePem(readFileSync(join(kit, 'CA.pem')))[0]!.bytes).version, 3);
    const password = desk.password(desk.path('out'), 'passwords/山田 太郎.txt');
    const pem = spawnSync(
      'openssl',
      ['pkcs12', '-in', '山田 太郎.p12', '-passin', 'stdin', '-nodes', '-legacy', '-info'],
      {
        cwd: kit,
        input: password,
        encoding: 'utf8',
      },
    );
    assert.equal(pem.stdout.match(/BEGIN CERTIFICATE/g)?.length, 1);
    assert.match(pem.stdout, /Microsoft CSP Name: Microsoft Software Key Storage Provider/);
    assert.match(pem.stderr, /MAC: sha1/);
    assert.match(pem.stderr, /pbeWithSHA1And3-KeyTripleDES-CBC/);
  });

  test('for one system holds that one way alone', () => {
    const windows = desk.unzip(join(desk.path('out'), 'Win.zip'), desk.path('windows'));
    assert.deepEqual(
      readdirSync(windows).filter((name) => /^install/i.test(name)),
      ['Install-Windows.cmd', 'Install-Windows.ps1'],
    );
    const guide = read(windows, 'guide.html');
    assert.match(guide, /<html lang="zh-CN">/);
    assert.ok(guide.includes('手动安装') && !guide.includes('macOS'));
  });

  test('has shell scripts that bash, dash and shellcheck find nothing in', () => {
    for (const folder of [kit, hostile])
      for (const script of ['install-linux.sh', 'install-macos.command'])
        for (const [tool, ...args] of [
          ['bash', '-n'],
          ['dash', '-n'],
          // The two excluded are about what stands in a person's name, between single quotes.
          ['shellcheck', '--severity=style', '--exclude=SC2016,SC1112'],
        ] as const) {
          const run = spawnSync(tool, [...args, script], { cwd: folder, encoding: 'utf8' });
          assert.equal(run.status, 0, `${tool} ${script}: ${run.error ?? ''}${run.stdout}${run.stderr}`);
        }
  });

  test('has Windows scripts in the encodings that cmd.exe and PowerShell 5.1 read, with CRLF', () => {
    for (const folder of [kit, hostile]) {
      const starter = readFileSync(join(folder, 'Install-Windows.cmd'), 'latin1');
      assert.match(starter, /^@echo off\r\n[\t\x20-\x7e\r\n]*$/);
      const script = readFileSync(join(folder, 'Install-Windows.ps1'));
      assert.deepEqual([...script.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
      for (const text of [starter, script.toString('utf8')]) {
        assert.equal(text.match(/\n/g)?.length, text.match(/\r\n/g)?.length);
        assert.ok(!/[^\r]\n/.test(text));
      }
      // Outside of strings and comments every brace and bracket has its other half.
      const bare = script
        .toString('utf8')
        .replace(/'(?:[^']|'')*'/g, "''")
        .replace(/"(?:[^"]|"")*"/g, '""')
        .replace(/#.*$/gm, '');
      for (const [open, close] of ['{}', '()', '[]'])
        assert.equal(bare.split(open!).length, bare.split(close!).length);
    }
    assert.match(read(kit, 'Install-Windows.ps1'), new RegExp(`\\$caThumbprint = '${caThumbprint}'`));
    // Every kind of single quote is doubled, so that none ends the string.
    assert.ok(read(hostile, 'Install-Windows.ps1').includes(`O''Brien $(touch pwned)`));
    assert.ok(read(hostile, 'Install-Windows.ps1').includes('’’x’’'));
  });

  test('shows a hostile name as it is and lets it do nothing, in the shell and in the guide', () => {
    const run = spawnSync('/bin/sh', ['install-linux.sh'], {
      cwd: hostile,
      input: 'wrong\n',
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: hostile },
    });
    assert.equal(run.status, 1);
    assert.ok(run.stdout.startsWith(`Client certificate for ${hostileName}`), run.stdout);
    assert.ok(!readdirSync(hostile).includes('pwned'));
    const guide = read(hostile, 'guide.html');
    assert.ok(!guide.includes('<b>&amp;</b>') && guide.includes('&#60;b&#62;'));
    assert.ok(guide.includes('href="https://www.example.test/a?b=1&#38;c=&#34;2&#34;"'));
  });

  test('has a guide that needs nothing from outside and names what a person compares', () => {
    const guide = read(kit, 'guide.html');
    assert.match(guide, /<html lang="ja">/);
    assert.ok(guide.includes("default-src 'none'"));
    assert.deepEqual(
      [...guide.matchAll(/(?:src|href)="([^"]*)"/g)]
        .map(([, link]) => link)
        .filter((link) => !link!.startsWith('https://www.example.test/')),
      [],
    );
    assert.ok(!/<script|url\(/i.test(guide));
    for (const fact of [
      '山田 太郎',
      '山田 太郎.p12',
      'Install-Windows.cmd',
      'install-macos.command',
      'install-linux.sh',
    ])
      assert.ok(guide.includes(fact), fact);
    const thumbprint = /\$thumbprint = '([0-9A-F]{40})'/.exec(read(kit, 'Install-Windows.ps1'))![1]!;
    assert.ok(guide.replaceAll(/:(<wbr>)?/g, '').includes(thumbprint));
    assert.ok(!guide.includes('{{'));
  });

  describe('on macOS, played by a double of `security`', () => {
    /** Answers like the real tool; `import` keeps the identity only when it is not a liar. */
    const double = (liar: boolean) => `#!/bin/sh
printf '%s\\n' "$*" >>"$HOME/calls"
case $1 in
  import) ${liar ? ':' : 'touch "$HOME/imported"'} ;;
  find-identity) [ ! -f "$HOME/imported" ] || printf '  1) %s "x"\\n' "$WANTED" ;;
  find-certificate) printf 'SHA-1 hash: %s\\n' "$WANTED_CA" ;;
esac
`;
    function install(liar: boolean, input: string) {
      const home = mkdtempSync(join(tmpdir(), 'warifu-mac-'));
      mkdirSync(join(home, 'bin'));
      writeFileSync(join(home, 'bin', 'security'), double(liar), { mode: 0o755 });
      const wanted = /^thumbprint='([0-9A-F]{40})'$/m.exec(read(kit, 'install-macos.command'))![1]!;
      const run = spawnSync('/bin/sh', [join(kit, 'install-macos.command')], {
        input,
        encoding: 'utf8',
        env: {
          PATH: `${join(home, 'bin')}:${process.env['PATH']}`,
          HOME: home,
          WANTED: wanted,
          WANTED_CA: caThumbprint,
        },
      });
      const calls = read(home, 'calls');
      rmSync(home, { recursive: true });
      return { ...run, calls };
    }

    test('a tool that reports success and does nothing is not believed', () => {
      const { status, stderr } = install(true, 'y\n');
      assert.equal(status, 1);
      assert.match(stderr, /インストールされていません/);
    });

    test('the identity is read back, the password is in no command line, and the CA is not trusted unasked', () => {
      const { status, stdout, calls } = install(false, '\n');
      assert.equal(status, 0);
      assert.match(stdout, /インストールして確認しました。 [0-9A-F]{40}/);
      assert.match(calls, /^import .*山田 太郎\.p12 -k .*login\.keychain-db -f pkcs12 -x$/m);
      assert.ok(!/ -P /.test(calls) && !calls.includes('add-trusted-cert'));
    });

    test('a yes trusts the CA for TLS', () => {
      const { stdout, calls } = install(false, 'y\n');
      assert.match(calls, /^add-trusted-cert -r trustRoot -p ssl /m);
      assert.match(stdout, /CA を信頼しました/);
    });
  });
});
