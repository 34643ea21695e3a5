/**
 * The schema, as the steps that made it. Forward only: a step that has shipped is never edited, the next change
 * is a new step. Step n brings `PRAGMA user_version` from n-1 to n.
 *
 * Foreign keys are checked at COMMIT, because an authority and its own certificate point at each other.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE secrets (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, sealed BLOB NOT NULL, created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE authorities (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    certificate_id TEXT NOT NULL REFERENCES certificates (id) DEFERRABLE INITIALLY DEFERRED,
    key_identifier TEXT NOT NULL,
    secret_id TEXT REFERENCES secrets (id) DEFERRABLE INITIALLY DEFERRED,
    crl_days INTEGER NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE certificates (
    id TEXT PRIMARY KEY CHECK (length(id) = 64),
    authority_id TEXT NOT NULL REFERENCES authorities (id) DEFERRABLE INITIALLY DEFERRED,
    serial TEXT NOT NULL CHECK (serial <> '' AND serial NOT GLOB '*[^0-9a-f]*'),
    subject TEXT NOT NULL,
    common_name TEXT NOT NULL,
    profile TEXT NOT NULL,
    not_before TEXT NOT NULL,
    not_after TEXT NOT NULL,
    der BLOB NOT NULL,
    secret_id TEXT REFERENCES secrets (id) DEFERRABLE INITIALLY DEFERRED,
    created_at TEXT NOT NULL,
    checksum TEXT NOT NULL,
    UNIQUE (authority_id, serial)
  ) STRICT;
  CREATE INDEX certificates_by_not_after ON certificates (not_after);
  CREATE INDEX certificates_by_created_at ON certificates (created_at);
  CREATE INDEX certificates_by_common_name ON certificates (common_name);
  CREATE INDEX certificates_by_secret ON certificates (secret_id);

  CREATE TABLE intents (
    id TEXT PRIMARY KEY,
    authority_id TEXT NOT NULL,
    serial TEXT NOT NULL CHECK (serial <> '' AND serial NOT GLOB '*[^0-9a-f]*'),
    subject TEXT NOT NULL,
    profile TEXT NOT NULL,
    created_at TEXT NOT NULL,
    state TEXT NOT NULL,
    certificate_id TEXT REFERENCES certificates (id) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (authority_id, serial)
  ) STRICT;
  CREATE INDEX intents_open ON intents (created_at) WHERE state = 'open';
  CREATE INDEX intents_by_certificate ON intents (certificate_id);

  CREATE TABLE revocations (
    authority_id TEXT NOT NULL REFERENCES authorities (id) DEFERRABLE INITIALLY DEFERRED,
    serial TEXT NOT NULL CHECK (serial <> '' AND serial NOT GLOB '*[^0-9a-f]*'),
    reason TEXT NOT NULL,
    revoked_at TEXT NOT NULL,
    invalidity_at TEXT,
    PRIMARY KEY (authority_id, serial)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE crls (
    authority_id TEXT NOT NULL REFERENCES authorities (id) DEFERRABLE INITIALLY DEFERRED,
    number INTEGER NOT NULL CHECK (number > 0),
    this_update TEXT NOT NULL,
    next_update TEXT NOT NULL,
    entries INTEGER NOT NULL,
    der BLOB NOT NULL,
    PRIMARY KEY (authority_id, number)
  ) STRICT;
  CREATE TABLE crl_numbers (authority_id TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;

  CREATE TABLE server_certificates (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    common_name TEXT NOT NULL,
    hosts TEXT NOT NULL,
    chain_pem TEXT,
    request_pem TEXT,
    fingerprint TEXT,
    not_before TEXT,
    not_after TEXT,
    secret_id TEXT NOT NULL REFERENCES secrets (id) DEFERRABLE INITIALLY DEFERRED,
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE cloud_accounts (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    access_key_id TEXT NOT NULL,
    secret_id TEXT NOT NULL REFERENCES secrets (id) DEFERRABLE INITIALLY DEFERRED,
    region_id TEXT NOT NULL,
    endpoint TEXT,
    practice INTEGER NOT NULL CHECK (practice IN (0, 1)),
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE rollouts (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES cloud_accounts (id) DEFERRABLE INITIALLY DEFERRED,
    desired TEXT NOT NULL,
    resources TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE rollout_steps (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    rollout_id TEXT NOT NULL REFERENCES rollouts (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    run_id TEXT NOT NULL,
    step TEXT NOT NULL,
    state TEXT NOT NULL,
    at TEXT NOT NULL,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE INDEX rollout_steps_by_rollout ON rollout_steps (rollout_id, position);

  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    at TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    mac TEXT
  ) STRICT;

  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  // A CA that asks before every signature; requests that travel to a CA on another machine.
  `
  ALTER TABLE authorities ADD COLUMN signing TEXT NOT NULL DEFAULT 'unlocked' CHECK (signing IN ('unlocked', 'asked'));

  CREATE TABLE requests (
    id TEXT PRIMARY KEY,
    authority_id TEXT NOT NULL REFERENCES authorities (id) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL CHECK (kind IN ('certificate', 'revocation')),
    label TEXT NOT NULL,
    detail TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'refused')),
    secret_id TEXT REFERENCES secrets (id) DEFERRABLE INITIALLY DEFERRED,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX requests_waiting ON requests (authority_id, created_at) WHERE state = 'waiting';
  `,
  // What a million certificates are looked up by. All of `listed…` is derived from certificates and revocations and
  // kept in step by triggers; `Registry.verify` compares.
  `
  DROP INDEX certificates_by_not_after;
  DROP INDEX certificates_by_created_at;

  CREATE TABLE listed_groups (
    id INTEGER PRIMARY KEY,
    authority_id TEXT NOT NULL, profile TEXT NOT NULL, revoked INTEGER NOT NULL,
    UNIQUE (authority_id, profile, revoked)
  ) STRICT;
  CREATE TABLE listed (
    row INTEGER PRIMARY KEY,
    certificate_id TEXT NOT NULL UNIQUE,
    group_id INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    not_after TEXT NOT NULL,
    common_name TEXT NOT NULL COLLATE NOCASE,
    serial TEXT NOT NULL,
    words TEXT NOT NULL
  ) STRICT;
  CREATE TABLE listed_counts (
    group_id INTEGER NOT NULL, ends_on TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (group_id, ends_on)
  ) STRICT, WITHOUT ROWID;
  CREATE VIRTUAL TABLE listed_search USING fts5 (
    words, serial, content = 'listed', content_rowid = 'row', tokenize = 'trigram', columnsize = 0
  );
  CREATE VIRTUAL TABLE listed_terms USING fts5vocab (listed_search, 'col');

  INSERT INTO listed_groups (authority_id, profile, revoked)
    SELECT DISTINCT c.authority_id, c.profile, r.serial IS NOT NULL FROM certificates c
      LEFT JOIN revocations r ON r.authority_id = c.authority_id AND r.serial = c.serial;
  INSERT INTO listed (certificate_id, group_id, created_at, not_after, common_name, serial, words)
    SELECT c.id, g.id, c.created_at, c.not_after, c.common_name, c.serial, ${wordsOf('c')}
      FROM certificates c
      LEFT JOIN revocations r ON r.authority_id = c.authority_id AND r.serial = c.serial
      JOIN listed_groups g
        ON g.authority_id = c.authority_id AND g.profile = c.profile AND g.revoked = (r.serial IS NOT NULL)
      ORDER BY c.created_at, c.id;
  INSERT INTO listed_counts SELECT group_id, substr(not_after, 1, 10), count(*) FROM listed GROUP BY 1, 2;
  INSERT INTO listed_search (listed_search) VALUES ('rebuild');

  CREATE INDEX listed_by_created_at ON listed (created_at, row, group_id, not_after);
  CREATE INDEX listed_by_not_after ON listed (not_after, row, group_id);
  CREATE INDEX listed_by_common_name ON listed (common_name, row, group_id, not_after);
  CREATE INDEX listed_by_serial ON listed (serial, row, group_id, not_after);
  CREATE INDEX listed_by_group ON listed (group_id, not_after);

  CREATE TRIGGER certificates_inserted AFTER INSERT ON certificates BEGIN
    INSERT OR IGNORE INTO listed_groups (authority_id, profile, revoked)
      VALUES (new.authority_id, new.profile, ${isRevoked('new')});
    INSERT INTO listed (certificate_id, group_id, created_at, not_after, common_name, serial, words)
      SELECT new.id, g.id, new.created_at, new.not_after, new.common_name, new.serial, ${wordsOf('new')}
      FROM listed_groups g
      WHERE g.authority_id = new.authority_id AND g.profile = new.profile AND g.revoked = ${isRevoked('new')};
  END;
  CREATE TRIGGER certificates_deleted AFTER DELETE ON certificates BEGIN
    DELETE FROM listed WHERE certificate_id = old.id;
  END;
  CREATE TRIGGER revocations_inserted AFTER INSERT ON revocations BEGIN
    ${regroup('new', 1)}
  END;
  CREATE TRIGGER revocations_deleted AFTER DELETE ON revocations BEGIN
    ${regroup('old', 0)}
  END;
  CREATE TRIGGER listed_inserted AFTER INSERT ON listed BEGIN
    ${count('new', +1)}
    INSERT INTO listed_search (rowid, words, serial) VALUES (new.row, new.words, new.serial);
  END;
  CREATE TRIGGER listed_deleted AFTER DELETE ON listed BEGIN
    ${count('old', -1)}
    INSERT INTO listed_search (listed_search, rowid, words, serial)
      VALUES ('delete', old.row, old.words, old.serial);
  END;
  CREATE TRIGGER listed_regrouped AFTER UPDATE OF group_id ON listed BEGIN
    ${count('old', -1)}
    ${count('new', +1)}
  END;
  `,
  // By itself FTS5 would merge hundreds of pages within every sixty-fourth certificate.
  `
  INSERT INTO listed_search (listed_search, rank) VALUES ('automerge', 0);
  `,
  // Which of what a search found pass the filter: a tenth of the pages that the rows themselves lie on.
  `
  CREATE INDEX listed_by_row ON listed (row, group_id, not_after);
  `,
];

/**
 * What is searched: the subject without the backslashes that names are written with (RFC 4514), and the common name
 * where it is not in there as it is. Two line ends behind it, so that a search for one or two characters finds the
 * last ones too as the beginning of a trigram.
 */
export function wordsOf(row: string): string {
  const subject = `replace(${row}.subject, '\\', '')`;
  return `${subject} || iif(instr(${subject}, ${row}.common_name), '', char(10) || ${row}.common_name) || char(10, 10)`;
}

export function isRevoked(row: string): string {
  return `EXISTS (SELECT 1 FROM revocations r WHERE r.authority_id = ${row}.authority_id AND r.serial = ${row}.serial)`;
}

/** The certificate of a revocation, when it is here, into the group it belongs to from now on. */
function regroup(revocation: string, revoked: 0 | 1): string {
  const its = `authority_id = ${revocation}.authority_id AND serial = ${revocation}.serial`;
  return `INSERT OR IGNORE INTO listed_groups (authority_id, profile, revoked)
      SELECT authority_id, profile, ${revoked} FROM certificates WHERE ${its};
    UPDATE listed SET group_id = (SELECT g.id FROM certificates c JOIN listed_groups g
        ON g.authority_id = c.authority_id AND g.profile = c.profile AND g.revoked = ${revoked}
        WHERE c.id = listed.certificate_id)
      WHERE certificate_id = (SELECT id FROM certificates WHERE ${its});`;
}

function count(row: string, by: 1 | -1): string {
  return `INSERT OR IGNORE INTO listed_counts VALUES (${row}.group_id, substr(${row}.not_after, 1, 10), 0);
    UPDATE listed_counts SET n = n + ${by} WHERE group_id = ${row}.group_id AND ends_on = substr(${row}.not_after, 1, 10);`;
}

/** The newest schema this code knows. */
export const schemaVersion = migrations.length;

/** `PRAGMA application_id` of every registry: "WRFU". */
export const applicationId = 0x57524655;
