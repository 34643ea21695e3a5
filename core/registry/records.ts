/**
 * The rows of the registry as plain data. Times are ISO 8601 UTC, serials lower-case hex without leading
 * zeros beyond whole octets, fingerprints lower-case hex SHA-256.
 */

/** A CA: its certificate is a row of `certificate`, its key a row of `secret` (absent when the key is elsewhere). */
export interface AuthorityRecord {
  readonly id: string;
  /** What people call it; unique. */
  readonly name: string;
  readonly certificateId: string;
  /** SHA-1 of the public key (RFC 5280 §4.2.1.2 method 1), hex: the issuer that a serial is unique under. */
  readonly keyIdentifier: string;
  readonly secretId: string | null;
  /** Days from thisUpdate to nextUpdate of its CRLs. */
  readonly crlDays: number;
  /** `asked`: every signature needs the passphrase anew; `unlocked`: an unlocked vault is enough. */
  readonly signing: 'unlocked' | 'asked';
  readonly createdAt: string;
}

export type CertificateProfile = 'ca' | 'client' | 'server' | 'probe';

export interface CertificateRecord {
  /** SHA-256 fingerprint of `der`, hex. */
  readonly id: string;
  readonly authorityId: string;
  readonly serial: string;
  readonly subject: string;
  readonly commonName: string;
  readonly profile: CertificateProfile;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly der: Uint8Array;
  /** The private key, when Warifu keeps it. */
  readonly secretId: string | null;
  readonly createdAt: string;
}

/** Written before a signature is made: what was about to be issued. `open` ones found at start are possibly issued. */
export interface IntentRecord {
  readonly id: string;
  readonly authorityId: string;
  readonly serial: string;
  readonly subject: string;
  readonly profile: CertificateProfile;
  readonly createdAt: string;
  readonly state: 'open' | 'issued' | 'discarded' | 'revoked';
  readonly certificateId: string | null;
}

/** RFC 5280 §5.3.1 names. `removeFromCRL` belongs to delta CRLs and is not offered. */
export type RevocationReason =
  | 'unspecified'
  | 'keyCompromise'
  | 'cACompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'
  | 'certificateHold'
  | 'privilegeWithdrawn'
  | 'aACompromise';

/** Stands apart from certificates: a serial can be revoked without its certificate at hand. */
export interface RevocationRecord {
  readonly authorityId: string;
  readonly serial: string;
  readonly reason: RevocationReason;
  readonly revokedAt: string;
  readonly invalidityAt: string | null;
}

export interface CrlRecord {
  readonly authorityId: string;
  readonly number: number;
  readonly thisUpdate: string;
  readonly nextUpdate: string;
  readonly entries: number;
  readonly der: Uint8Array;
}

/** What this machine wants of a CA whose key is on another one: a certificate, or a revocation. */
export interface RequestRecord {
  readonly id: string;
  readonly authorityId: string;
  readonly kind: 'certificate' | 'revocation';
  /** What people recognise it by: the subject. */
  readonly label: string;
  /** JSON, of the shape that the transfer file carries. */
  readonly detail: string;
  readonly state: 'waiting' | 'done' | 'refused';
  /** The private key that waits for its certificate. */
  readonly secretId: string | null;
  readonly createdAt: string;
}

/** A private key or credential, sealed by the vault; `id` and `kind` are bound into the seal. */
export interface SecretRecord {
  readonly id: string;
  readonly kind: string;
  readonly sealed: Uint8Array;
  readonly createdAt: string;
}

/** A certificate for the listener itself: bought, requested (chain still null) or issued for Practice. */
export interface ServerCertificateRecord {
  readonly id: string;
  readonly name: string;
  readonly source: 'imported' | 'requested' | 'issued';
  readonly commonName: string;
  /** DNS names and IP addresses it covers, or was requested for. */
  readonly hosts: readonly string[];
  /** PEM, leaf first, 64 columns, no blank line; null while a request is pending. */
  readonly chainPem: string | null;
  readonly requestPem: string | null;
  readonly fingerprint: string | null;
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  readonly secretId: string;
  readonly createdAt: string;
}

export interface CloudAccountRecord {
  readonly id: string;
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretId: string;
  readonly regionId: string;
  /** Overrides the region's endpoint; the simulator's address for Practice. */
  readonly endpoint: string | null;
  readonly practice: boolean;
  readonly createdAt: string;
}

export interface RolloutRecord {
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
  /** Desired state, JSON. */
  readonly desired: string;
  /** Ids in the cloud that this rollout made or adopted, JSON. */
  readonly resources: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** One line of a rollout's journal; written before the call (`started`) and after it. */
export interface RolloutStepRecord {
  readonly rolloutId: string;
  readonly runId: string;
  readonly step: string;
  readonly state: 'started' | 'done' | 'failed' | 'unknown';
  readonly at: string;
  /** JSON: action, ids, RequestId, error code. Never a key. */
  readonly detail: string;
}

export interface AuditRecord {
  readonly seq: number;
  readonly at: string;
  readonly action: string;
  /** Canonical JSON. */
  readonly subject: string;
  /** Hash of the record before, hex; 64 zeros for the first. */
  readonly previous: string;
  readonly hash: string;
  /** HMAC of `hash` under the vault's audit key, hex; null when written while the vault was locked. */
  readonly mac: string | null;
}
