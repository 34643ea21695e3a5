import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Registry } from '../../../core/registry/registry.ts';
import type { CertificateQuery } from '../../../core/registry/tables/certificate-list.ts';
import { certificate, withRegistry } from './records.ts';

function serials(registry: Registry, query: Partial<CertificateQuery>): string[] {
  const { items, total } = registry.read((rows) =>
    rows.certificates.list({ offset: 0, limit: 100, ...query }),
  );
  assert.equal(total, items.length);
  return items.map((item) => item.serial).sort();
}

const withPeople = (work: (registry: Registry) => void) =>
  withRegistry((registry) => {
    registry.write((rows) => {
      rows.certificates.insert(
        certificate('0a1b2c', { commonName: '鈴木 一郎', subject: 'CN=鈴木 一郎,O=営業部' }),
      );
      rows.certificates.insert(certificate('0b', { commonName: 'tanaka', subject: 'CN=tanaka,O=100%_Pure' }));
      rows.certificates.insert(certificate('0c', { notAfter: '2026-05-01T00:00:00Z', commonName: 'gone' }));
      rows.certificates.insert(
        certificate('0d', { profile: 'server', commonName: 'www', notAfter: '2026-12-01T00:00:00Z' }),
      );
      const revoked = {
        reason: 'superseded',
        revokedAt: '2026-02-01T00:00:00Z',
        invalidityAt: null,
      } as const;
      rows.revocations.insert({ authorityId: 'authority-1', serial: '0b', ...revoked });
      rows.revocations.insert({ authorityId: 'authority-1', serial: 'ffff', ...revoked });
    });
    work(registry);
  });

test('a part of a name finds its certificate, in any script and length', () =>
  withPeople((registry) => {
    assert.deepEqual(serials(registry, { search: '鈴木' }), ['0a1b2c']);
    assert.deepEqual(serials(registry, { search: '営業' }), ['0a1b2c']);
    assert.deepEqual(serials(registry, { search: 'TANA' }), ['0b']);
    assert.deepEqual(serials(registry, { search: 'nobody' }), []);
  }));

test('a serial is found however it is written', () =>
  withPeople((registry) => {
    for (const search of ['0A:1B:2C', '0a 1b 2c', '1b2c'])
      assert.deepEqual(serials(registry, { search }), ['0a1b2c']);
  }));

test('signs that mean something to SQL mean themselves in a search', () =>
  withPeople((registry) => {
    assert.deepEqual(serials(registry, { search: '100%_' }), ['0b']);
    assert.deepEqual(serials(registry, { search: '%' }), ['0b']);
    assert.deepEqual(serials(registry, { search: '\\' }), []);
    assert.deepEqual(serials(registry, { search: `' OR 1=1 --` }), []);
  }));

test('states are told apart, and revoked outweighs expired', () =>
  withPeople((registry) => {
    assert.deepEqual(serials(registry, { state: 'valid' }), ['01', '0a1b2c', '0d']);
    assert.deepEqual(serials(registry, { state: 'expired' }), ['0c']);
    assert.deepEqual(serials(registry, { state: 'revoked' }), ['0b']);
    assert.deepEqual(serials(registry, { state: 'valid', profile: 'client', authorityId: 'authority-1' }), [
      '0a1b2c',
    ]);
    assert.deepEqual(serials(registry, { authorityId: 'other' }), []);
  }));

test('pages follow each other without gap or overlap, and the total counts all', () =>
  withRegistry((registry) => {
    registry.write((rows) => {
      for (let n = 0; n < 25; n += 1) rows.certificates.insert(certificate((0x100 + n).toString(16)));
    });
    const page = (offset: number) =>
      registry.read((rows) =>
        rows.certificates.list({ profile: 'client', offset, limit: 10, sort: { by: 'serial' } }),
      );
    const all = [page(0), page(10), page(20)];
    assert.deepEqual(
      all.map(({ items, total }) => [items.length, total]),
      [
        [10, 25],
        [10, 25],
        [5, 25],
      ],
    );
    const listed = all.flatMap(({ items }) => items.map((item) => item.serial));
    assert.deepEqual(
      listed,
      Array.from({ length: 25 }, (_, n) => (0x100 + n).toString(16)),
    );
  }));

test('what ends soon is listed, the first to end first, without the ended and the revoked', () =>
  withPeople((registry) => {
    registry.write((rows) =>
      rows.certificates.insert(certificate('0e', { notAfter: '2026-06-10T00:00:00Z' })),
    );
    const ending = (limit: number) =>
      registry.read((rows) =>
        rows.certificates.list({
          state: 'valid',
          endsBefore: '2027-06-01T00:00:00Z',
          sort: { by: 'notAfter' },
          offset: 0,
          limit,
        }),
      );
    assert.deepEqual(
      ending(10).items.map((record) => record.serial),
      ['0e', '0d', '0a1b2c'],
    );
    assert.deepEqual([ending(1).items.length, ending(1).total], [1, 3]);
  }));
