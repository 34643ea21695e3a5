// npm test: installs what is missing, runs every check and test, and ends with "N passed, N failed, N skipped".
// npm test -- core/x509 cli     only the tests under test/core/x509 and test/cli
// npm test -- --no-install      takes the machine as it is
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { endAllRuns, isolatedRun } from './isolated-run.mjs';
import { ensureSystemJudges } from './system-judges.mjs';
import {
  findTestFiles,
  onlyPlatform,
  reasonAgainstBun,
  runUnderBun,
  runUnderNode,
  takesTurns,
} from './test-files.mjs';
import { ensureDependencies, requireNode, root, SetupError } from './toolchain.mjs';
import { ensureBuiltCommandLine, ensureDesktop, ensureWindow } from './window.mjs';
import { ensureWindowsRuntime } from './windows-runtime.mjs';

const checks = [
  ['types', 'check:types'],
  ['lint', 'check:lint'],
  ['arrows', 'check:arrows'],
  ['dead code', 'check:dead'],
];
const secondsForACheck = 300;
// Several times what a file takes on two idle cores: a busy machine is no failure.
const secondsForATestFile = 300;
const secondsForAnEndToEndFile = 600;

/** @type {{ stage: string, name: string, outcome: 'passed' | 'failed' | 'skipped', reason?: string }[]} */
const results = [];

for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
]) {
  process.on(signal, () => {
    endAllRuns();
    process.exit(128 + number);
  });
}

const { filters, install } = readArguments(process.argv.slice(2));
const isSetUp = await stage('set-up', () => {
  ensureDependencies({ install });
  const node = requireNode();
  ensureSystemJudges({ install });
  ensureWindowsRuntime({ install });
  // A planted checkout has none.
  if (existsSync(join(root, 'renderer'))) ensureWindow(node);
  if (existsSync(join(root, 'main'))) ensureDesktop(node);
  if (existsSync(join(root, 'cli'))) ensureBuiltCommandLine(node);
});
if (isSetUp) await runEverything(requireNode());
summarize();

function readArguments(args) {
  const options = args.filter((arg) => arg.startsWith('-'));
  if (options.some((option) => option !== '--no-install')) {
    console.error('Usage: npm test -- [--no-install] [path below test/ ...]');
    process.exit(2);
  }
  const paths = args.filter((arg) => !arg.startsWith('-'));
  return {
    install: options.length === 0,
    filters: paths.map((path) => path.replaceAll('\\', '/').replace(/^(\.\/)?(test\/)?/, '')),
  };
}

async function runEverything(node) {
  const wanted = findTestFiles().filter(
    (path) => filters.length === 0 || filters.some((filter) => path.startsWith(filter)),
  );
  const files = wanted.filter(
    (path) => (onlyPlatform(path)?.platform ?? process.platform) === process.platform,
  );
  for (const path of wanted.filter((each) => !files.includes(each))) {
    const { platform, reason } = onlyPlatform(path);
    console.log(`   on ${platform} alone: ${path}: ${reason}`);
  }
  if (filters.length === 0) {
    await stage('checks', () => inLanes(checks, ([name, script]) => check(name, script)));
  } else if (files.length === 0) {
    results.push({
      stage: 'tests',
      name: `no test file below test/ matches ${filters.join(', ')}`,
      outcome: 'failed',
    });
  }
  const endToEnd = files.filter((path) => path.startsWith('e2e/'));
  const others = files.filter((path) => !path.startsWith('e2e/'));
  const crypto = files.filter((path) => path.startsWith('core/x509/') || path.startsWith('core/vault/'));
  await testStage('tests', others, (path) => runUnderNode(node, path, secondsForATestFile));
  await cryptoUnderBun(crypto);
  await testStage('end-to-end tests', endToEnd, (path) => runUnderNode(node, path, secondsForAnEndToEndFile));
}

/** `turnOf`: what an item must have for itself while it runs. */
async function inLanes(items, run, turnOf = () => undefined) {
  const waiting = [...items];
  const taken = new Set();
  const next = () => {
    const at = waiting.findIndex((item) => !taken.has(turnOf(item)));
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  };
  const lane = async () => {
    for (let item = next(); item !== undefined; item = next()) {
      const turn = turnOf(item);
      if (turn !== undefined) taken.add(turn);
      await run(item);
      taken.delete(turn);
    }
    // What had to wait for another lane is taken by that lane when it has done.
  };
  // One more than there are cores: tests wait, too, for servers, time-outs and disks.
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, lane));
}

/** @returns {Promise<boolean>} false when the stage itself broke, which counts as one failure */
async function stage(name, work) {
  console.log(`\n== ${name}`);
  const started = performance.now();
  try {
    await work();
    return true;
  } catch (error) {
    console.log(error instanceof SetupError ? error.message : error);
    results.push({ stage: name, name, outcome: 'failed' });
    return false;
  } finally {
    console.log(`   ${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
}

/** One check counts as one test; what it says is shown when it fails. */
async function check(name, script) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [shell, option] = process.platform === 'win32' ? ['cmd.exe', '/c'] : ['/bin/sh', '-c'];
  const run = await isolatedRun(shell, () => [option, scripts[script]], { seconds: secondsForACheck });
  console.log(`   ${run.ok ? 'ok  ' : 'FAIL'} ${name}  (${run.seconds.toFixed(1)} s)`);
  results.push({ stage: name, name: `npm run ${script}`, outcome: run.ok ? 'passed' : 'failed' });
  if (!run.ok) console.log(indent(`${run.output.trimEnd()}\n(${run.ending})`));
}

/** An empty stage in a full run means that the tests were not found, which must not read as success. */
async function testStage(name, files, runFile) {
  if (files.length === 0 && filters.length > 0) return;
  await stage(name, async () => {
    if (files.length === 0) {
      console.log('   no test file was found');
      results.push({ stage: name, name: 'no test file was found', outcome: 'failed' });
    }
    await inLanes(files, async (path) => record(name, path, await runFile(path)), takesTurns);
  });
}

async function cryptoUnderBun(files) {
  const name = 'crypto suite under Bun';
  const bun = join(root, 'node_modules', '@oven', 'bun-linux-x64', 'bin', 'bun');
  if (files.length > 0 && !existsSync(bun)) {
    const reason = `the Bun package is not installed (${process.platform}-${process.arch})`;
    await stage(name, () => results.push({ stage: name, name, outcome: 'skipped', reason }));
    return;
  }
  const suited = files.filter((path) => reasonAgainstBun(path) === undefined);
  if (files.length > 0 && suited.length === 0 && filters.length > 0) return;
  await testStage(name, suited, (path) => runUnderBun(bun, path, secondsForATestFile));
  for (const path of files) {
    const reason = reasonAgainstBun(path);
    if (reason !== undefined) console.log(`   under Node alone: ${path}: ${reason}`);
  }
}

function record(stageName, path, { records, output, seconds }) {
  for (const test of records) results.push({ stage: stageName, ...test, name: `${path}: ${test.name}` });
  const failed = records.filter((test) => test.outcome === 'failed');
  const mark = failed.length > 0 ? 'FAIL' : 'ok  ';
  console.log(`   ${mark} ${path}  ${tally(records)}  (${seconds.toFixed(1)} s)`);
  if (failed.length === 0) return;
  for (const test of failed) console.log(indent(`--- ${test.name} ${test.at ?? ''}\n${test.error}`));
  if (output.trim() !== '') console.log(indent(`--- output of ${path}\n${output.trimEnd()}`));
}

function tally(records) {
  const count = (outcome) => records.filter((test) => test.outcome === outcome).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
}

function summarize() {
  const failed = results.filter((result) => result.outcome === 'failed');
  const skipped = results.filter((result) => result.outcome === 'skipped');
  console.log('');
  for (const { stage: where, name, reason } of skipped) {
    console.log(`skipped: ${where}: ${name}: ${reason ?? reasonUnderNode(name)}`);
  }
  for (const { stage: where, name } of failed) console.log(`failed: ${where}: ${name}`);
  const isCi = (process.env.CI ?? '') !== '' && process.env.CI !== 'false';
  if (isCi && skipped.length > 0) console.log('With CI set, a skipped test counts against the run.');
  process.exitCode = failed.length > 0 || (isCi && skipped.length > 0) ? 1 : 0;
  console.log(tally(results));
}

/** Bun's report leaves out why a test skipped itself; Node's, of the same test, has it. */
function reasonUnderNode(name) {
  return (
    results.find((result) => result.name === name && result.reason !== undefined)?.reason ?? 'no reason given'
  );
}

function indent(text) {
  return text.replaceAll(/^(?=.)/gm, '     ');
}
