/** A Firefox of one user as its files show it: profiles.ini, and profiles with databases of their own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PrivateHost } from './private-host.ts';

export const legacyRoot = join('.mozilla', 'firefox');

export class PlantedProfile {
  readonly path: string;
  readonly #passwordFile: string;

  /** Makes the profile with an NSS database, as Firefox does at its first start. `folder`: below the home. */
  constructor(host: PrivateHost, folder = legacyRoot, name = 'default-release', password = '') {
    const root = join(host.home, folder);
    this.path = join(root, `k3y9ab0c.${name}`);
    this.#passwordFile = join(host.home, `password of ${name}`);
    mkdirSync(this.path, { recursive: true });
    writeFileSync(this.#passwordFile, password);
    writeFileSync(
      join(root, 'profiles.ini'),
      [
        '[Install4F96D1932A9F858E]',
        `Default=k3y9ab0c.${name}`,
        'Locked=1',
        '',
        '[Profile1]',
        'Name=never used',
        'IsRelative=1',
        'Path=gone.away',
        'Default=1',
        '',
        '[Profile0]',
        `Name=${name}`,
        'IsRelative=1',
        `Path=k3y9ab0c.${name}`,
        '',
        '[General]',
        'StartWithLastProfile=1',
        'Version=2',
        '',
      ].join('\r\n'),
    );
    const empty = password === '' ? ['--empty-password'] : ['-f', this.#passwordFile];
    execFileSync('certutil', ['-N', '-d', `sql:${this.path}`, ...empty], { stdio: 'pipe' });
  }

  /** What certutil itself says, as an independent judge. */
  certutil(...args: readonly string[]): string {
    const { stdout } = spawnSync('certutil', ['-d', `sql:${this.path}`, '-f', this.#passwordFile, ...args], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    return stdout;
  }

  /** pk12util takes the identity out again: key and certificate are really one. */
  export(nickname: string, file: string): boolean {
    const pins = ['-k', this.#passwordFile, '-w', this.#passwordFile];
    const args = ['-o', file, '-n', nickname, '-d', `sql:${this.path}`, ...pins];
    return spawnSync('pk12util', args, { env: { ...process.env, LC_ALL: 'C.UTF-8' } }).status === 0;
  }
}
