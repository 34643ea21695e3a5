import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { pretendingToBeNode20 } from './planted-checkout.ts';

const guard = join(import.meta.dirname, '..', '..', 'cli', 'warifu.mjs');
const sentence =
  /^Warifu needs Node 24 or newer, but this is Node \d+\.\d+\.\d+\. "npm start" installs the right one\.\n$/;

test('an older Node is refused with one clear sentence', async () => {
  const { exitCode, stdout, stderr } = await run(process.execPath, [...pretendingToBeNode20, guard, 'tour']);
  assert.equal(exitCode, 1);
  assert.equal(stdout, '');
  assert.match(stderr, sentence);
});

test('an older Node that this machine really has is refused the same way, and can read the guard', async (t) => {
  const older = olderNode();
  if (older === undefined) {
    // The test above stands for it: most machines have one Node.
    t.diagnostic('every Node in PATH is 24 or newer');
    return;
  }
  const { exitCode, stderr } = await run(older, [guard, 'tour']);
  assert.equal(exitCode, 1);
  assert.match(stderr, sentence);
});

function olderNode(): string | undefined {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  return candidates.find(
    (node) =>
      existsSync(node) &&
      Number.parseInt(execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }), 10) < 24,
  );
}

function run(
  node: string,
  args: readonly string[],
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(node, args, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}
