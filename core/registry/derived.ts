/** What is derived (`listed…`), compared with what it is derived from. */
import type { DatabaseSync } from 'node:sqlite';
import { isRevoked, wordsOf } from './migrations.ts';

const differences: Readonly<Record<string, string>> = {
  'the list of certificates does not match the certificates': `
    SELECT 1 FROM certificates c LEFT JOIN listed l ON l.certificate_id = c.id
      LEFT JOIN listed_groups g ON g.id = l.group_id
      WHERE (g.authority_id, g.profile, g.revoked) IS NOT (c.authority_id, c.profile, ${isRevoked('c')})
        OR (l.created_at, l.not_after, l.serial, l.words) IS NOT (c.created_at, c.not_after, c.serial, ${wordsOf('c')})
        OR l.common_name IS NOT c.common_name COLLATE BINARY
    UNION ALL SELECT 1 WHERE (SELECT count(*) FROM listed) <> (SELECT count(*) FROM certificates)`,
  'the counters of certificates do not match the certificates': `
    SELECT 1 FROM (SELECT group_id, substr(not_after, 1, 10) AS ends_on, count(*) AS n FROM listed GROUP BY 1, 2) l
      FULL JOIN listed_counts c ON c.group_id = l.group_id AND c.ends_on = l.ends_on
      WHERE coalesce(l.n, 0) <> coalesce(c.n, 0)`,
};

/** The first thing that is not as it should be, in words; undefined when all is. */
export function firstDifference(database: DatabaseSync): string | undefined {
  return Object.keys(differences).find((what) => database.prepare(`${differences[what]} LIMIT 1`).get());
}
