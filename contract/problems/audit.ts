import { z } from 'zod';
import { problem } from './define.ts';

/** What a verification of the audit log can find. */
export const auditProblems = {
  AUDIT_BROKEN: problem(
    'failed',
    { seq: z.number(), break: z.enum(['gap', 'chain', 'hash', 'mac', 'rewritten', 'anchor']) },
    {
      en: {
        what: 'The audit log is broken at record {{seq}} ({{break}}): it was changed after it was written.',
        kept: 'Nothing was changed; the records before it are as they were written.',
        remedy:
          'Keep a copy of the data directory and compare this record with the latest backup and with any head printed on paper.',
      },
      ja: {
        what: '監査ログの {{seq}} 番の記録が壊れています（{{break}}）。書き込まれたあとに変更されています。',
        kept: '何も変更していません。それより前の記録は書き込まれたときのままです。',
        remedy:
          'データディレクトリの写しを保管し、この記録を最新のバックアップや紙に控えた末尾の値と照合してください。',
      },
      'zh-CN': {
        what: '审计日志在第 {{seq}} 条记录处断裂（{{break}}）：写入之后被改动过。',
        kept: '未做任何更改，此前的记录与写入时一致。',
        remedy: '请保留数据目录的副本，并将该记录与最新备份以及纸上留存的末端值进行核对。',
      },
    },
  ),
  AUDIT_TRUNCATED: problem(
    'failed',
    { seq: z.number(), anchor: z.number() },
    {
      en: {
        what: 'The audit log ends too early: record {{seq}} is missing, and the anchor says there were at least {{anchor}}.',
        kept: 'Nothing was changed; the records that are there follow each other correctly.',
        remedy: 'Keep a copy of the data directory and look for the missing records in the latest backup.',
      },
      ja: {
        what: '監査ログが途中で終わっています。{{seq}} 番以降の記録がありません。控えの値によれば少なくとも {{anchor}} 件あったはずです。',
        kept: '何も変更していません。残っている記録のつながりは正しいです。',
        remedy: 'データディレクトリの写しを保管し、失われた記録を最新のバックアップで確認してください。',
      },
      'zh-CN': {
        what: '审计日志提前结束：缺少第 {{seq}} 条起的记录，而留存的末端值表明至少应有 {{anchor}} 条。',
        kept: '未做任何更改，现存记录前后衔接正确。',
        remedy: '请保留数据目录的副本，并在最新备份中查找缺失的记录。',
      },
    },
  ),
} as const;
