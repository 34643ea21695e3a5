import { z } from 'zod';
import { problem } from './define.ts';

/** What can happen to a backup on its way out and back. */
export const backupProblems = {
  /** `reason`: the part that does not prove itself, in words of the format: `SHA-256`. */
  BACKUP_DAMAGED: problem(
    'failed',
    { reason: z.string() },
    {
      en: {
        what: 'This backup is damaged and cannot be used ({{reason}}).',
        kept: 'Nothing was changed here.',
        remedy: 'Take another copy of it, or an older backup.',
      },
      ja: {
        what: 'このバックアップは壊れているため使えません（{{reason}}）。',
        kept: 'この環境では何も変更していません。',
        remedy: '別の場所にある写し、または以前のバックアップを使ってください。',
      },
      'zh-CN': {
        what: '此备份已损坏，无法使用（{{reason}}）。',
        kept: '本机未做任何更改。',
        remedy: '请改用它的另一份副本，或更早的备份。',
      },
    },
  ),
  NOT_A_BACKUP: problem(
    'failed',
    {},
    {
      en: {
        what: 'This file is not a backup of Warifu.',
        kept: 'Nothing was changed here.',
        remedy: 'Choose the file that was saved as a backup; its name ends in .warifu-backup.',
      },
      ja: {
        what: 'このファイルは Warifu のバックアップではありません。',
        kept: 'この環境では何も変更していません。',
        remedy: 'バックアップとして保存したファイル（名前の末尾が .warifu-backup）を選んでください。',
      },
      'zh-CN': {
        what: '此文件不是 Warifu 的备份。',
        kept: '本机未做任何更改。',
        remedy: '请选择作为备份保存的文件（文件名以 .warifu-backup 结尾）。',
      },
    },
  ),
  /** `damage`: what was found first, in words of the formats: `audit 17 (hash)`. */
  DATA_DAMAGED: problem(
    'failed',
    { damage: z.string() },
    {
      en: {
        what: 'The data here is damaged, so no backup was made of it: {{damage}}.',
        kept: 'Nothing was changed, and older backups are as they were.',
        remedy:
          'Check the disk, then restore your latest backup here: it brings back what is damaged and keeps what was made since. Then make a new backup.',
      },
      ja: {
        what: 'このデータディレクトリの内容が壊れているため、バックアップを作成しませんでした（{{damage}}）。',
        kept: '何も変更していません。以前のバックアップもそのままです。',
        remedy:
          'ディスクを点検し、最新のバックアップをここに復元してください。壊れたものが元に戻り、その後に作成したものは残ります。復元後に、新しいバックアップを作成してください。',
      },
      'zh-CN': {
        what: '此处的数据已损坏，因此未制作备份（{{damage}}）。',
        kept: '未做任何更改，旧备份保持原样。',
        remedy:
          '请检查磁盘，然后将最新的备份恢复到此处：损坏的内容会被找回，之后新增的内容会保留。恢复后请制作新的备份。',
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
