/**
 * Lists of certificates, out of what the schema's triggers keep beside them (`listed…`), so that a million rows
 * answer as a hundred do. Three ways lead to a page:
 * - few rows pass the filter, or few are found by the search: all of them are looked at and sorted;
 * - no search: the index of the order is walked, and only what is shown is read;
 * - a broad search: the index is walked and the words are looked at, slice by slice, as far as the page needs.
 */
import type { CertificateProfile } from '../records.ts';
import type { Statements } from '../statements.ts';
import { CertificateSearch, type Match, type SearchedRow } from './certificate-search.ts';

/** Revoked outweighs expired. A certificate whose time has not come yet counts as valid. */
export type CertificateState = 'valid' | 'expired' | 'revoked';

export interface CertificateFilter {
  readonly authorityId?: string | undefined;
  readonly profile?: CertificateProfile | undefined;
  readonly state?: CertificateState | undefined;
  /** Only those that end before this (ISO 8601 UTC). */
  readonly endsBefore?: string | undefined;
}

export interface CertificateQuery extends CertificateFilter {
  /** As {@link CertificateSearch} takes it. */
  readonly search?: string | undefined;
  /** Newest first when absent. Equals stand in the order in which they came. */
  readonly sort?:
    | { readonly by: 'createdAt' | 'notAfter' | 'commonName' | 'serial'; readonly descending?: boolean }
    | undefined;
  /** The `next` of the page before. `offset` counts from there. */
  readonly after?: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

export interface ListedPage {
  /** Of certificates, in order. */
  readonly ids: readonly string[];
  readonly total: number;
  /** The search met more than `total`: counting was stopped there. */
  readonly hasMore: boolean;
  /** Where the next page goes on; null at the end. */
  readonly next: string | null;
}

/** So many rows are collected and sorted; more are walked through in their order. */
const few = 5000;
/** What a search finds is counted so far. */
const counted = 10_000;
/** Between two breaths: names looked at, rows found by the search, rows read here and there, rows that an index passes. */
const slices = { words: 2500, found: 5000, rows: 1000, places: 25_000 } as const;
/** A broad search mostly fills its page from a few rows. */
const firstSlice = 500;

interface Listed {
  readonly id: string;
  readonly row: number;
  /** What it is sorted by. */
  readonly key: string;
}
type ListedWords = Listed & SearchedRow;

/** Groups as JSON, ends as text, from (inclusive) to (exclusive). Parameters of {@link within}. */
type Span = Readonly<Record<'groups' | 'from' | 'to', string>>;
type Found = Omit<ListedPage, 'next'> & { readonly last: Listed | undefined };

// The cheap comparison first: in a long list it is made for every row that is passed.
const within = `not_after < :to AND not_after >= :from AND group_id IN (SELECT value FROM json_each(:groups))`;
/** Before and after every time that can be written. */
const [ever, never] = ['', '~'];

const columns = {
  createdAt: 'created_at',
  notAfter: 'not_after',
  commonName: 'common_name',
  serial: 'serial',
} as const;

/** The order of a query, as SQL. */
class Order {
  readonly column: string;
  readonly index: string;
  readonly descending: boolean;

  constructor({ sort }: CertificateQuery) {
    const { by, descending = false } = sort ?? { by: 'createdAt', descending: true };
    this.column = columns[by];
    this.index = `INDEXED BY listed_by_${this.column}`;
    this.descending = descending;
  }

  /** `row` decides between equals, so that every row has its place. */
  by(reversed = false): string {
    const direction = this.descending === reversed ? 'ASC' : 'DESC';
    return `ORDER BY ${this.column} ${direction}, row ${direction}`;
  }

  /** Behind a place; true without one. */
  behind(place: Place | undefined, reversed = false): string {
    return place ? `(${this.column}, row) ${this.descending === reversed ? '>' : '<'} (:key, :row)` : '1';
  }
}

type Place = Pick<Listed, 'key' | 'row'>;

/** What a slice of counting found, and the row to go on behind; null at the end. */
interface CountedSlice {
  readonly found: number;
  readonly last: number | null;
}

/** @see ListedPage.next */
const placeText = ({ key, row }: Place): string => `${row} ${key}`;

function readPlace(text: string | undefined): Place | undefined {
  const [, row, key] = /^(\d{1,15}) (.*)$/s.exec(text ?? '') ?? [];
  return row === undefined || key === undefined ? undefined : { key, row: Number(row) };
}

export class CertificateList {
  readonly #statements: Statements;
  readonly #clock: () => Date;

  constructor(statements: Statements, clock: () => Date) {
    this.#statements = statements;
    this.#clock = clock;
  }

  /** How many there are. Reads counters, and rows only of the days on which the limits of the filter lie. */
  count(filter: CertificateFilter): number {
    return this.#countOf(this.#spanOf(filter));
  }

  /** Revoked, and its time is not over: who a server that reads no CRL still lets in. */
  countRevokedInForce(authorityId: string): number {
    const span = this.#spanOf({ authorityId, profile: 'client', state: 'revoked' });
    return this.#countOf({ ...span, from: this.#now() });
  }

  /** How many end in each month (YYYY-MM), from now on, without revoked ones and those of tests. */
  endsByMonth(): { readonly month: string; readonly count: number }[] {
    const now = this.#now();
    const today = dayOf(now);
    const groups = this.#groupsOf(({ revoked, profile }) => !revoked && profile !== 'probe');
    const sql = `SELECT substr(ends_on, 1, 7) AS month, sum(n) AS count FROM listed_counts
      WHERE group_id IN (SELECT value FROM json_each(:groups)) AND ends_on >= :today GROUP BY 1 ORDER BY 1`;
    const overToday = this.#countRows({ groups, from: today, to: now });
    return this.#statements
      .all<{ month: string; count: number }>(sql, { groups, today })
      .map(({ month, count }) => ({ month, count: today.startsWith(month) ? count - overToday : count }))
      .filter(({ count }) => count > 0);
  }

  /** One page; yields between slices of the work, so that whoever has other things to do may do them. */
  *page(query: CertificateQuery): Generator<void, ListedPage, void> {
    const found = yield* this.#find(query);
    const { ids, total, hasMore, last } = found;
    return { ids, total, hasMore, next: last && ids.length === query.limit ? placeText(last) : null };
  }

  *#find(query: CertificateQuery): Generator<void, Found, void> {
    const span = this.#spanOf(query);
    const among = this.#countOf(span);
    const search = CertificateSearch.of(query.search);
    if (among === 0) return found([], 0);
    if (!search) return found(yield* this.#walk(span, query, among), among);
    if (among <= few) {
      const rows = this.#inGroups(span, search);
      return found(this.#sorted(rows, span, query), rows.length);
    }
    const match = search.match(this.#statements, few);
    yield;
    const rows = yield* this.#few(search, match, span);
    yield;
    if (rows) return found(this.#sorted(rows, span, query), rows.length);
    const shown = yield* this.#walkWords(span, query, search);
    yield;
    const total = yield* this.#countBroad(span, search, match);
    yield;
    return found(shown, Math.min(total, counted), total > counted);
  }

  /** The rows of a small filter that the search finds. */
  #inGroups(span: Span, search: CertificateSearch): number[] {
    const sql = `SELECT row, certificate_id AS id, words, serial FROM listed INDEXED BY listed_by_group WHERE ${within}`;
    return this.#statements
      .all<ListedWords>(sql, span)
      .filter((row) => search.finds(row))
      .map(({ row }) => row);
  }

  /** The rows that the search finds; undefined when it is a broad one. */
  *#few(
    search: CertificateSearch,
    { query, findsAll }: Match,
    span: Span,
  ): Generator<void, number[] | undefined, void> {
    if (!findsAll) return undefined;
    const sql = 'SELECT rowid AS row FROM listed_search WHERE listed_search MATCH :query LIMIT :limit';
    const found = this.#statements.all<Listed>(sql, { query, limit: few + 1 }).map(({ row }) => row);
    if (found.length > few) return undefined;
    found.push(...search.byFingerprint(this.#statements, few));
    const kept: number[] = [];
    for (let at = 0; at < found.length; at += slices.rows) {
      yield;
      const rows = JSON.stringify(found.slice(at, at + slices.rows));
      const those = `SELECT row FROM listed WHERE row IN (SELECT value FROM json_each(:rows)) AND ${within}`;
      for (const { row } of this.#statements.all<Listed>(those, { ...span, rows })) kept.push(row);
    }
    return kept;
  }

  #sorted(rows: readonly number[], span: Span, query: CertificateQuery): Listed[] {
    const order = new Order(query);
    const place = readPlace(query.after);
    return this.#statements.all(
      `SELECT row, certificate_id AS id, ${order.column} AS key FROM listed
        WHERE row IN (SELECT value FROM json_each(:rows)) AND ${within} AND ${order.behind(place)}
        ${order.by()} LIMIT :limit OFFSET :offset`,
      { ...span, ...place, rows: JSON.stringify(rows), limit: query.limit, offset: query.offset },
    );
  }

  /** Through the index of the order, from the end that is nearer. */
  *#walk(span: Span, query: CertificateQuery, among: number): Generator<void, Listed[], void> {
    const order = new Order(query);
    const behind = among - query.offset - query.limit;
    const backwards = query.after === undefined && behind < query.offset;
    const limit = backwards ? query.limit + Math.min(0, behind) : query.limit;
    if (limit <= 0) return [];
    let skip = backwards ? Math.max(0, behind) : query.offset;
    let place = readPlace(query.after);
    const rowsAt = (rows: number, offset: number): Listed[] =>
      this.#statements.all(
        `SELECT row, certificate_id AS id, ${order.column} AS key FROM listed ${order.index}
          WHERE ${within} AND ${order.behind(place, backwards)} ${order.by(backwards)} LIMIT :rows OFFSET :offset`,
        { ...span, ...place, rows, offset },
      );
    for (; skip > slices.places; skip -= slices.places) {
      const [passed] = rowsAt(1, slices.places - 1);
      if (!passed) return [];
      place = { key: passed.key, row: passed.row };
      yield;
    }
    const rows = rowsAt(limit, skip);
    return backwards ? rows.toReversed() : rows;
  }

  /** Through the index of the order, looking at the words. */
  *#walkWords(
    span: Span,
    query: CertificateQuery,
    search: CertificateSearch,
  ): Generator<void, Listed[], void> {
    const order = new Order(query);
    const wanted = query.offset + query.limit;
    const shown: Listed[] = [];
    let place = readPlace(query.after);
    for (let limit = firstSlice; ; limit = slices.words) {
      const rows = this.#statements.all<ListedWords>(
        `SELECT row, certificate_id AS id, ${order.column} AS key, words, serial FROM listed ${order.index}
          WHERE ${within} AND ${order.behind(place)} ${order.by()} LIMIT :limit`,
        { ...span, ...place, limit },
      );
      for (const row of rows) if (search.finds(row)) shown.push(row);
      if (shown.length >= wanted || rows.length < limit) return shown.slice(query.offset, wanted);
      const { key, row } = rows.at(-1)!;
      place = { key, row };
      yield;
    }
  }

  /** How many a broad search finds, or more than {@link counted}. */
  *#countBroad(span: Span, search: CertificateSearch, match: Match): Generator<void, number, void> {
    const known = yield* this.#addUp((after) => this.#countFound(span, match, after));
    if (match.findsAll || known > counted) return known;
    return yield* this.#addUp((after) => this.#countWords(span, search, after));
  }

  *#addUp(next: (after: number) => CountedSlice): Generator<void, number, void> {
    let total = 0;
    for (let after = 0; ; ) {
      const { found, last } = next(after);
      total += found;
      if (total > counted || last === null) return total;
      after = last;
      yield;
    }
  }

  #countFound(span: Span, { query }: Match, after: number): CountedSlice {
    const limit = slices.found;
    const sql = `SELECT iif(count(*) = :limit, max(m.row), NULL) AS last, count(l.row) AS found FROM
      (SELECT rowid AS row FROM listed_search WHERE listed_search MATCH :query AND rowid > :after
        ORDER BY rowid LIMIT :limit) m LEFT JOIN listed l INDEXED BY listed_by_row ON l.row = m.row AND ${within}`;
    return this.#statements.first<CountedSlice>(sql, { ...span, query, after, limit })!;
  }

  #countWords(span: Span, search: CertificateSearch, after: number): CountedSlice {
    const limit = slices.words;
    const sql = `SELECT row, certificate_id AS id, words, serial FROM listed NOT INDEXED
      WHERE row > :after AND ${within} ORDER BY row LIMIT :limit`;
    const rows = this.#statements.all<ListedWords>(sql, { ...span, after, limit });
    const found = rows.filter((row) => search.finds(row)).length;
    return { found, last: rows.length < limit ? null : rows.at(-1)!.row };
  }

  #countOf({ groups, from, to }: Span): number {
    const upTo = (end: string): number => {
      if (end === ever) return 0;
      const day = dayOf(end);
      const sql = `SELECT coalesce(sum(n), 0) AS n FROM listed_counts
        WHERE group_id IN (SELECT value FROM json_each(:groups)) AND ends_on < :day`;
      const before = this.#statements.first<{ n: number }>(sql, { groups, day })!.n;
      return end === never ? before : before + this.#countRows({ groups, from: day, to: end });
    };
    return Math.max(0, upTo(to) - upTo(from));
  }

  #countRows(span: Span): number {
    const sql = `SELECT count(*) AS n FROM listed INDEXED BY listed_by_group WHERE ${within}`;
    return this.#statements.first<{ n: number }>(sql, span)!.n;
  }

  #spanOf({ authorityId, profile, state, endsBefore }: CertificateFilter): Span {
    const groups = this.#groupsOf(
      (group) =>
        (authorityId === undefined || group.authorityId === authorityId) &&
        (profile === undefined || group.profile === profile) &&
        (state === undefined || (state === 'revoked') === group.revoked),
    );
    const now = this.#now();
    const limit = endsBefore ?? never;
    if (state === 'valid') return { groups, from: now, to: limit };
    if (state === 'expired') return { groups, from: ever, to: [now, limit].sort()[0]! };
    return { groups, from: ever, to: limit };
  }

  /** JSON of the ids of groups: one for each authority, profile, and whether revoked. */
  #groupsOf(wanted: (group: { authorityId: string; profile: string; revoked: boolean }) => boolean): string {
    const sql = 'SELECT id, authority_id AS "authorityId", profile, revoked FROM listed_groups';
    const groups = this.#statements.all<{
      id: number;
      authorityId: string;
      profile: string;
      revoked: number;
    }>(sql);
    return JSON.stringify(
      groups.filter((group) => wanted({ ...group, revoked: group.revoked === 1 })).map(({ id }) => id),
    );
  }

  #now(): string {
    return this.#clock().toISOString();
  }
}

function found(rows: readonly Listed[], total: number, hasMore = false): Found {
  return { ids: rows.map(({ id }) => id), total, hasMore, last: rows.at(-1) };
}

const dayOf = (instant: string): string => instant.slice(0, 10);
