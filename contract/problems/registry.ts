import { z } from 'zod';
import { problem } from './define.ts';

/** What can happen to the registry: the one file that records everything Warifu made. */
export const registryProblems = {
  REGISTRY_NEWER: problem(
    'failed',
    { path: z.string(), found: z.number(), supported: z.number() },
    {
      en: {
        what: 'The registry {{path}} was written by a newer Warifu (schema {{found}}; this one knows up to {{supported}}).',
        kept: 'It was not touched.',
        remedy: 'Use the newer Warifu, or restore a backup made by this version into another data directory.',
      },
      ja: {
        what: '台帳 {{path}} は、より新しい Warifu で書かれています（スキーマ {{found}}。この版が扱えるのは {{supported}} まで）。',
        kept: '台帳には手を触れていません。',
        remedy:
          '新しい版の Warifu を使うか、この版で作成したバックアップを別のデータディレクトリに復元してください。',
      },
      'zh-CN': {
        what: '登记库 {{path}} 由更新版本的 Warifu 写入（架构版本 {{found}}，本版本最高支持 {{supported}}）。',
        kept: '未对其做任何改动。',
        remedy: '请使用更新版本的 Warifu，或将本版本所做的备份恢复到另一个数据目录。',
      },
    },
  ),
  REGISTRY_DAMAGED: problem(
    'failed',
    { path: z.string(), reason: z.string() },
    {
      en: {
        what: 'The registry {{path}} is damaged or is not a Warifu registry ({{reason}}).',
        kept: 'It was left exactly as it was found.',
        remedy: 'Keep a copy of the file, check the disk, and restore the latest backup.',
      },
      ja: {
        what: '台帳 {{path}} が壊れているか、Warifu の台帳ではありません（{{reason}}）。',
        kept: 'ファイルは見つかったときのまま残してあります。',
        remedy: 'ファイルの写しを保管し、ディスクを点検したうえで、最新のバックアップから復元してください。',
      },
      'zh-CN': {
        what: '登记库 {{path}} 已损坏，或不是 Warifu 的登记库（{{reason}}）。',
        kept: '文件保持原样，未做改动。',
        remedy: '请先保留该文件的副本，检查磁盘，然后从最新的备份恢复。',
      },
    },
  ),
  REGISTRY_ROW_DAMAGED: problem(
    'failed',
    { table: z.string(), row: z.string() },
    {
      en: {
        what: 'A record of the registry no longer matches its own checksum: {{table}}, {{row}}.',
        kept: 'Nothing was changed; every other record still reads.',
        remedy: 'Check the disk, then restore this record from the latest backup.',
      },
      ja: {
        what: '台帳の記録がそれ自身のチェックサムと一致しません：{{table}}、{{row}}。',
        kept: '何も変更していません。ほかの記録は読み取れます。',
        remedy: 'ディスクを点検し、最新のバックアップからこの記録を復元してください。',
      },
      'zh-CN': {
        what: '登记库中有一条记录与其自身的校验值不符：{{table}}，{{row}}。',
        kept: '未做任何更改，其他记录仍可读取。',
        remedy: '请检查磁盘，并从最新的备份恢复该记录。',
      },
    },
  ),
  REGISTRY_BUSY: problem(
    'failed',
    { path: z.string(), seconds: z.number() },
    {
      en: {
        what: 'Another Warifu has been writing to {{path}} for more than {{seconds}} seconds.',
        kept: 'Nothing was changed.',
        remedy: 'Wait for it to finish or close it, then run this again.',
      },
      ja: {
        what: '別の Warifu が {{path}} に {{seconds}} 秒以上書き込みを続けています。',
        kept: '何も変更していません。',
        remedy: '処理が終わるのを待つか、その Warifu を終了してから、もう一度実行してください。',
      },
      'zh-CN': {
        what: '另一个 Warifu 持续写入 {{path}} 已超过 {{seconds}} 秒。',
        kept: '未做任何更改。',
        remedy: '请等待其完成或将其关闭后重试。',
      },
    },
  ),
  REGISTRY_DISK_FULL: problem(
    'failed',
    { path: z.string() },
    {
      en: {
        what: 'The disk that holds {{path}} is full.',
        kept: 'The registry is as it was before this step.',
        remedy: 'Free some space on that disk, then run it again.',
      },
      ja: {
        what: '{{path}} のあるディスクがいっぱいです。',
        kept: '台帳はこの操作の前のままです。',
        remedy: 'そのディスクの空き容量を確保して、もう一度実行してください。',
      },
      'zh-CN': {
        what: '{{path}} 所在的磁盘已满。',
        kept: '登记库保持此步骤之前的状态。',
        remedy: '请在该磁盘上释放空间后重试。',
      },
    },
  ),
  REGISTRY_READ_ONLY: problem(
    'failed',
    { path: z.string() },
    {
      en: {
        what: 'The registry {{path}} cannot be written: the file, its directory or its disk is read-only.',
        kept: 'Nothing was changed.',
        remedy: 'Give your account write access to the data directory, or choose another one.',
      },
      ja: {
        what: '台帳 {{path}} に書き込めません。ファイル、ディレクトリ、またはディスクが読み取り専用です。',
        kept: '何も変更していません。',
        remedy: 'データディレクトリへの書き込み権限を付けるか、別のディレクトリを指定してください。',
      },
      'zh-CN': {
        what: '无法写入登记库 {{path}}：文件、目录或磁盘为只读。',
        kept: '未做任何更改。',
        remedy: '请为当前账户授予数据目录的写权限，或选择其他目录。',
      },
    },
  ),
  REGISTRY_UNAVAILABLE: problem(
    'failed',
    { path: z.string(), reason: z.string() },
    {
      en: {
        what: 'The registry {{path}} cannot be opened ({{reason}}).',
        kept: 'Nothing was changed.',
        remedy: 'Check that the data directory exists, is a directory and belongs to you.',
      },
      ja: {
        what: '台帳 {{path}} を開けません（{{reason}}）。',
        kept: '何も変更していません。',
        remedy: 'データディレクトリが存在し、ディレクトリであり、自分の所有であることを確認してください。',
      },
      'zh-CN': {
        what: '无法打开登记库 {{path}}（{{reason}}）。',
        kept: '未做任何更改。',
        remedy: '请确认数据目录存在、确为目录且归当前用户所有。',
      },
    },
  ),
  REGISTRY_CONFLICT: problem(
    'failed',
    { table: z.string(), field: z.string() },
    {
      en: {
        what: 'There is already a record with the same {{field}} ({{table}}).',
        kept: 'The existing record is as it was; nothing was added.',
        remedy: 'Choose another value, or use the record that is there.',
      },
      ja: {
        what: '同じ {{field}} を持つ記録がすでにあります（{{table}}）。',
        kept: '既存の記録はそのままで、何も追加していません。',
        remedy: '別の値を指定するか、既存の記録を使ってください。',
      },
      'zh-CN': {
        what: '已存在 {{field}} 相同的记录（{{table}}）。',
        kept: '现有记录保持不变，未添加任何内容。',
        remedy: '请使用其他值，或直接使用现有记录。',
      },
    },
  ),
  REGISTRY_REFERENCE: problem(
    'failed',
    {},
    {
      en: {
        what: 'This record depends on another one that does not exist, or others still depend on it.',
        kept: 'Nothing was changed.',
        remedy: 'Remove what depends on it first, or create what it depends on.',
      },
      ja: {
        what: 'この記録が参照する記録が存在しないか、ほかの記録がまだこの記録を参照しています。',
        kept: '何も変更していません。',
        remedy: '先に、この記録を参照しているものを取り除くか、参照先を作成してください。',
      },
      'zh-CN': {
        what: '该记录所依赖的记录不存在，或仍有其他记录依赖于它。',
        kept: '未做任何更改。',
        remedy: '请先移除依赖它的记录，或先创建它所依赖的记录。',
      },
    },
  ),
  REGISTRY_ABSENT_ROW: problem(
    'failed',
    { table: z.string(), row: z.string() },
    {
      en: {
        what: 'There is no such record to change: {{table}}, {{row}}. It may have been removed or settled meanwhile.',
        kept: 'Nothing was changed.',
        remedy: 'Look at the list again and repeat the step if it is still needed.',
      },
      ja: {
        what: '変更する記録がありません：{{table}}、{{row}}。その間に削除または処理された可能性があります。',
        kept: '何も変更していません。',
        remedy: '一覧をもう一度確認し、まだ必要であれば操作をやり直してください。',
      },
      'zh-CN': {
        what: '没有可更改的记录：{{table}}，{{row}}。它可能已在此期间被删除或处理。',
        kept: '未做任何更改。',
        remedy: '请重新查看列表，如仍有需要再执行该步骤。',
      },
    },
  ),
} as const;
