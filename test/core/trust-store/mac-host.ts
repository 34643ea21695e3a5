/** A Mac of its own for one test: a home whose name holds everything that quoting can get wrong, and a `security`. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StoreHost } from '../../../core/trust-store/store.ts';
import type { DoubleCall, DoubleState } from './security-double.ts';

const double = fileURLToPath(new URL('security-double.ts', import.meta.url));
/** Compiled once for all the calls of this process. */
const cache = mkdtempSync(join(tmpdir(), 'warifu-security-'));
process.once('exit', () => rmSync(cache, { recursive: true, force: true }));
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

export class MacHost implements StoreHost {
  readonly platform = 'darwin';
  readonly home = mkdtempSync(join(tmpdir(), '割符 "ホーム" it\'s \\ $HOME-'));
  readonly env: Record<string, string | undefined> = { HOME: this.home };
  readonly securityTool = join(this.home, 'security');
  readonly keychain = join(this.home, 'Library', 'Keychains', 'login.keychain-db');

  constructor(state: Partial<DoubleState> = {}) {
    mkdirSync(join(this.home, 'Library', 'Keychains'), { recursive: true });
    writeFileSync(this.keychain, 'a keychain');
    writeFileSync(
      this.securityTool,
      `#!/bin/sh\nexport NODE_COMPILE_CACHE=${cache}\nexec ${[process.execPath, double, this.home].map(quoted).join(' ')} "$@"\n`,
    );
    chmodSync(this.securityTool, 0o755);
    this.change({
      keychain: this.keychain,
      certificates: [],
      trusted: [],
      locked: false,
      password: '',
      answer: 'yes',
      idle: [],
      ...state,
    });
  }

  get state(): DoubleState {
    return JSON.parse(readFileSync(join(this.home, 'state.json'), 'utf8'));
  }

  change(state: Partial<DoubleState>): void {
    const before = 'keychain' in state ? {} : this.state;
    writeFileSync(join(this.home, 'state.json'), JSON.stringify({ ...before, ...state }));
  }

  /** How the last import asked for the key to be kept. */
  get imported(): { nonExtractable: boolean; anyApplication: boolean } {
    return JSON.parse(readFileSync(join(this.home, 'imported.json'), 'utf8'));
  }

  get calls(): readonly DoubleCall[] {
    return readFileSync(join(this.home, 'calls'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  /** The words of every call of one command, whichever way they came. */
  wordsOf(command: string): readonly (readonly string[])[] {
    return this.calls.flatMap(({ commands }) => commands).filter(([name]) => name === command);
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
