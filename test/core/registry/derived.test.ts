/** What is kept beside the certificates to find them by: it follows them, however they came, and damage to it is found. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { applicationId, migrations } from '../../../core/registry/migrations.ts';
import { Registry } from '../../../core/registry/registry.ts';
import { certificate, clock, withDirectory, withRegistry } from './records.ts';

const revocation = (serial: string) => ({
  authorityId: 'authority-1',
  serial,
  reason: 'superseded' as const,
  revokedAt: '2026-02-01T00:00:00Z',
  invalidityAt: null,
});
const revokedOnes = (registry: Registry): string[] =>
  registry.read((rows) =>
    rows.certificates.list({ state: 'revoked', offset: 0, limit: 10 }).items.map(({ serial }) => serial),
  );

test('a revocation counts whether it came before its certificate or after it', () =>
  withRegistry((registry) => {
    registry.write((rows) => rows.revocations.insert(revocation('0a')));
    assert.deepEqual(revokedOnes(registry), []);
    registry.write((rows) => rows.certificates.insert(certificate('0a')));
    registry.write((rows) => rows.certificates.insert(certificate('0b')));
    registry.write((rows) => rows.revocations.insert(revocation('0b')));
    assert.deepEqual(revokedOnes(registry).toSorted(), ['0a', '0b']);
    registry.verify();
  }));

test('a registry of before the search is searched after its migration', () =>
  withDirectory((directory) => {
    const [old, fresh] = [join(directory, 'old.db'), join(directory, 'fresh.db')];
    const people = Array.from({ length: 300 }, (_, n) =>
      certificate(n.toString(16).padStart(4, '0'), {
        commonName: `佐藤 ${n}`,
        subject: `CN=佐藤 ${n},O=割符`,
      }),
    );
    const today = Registry.open(fresh, { clock });
    today.write((rows) => {
      for (const record of people) rows.certificates.insert(record);
      rows.revocations.insert(revocation('0007'));
      rows.authorities.insert({
        id: 'authority-1',
        name: 'CA',
        certificateId: people[0]!.id,
        keyIdentifier: 'aa'.repeat(20),
        secretId: null,
        crlDays: 30,
        signing: 'unlocked',
        createdAt: '2026-01-01T00:00:00Z',
      });
    });
    today.close();
    const before = new DatabaseSync(old, { enableForeignKeyConstraints: false });
    before.exec(`PRAGMA application_id = ${applicationId}; ${migrations[0]}; ${migrations[1]}; PRAGMA user_version = 2;
      ATTACH DATABASE '${fresh}' AS fresh`);
    for (const table of ['authorities', 'certificates', 'revocations'])
      before.exec(`INSERT INTO main.${table} SELECT * FROM fresh.${table}`);
    before.close();
    const registry = Registry.open(old, { clock });
    const found = registry.read((rows) =>
      rows.certificates.list({ search: '佐藤 29', sort: { by: 'serial' }, offset: 0, limit: 3 }),
    );
    assert.equal(found.total, 11);
    assert.deepEqual(
      found.items.map(({ commonName }) => commonName),
      ['佐藤 29', '佐藤 290', '佐藤 291'],
    );
    assert.deepEqual(revokedOnes(registry), ['0007']);
    assert.deepEqual(registry.verify(), { certificates: 300 });
    registry.close();
  }));

for (const how of ['merge', 'replace'] as const)
  test(`the list follows what is taken over from another registry: ${how}`, () =>
    withRegistry((registry) =>
      withRegistry(async (other, path) => {
        registry.write((rows) => {
          for (const serial of ['0a', '0b']) rows.certificates.insert(certificate(serial));
          rows.revocations.insert(revocation('0b'));
        });
        other.write((rows) => {
          for (const serial of ['0a', '0c', '0d']) rows.certificates.insert(certificate(serial));
          rows.revocations.insert(revocation('0d'));
        });
        const copy = `${path} copy`;
        await other.snapshot(copy);
        registry.takeOver(copy, how, {
          replaceAudit: false,
          damagedSecrets: [],
          before: () => {},
          after: () => {},
        });
        const { items } = registry.read((rows) =>
          rows.certificates.list({ search: 'user', sort: { by: 'serial' }, offset: 0, limit: 10 }),
        );
        const expected = how === 'merge' ? ['0a', '0b', '0c', '0d'] : ['0a', '0c', '0d'];
        assert.deepEqual(
          items.map(({ serial }) => serial),
          expected,
        );
        assert.deepEqual(revokedOnes(registry).toSorted(), how === 'merge' ? ['0b', '0d'] : ['0d']);
        registry.verify();
      }),
    ));

for (const change of [
  "UPDATE listed SET not_after = '2030-01-01' WHERE serial = '0a'",
  "UPDATE listed SET common_name = 'USER 0A' WHERE serial = '0a'",
  "UPDATE listed SET words = 'somebody else' WHERE serial = '0a'",
  "UPDATE listed_groups SET revoked = 1 WHERE profile = 'client'",
  'UPDATE listed_counts SET n = n + 1',
  "DELETE FROM listed WHERE serial = '0a'",
])
  test(`what was changed behind its back is found: ${change}`, () =>
    withRegistry((registry, path) => {
      registry.write((rows) => rows.certificates.insert(certificate('0a')));
      registry.verify();
      const raw = new DatabaseSync(path);
      raw.exec(change);
      raw.close();
      assert.throws(() => registry.verify(), { code: 'REGISTRY_DAMAGED' });
    }));
