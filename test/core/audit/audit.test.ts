import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { type AuditRows, appendAudit, auditHead } from '../../../core/audit/log.ts';
import { verifyAudit } from '../../../core/audit/verify.ts';
import type { AuditRecord } from '../../../core/registry/records.ts';
import { withRegistry } from '../registry/records.ts';

/** For logs that are looked at without the end that is kept beside them. */
const noSettings = { get: () => undefined, set: () => {} };

const macKey = new Uint8Array(32).fill(7);

/** A log in memory: ten records, the third and the last written while the vault was locked. */
function makeLog(count = 10): AuditRecord[] {
  const records: AuditRecord[] = [];
  const rows: AuditRows = {
    audit: { append: (record) => void records.push(record), last: () => records.at(-1) },
    settings: noSettings,
  };
  for (let n = 1; n <= count; n += 1) {
    const event = {
      at: `2026-01-01T00:00:${String(n).padStart(2, '0')}Z`,
      action: 'certificate.issue',
      subject: { serial: `0${n}`, name: '山田' },
    };
    appendAudit(rows, event, n === 3 || n === count ? undefined : macKey);
  }
  return records;
}

function edited(records: readonly AuditRecord[], seq: number, change: Partial<AuditRecord>): AuditRecord[] {
  return records.map((record) => (record.seq === seq ? { ...record, ...change } : record));
}

test('an untouched log verifies, and says how far it is authenticated', () => {
  const records = makeLog();
  const head = { seq: 10, hash: records[9]!.hash };
  assert.deepEqual(verifyAudit(records), { ok: true, head, authenticatedThrough: 0 });
  assert.deepEqual(verifyAudit(records, macKey, [head]), { ok: true, head, authenticatedThrough: 9 });
  assert.deepEqual(verifyAudit(records, macKey, [{ seq: 4, hash: records[3]!.hash }]).ok, true);
  const empty = { seq: 0, hash: '0'.repeat(64) };
  assert.deepEqual(verifyAudit([], macKey, [empty]), { ok: true, head: empty, authenticatedThrough: 0 });
});

test('an edited record is named, whichever field was edited', () => {
  const records = makeLog();
  const edits: Partial<AuditRecord>[] = [
    { at: '2020-01-01T00:00:00Z' },
    { action: 'certificate.revoke' },
    { subject: '{}' },
    { subject: '\ud800' },
    { previous: 'ff'.repeat(32) },
    { hash: 'ff'.repeat(32) },
  ];
  for (const edit of edits) {
    assert.deepEqual(
      verifyAudit(edited(records, 5, edit)),
      { ok: false, seq: 5, kind: 'hash' },
      JSON.stringify(edit),
    );
  }
});

test('a missing, a doubled and a swapped record are named by where they should be', () => {
  const records = makeLog();
  const missing = records.filter((record) => record.seq !== 4);
  assert.deepEqual(verifyAudit(missing), { ok: false, seq: 4, kind: 'gap' });
  const doubled = [...records.slice(0, 4), ...records.slice(3)];
  assert.deepEqual(verifyAudit(doubled), { ok: false, seq: 5, kind: 'gap' });
  const swapped = [...records.slice(0, 3), records[4]!, records[3]!, ...records.slice(5)];
  assert.deepEqual(verifyAudit(swapped), { ok: false, seq: 4, kind: 'gap' });
  assert.deepEqual(verifyAudit(records.slice(1)), { ok: false, seq: 1, kind: 'gap' });
});

test('a record replaced with its hash made right breaks the chain at the next one', () => {
  const other = makeLog(4);
  const forged = makeForged(other, 4);
  const records = makeLog();
  assert.deepEqual(verifyAudit(edited(records, 4, forged)), { ok: false, seq: 5, kind: 'chain' });
  assert.deepEqual(verifyAudit(edited(records, 4, forged), macKey), { ok: false, seq: 4, kind: 'mac' });
});

test('a tail that was cut off shows against an anchor, and only there', () => {
  const records = makeLog();
  const anchor = { seq: 10, hash: records[9]!.hash };
  const cut = records.slice(0, 6);
  assert.equal(verifyAudit(cut, macKey).ok, true);
  assert.deepEqual(verifyAudit(cut, macKey, [anchor]), { ok: false, seq: 7, kind: 'truncated' });
  assert.deepEqual(verifyAudit([], undefined, [anchor]), { ok: false, seq: 1, kind: 'truncated' });
});

test('a log that somebody without the vault wrote anew shows by its macs, and against an anchor without them', () => {
  const records = makeLog();
  const anchor = { seq: 10, hash: records[9]!.hash };
  const rewritten: AuditRecord[] = [];
  const rows: AuditRows = {
    audit: { append: (record) => void rewritten.push(record), last: () => rewritten.at(-1) },
    settings: noSettings,
  };
  for (const { at, action } of records)
    appendAudit(rows, { at, action, subject: 'harmless' }, new Uint8Array(32));
  assert.deepEqual(verifyAudit(rewritten, macKey), { ok: false, seq: 1, kind: 'mac' });
  assert.deepEqual(verifyAudit(rewritten, undefined, [anchor]), { ok: false, seq: 10, kind: 'rewritten' });
  const bare = rewritten.map((record) => ({ ...record, mac: null }));
  assert.equal((verifyAudit(bare, macKey) as { authenticatedThrough: number }).authenticatedThrough, 0);
});

test('any single octet changed anywhere in the log is found and named', () => {
  const records = makeLog();
  const fields = ['at', 'action', 'subject', 'previous', 'hash', 'mac'] as const;
  let flips = 0;
  for (const record of records) {
    for (const field of fields) {
      const octets = Buffer.from(record[field] ?? '');
      for (let offset = 0; offset < octets.length; offset += 1) {
        const damaged = Buffer.from(octets);
        damaged[offset]! ^= 1 << (offset % 7);
        const text = damaged.toString('utf8');
        const verdict = verifyAudit(edited(records, record.seq, { [field]: text }), macKey);
        assert.ok(!verdict.ok && verdict.seq === record.seq, `${field} of ${record.seq}, octet ${offset}`);
        flips += 1;
      }
    }
  }
  assert.ok(flips > 2000);
});

test('the hash is what OpenSSL computes over the text that the format describes', () => {
  const { action, at, previous, seq, subject, hash, mac } = makeLog(2)[0]!;
  const text = `{"action":"${action}","at":"${at}","previous":"${previous}","seq":${seq},"subject":${JSON.stringify(subject)}}`;
  const digest = execFileSync('openssl', ['dgst', '-sha256', '-r'], { input: text }).toString().slice(0, 64);
  assert.equal(hash, digest);
  const hexKey = `hexkey:${Buffer.from(macKey).toString('hex')}`;
  const dgst = ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', hexKey, '-r'];
  assert.equal(
    mac,
    execFileSync('openssl', dgst, { input: Buffer.from(hash, 'hex') })
      .toString()
      .slice(0, 64),
  );
});

test('a record is kept or dropped together with what it tells of', () =>
  withRegistry((registry) => {
    const event = { at: '2026-01-01T00:00:00Z', action: 'setting.change', subject: { key: 'a' } };
    registry.write((rows) => appendAudit(rows, event, macKey));
    assert.throws(() =>
      registry.write((rows) => {
        appendAudit(rows, event, macKey);
        throw new Error('the work failed');
      }),
    );
    const second = registry.write((rows) => appendAudit(rows, event, undefined));
    assert.equal(second.seq, 2);
    registry.read((rows) => {
      assert.deepEqual(auditHead(rows), { seq: 2, hash: second.hash });
      assert.deepEqual(verifyAudit(rows.audit.iterate(1), macKey, [auditHead(rows)]), {
        ok: true,
        head: auditHead(rows),
        authenticatedThrough: 1,
      });
    });
  }));

/** Record `seq` with another subject, its hash made right but its mac kept. */
function makeForged(records: readonly AuditRecord[], seq: number): AuditRecord {
  const original = records[seq - 1]!;
  const forged: AuditRecord[] = [];
  const rows: AuditRows = {
    audit: { append: (record) => void forged.push(record), last: () => records[seq - 2] },
    settings: noSettings,
  };
  appendAudit(rows, { at: original.at, action: original.action, subject: 'forged' }, undefined);
  return { ...forged[0]!, mac: 'ab'.repeat(32) };
}
