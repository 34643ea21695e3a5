/** Lists long enough that every way to a page is taken, against what a plain look at all rows says. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CertificateRecord } from '../../../core/registry/records.ts';
import type { Registry } from '../../../core/registry/registry.ts';
import type { CertificateQuery } from '../../../core/registry/tables/certificate-list.ts';
import { certificate, now, withRegistry } from './records.ts';

const families = ['佐藤', '鈴木', '高橋', 'Tanaka', 'Élise', 'smith'];
const length = 12_000;
const all: CertificateRecord[] = [];
const revoked = new Set<string>();
let registry: Registry;
const done = Promise.withResolvers<void>();
let closed: Promise<void>;

const serialOf = (n: number): string => ((n * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0');
const day = (n: number): string => new Date(now.getTime() + (n - 200) * 86_400_000).toISOString();

function person(n: number): CertificateRecord {
  const commonName = `${families[n % families.length]} ${n % 7 === 0 ? '太郎' : '花子'}`;
  return certificate(serialOf(n), {
    commonName,
    subject: `CN=${commonName},O=${n % 3 === 0 ? 'Acme\\, Inc.' : '株式会社割符'}`,
    profile: n % 400 === 5 ? 'server' : 'client',
    notAfter: day(n % 500),
    createdAt: new Date(now.getTime() - ((n * 7919) % length) * 60_000).toISOString(),
  });
}

before(async () => {
  const ready = Promise.withResolvers<Registry>();
  closed = withRegistry(async (opened) => {
    ready.resolve(opened);
    await done.promise;
  });
  registry = await ready.promise;
  registry.write((rows) => {
    for (let n = 0; n < length; n++) {
      const record = person(n);
      all.push(record);
      rows.certificates.insert(record);
      if (n % 20 !== 0) continue;
      revoked.add(record.serial);
      rows.revocations.insert({
        authorityId: record.authorityId,
        serial: record.serial,
        reason: 'superseded',
        revokedAt: day(200),
        invalidityAt: null,
      });
    }
  });
});
after(async () => {
  done.resolve();
  await closed;
});

const list = (query: Partial<CertificateQuery>) =>
  registry.read((rows) => rows.certificates.list({ offset: 0, limit: 100, ...query }));

const key = (record: CertificateRecord, by: 'createdAt' | 'notAfter' | 'commonName' | 'serial'): string =>
  by === 'commonName' ? record[by].replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : record[by];
const orders = new Map<string, readonly CertificateRecord[]>();

/** All of them in the order of their octets; equals as they came. */
function sorted({ sort }: Partial<CertificateQuery>): readonly CertificateRecord[] {
  const { by, descending = false } = sort ?? { by: 'createdAt', descending: true };
  const made = orders.get(`${by} ${descending}`);
  if (made) return made;
  const rows = all.map((record, row) => ({ record, row, octets: Buffer.from(key(record, by)) }));
  rows.sort((a, b) => Buffer.compare(a.octets, b.octets) || a.row - b.row);
  if (descending) rows.reverse();
  orders.set(
    `${by} ${descending}`,
    rows.map(({ record }) => record),
  );
  return sorted({ sort: { by, descending } });
}

/** What a plain look at every row says. */
function plainly(query: Partial<CertificateQuery>): string[] {
  const { profile, state, endsBefore } = query;
  const search = (query.search ?? '').toLowerCase();
  return sorted(query)
    .filter((record) => {
      const words = `${record.subject.replaceAll('\\', '')}\n${record.commonName}`.toLowerCase();
      const isRevoked = revoked.has(record.serial);
      const isOver = record.notAfter < now.toISOString();
      return (
        (profile === undefined || record.profile === profile) &&
        (endsBefore === undefined || record.notAfter < endsBefore) &&
        (state === undefined || state === (isRevoked ? 'revoked' : isOver ? 'expired' : 'valid')) &&
        // One or two digits are in nearly every serial.
        (words.includes(search) || (search.length > 2 && record.serial.includes(search)))
      );
    })
    .map(({ serial }) => serial);
}

const filters: readonly Partial<CertificateQuery>[] = [
  { profile: 'client' },
  { profile: 'server' },
  { profile: 'client', state: 'valid' },
  { profile: 'client', state: 'expired' },
  { profile: 'client', state: 'revoked' },
  { profile: 'client', state: 'valid', endsBefore: day(230) },
];
const sorts = [
  undefined,
  { by: 'notAfter' },
  { by: 'commonName' },
  { by: 'serial', descending: true },
] as const satisfies readonly CertificateQuery['sort'][];

for (const [what, words] of Object.entries({
  'without a search': [''],
  'that most rows meet': ['花子', '割', 'o='],
  'that some rows meet': ['佐', 'TANAKA 太郎', 'élise', 'Acme, Inc'],
  'that few or no rows meet': [serialOf(77), serialOf(5).slice(2, 6), 'nobody', '鑫', 'zq'],
}))
  test(`filters and orders, ${what}: the same rows as by looking at all of them`, () => {
    for (const search of words)
      for (const [at, filter] of filters.entries())
        for (const sort of [sorts[at % sorts.length], sorts[(at + 2) % sorts.length]]) {
          const query = { ...filter, ...(search === '' ? {} : { search }), ...(sort ? { sort } : {}) };
          const expected = plainly(query);
          const where = JSON.stringify(query);
          const { items, total, hasMore, next } = list(query);
          assert.deepEqual(
            items.map(({ serial }) => serial),
            expected.slice(0, 100),
            where,
          );
          assert.equal(hasMore ? expected.length > total : expected.length === total, true, where);
          assert.equal(next === null, expected.length < 100, where);
          for (const offset of [50, Math.floor(expected.length / 2), expected.length - 3]) {
            if (offset < 0 || offset >= total) continue;
            const far = list({ ...query, offset, limit: 20 }).items.map(({ serial }) => serial);
            assert.deepEqual(far, expected.slice(offset, offset + 20), `${where} from ${offset}`);
          }
        }
  });

test('going on from page to page meets every row once', () => {
  for (const sort of sorts)
    for (const search of [undefined, '佐藤']) {
      const query = { profile: 'client', ...(sort ? { sort } : {}), ...(search ? { search } : {}) } as const;
      const met: string[] = [];
      let after: string | undefined;
      do {
        const { items, next }: ReturnType<typeof list> = list({
          ...query,
          limit: 1000,
          ...(after ? { after } : {}),
        });
        met.push(...items.map(({ serial }) => serial));
        after = next ?? undefined;
      } while (after !== undefined);
      assert.deepEqual(met, plainly(query), JSON.stringify(query));
    }
});

test('the counters say what the rows say', () => {
  const { certificateList } = registry.read((rows) => rows);
  for (const filter of filters)
    assert.equal(
      registry.read(() => certificateList.count(filter)),
      plainly(filter).length,
    );
  const months = new Map<string, number>();
  for (const { notAfter, serial } of all)
    if (notAfter >= now.toISOString() && !revoked.has(serial))
      months.set(notAfter.slice(0, 7), (months.get(notAfter.slice(0, 7)) ?? 0) + 1);
  months.set('2036-01', 1); // The CA itself.
  assert.deepEqual(
    registry.read(() => certificateList.endsByMonth()),
    [...months].map(([month, count]) => ({ month, count })).toSorted((a, b) => (a.month < b.month ? -1 : 1)),
  );
});

test('the work is cut into slices that leave time for others', () => {
  const slices = (query: Partial<CertificateQuery>): number => {
    const work = registry.read((rows) => rows.certificateList.page({ offset: 0, limit: 100, ...query }));
    for (let n = 1; ; n++) if (registry.read(() => work.next()).done) return n;
  };
  assert.equal(slices({}), 1);
  assert.ok(slices({ search: '佐藤' }) > 2);
  assert.ok(slices({ search: '花子', sort: { by: 'notAfter', descending: true } }) > 3);
});
