/**
 * The end of the log, kept apart from the log and sealed: written with every sealed record, in its transaction, so
 * that records cut off the end are missed. Somebody who can put back an older copy of the whole file puts back an
 * older anchor with it; against that stand the heads in backups, in transfer files and on paper.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** The end of the log: how many records it has, and the hash that stands for all of them. Short enough for paper. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

const key = 'audit.anchor';

/** What the anchor needs of the registry's rows. */
export interface AnchorRows {
  readonly settings: {
    get(key: string): string | undefined;
    set(key: string, value: string): void;
  };
}

export function keepAnchor(rows: AnchorRows, head: AuditHead, macKey: Uint8Array): void {
  rows.settings.set(key, `${head.seq} ${head.hash} ${anchorMac(head, macKey)}`);
}

/**
 * The kept end of the log; `undefined` when none was kept yet, `altered` when it is not as it was written. Without
 * `macKey` only its form is looked at.
 */
export function readAnchor(rows: AnchorRows, macKey?: Uint8Array): AuditHead | 'altered' | undefined {
  const text = rows.settings.get(key);
  if (text === undefined) return undefined;
  const [, seq, hash, mac] = /^(\d{1,15}) ([0-9a-f]{64}) ([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined || mac === undefined) return 'altered';
  const head = { seq: Number(seq), hash };
  if (macKey === undefined) return head;
  const expected = Buffer.from(anchorMac(head, macKey), 'hex');
  return timingSafeEqual(expected, Buffer.from(mac, 'hex')) ? head : 'altered';
}

/** HMAC-SHA256, hex, of `anchor SEQ HASH`. */
function anchorMac({ seq, hash }: AuditHead, macKey: Uint8Array): string {
  return createHmac('sha256', macKey).update(`anchor ${seq} ${hash}`).digest('hex');
}
