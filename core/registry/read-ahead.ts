/**
 * Random keys lie all over a large file: writing one certificate reads a page of a dozen indexes, each of which may
 * have to come from the disk.
 */
import type { Statements } from './statements.ts';

/** What a transaction is going to write. */
export type Planned = PlannedIntent | PlannedCertificate;

export type PlannedIntent = Readonly<Record<'intentId' | 'authorityId' | 'serial', string>>;

export interface PlannedCertificate extends PlannedIntent {
  readonly certificateId: string;
  readonly commonName: string;
  readonly secretId: string | null;
}

/** Where a new entry goes is where a search for it, or for the next one, ends. By the kind of what is planned. */
export const places = {
  intent: [
    'SELECT 1 FROM intents WHERE id = :intentId',
    'SELECT 1 FROM intents WHERE authority_id = :authorityId AND serial = :serial',
  ],
  certificate: [
    'SELECT 1 FROM certificates WHERE id = :certificateId',
    'SELECT 1 FROM certificates WHERE authority_id = :authorityId AND serial = :serial',
    'SELECT 1 FROM certificates WHERE common_name >= :commonName ORDER BY common_name LIMIT 1',
    'SELECT 1 FROM certificates WHERE secret_id >= :secretId ORDER BY secret_id LIMIT 1',
    'SELECT 1 FROM secrets WHERE id = :secretId',
    'SELECT 1 FROM intents WHERE certificate_id >= :certificateId ORDER BY certificate_id LIMIT 1',
    'SELECT 1 FROM revocations WHERE authority_id = :authorityId AND serial = :serial',
    'SELECT 1 FROM listed WHERE certificate_id = :certificateId',
    'SELECT 1 FROM listed WHERE common_name >= :commonName ORDER BY common_name LIMIT 1',
    'SELECT 1 FROM listed WHERE serial >= :serial ORDER BY serial LIMIT 1',
  ],
} as const;

/** Reads the pages that writing `planned` will read. */
export function readAhead(statements: Statements, planned: Planned): void {
  const values: Readonly<Record<string, string | null>> = { ...planned };
  for (const sql of places['certificateId' in planned ? 'certificate' : 'intent']) {
    const names = sql.match(/(?<=:)\w+/g)!;
    statements.first(sql, Object.fromEntries(names.map((name) => [name, values[name] ?? null])));
  }
}
