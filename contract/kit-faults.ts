/** What can be wrong with a line of a list of people: every fault and its words. */
import { z } from 'zod';
import type { Language } from './problems/define.ts';

/** `{{value}}`: what stands there, or the line that is meant. */
export const kitFaults = {
  ENCODING_UNKNOWN: {
    en: 'the file is neither UTF-8 nor Shift_JIS nor GB18030',
    ja: 'ファイルの文字コードが UTF-8、Shift_JIS、GB18030 のいずれでもありません',
    'zh-CN': '文件编码不是 UTF-8、Shift_JIS 或 GB18030',
  },
  CSV_MALFORMED: {
    en: 'the quotes do not match ({{value}})',
    ja: '引用符の対応が取れていません（{{value}}）',
    'zh-CN': '引号不匹配（{{value}}）',
  },
  NO_NAME_COLUMN: {
    en: 'no column is headed "name" (or 氏名, 姓名); found: {{value}}',
    ja: '見出しが「氏名」（または name、姓名）の列がありません。見出し：{{value}}',
    'zh-CN': '没有标题为“姓名”（或 name、氏名）的列；现有标题：{{value}}',
  },
  COLUMN_TWICE: {
    en: 'two columns mean the same: {{value}}',
    ja: '同じ意味の列が 2 つあります：{{value}}',
    'zh-CN': '有两列含义相同：{{value}}',
  },
  NO_PEOPLE: { en: 'nobody is listed', ja: '対象者がいません', 'zh-CN': '列表中没有人员' },
  TOO_MANY_PEOPLE: {
    en: 'more than {{value}} people; split the list',
    ja: '{{value}} 人を超えています。リストを分けてください',
    'zh-CN': '超过 {{value}} 人，请拆分列表',
  },
  TOO_MANY_FIELDS: {
    en: 'more fields than columns; put quotes around a field that holds the separator',
    ja: '列より項目が多くなっています。区切り文字を含む項目は引用符で囲んでください',
    'zh-CN': '字段多于列数；含分隔符的字段请加引号',
  },
  NAME_MISSING: { en: 'the name is missing', ja: '氏名がありません', 'zh-CN': '缺少姓名' },
  NAME_INVALID: {
    en: 'cannot stand in a certificate: {{value}}',
    ja: '証明書に使えません：{{value}}',
    'zh-CN': '不能用于证书：{{value}}',
  },
  NAME_OF_AUTHORITY: {
    en: 'the name is that of the CA: {{value}}',
    ja: 'CA と同じ名前です：{{value}}',
    'zh-CN': '与 CA 同名：{{value}}',
  },
  ADDRESS_INVALID: {
    en: 'not an e-mail address or host name: {{value}}',
    ja: 'メールアドレスまたはホスト名ではありません：{{value}}',
    'zh-CN': '不是电子邮件地址或主机名：{{value}}',
  },
  DAYS_INVALID: {
    en: 'days must be a whole number from 1 to 3660: {{value}}',
    ja: '日数は 1～3660 の整数で指定してください：{{value}}',
    'zh-CN': '天数须为 1 至 3660 的整数：{{value}}',
  },
  OUTLIVES_AUTHORITY: {
    en: 'the certificate would outlive its CA, which ends on {{value}}',
    ja: '証明書の期限が CA の期限（{{value}}）を超えます',
    'zh-CN': '证书有效期将超过 CA 的到期日 {{value}}',
  },
  LANGUAGE_UNKNOWN: {
    en: 'not one of en, ja, zh-CN: {{value}}',
    ja: 'en、ja、zh-CN のいずれでもありません：{{value}}',
    'zh-CN': '不是 en、ja 或 zh-CN：{{value}}',
  },
  TARGET_UNKNOWN: {
    en: 'not one of any, windows, macos, linux: {{value}}',
    ja: 'any、windows、macos、linux のいずれでもありません：{{value}}',
    'zh-CN': '不是 any、windows、macos 或 linux：{{value}}',
  },
  DUPLICATE: {
    en: 'the same person as in line {{value}}',
    ja: '{{value}} 行目と同じ人です',
    'zh-CN': '与第 {{value}} 行是同一人',
  },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

export type KitFaultCode = keyof typeof kitFaults;

export const kitFault = z.object({
  /** As a spreadsheet counts: the header is line 1. */
  line: z.number().int(),
  code: z.enum(Object.keys(kitFaults) as [KitFaultCode, ...KitFaultCode[]]),
  value: z.string(),
});
export type KitFault = z.infer<typeof kitFault>;

/** The words for a fault in `language`. */
export function describeFault({ code, value }: KitFault, language: Language): string {
  return kitFaults[code][language].replaceAll('{{value}}', value);
}
