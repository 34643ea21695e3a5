import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { electronBinary } from './electron-binary.mjs';
import { isolatedRun } from './isolated-run.mjs';
import { root } from './toolchain.mjs';

/** Test files below test/, as paths from there with forward slashes, sorted. */
export function findTestFiles() {
  const folder = join(root, 'test');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.test.ts') && !waitsForElectron(path))
    .sort();
}

/**
 * Whether a file is for a real Electron and there is none here. Such a file says so in a comment of its own,
 * `// only with Electron: <reason>`, and elsewhere it is not picked up, so that it is no skip either.
 */
function waitsForElectron(path) {
  const text = readFileSync(join(root, 'test', path), 'utf8');
  return /^\/\/ only with Electron: /m.test(text) && electronBinary() === undefined;
}

/**
 * Why a file of the crypto suite runs under Node alone. Such a file says so in a comment of its own:
 * `// not under Bun: <reason>`.
 *
 * @returns {string | undefined}
 */
export function reasonAgainstBun(path) {
  return /^\/\/ not under Bun: (.+)$/m.exec(readFileSync(join(root, 'test', path), 'utf8'))?.[1];
}

/**
 * The one system that a file is for, with the reason. Such a file says so in a comment of its own,
 * `// only on darwin: <reason>`, and elsewhere it is not picked up, so that it is no skip either.
 *
 * @returns {{ platform: string, reason: string } | undefined}
 */
export function onlyPlatform(path) {
  const found = /^\/\/ only on (\w+): (.+)$/m.exec(readFileSync(join(root, 'test', path), 'utf8'));
  return found ? { platform: found[1], reason: found[2] } : undefined;
}

/**
 * What a file uses that only one file may use at a time. Such a file says so in a comment of its own:
 * `// takes turns: <what>`.
 *
 * @returns {string | undefined}
 */
export function takesTurns(path) {
  return /^\/\/ takes turns: (.+)$/m.exec(readFileSync(join(root, 'test', path), 'utf8'))?.[1];
}

/**
 * One test file in a process of its own, under Node.
 *
 * @typedef {{ name: string, outcome: 'passed' | 'failed' | 'skipped', reason?: string, error?: string }} TestRecord
 * @returns {Promise<{ records: TestRecord[], output: string, seconds: number }>}
 */
export async function runUnderNode(node, path, seconds) {
  const reporter = pathToFileURL(join(root, 'scripts', 'record-tests.mjs')).href;
  const run = await isolatedRun(
    node,
    (scratch) => [
      `--test-reporter=${reporter}`,
      `--test-reporter-destination=${join(scratch, 'records')}`,
      join(root, 'test', path),
    ],
    { seconds, collect: (scratch) => readLines(join(scratch, 'records')) },
  );
  const lines = run.collected;
  const records = lines.filter((line) => line.outcome !== undefined);
  const finished = lines.some((line) => line.end === true);
  const remarks = lines.filter((line) => line.diagnostic !== undefined).map((line) => line.diagnostic);
  return { ...run, records: withVerdict(path, records, run, finished ? undefined : run.ending, remarks) };
}

/** The same under Bun, whose crypto is BoringSSL: the nearest thing to Electron's that runs without a window. */
export async function runUnderBun(bun, path, seconds) {
  const run = await isolatedRun(
    bun,
    (scratch) => [
      'test',
      `./test/${path}`,
      `--timeout=${seconds * 1000}`,
      '--reporter=junit',
      `--reporter-outfile=${join(scratch, 'junit.xml')}`,
    ],
    { seconds, collect: (scratch) => readJunit(join(scratch, 'junit.xml')) },
  );
  return { ...run, records: withVerdict(path, run.collected, run, undefined, []) };
}

/** Adds the failure that no single test can report: the file broke off, fell over at its end, or holds no test. */
function withVerdict(path, records, run, brokeOff, remarks) {
  const failed = records.some((record) => record.outcome === 'failed');
  const fileFailed = (error) => [...records, { name: path, outcome: 'failed', error }];
  if (brokeOff !== undefined) {
    // Without any test node:test writes nothing either.
    const what =
      records.length === 0 ? 'The file did not finish, or holds no test' : 'The file did not finish';
    return fileFailed(`${what}: ${brokeOff}.`);
  }
  if (!run.ok && !failed)
    return fileFailed([`The file failed outside its tests: ${run.ending}.`, ...remarks].join('\n'));
  if (records.length === 0) return fileFailed('The file holds no test.');
  return records;
}

function readLines(file) {
  if (!existsSync(file)) return [];
  // A process that was killed may leave half a line.
  return readFileSync(file, 'utf8').split('\n').flatMap(parseOrNothing);
}

function parseOrNothing(line) {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

/** Bun's JUnit file: a <testcase .../>, or one with <skipped/> or <failure> in it. */
function readJunit(file) {
  if (!existsSync(file)) return [];
  const cases = readFileSync(file, 'utf8').matchAll(/<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g);
  return [...cases].map(([, attributes, body = '']) => {
    const name = unescapeXml(/(?:^| )name="([^"]*)"/.exec(attributes)?.[1] ?? '?');
    if (body.includes('<skipped')) return { name, outcome: 'skipped', reason: undefined };
    if (/<(failure|error)/.test(body)) return { name, outcome: 'failed', error: 'see the output' };
    return { name, outcome: 'passed' };
  });
}

function unescapeXml(text) {
  const characters = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => characters[name]);
}
