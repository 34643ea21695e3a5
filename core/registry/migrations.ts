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
];

/** The newest schema this code knows. */
export const schemaVersion = migrations.length;

/** `PRAGMA application_id` of every registry: "WRFU". */
export const applicationId = 0x57524655;
