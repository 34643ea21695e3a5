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
  RESTORE_UNFINISHED: problem(
    'failed',
    { path: z.string(), reason: z.string() },
    {
      en: {
        what: 'The registry is restored, but its vault could not be written to {{path}} ({{reason}}).',
        kept: 'Nothing is lost: the vault waits in the registry, and nothing is sealed until it stands there.',
        remedy: 'Make room or give the right to write there; the next call of Warifu finishes the restore.',
      },
      ja: {
        what: '台帳は復元しましたが、保管庫を {{path}} に書き込めませんでした（{{reason}}）。',
        kept: '何も失われていません。保管庫は台帳の中で待機しており、書き込まれるまで何も封印されません。',
        remedy: '空き容量や書き込み権限を確認してください。次に Warifu を使うときに復元が完了します。',
      },
      'zh-CN': {
        what: '登记库已恢复，但保险库未能写入 {{path}}（{{reason}}）。',
        kept: '没有丢失任何内容：保险库保存在登记库中等待写入，在此之前不会封存任何内容。',
        remedy: '请腾出空间或授予写入权限；下次使用 Warifu 时会完成恢复。',
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
