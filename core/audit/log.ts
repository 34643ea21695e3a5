import { createHash, createHmac } from 'node:crypto';
import type { AuditRecord } from '../registry/records.ts';
import { type AnchorRows, type AuditHead, keepAnchor } from './anchor.ts';
import { canonicalJson, type JsonValue } from './canonical.ts';

/** What the log needs of the registry's rows; call it inside `registry.write`. */
export interface AuditRows extends AnchorRows {
  readonly audit: {
    append(record: AuditRecord): void;
    last(): AuditRecord | undefined;
  };
}

export interface AuditEvent {
  /** ISO 8601 UTC. */
  readonly at: string;
  /** `noun.verb`: `certificate.issue`. */
  readonly action: string;
  /** Ids, names, serials. Never a secret. */
  readonly subject: JsonValue;
}

/** The head of an empty log, and the `previous` of the first record. */
export const emptyHead: AuditHead = { seq: 0, hash: '0'.repeat(64) };

/**
 * Appends one record, in the transaction that does what it tells of: both are kept or neither.
 *
 * Its hash covers the record before. With `macKey` (`vault.deriveKey('audit')`) it is also authenticated; a record
 * written while the vault is locked has no mac, and the next one that has covers it through the chain.
 */
export function appendAudit(rows: AuditRows, event: AuditEvent, macKey: Uint8Array | undefined): AuditRecord {
  const before = auditHead(rows);
  const body = {
    seq: before.seq + 1,
    at: event.at,
    action: event.action,
    subject: canonicalJson(event.subject),
    previous: before.hash,
  };
  const hash = auditHash(body);
  const record: AuditRecord = { ...body, hash, mac: macKey === undefined ? null : auditMac(hash, macKey) };
  rows.audit.append(record);
  if (macKey !== undefined) keepAnchor(rows, record, macKey);
  return record;
}

/** Where the log ends now. Kept in a backup, in a bundle or on paper it is the anchor of a later verification. */
export function auditHead(rows: { readonly audit: Pick<AuditRows['audit'], 'last'> }): AuditHead {
  const last = rows.audit.last();
  return last === undefined ? emptyHead : { seq: last.seq, hash: last.hash };
}

/** SHA-256, hex, of the canonical JSON of `{action, at, previous, seq, subject}`, the subject being text. */
export function auditHash(record: Omit<AuditRecord, 'hash' | 'mac'>): string {
  const { seq, at, action, subject, previous } = record;
  return createHash('sha256').update(canonicalJson({ action, at, previous, seq, subject })).digest('hex');
}

/** HMAC-SHA256, hex, over the 32 octets of the hash. */
export function auditMac(hash: string, macKey: Uint8Array): string {
  return createHmac('sha256', macKey).update(Buffer.from(hash, 'hex')).digest('hex');
}
