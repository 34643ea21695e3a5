import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { environment, root } from './toolchain.mjs';

const running = new Set();

/**
 * Runs a program with no stdin, in its own process group, for a limited time; nothing it started outlives it.
 * Its output goes to a file, so a forgotten grandchild that still holds it cannot make us wait.
 *
 * @param {string} command
 * @param {(scratch: string) => readonly string[]} argsFor the arguments, given a folder that is removed afterwards
 * @param {{ seconds: number, collect?: (scratch: string) => unknown }} options collect: reads results from that folder
 * @returns {Promise<{ ok: boolean, ending: string, output: string, seconds: number, collected: unknown }>}
 *   ending: how it ended, in words
 */
export async function isolatedRun(command, argsFor, { seconds, collect }) {
  const scratch = mkdtempSync(join(tmpdir(), 'warifu-run-'));
  try {
    const started = performance.now();
    const ending = await untilItEnds(command, argsFor(scratch), join(scratch, 'output'), seconds);
    return {
      ok: ending === 'exit code 0',
      ending,
      output: stripVTControlCharacters(readFileSync(join(scratch, 'output'), 'utf8')),
      seconds: (performance.now() - started) / 1000,
      collected: collect?.(scratch),
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Ends everything that is running: for when the runner itself is interrupted. */
export function endAllRuns() {
  for (const child of running) killGroup(child);
}

function untilItEnds(command, args, outputFile, seconds) {
  const output = openSync(outputFile, 'w');
  const child = spawn(command, args, {
    cwd: root,
    // Without a locale Chromium saves files under no name of ours, and tools write question marks.
    env: { LANG: 'C.UTF-8', ...environment() },
    stdio: ['ignore', output, output],
    detached: process.platform !== 'win32',
  });
  closeSync(output);
  running.add(child);
  let overtime = false;
  const alarm = setTimeout(() => {
    overtime = true;
    killGroup(child);
  }, seconds * 1000);
  return new Promise((resolve) => {
    const settle = (ending) => {
      clearTimeout(alarm);
      killGroup(child);
      running.delete(child);
      resolve(ending);
    };
    child.once('error', (error) => settle(error.message));
    child.once('exit', (code, signal) => {
      if (overtime) settle(`did not end within ${seconds} s`);
      else settle(signal === null ? `exit code ${code}` : `ended by ${signal}`);
    });
  });
}

function killGroup(child) {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
