/** A machine of its own for one test: a home with Japanese and a space in its name, and NSS tools to look into it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { StoreHost } from '../../../core/trust-store/store.ts';

export const nssToolsMissing = ['certutil', 'pk12util'].some(
  (tool) =>
    !(process.env['PATH'] ?? '').split(delimiter).some((directory) => existsSync(join(directory, tool))),
);

export class PrivateHost implements StoreHost {
  readonly platform = 'linux';
  readonly home = mkdtempSync(join(tmpdir(), '割符 ホーム '));
  readonly env: Record<string, string | undefined> = { PATH: process.env['PATH'], HOME: this.home };

  get database(): string {
    return join(this.home, '.local', 'share', 'pki', 'nssdb');
  }

  /** What certutil itself says, as an independent judge. */
  certutil(...args: readonly string[]): string {
    const passwordFile = join(this.home, 'empty-password');
    writeFileSync(passwordFile, '');
    return execFileSync('certutil', ['-d', `sql:${this.database}`, '-f', passwordFile, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
  }

  /** Puts shell scripts in front of the real tools. */
  replaceTools(scripts: Readonly<Record<string, string>>): void {
    const directory = join(this.home, 'bin');
    mkdirSync(directory, { recursive: true });
    for (const [name, script] of Object.entries(scripts))
      writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    this.env['PATH'] = `${directory}${delimiter}${process.env['PATH']}`;
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
