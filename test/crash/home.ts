/** Homes for the crash loop: made once, with a small CA, and opened by their recovery code (no scrypt, so quickly). */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { WarifuClient } from '../../contract/contract.ts';
import { type Core, createCore } from '../../core/create-core.ts';
import { applicationId, migrations } from '../../core/registry/migrations.ts';
import { cheapest } from '../core/desk.ts';

export const authorityName = '割符 CA';
export const firstPassphrase = 'passphrase number 0';

/** A directory that goes away; its name has a space and Japanese in it. */
export class Yard implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'warifu 耐久-'));

  path(name: string): string {
    return join(this.directory, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export function openCore(home: string): Core {
  return createCore({ home, keychain: null, scryptCost: cheapest });
}

export async function withCore<T>(home: string, work: (client: WarifuClient) => Promise<T>): Promise<T> {
  const core = openCore(home);
  try {
    return await work(core.client);
  } finally {
    await core.close();
  }
}

/** Makes vault and CA; returns the recovery code. */
export async function makeHome(home: string): Promise<string> {
  return withCore(home, async ({ vault, authority }) => {
    const { recoveryCode } = await vault.initialize({ passphrase: firstPassphrase, keychain: false });
    const subject = 'CN=割符 CA';
    await authority.create({ name: authorityName, subject, keyAlgorithm: 'ec-p256', signing: 'unlocked' });
    return recoveryCode;
  });
}

/** A registry as the first release made it, with `count` rows that every later one must still have. */
export function makeOldRegistry(home: string, count: number): void {
  mkdirSync(home, { mode: 0o700 });
  const database = new DatabaseSync(join(home, 'registry.db'));
  database.exec(`PRAGMA application_id = ${applicationId}; ${migrations[0]}; PRAGMA user_version = 1`);
  database.exec('PRAGMA journal_mode = WAL');
  const insert = database.prepare('INSERT INTO settings (key, value) VALUES (?, ?)');
  database.exec('BEGIN');
  for (let n = 0; n < count; n++) insert.run(`old ${n}`, 'x'.repeat(1000));
  database.exec('COMMIT');
  database.close();
}
