/** Secrets come from the terminal, a file or standard input, never from the command line itself. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Problem } from '../contract/problem.ts';

/** Ctrl-C at a prompt: nothing was done, the exit code says so. */
export class Interrupted extends Error {}

/**
 * Asks on the terminal without echo.
 * @throws Problem SECRET_NOT_GIVEN when there is no terminal; Interrupted on Ctrl-C
 */
export async function askSecret(prompt: string, option: string): Promise<string> {
  if (!process.stdin.isTTY) throw new Problem('SECRET_NOT_GIVEN', { option });
  process.stderr.write(`${prompt}: `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      terminal.once('SIGINT', () => reject(new Interrupted()));
      terminal.once('close', () => reject(new Interrupted()));
      terminal.question('', resolve);
    });
  } finally {
    terminal.removeAllListeners('close').close();
    process.stderr.write('\n');
  }
}

/** First line of a file, or of standard input for `-`. @throws Problem FILE_UNREADABLE, INPUT_TOO_LARGE */
export function readSecretFile(path: string): string {
  const text = readInput(path, 64 * 1024).toString('utf8');
  return text.split(/\r?\n/, 1)[0] ?? '';
}

/** A file, or standard input for `-`. @throws Problem FILE_UNREADABLE, INPUT_TOO_LARGE */
export function readInput(path: string, limit = 32 * 1024 * 1024): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path === '-' ? 0 : path);
  } catch (error) {
    throw new Problem('FILE_UNREADABLE', { path, reason: (error as NodeJS.ErrnoException).code ?? 'error' });
  }
  if (bytes.length > limit) throw new Problem('INPUT_TOO_LARGE', { what: path, limit });
  return bytes;
}
