import type { Statements } from '../statements.ts';

/** Small texts by name: language, reminders, what was shown. Never a secret. */
export class SettingsTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  get(key: string): string | undefined {
    return this.#statements.first<{ value: string }>('SELECT value FROM settings WHERE key = :key', { key })
      ?.value;
  }

  delete(key: string): void {
    this.#statements.run('DELETE FROM settings WHERE key = :key', { key });
  }

  set(key: string, value: string): void {
    const sql = `INSERT INTO settings (key, value) VALUES (:key, :value)
      ON CONFLICT (key) DO UPDATE SET value = excluded.value`;
    this.#statements.run(sql, { key, value });
  }
}
