import { z } from 'zod';
import { problem } from './define.ts';

export const cloudProblems = {
  CLOUD_ACCOUNT_NOT_FOUND: problem(
    'failed',
    { account: z.string(), known: z.string() },
    {
      en: {
        what: 'No cloud account matches "{{account}}" (known: {{known}}).',
        kept: 'Nothing was changed.',
        remedy: 'Add one with warifu cloud login, or name one with --account.',
      },
      ja: {
        what: '「{{account}}」に一致するクラウドアカウントがありません（登録済み：{{known}}）。',
        kept: '何も変更していません。',
        remedy: 'warifu cloud login で追加するか、--account で指定してください。',
      },
      'zh-CN': {
        what: '没有与“{{account}}”匹配的云账号（已有：{{known}}）。',
        kept: '未做任何更改。',
        remedy: '请用 warifu cloud login 添加，或用 --account 指定。',
      },
    },
  ),
} as const;
