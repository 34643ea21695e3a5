/** What the same questions cost without an index made for them, on the same file. */
import { generateKeyPair } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';

/** One page and its total by `LIKE '%…%'`: what SQL offers by itself. Milliseconds. */
export function likeScan(home: string, words: string): number {
  const database = new DatabaseSync(join(home, 'registry.db'), { readOnly: true });
  try {
    const where = 'subject LIKE :like OR common_name LIKE :like OR serial LIKE :like';
    const like = `%${words}%`;
    const started = performance.now();
    database.prepare(`SELECT count(*) FROM certificates WHERE ${where}`).get({ like });
    const page = `SELECT id FROM certificates WHERE ${where} ORDER BY created_at DESC LIMIT 100`;
    database.prepare(page).all({ like });
    return performance.now() - started;
  } finally {
    database.close();
  }
}

/** Making keys alone, one after the other as issuing does. Milliseconds. */
export async function keysAlone(count: number): Promise<number> {
  const make = promisify(generateKeyPair);
  const started = performance.now();
  for (let n = 0; n < count; n++) await make('rsa', { modulusLength: 2048 });
  return performance.now() - started;
}
