import { z } from 'zod';
import { problem } from './define.ts';

/** What can happen to a backup on its way out and back. */
export const backupProblems = {
  BACKUP_DAMAGED: problem(
    'failed',
    { reason: z.string() },
    {
      en: {
        what: 'This backup cannot be used: {{reason}}.',
        kept: 'Nothing was changed here.',
        remedy: 'Take another copy of it, or an older backup.',
      },
      ja: {
        what: 'このバックアップは使えません（{{reason}}）。',
        kept: 'この環境では何も変更していません。',
        remedy: '別の場所にある写し、または以前のバックアップを使ってください。',
      },
      'zh-CN': {
        what: '此备份无法使用（{{reason}}）。',
        kept: '本机未做任何更改。',
        remedy: '请改用它的另一份副本，或更早的备份。',
      },
    },
  ),
  BACKUP_NEWER: problem(
    'failed',
    { found: z.number(), supported: z.number() },
    {
      en: {
        what: 'This backup has format {{found}}; this Warifu reads up to {{supported}}.',
        kept: 'Nothing was changed here.',
        remedy: 'Update Warifu, then restore again.',
      },
      ja: {
        what: 'このバックアップの形式は {{found}} です。この Warifu が読めるのは {{supported}} までです。',
        kept: 'この環境では何も変更していません。',
        remedy: 'Warifu を更新してから、もう一度復元してください。',
      },
      'zh-CN': {
        what: '此备份的格式为 {{found}}，当前 Warifu 最高支持 {{supported}}。',
        kept: '本机未做任何更改。',
        remedy: '请更新 Warifu 后重新恢复。',
      },
    },
  ),
  RESTORE_OVERTAKEN: problem(
    'failed',
    { setAside: z.string() },
    {
      en: {
        what: 'Another Warifu wrote into this data directory while the restore was being prepared.',
        kept: 'Nothing was changed here; a copy taken meanwhile stands at {{setAside}}.',
        remedy: 'Close the other Warifu, then restore again.',
      },
      ja: {
        what: '復元の準備中に、別の Warifu がこのデータディレクトリへ書き込みました。',
        kept: 'この環境では何も変更していません。途中で取った写しは {{setAside}} にあります。',
        remedy: 'もう一方の Warifu を終了してから、もう一度復元してください。',
      },
      'zh-CN': {
        what: '准备恢复期间，另一个 Warifu 写入了此数据目录。',
        kept: '本机未做任何更改；期间留下的副本位于 {{setAside}}。',
        remedy: '请关闭另一个 Warifu，然后重新恢复。',
      },
    },
  ),
} as const;
