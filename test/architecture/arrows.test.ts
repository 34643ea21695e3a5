import assert from 'node:assert/strict';
import { before, describe, it, test } from 'node:test';
import { copyOfThisTree, emptyTree, type Tree } from './planted-tree.ts';

const packages = {
  dependencies: ['electron', 'react', 'zod', 'koffi', '@napi-rs/keyring', '@alicloud/openapi-client'],
  devDependencies: ['pkijs'],
};

/** One file of each room, with only such imports as the rules allow. */
const lawful = {
  'contract/problem.ts': "import 'zod'; export const problem = 1;",
  'core/create-core.ts': "export { seal } from './vault/vault.ts'; export { append } from './audit/log.ts';",
  'core/authority/issue.ts':
    "import '../../contract/problem.ts'; import '../x509/der.ts'; import '../registry/registry.ts'; export const issue = 1; export interface Issue {}",
  'core/x509/der.ts': "import 'node:crypto'; export const der = 1;",
  'core/vault/vault.ts': "import '@napi-rs/keyring'; import '../x509/der.ts'; export const seal = 1;",
  'core/registry/records.ts': 'export interface AuditRecord {}',
  'core/registry/registry.ts': "import 'node:sqlite'; import './records.ts';",
  'core/audit/log.ts':
    "import type { AuditRecord } from '../registry/records.ts'; export const append = (r: AuditRecord) => r;",
  'core/slb/client.ts': "import '@alicloud/openapi-client';",
  'core/trust-store/store.ts': "import 'node:child_process'; import 'koffi';",
  'simulator/simulator.ts': "import '../core/x509/der.ts'; export const start = 1;",
  'cli/main.ts':
    "import '../core/create-core.ts'; import '../contract/problem.ts'; import '../simulator/simulator.ts'; import type { Issue } from '../core/authority/issue.ts'; export type { Issue };",
  'host/host.ts': "import 'node:child_process'; import '../core/create-core.ts';",
  'main/main.ts': "import 'electron'; import '../core/create-core.ts';",
  'preload/preload.ts': "import 'electron'; import '../contract/problem.ts';",
  'renderer/window.ts': "import 'react'; import '../contract/problem.ts';",
  'test/judge.test.ts':
    "import '../core/vault/vault.ts'; import 'pkijs'; import 'node:sqlite'; import 'node:child_process';",
  'scripts/run.mjs': "import 'node:child_process';",
};

/** A wrong import: where it stands, what it names, and the rules that must speak (no other may). */
const wrongImports: readonly (readonly [file: string, imported: string, ...rules: string[]])[] = [
  ['renderer/wrong.ts', '../core/x509/der.ts', 'renderer-imports-contract-alone'],
  ['renderer/wrong.ts', 'electron', 'electron-in-main-and-preload-only'],
  ['preload/wrong.ts', '../core/create-core.ts', 'preload-imports-contract-alone'],
  ['contract/wrong.ts', '../core/x509/der.ts', 'contract-imports-nothing-of-ours'],
  ['contract/wrong.ts', 'react', 'core-needs-no-window'],
  ['core/authority/wrong.ts', 'electron', 'core-needs-no-window'],
  ['core/authority/wrong.ts', 'react', 'core-needs-no-window'],
  ['core/authority/wrong.ts', '../../simulator/simulator.ts', 'core-imports-contract-alone'],
  [
    'core/authority/wrong.ts',
    '../../cli/main.ts',
    'core-imports-contract-alone',
    'faces-are-entered-by-nobody',
  ],
  ['core/authority/wrong.ts', '@napi-rs/keyring', 'only-vault-reaches-the-keychain'],
  ['core/authority/wrong.ts', 'node:sqlite', 'only-registry-speaks-sql'],
  ['core/authority/wrong.ts', '@alicloud/openapi-client', 'only-slb-talks-to-the-cloud'],
  ['core/authority/wrong.ts', 'node:child_process', 'only-trust-store-runs-os-tools'],
  ['core/authority/wrong.ts', 'child_process', 'only-trust-store-runs-os-tools'],
  ['core/authority/wrong.ts', 'koffi', 'few-call-system-libraries'],
  ['core/authority/wrong.ts', 'pkijs', 'production-imports-no-dev-dependency'],
  ['core/authority/wrong.ts', 'left-pad', 'packages-are-declared'],
  ['core/authority/wrong.ts', './nowhere.ts', 'imports-lead-somewhere'],
  ['core/x509/wrong.ts', '../../contract/problem.ts', 'x509-stands-alone'],
  ['core/x509/wrong.ts', '../vault/vault.ts', 'x509-stands-alone'],
  ['core/vault/wrong.ts', '../registry/registry.ts', 'ground-rooms-stand-on-x509-and-contract'],
  ['core/audit/wrong.ts', '../authority/issue.ts', 'ground-rooms-stand-on-x509-and-contract'],
  ['simulator/wrong.ts', '../core/slb/client.ts', 'simulator-knows-x509-alone'],
  ['simulator/wrong.ts', '../contract/problem.ts', 'simulator-knows-x509-alone'],
  ['simulator/wrong.ts', '@alicloud/openapi-client', 'only-slb-talks-to-the-cloud'],
  ['cli/wrong.ts', '../core/authority/issue.ts', 'faces-enter-core-by-create-core'],
  ['cli/wrong.ts', 'electron', 'electron-in-main-and-preload-only'],
  ['host/wrong.ts', '../cli/main.ts', 'faces-are-entered-by-nobody'],
  [
    'core/vault/wrong.ts',
    '../../test/judge.test.ts',
    'core-imports-contract-alone',
    'production-imports-no-test',
  ],
];

describe('the arrows of the architecture', () => {
  it('let every lawful import pass', async () => {
    await using tree = await lawfulTree();
    const { exitCode, output } = await tree.checkArrows();
    assert.equal(exitCode, 0, output);
  });

  describe('name the rule when one wrong import is added', { concurrency: 2 }, () => {
    // All of them in one tree, each in a file of its own: one run tells of every one.
    const planted = wrongImports.map(([file, imported, ...rules], index) => ({
      file: file.replace('wrong', `wrong-${index}`),
      imported,
      rules,
    }));
    let output = '';
    before(async () => {
      await using tree = await lawfulTree();
      await tree.plant(
        Object.fromEntries(planted.map(({ file, imported }) => [file, `import '${imported}';\n`])),
      );
      const run = await tree.checkArrows();
      assert.notEqual(run.exitCode, 0);
      output = run.output;
    });
    for (const { file, imported, rules } of planted)
      it(`${file} imports ${imported}`, () => {
        assert.deepEqual(brokenRules(output, file), rules.toSorted());
      });

    it('a type import is an arrow too', async () => {
      await using tree = await lawfulTree();
      await tree.plant({
        'core/x509/wrong.ts': "import type { Issue } from '../authority/issue.ts'; export type I = Issue;",
      });
      assert.deepEqual(brokenRules((await tree.checkArrows()).output), ['x509-stands-alone']);
    });

    it('so is an import that is only awaited', async () => {
      await using tree = await lawfulTree();
      await tree.plant({
        'simulator/wrong.ts': "export const later = () => import('../core/vault/vault.ts');",
      });
      assert.deepEqual(brokenRules((await tree.checkArrows()).output), ['simulator-knows-x509-alone']);
    });

    it('two files import each other', async () => {
      await using tree = await lawfulTree();
      await tree.plant({ 'core/x509/a.ts': "import './b.ts';", 'core/x509/b.ts': "import './a.ts';" });
      assert.deepEqual(brokenRules((await tree.checkArrows()).output), ['no-circles']);
    });
  });
});

test('this very tree obeys but for the one wrong import that is added', async () => {
  await using tree = await copyOfThisTree();
  await tree.plant({ 'core/x509/wrong.ts': "import '../create-core.ts';\n" });
  const { exitCode, output } = await tree.checkArrows();
  assert.notEqual(exitCode, 0);
  assert.deepEqual(brokenRules(output), ['x509-stands-alone']);
  assert.deepEqual(brokenRules(output, 'core/x509/wrong.ts'), ['x509-stands-alone']);
  assert.match(output, /\b1 dependency violations? \(1 errors/);
});

async function lawfulTree(): Promise<Tree> {
  const tree = await emptyTree();
  await tree.plant(lawful);
  for (const name of [...packages.dependencies, ...packages.devDependencies, 'left-pad']) {
    await tree.plant({
      [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
      [`node_modules/${name}/index.js`]: 'exports.it = 1;\n',
    });
  }
  const versions = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '1.0.0']));
  await tree.plant({
    'package.json': JSON.stringify({
      type: 'module',
      dependencies: versions(packages.dependencies),
      devDependencies: versions(packages.devDependencies),
    }),
  });
  return tree;
}

/** The rules that spoke, of one file when it is named. */
function brokenRules(output: string, file?: string): string[] {
  const told = [...output.matchAll(/^ *error ([a-z0-9-]+): (\S+)/gm)];
  return [
    ...new Set(told.flatMap(([, rule, at]) => (file === undefined || at === file ? [rule!] : []))),
  ].sort();
}
