import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Registry } from '../../../core/registry/registry.ts';
import { certificate, clock, withRegistry } from './records.ts';

test('a certificate row changed in any column is named by every reader', () =>
  withRegistry((registry, path) => {
    const record = certificate('0a');
    registry.write((rows) => rows.certificates.insert(record));
    const database = new DatabaseSync(path);
    const edits = {
      der: `x'00'`,
      subject: `'CN=somebody else'`,
      common_name: `'somebody else'`,
      profile: `'ca'`,
      not_before: `'2020-01-01T00:00:00Z'`,
      not_after: `'2099-01-01T00:00:00Z'`,
      created_at: `'2020-01-01T00:00:00Z'`,
      checksum: `'00'`,
    };
    for (const [column, value] of Object.entries(edits)) {
      database.exec(`BEGIN; UPDATE certificates SET ${column} = ${value} WHERE serial = '0a'; COMMIT`);
      const damaged = {
        code: 'REGISTRY_ROW_DAMAGED',
        data: { table: 'certificates', row: `${record.id} (serial 0a)` },
      };
      const readers = {
        get: () => registry.read((rows) => rows.certificates.get(record.id)),
        bySerial: () => registry.read((rows) => rows.certificates.bySerial('authority-1', '0a')),
        list: () => registry.read((rows) => rows.certificates.list({ offset: 0, limit: 10 })),
        verify: () => registry.verify(),
      };
      for (const [reader, read] of Object.entries(readers))
        assert.throws(read, damaged, `${column}, ${reader}`);
      database.exec(`DELETE FROM certificates WHERE serial = '0a'`);
      registry.write((rows) => rows.certificates.insert(record));
    }
    database.exec(`UPDATE certificates SET serial = '0f' WHERE serial = '0a'`);
    assert.throws(() => registry.verify(), { code: 'REGISTRY_ROW_DAMAGED' });
    database.close();
  }));

test('a certificate whose id is not its fingerprint is not taken in', () =>
  withRegistry((registry) => {
    const record = { ...certificate('0a'), id: 'ab'.repeat(32) };
    assert.throws(() => registry.write((rows) => rows.certificates.insert(record)), {
      code: 'REGISTRY_ROW_DAMAGED',
    });
  }));

test('any octet of a certificate row flipped in the file itself is found', () =>
  withRegistry((registry, path) => {
    const record = certificate('0a', {
      der: new Uint8Array(Buffer.from('DER of the certificate to be damaged')),
    });
    registry.write((rows) => rows.certificates.insert(record));
    registry.close();
    const whole = readFileSync(path);
    // The row lies in one piece: from its id to its checksum.
    const start = whole.indexOf(record.id);
    const end =
      whole.indexOf(Buffer.from(record.der), start) + record.der.length + record.createdAt.length + 64;
    assert.ok(start > 0 && end > start + 200);
    for (let offset = start; offset < end; offset += 1) {
      const damaged = Buffer.from(whole);
      damaged[offset]! ^= 1 << (offset % 8);
      writeFileSync(path, damaged);
      const found = () => {
        const opened = Registry.open(path, { clock });
        try {
          opened.verify();
        } finally {
          opened.close();
        }
      };
      assert.throws(found, { code: /^REGISTRY_(ROW_)?DAMAGED$/ }, `octet ${offset - start} of the row`);
    }
  }));
