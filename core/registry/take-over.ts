/** The contents of another registry file taken into this one, within the transaction that is open. */
import type { DatabaseSync } from 'node:sqlite';

/** The schema name of the attached file. */
export const incoming = 'incoming';

/**
 * `replace`: everything here gives way. `merge`: both are of one vault, and nothing that this registry knows is
 * forgotten: no certificate, no revocation, no CRL number. Only what is damaged here gives way to what is intact there.
 */
export type TakeOver = 'replace' | 'merge';

/**
 * Row by row: SQLite copies a whole table into an empty one without counting which references it settles (its transfer
 * optimization), and then holds an account against the secret that came after it. A condition, any, keeps it from that.
 */
const rowByRow = 'WHERE true';

/**
 * Foreign keys are checked when the transaction ends, so the order of the tables does not matter. What is
 * derived (`listed…`) follows by its triggers.
 */
export function takeOver(
  database: DatabaseSync,
  how: TakeOver,
  damagedSecrets: readonly string[] = [],
): void {
  if (how === 'replace') replaceAll(database);
  else mergeAll(database, damagedSecrets);
}

function replaceAll(database: DatabaseSync): void {
  const tables = database
    .prepare(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
        AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT GLOB 'listed*'`,
    )
    .all() as { name: string }[];
  // All out before any comes in: SQLite counts references that dangle, and loses count when a table is emptied and
  // filled while another still points at it.
  for (const { name } of tables) database.exec(`DELETE FROM main.${name}`);
  for (const { name } of tables)
    database.exec(`INSERT INTO main.${name} SELECT * FROM ${incoming}.${name} ${rowByRow}`);
}

/** What was restored wins where it can prove itself by its checksum; else what is here stays. */
function mergeAll(database: DatabaseSync, damagedSecrets: readonly string[]): void {
  const giveWay = database.prepare(
    `DELETE FROM main.secrets WHERE id = ? AND id IN (SELECT id FROM ${incoming}.secrets)`,
  );
  for (const id of damagedSecrets) giveWay.run(id);
  // Two machines of one vault may each have made something of the same name; the one that comes in says so.
  for (const table of ['authorities', 'server_certificates'])
    database.exec(`
      UPDATE ${incoming}.${table} SET name = substr(name, 1, 70) || ' (' || substr(id, 1, 6) || ')'
      WHERE name IN (SELECT here.name FROM main.${table} here WHERE here.id <> ${incoming}.${table}.id)`);
  database.exec(`
    DELETE FROM main.certificates WHERE id IN (SELECT id FROM ${incoming}.certificates)
      OR (authority_id, serial) IN (SELECT authority_id, serial FROM ${incoming}.certificates);
    INSERT OR IGNORE INTO main.crl_numbers SELECT * FROM ${incoming}.crl_numbers;
    UPDATE main.crl_numbers SET last = max(last, coalesce(
      (SELECT i.last FROM ${incoming}.crl_numbers i WHERE i.authority_id = main.crl_numbers.authority_id), 0));
    INSERT OR IGNORE INTO main.cloud_accounts
      SELECT * FROM ${incoming}.cloud_accounts WHERE NOT EXISTS (SELECT 1 FROM main.cloud_accounts);
    INSERT OR IGNORE INTO main.rollouts SELECT * FROM ${incoming}.rollouts
      WHERE account_id IN (SELECT id FROM main.cloud_accounts);
    INSERT OR IGNORE INTO main.rollout_steps SELECT * FROM ${incoming}.rollout_steps
      WHERE rollout_id IN (SELECT id FROM main.rollouts);
  `);
  const kept = [
    'secrets',
    'authorities',
    'certificates',
    'intents',
    'revocations',
    'crls',
    'server_certificates',
    'requests',
  ];
  for (const name of kept) {
    database.exec(`INSERT OR IGNORE INTO main.${name} SELECT * FROM ${incoming}.${name} ${rowByRow}`);
  }
}

/** The audit log of the other file in the place of this one: for when this one is shorter, or broken. */
export function takeOverAudit(database: DatabaseSync): void {
  database.exec(`DELETE FROM main.audit; INSERT INTO main.audit SELECT * FROM ${incoming}.audit`);
}
