import type { Statements } from '../statements.ts';

/** A row as a search looks at it. */
export interface SearchedRow {
  /** The fingerprint. */
  readonly id: string;
  readonly words: string;
  readonly serial: string;
}

export interface Match {
  readonly query: string;
  readonly findsAll: boolean;
}

/** Each of them is a list that FTS5 keeps open. */
const mostTerms = 100;
/** From here on digits are taken for the beginning of a fingerprint too. */
const shortestFingerprint = 4;
/** What FTS5's trigram tokenizer makes one token of. */
const trigram = 3;
const lastCharacter = '\u{10ffff}';

/**
 * What somebody typed to find a certificate by: part of the subject, the common name or the serial, in capitals or
 * not; or the beginning of the fingerprint. One or two characters are looked for in names alone: as digits they would
 * meet nearly every serial.
 */
export class CertificateSearch {
  readonly #needle: string;
  /** The digits of a serial or a fingerprint, however they were written; empty when it cannot be one. */
  readonly #hex: string;

  private constructor(needle: string) {
    this.#needle = needle;
    const digits = needle.replace(/[:\s]/g, '');
    this.#hex = /^[0-9a-f]{3,64}$/.test(digits) ? digits : '';
  }

  /** Undefined when there is nothing to search for. */
  static of(text: string | undefined): CertificateSearch | undefined {
    const needle = (text ?? '').trim().toLowerCase();
    return needle === '' ? undefined : new CertificateSearch(needle);
  }

  finds({ id, words, serial }: SearchedRow): boolean {
    if (words.toLowerCase().includes(this.#needle)) return true;
    if (this.#hex === '') return false;
    return serial.includes(this.#hex) || (this.#isFingerprint && id.startsWith(this.#hex));
  }

  /**
   * The query for `listed_search` (https://sqlite.org/fts5.html §3). A word shorter than a trigram is the beginning of
   * some: those are asked for, as far as `limit` allows; then the query finds some of the rows, not all.
   */
  match(statements: Statements, limit: number): Match {
    if ([...this.#needle].length >= trigram) {
      const names = `words : ${quoted(this.#needle)}`;
      const query = this.#hex === '' ? names : `${names} OR serial : ${quoted(this.#hex)}`;
      return { query, findsAll: true };
    }
    const terms: string[] = [];
    let places = 0;
    const sql = `SELECT term, doc FROM listed_terms WHERE term >= :first AND term < :last AND col = 'words'`;
    const range = { first: this.#needle, last: this.#needle + lastCharacter };
    for (const { term, doc } of statements.each<{ term: string; doc: number }>(sql, range)) {
      if (places > limit || terms.length === mostTerms) return { query: anyOf(terms), findsAll: false };
      places += doc;
      terms.push(quoted(term));
    }
    return { query: anyOf(terms), findsAll: true };
  }

  /** Rows whose fingerprint begins so. */
  byFingerprint(statements: Statements, limit: number): number[] {
    if (!this.#isFingerprint) return [];
    const sql = `SELECT row FROM listed WHERE certificate_id >= :first AND certificate_id < :last LIMIT :limit`;
    const range = { first: this.#hex, last: `${this.#hex}g`, limit };
    return statements.all<{ row: number }>(sql, range).map(({ row }) => row);
  }

  get #isFingerprint(): boolean {
    return this.#hex.length >= shortestFingerprint;
  }
}

// A name nobody has: FTS5 knows no empty query.
const anyOf = (terms: readonly string[]): string =>
  `words : (${terms.length === 0 ? quoted(lastCharacter.repeat(trigram)) : terms.join(' OR ')})`;

/** A string of FTS5: signs that mean something to it mean themselves. */
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
