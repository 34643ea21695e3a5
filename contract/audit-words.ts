/** How a log can be broken, and what can be missing, in words. */
import type { AuditBreak, AuditMissing } from './audit.ts';
import type { Language } from './problems/define.ts';

export const auditBreakWords: Readonly<Record<Language, Readonly<Record<AuditBreak, string>>>> = {
  en: {
    gap: 'a record is missing or out of order',
    chain: 'it does not follow the one before it',
    hash: 'its content was changed',
    mac: 'it was not written under this vault',
    truncated: 'the end was cut off',
    rewritten: 'it is not the log that the anchor was taken from',
    anchor: 'the kept end of the log was changed',
  },
  ja: {
    gap: '記録の欠落または順序の乱れ',
    chain: '前の記録に続いていない',
    hash: '内容の変更',
    mac: 'この保管庫で書かれたものではない',
    truncated: '末尾の切り落とし',
    rewritten: '控えを取ったログとは別のもの',
    anchor: '控えてあるログ末尾の変更',
  },
  'zh-CN': {
    gap: '记录缺失或顺序错乱',
    chain: '与前一条不衔接',
    hash: '内容被改动',
    mac: '并非由此保险库写入',
    truncated: '末尾被截断',
    rewritten: '不是留存末端值时的那份日志',
    anchor: '留存的日志末端被改动',
  },
};

export const auditMissingWords: Readonly<Record<Language, Readonly<Record<AuditMissing, string>>>> = {
  en: { certificate: 'certificate', revocation: 'revocation', crl: 'CRL' },
  ja: { certificate: '証明書', revocation: '失効', crl: 'CRL' },
  'zh-CN': { certificate: '证书', revocation: '吊销', crl: 'CRL' },
};
