import { z } from 'zod';
import { problem } from './define.ts';

export const cloudProblems = {
  PRACTICE_STOPPED: problem(
    'failed',
    {},
    {
      en: {
        what: 'Practice is not running, so there is no cloud to ask.',
        kept: 'Your certificates are untouched. What was in the practice cloud ended with it.',
        remedy: 'Start Practice, then apply the plan again.',
      },
      ja: {
        what: '練習環境が動いていないため、クラウドの状態を確認できません。',
        kept: '証明書はそのままです。練習用クラウドの中身は終了時に消えています。',
        remedy: '練習環境を開始して、もう一度計画を適用してください。',
      },
      'zh-CN': {
        what: '演练环境未运行，无法查询云上状态。',
        kept: '证书保持不变；演练云中的内容已随其结束而消失。',
        remedy: '请启动演练环境，然后再次应用计划。',
      },
    },
  ),
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
