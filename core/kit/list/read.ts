/** A list of people as a spreadsheet saves it: which column means what, and what stands in each line. */
import { CsvError, parse } from 'csv-parse/sync';
import type { KitColumn, KitPerson, ListEncoding } from '../../../contract/kit.ts';
import type { KitFault } from '../../../contract/kit-faults.ts';
import { quotable } from '../../x509/errors.ts';
import { decodeList, type KnownEncoding } from './decode.ts';

/** What people write at the top of a column, folded by `fold`. */
const headers: Readonly<Record<KitColumn, readonly string[]>> = {
  name: ['name', 'fullname', 'commonname', 'cn', '氏名', '名前', 'お名前', '姓名', '名字', '利用者名'],
  email: [
    'email',
    'mail',
    'emailaddress',
    'mailaddress',
    'san',
    'subjectaltname',
    'メール',
    'メールアドレス',
    'eメール',
    '邮箱',
    '电子邮件',
    '电子邮箱',
    '邮件',
    '邮件地址',
  ],
  organisation: [
    'organisation',
    'organization',
    'company',
    'o',
    '組織',
    '組織名',
    '会社',
    '会社名',
    '组织',
    '公司',
    '公司名称',
    '单位',
  ],
  department: [
    'department',
    'dept',
    'ou',
    'organisationalunit',
    'organizationalunit',
    '部署',
    '部署名',
    '部門',
    '所属',
    '部门',
  ],
  days: ['days', 'validdays', 'validitydays', '日数', '有効日数', '天数', '有效天数'],
  language: ['language', 'lang', '言語', '语言'],
  target: ['target', 'system', 'os', 'platform', '対象', '環境', '目标', '系统', '操作系统'],
};
const meanings = new Map(
  Object.entries(headers).flatMap(([meaning, names]) => names.map((name) => [name, meaning as KitColumn])),
);

const fold = (header: string): string =>
  header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-.]/g, '');

export interface ReadList {
  readonly encoding: KnownEncoding;
  readonly separator: string;
  readonly columns: readonly { readonly header: string; readonly meaning: KitColumn | null }[];
  readonly lines: readonly { readonly line: number; readonly person: KitPerson }[];
  readonly faults: readonly KitFault[];
}

/** Lines with nothing in them are passed over. Faults here are those of the file; what people wrote is not looked at yet. */
export function readList(bytes: Uint8Array, wanted: ListEncoding): ReadList {
  const decoded = decodeList(bytes, wanted);
  const empty = { encoding: decoded?.encoding ?? 'utf-8', separator: ',', columns: [], lines: [] } as const;
  const fault = (line: number, code: KitFault['code'], value = ''): KitFault => ({
    line,
    code,
    value: quotable(value),
  });
  if (!decoded) return { ...empty, faults: [fault(1, 'ENCODING_UNKNOWN')] };
  const separator = separatorOf(decoded.text);
  const records = parseRecords(decoded.text, separator);
  if ('line' in records) return { ...empty, separator, faults: [records] };
  const [head, ...rest] = records;
  const columns = (head?.fields ?? []).map((header) => ({
    header: quotable(header),
    meaning: meanings.get(fold(header)) ?? null,
  }));
  const faults: KitFault[] = [];
  const used = columns.flatMap(({ meaning }) => meaning ?? []);
  const twice = columns.filter(
    ({ meaning }, at) => meaning !== null && used.indexOf(meaning) !== used.lastIndexOf(meaning) && at >= 0,
  );
  if (twice.length > 0)
    faults.push(fault(head!.line, 'COLUMN_TWICE', twice.map(({ header }) => header).join(', ')));
  if (!used.includes('name'))
    faults.push(fault(head?.line ?? 1, 'NO_NAME_COLUMN', columns.map(({ header }) => header).join(', ')));
  const lines: { line: number; person: KitPerson }[] = [];
  for (const { line, fields } of rest) {
    if (fields.every((field) => field === '')) continue;
    if (fields.slice(columns.length).some((field) => field !== ''))
      faults.push(fault(line, 'TOO_MANY_FIELDS'));
    const person: KitPerson = { name: '' };
    for (const [at, { meaning }] of columns.entries())
      if (meaning !== null && (fields[at] ?? '') !== '') person[meaning] = fields[at]!;
    lines.push({ line, person });
  }
  return { encoding: decoded.encoding, separator, columns, lines, faults };
}

/** Of comma, semicolon and tab, the one that the first line has most of: which one Excel writes depends on the country. */
function separatorOf(text: string): string {
  const [first = ''] = text.split(/\r?\n|\r/, 1);
  const count = (separator: string): number => first.split(separator).length;
  return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best));
}

interface Fields {
  /** Where it begins, as an editor counts. */
  readonly line: number;
  readonly fields: readonly string[];
}

function parseRecords(text: string, separator: string): readonly Fields[] | KitFault {
  try {
    const parsed = parse(text, {
      bom: true,
      delimiter: separator,
      relax_column_count: true,
      trim: true,
      info: true,
      max_record_size: 64 * 1024,
    }) as unknown as readonly { readonly record: string[]; readonly info: { readonly lines: number } }[];
    return parsed.map(({ record, info }) => ({
      // A field may itself hold line ends; what csv-parse counts is where the record ends.
      line: info.lines - record.reduce((sum, field) => sum + (field.match(/\r\n|\r|\n/g)?.length ?? 0), 0),
      fields: record.map((field) => field.normalize('NFC')),
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { line: Number(error['lines'] ?? 1), code: 'CSV_MALFORMED', value: error.code };
  }
}
