import { timingSafeEqual } from 'node:crypto';
import type { AuditRecord } from '../registry/records.ts';
import { type AnchorRows, type AuditHead, readAnchor } from './anchor.ts';
import { auditHash, auditMac, emptyHead } from './log.ts';

/**
 * How a log can be broken:
 * - `gap`: a record is missing before this one, or the order was changed;
 * - `chain`: this record does not follow the one before it;
 * - `hash`: this record's own content was changed;
 * - `mac`: it was not written under this vault;
 * - `truncated`: the log ends before the anchor;
 * - `rewritten`: the log is consistent, but is not the one that the anchor was taken from;
 * - `anchor`: the end of the log that is kept beside it was changed or taken away.
 */
export type AuditBreak = 'gap' | 'chain' | 'hash' | 'mac' | 'truncated' | 'rewritten' | 'anchor';

export type AuditVerdict =
  | {
      readonly ok: true;
      readonly head: AuditHead;
      /** The last record that a mac vouches for; 0 without `macKey`. What follows it anybody could have written. */
      readonly authenticatedThrough: number;
    }
  | {
      readonly ok: false;
      /** The first broken record; for `truncated` the first missing one. */
      readonly seq: number;
      readonly kind: AuditBreak;
    };

/**
 * Checks a whole log, from record 1.
 *
 * The chain shows edits; only `anchors` that were kept elsewhere show that the end was cut off, and only
 * `macKey` (`vault.deriveKey('audit')`) that nobody without the vault wrote it all anew.
 */
export function verifyAudit(
  records: Iterable<AuditRecord>,
  macKey?: Uint8Array,
  anchors: readonly AuditHead[] = [],
): AuditVerdict {
  let head = emptyHead;
  let authenticatedThrough = 0;
  for (const record of records) {
    const kind = breakOf(record, head, macKey, anchors);
    // A record with a strange number stands where the next one was expected.
    if (kind !== undefined) return { ok: false, seq: kind === 'gap' ? head.seq + 1 : record.seq, kind };
    head = { seq: record.seq, hash: record.hash };
    if (macKey !== undefined && record.mac !== null) authenticatedThrough = record.seq;
  }
  if (anchors.some(({ seq }) => head.seq < seq)) return { ok: false, seq: head.seq + 1, kind: 'truncated' };
  return { ok: true, head, authenticatedThrough };
}

/**
 * The log of one registry against the end that is kept beside it and against `anchors` from elsewhere. `mustBeSealed`:
 * the registry holds secrets, so something was done with the vault open, and a log without any seal was wiped.
 */
export function verifyKeptAudit(
  rows: AnchorRows & { readonly audit: { iterate(fromSeq: number): Iterable<AuditRecord> } },
  macKey: Uint8Array | undefined,
  anchors: readonly AuditHead[] = [],
  mustBeSealed = false,
): AuditVerdict {
  const kept = readAnchor(rows, macKey);
  const verdict = verifyAudit(
    rows.audit.iterate(1),
    macKey,
    kept === undefined || kept === 'altered' ? anchors : [kept, ...anchors],
  );
  if (!verdict.ok) return verdict;
  if (mustBeSealed && macKey !== undefined && verdict.authenticatedThrough === 0)
    return { ok: false, seq: 1, kind: 'truncated' };
  // Every sealed record moves the anchor, so a log with seals has one that stands at the last of them or later.
  const isMissing = kept === undefined && verdict.authenticatedThrough > 0;
  const isBehind = typeof kept === 'object' && kept.seq < verdict.authenticatedThrough;
  if (kept === 'altered' || isMissing || isBehind)
    return { ok: false, seq: verdict.head.seq, kind: 'anchor' };
  return verdict;
}

function breakOf(
  record: AuditRecord,
  before: AuditHead,
  macKey: Uint8Array | undefined,
  anchors: readonly AuditHead[],
): AuditBreak | undefined {
  if (record.seq !== before.seq + 1) return 'gap';
  // The content first: a record whose `previous` was edited is itself the broken one.
  if (!isHashOf(record)) return 'hash';
  if (record.previous !== before.hash) return 'chain';
  if (macKey !== undefined && record.mac !== null && !sameHex(auditMac(record.hash, macKey), record.mac))
    return 'mac';
  if (anchors.some(({ seq, hash }) => record.seq === seq && record.hash !== hash)) return 'rewritten';
  return undefined;
}

/** Damaged text can hold what canonical JSON refuses to write; that is a break, not an exception. */
function isHashOf(record: AuditRecord): boolean {
  try {
    return auditHash(record) === record.hash;
  } catch {
    return false;
  }
}

function sameHex(expected: string, actual: string): boolean {
  const left = Buffer.from(expected);
  const right = Buffer.from(actual);
  return left.length === right.length && timingSafeEqual(left, right);
}
