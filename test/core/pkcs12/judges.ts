/** What is asked of every foreign file: is it opened or refused for the true reason, and does the new file import. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ORPCError } from '@orpc/contract';
import {
  type Pkcs12Contents,
  type Pkcs12Target,
  pkcs12Targets,
  type RewrapResult,
} from '../../../contract/pkcs12.ts';
import { createCore } from '../../../core/create-core.ts';
import { cheapest } from '../desk.ts';
import { missing, ToolBench } from '../x509/tool-bench.ts';
import type { ForeignBench, ForeignFile } from './foreign-files.ts';

const toolsMissing = missing('openssl', 'keytool', 'certtool', 'pk12util', 'certutil');

/** Declares a test for each file. */
export function testForeignFiles(files: readonly ForeignFile[]): void {
  const home = mkdtempSync(join(tmpdir(), 'warifu-p12-'));
  const core = createCore({ home, keychain: null, scryptCost: cheapest });
  const bench = new ToolBench();
  const made: ForeignBench = {
    bench,
    rsa: bench.issue('rsa', 'RSA'),
    ec: bench.issue('ec', 'P-256'),
  };
  for (const [name, ...key] of [
    ['p384', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
    ['ed25519', '-newkey', 'ed25519'],
  ] as const)
    bench.openssl(
      'req',
      '-x509',
      ...key,
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
      '-subj',
      `/CN=${name}`,
    );
  after(async () => {
    await core.close();
    bench.remove();
    rmSync(home, { recursive: true, force: true });
  });
  const { pkcs12 } = core.client;

  for (const file of files)
    test(`a file of ${file.made} is ${file.refused ? 'refused' : 'opened'}, judged and re-wrapped truly`, {
      skip: toolsMissing,
    }, async () => {
      const bytes = file.make(made);
      const base64 = Buffer.from(bytes).toString('base64');
      if (file.refused !== undefined) {
        await assert.rejects(pkcs12.inspect({ pkcs12: base64, password: file.password }), code(file.refused));
        return;
      }
      const contents = await pkcs12.inspect({ pkcs12: base64, password: file.password });
      assertContents(contents, file);
      await assertPasswordMatters(contents, file, base64);
      assertVerdicts(bench, contents, file, bytes);
      await assertRewraps(contents, file, base64);
    });

  async function assertPasswordMatters(
    contents: Pkcs12Contents,
    { password }: ForeignFile,
    base64: string,
  ): Promise<void> {
    // Iterations by the million: one derivation more is what the budget is for, not this test.
    if (isCostly(contents)) return;
    const isOpen = [contents.mac, ...contents.keys, ...contents.certificates].every(
      ({ algorithm }) => algorithm === 'none',
    );
    const wrong = pkcs12.inspect({ pkcs12: base64, password: `${password}!` });
    if (isOpen) assert.equal((await wrong).passwordNeeded, false);
    else await assert.rejects(wrong, code('WRONG_PASSWORD'));
    if (password === '') assert.equal((await pkcs12.inspect({ pkcs12: base64 })).passwordNeeded, false);
    else await assert.rejects(pkcs12.inspect({ pkcs12: base64 }), code('PASSWORD_REQUIRED'));
  }

  async function assertRewraps(contents: Pkcs12Contents, file: ForeignFile, base64: string): Promise<void> {
    const rewrap = (target: Pkcs12Target, identity?: string): Promise<RewrapResult> =>
      pkcs12.rewrap({
        pkcs12: base64,
        password: file.password,
        target,
        ...(identity === undefined ? {} : { identity }),
      });
    if (file.rewrap === 'absent') return assert.rejects(rewrap('nss'), code('IDENTITY_ABSENT'));
    if (file.rewrap === 'mismatch') return assert.rejects(rewrap('nss'), code('KEY_MISMATCH'));
    if (file.rewrap === 'java-only') {
      for (const target of ['nss', 'windows', 'windows-2016'] as const)
        await assert.rejects(rewrap(target), code('PKCS12_TARGET_REFUSES'));
      return assertImports(bench, 'java', await rewrap('java'));
    }
    if (file.rewrap === 'ambiguous') await assert.rejects(rewrap('nss'), code('IDENTITY_AMBIGUOUS'));
    // What is written depends on the target's form, and there are two; so each file is judged by Java's own tool and
    // in one turn of the others, which together see every target many times.
    for (const { certificate, chain } of contents.identities)
      for (const target of isCostly(contents) ? (['java'] as const) : (['java', nextTurn()] as const)) {
        const identity = file.rewrap === 'ambiguous' ? certificate!.thumbprintSha1.toUpperCase() : undefined;
        const wrapped = await rewrap(target, identity);
        assert.equal(wrapped.identity.certificate?.thumbprint, certificate?.thumbprint);
        assert.match(wrapped.password ?? '', /^[\x21-\x7e]{20,}$/);
        assert.equal(wrapped.identity.chain.length, chain.length);
        assertImports(bench, target, wrapped);
        if (target === 'java') continue;
        const again = await pkcs12.inspect({ pkcs12: wrapped.bytes, password: wrapped.password! });
        const verdict = again.targets.find((one) => one.target === target);
        assert.deepEqual(verdict, { target, imports: 'yes', reasons: [] });
        assert.equal(again.identities[0]?.chain.length, chain.length);
      }
  }
}

/** To open it takes seconds. */
const isCostly = ({ mac, keys }: Pkcs12Contents): boolean =>
  [mac, ...keys].some(({ iterations }) => iterations > 100_000);

const turns = pkcs12Targets.filter((target) => target !== 'java');
let turn = 0;
const nextTurn = (): Pkcs12Target => turns[turn++ % turns.length]!;

const code = (expected: string) => (error: unknown) => {
  assert.ok(error instanceof ORPCError, String(error));
  assert.equal(error.code, expected);
  return true;
};

function assertContents(
  contents: Pkcs12Contents,
  { keys = [], chain, protection, rewrap }: ForeignFile,
): void {
  assert.deepEqual(contents.identities.map(({ key }) => key).toSorted(), [...keys].toSorted());
  for (const identity of contents.identities) {
    assert.ok(identity.certificate, 'every key has a certificate');
    assert.equal(identity.matches, rewrap !== 'mismatch');
    if (chain !== undefined) assert.equal(identity.chain.length, chain);
  }
  if (protection)
    assert.deepEqual(
      [contents.mac.algorithm, contents.keys[0]?.algorithm, contents.certificates[0]?.algorithm],
      protection,
    );
}

/** What Warifu says of NSS and Java is what NSS and Java do; only "uncertain" leaves both open. */
function assertVerdicts(
  bench: ToolBench,
  contents: Pkcs12Contents,
  file: ForeignFile,
  bytes: Uint8Array,
): void {
  const said = (target: Pkcs12Target) => contents.targets.find((verdict) => verdict.target === target)!;
  bench.write('foreign.p12', bytes);
  const actual = {
    nss: importToNss(bench, 'foreign.p12', file.password) === null,
    java: importToJava(bench, 'foreign.p12', file.password) === null,
  };
  // A judge that always says yes, or no, would be none.
  assert.deepEqual(actual, file.imports);
  for (const target of ['nss', 'java'] as const) {
    const { imports, reasons } = said(target);
    if (imports === 'uncertain') assert.ok(reasons.length > 0);
    else assert.equal(imports === 'yes', actual[target], `${target}: ${JSON.stringify(reasons)}`);
    if (imports === 'no') assert.ok(reasons.some(({ effect }) => effect === 'refuses'));
  }
}

/** openssl opens every new file; NSS every one but those for Java, whose own keytool opens its. */
function assertImports(bench: ToolBench, target: Pkcs12Target, wrapped: RewrapResult): void {
  const bytes = Buffer.from(wrapped.bytes, 'base64');
  bench.write('wrapped.p12', bytes);
  const password = wrapped.password!;
  bench.write('wrapped-password', `${password}\n`);
  const pem = bench
    .openssl('pkcs12', '-in', 'wrapped.p12', '-passin', 'file:wrapped-password', '-nodes', '-legacy')
    .toString();
  assert.match(pem, /BEGIN PRIVATE KEY/);
  assert.equal(pem.match(/BEGIN CERTIFICATE/g)?.length, 1 + wrapped.identity.chain.length);
  if (target === 'java') assert.equal(importToJava(bench, 'wrapped.p12', password), null);
  else assert.equal(importToNss(bench, 'wrapped.p12', password), null);
}

/** Null when NSS has the key afterwards, else what it said. */
function importToNss(bench: ToolBench, name: string, password: string): string | null {
  if (!existsSync(bench.path('nss-empty'))) {
    bench.makeDirectory('nss-empty');
    bench.run('certutil', '-N', '-d', 'sql:nss-empty', '--empty-password');
  }
  rmSync(bench.path('nss-judge'), { recursive: true, force: true });
  cpSync(bench.path('nss-empty'), bench.path('nss-judge'), { recursive: true });
  // -w refuses an empty file; on a bench the password may stand in the command line.
  const run = bench.attempt('pk12util', '-i', name, '-d', 'sql:nss-judge', '-W', password, '-K', '');
  // `u` stands for a certificate whose private key is there.
  return /u,u,u/.test(bench.run('certutil', '-L', '-d', 'sql:nss-judge')) ? null : run.stdout + run.stderr;
}

/** Null when Java has a private key entry afterwards, else what it said. */
function importToJava(bench: ToolBench, name: string, password: string): string | null {
  rmSync(bench.path('java-judge.p12'), { force: true });
  bench.write('java-judge-password', password);
  const run = bench.attempt(
    'keytool',
    '-J-XX:TieredStopAtLevel=1',
    '-J-XX:+UseSerialGC',
    '-importkeystore',
    '-noprompt',
    '-srckeystore',
    name,
    '-srcstoretype',
    'PKCS12',
    '-srcstorepass:file',
    'java-judge-password',
    '-destkeystore',
    'java-judge.p12',
    '-deststoretype',
    'PKCS12',
    '-deststorepass',
    'changeit',
    '-destkeypass',
    'changeit',
  );
  const imported = /([1-9]\d*) entries successfully imported/.test(run.stdout + run.stderr);
  return imported && existsSync(bench.path('java-judge.p12')) ? null : run.stdout + run.stderr;
}
