import { z } from 'zod';
import { problem } from './define.ts';

/** The slots of this vault that can still open it, by kind. */
const slots = z.array(z.enum(['passphrase', 'keychain', 'recovery-code']));

/** What can happen to the vault: the file that holds the key to every kept secret. */
export const vaultProblems = {
  VAULT_ABSENT: problem(
    'failed',
    { path: z.string() },
    {
      en: {
        what: 'There is no vault at {{path}} yet.',
        kept: 'Nothing was changed.',
        remedy:
          'Create it with a passphrase (warifu vault init). If there was one, restore it from a backup instead.',
      },
      ja: {
        what: '{{path}} にはまだ保管庫がありません。',
        kept: '何も変更していません。',
        remedy:
          'パスフレーズを決めて作成してください（warifu vault init）。以前は存在していた場合は、バックアップから復元してください。',
      },
      'zh-CN': {
        what: '{{path}} 处还没有保险库。',
        kept: '未做任何更改。',
        remedy: '请设定口令并创建保险库（warifu vault init）。如果以前曾有保险库，请改为从备份恢复。',
      },
    },
  ),
  VAULT_LOST: problem(
    'refused',
    { path: z.string() },
    {
      en: {
        what: 'There is no vault at {{path}}, but the registry beside it holds keys that were sealed by one.',
        kept: 'No new vault was made: it could not open them.',
        remedy:
          'Put vault.json back, or restore a backup (warifu vault restore); nothing newer is lost by that.',
      },
      ja: {
        what: '{{path}} に保管庫がありませんが、隣の台帳には保管庫で封印された鍵があります。',
        kept: '新しい保管庫は作成していません。作っても、それらの鍵は開けません。',
        remedy:
          'vault.json を元の場所に戻すか、バックアップから復元してください（warifu vault restore）。新しい記録は失われません。',
      },
      'zh-CN': {
        what: '{{path}} 处没有保险库，但旁边的登记库中存有由保险库封存的密钥。',
        kept: '未创建新的保险库，因为它无法打开这些密钥。',
        remedy: '请放回 vault.json，或从备份恢复（warifu vault restore），不会丢失较新的记录。',
      },
    },
  ),
  VAULT_EXISTS: problem(
    'failed',
    { path: z.string() },
    {
      en: {
        what: 'There is already a vault at {{path}}.',
        kept: 'It was not touched.',
        remedy: 'Unlock it, or change its passphrase; a new vault needs another data directory.',
      },
      ja: {
        what: '{{path}} にはすでに保管庫があります。',
        kept: '既存の保管庫には手を触れていません。',
        remedy:
          'その保管庫のロックを解除するか、パスフレーズを変更してください。新しい保管庫は別のデータディレクトリに作成します。',
      },
      'zh-CN': {
        what: '{{path}} 处已有保险库。',
        kept: '未触动现有保险库。',
        remedy: '请解锁现有保险库或更改其口令；新的保险库需使用另一个数据目录。',
      },
    },
  ),
  VAULT_LOCKED: problem(
    'failed',
    {},
    {
      en: {
        what: 'The vault is locked, and this needs a key from it.',
        kept: 'Nothing was changed.',
        remedy: 'Unlock the vault, then do this again.',
      },
      ja: {
        what: '保管庫がロックされています。この操作には保管庫の鍵が必要です。',
        kept: '何も変更していません。',
        remedy: '保管庫のロックを解除してから、もう一度実行してください。',
      },
      'zh-CN': {
        what: '保险库处于锁定状态，而此操作需要其中的密钥。',
        kept: '未做任何更改。',
        remedy: '请先解锁保险库，再重新执行此操作。',
      },
    },
  ),
  WRONG_PASSPHRASE: problem(
    'failed',
    { slots },
    {
      en: {
        what: 'The passphrase does not open the vault.',
        kept: 'Nothing was changed.',
        remedy: 'Check capitals and keyboard layout and try again. This vault opens by: {{slots}}.',
      },
      ja: {
        what: 'パスフレーズが違うため、保管庫を開けません。',
        kept: '何も変更していません。',
        remedy:
          '大文字・小文字とキーボード配列を確認して、もう一度入力してください。この保管庫を開ける手段：{{slots}}。',
      },
      'zh-CN': {
        what: '口令不正确，无法打开保险库。',
        kept: '未做任何更改。',
        remedy: '请检查大小写和键盘布局后重试。可打开此保险库的方式：{{slots}}。',
      },
    },
  ),
  WRONG_RECOVERY_CODE: problem(
    'failed',
    { slots },
    {
      en: {
        what: 'The recovery code is well formed, but it does not belong to this vault or was replaced.',
        kept: 'Nothing was changed.',
        remedy: 'Look for the sheet that was printed last. This vault opens by: {{slots}}.',
      },
      ja: {
        what: '復旧コードの形式は正しいですが、この保管庫のものではないか、すでに新しいコードに置き換えられています。',
        kept: '何も変更していません。',
        remedy: '最後に印刷した用紙を探してください。この保管庫を開ける手段：{{slots}}。',
      },
      'zh-CN': {
        what: '恢复码格式正确，但不属于此保险库，或已被新的恢复码取代。',
        kept: '未做任何更改。',
        remedy: '请查找最近一次打印的恢复码。可打开此保险库的方式：{{slots}}。',
      },
    },
  ),
  RECOVERY_CODE_MISTYPED: problem(
    'usage',
    {},
    {
      en: {
        what: 'This is not a recovery code as it was printed: a character is wrong, missing or swapped.',
        kept: 'Nothing was changed.',
        remedy:
          'Type it again from paper: 7 groups of 5 characters. Capitals, spaces and dashes do not matter.',
      },
      ja: {
        what: '印刷された復旧コードと一致しません。文字の誤り、抜け、または入れ替わりがあります。',
        kept: '何も変更していません。',
        remedy:
          '用紙を見ながら入力し直してください（5 文字 × 7 組）。大文字・小文字、空白、ハイフンは区別しません。',
      },
      'zh-CN': {
        what: '这不是打印时的恢复码：有字符错误、缺失或顺序颠倒。',
        kept: '未做任何更改。',
        remedy: '请对照纸面重新输入：共 7 组，每组 5 个字符。大小写、空格和连字符均不影响。',
      },
    },
  ),
  UNLOCK_PAUSED: problem(
    'failed',
    { seconds: z.number() },
    {
      en: {
        what: 'Too many wrong attempts to open the vault.',
        kept: 'Nothing was changed; the vault is not blocked for good.',
        remedy: 'Try again in {{seconds}} seconds.',
      },
      ja: {
        what: '保管庫を開く操作の失敗が続いています。',
        kept: '何も変更していません。保管庫が使えなくなったわけではありません。',
        remedy: '{{seconds}} 秒後にもう一度試してください。',
      },
      'zh-CN': {
        what: '打开保险库的错误尝试次数过多。',
        kept: '未做任何更改，保险库并未被永久锁死。',
        remedy: '请在 {{seconds}} 秒后重试。',
      },
    },
  ),
  PASSPHRASE_TOO_SHORT: problem(
    'refused',
    { minimum: z.number() },
    {
      en: {
        what: 'The passphrase is too short to guard a CA: it needs at least {{minimum}} characters.',
        kept: 'Nothing was changed.',
        remedy: 'Choose a longer one; four or five unrelated words are good and easy to remember.',
      },
      ja: {
        what: 'パスフレーズが CA を守るには短すぎます（{{minimum}} 文字以上が必要です）。',
        kept: '何も変更していません。',
        remedy: 'もっと長いものにしてください。無関係な単語を四つか五つ並べると、強くて覚えやすくなります。',
      },
      'zh-CN': {
        what: '口令过短，不足以保护 CA：至少需要 {{minimum}} 个字符。',
        kept: '未做任何更改。',
        remedy: '请使用更长的口令；四五个互不相关的词语既安全又好记。',
      },
    },
  ),
  PASSPHRASE_TOO_LONG: problem(
    'usage',
    { maximum: z.number() },
    {
      en: {
        what: 'The passphrase is longer than {{maximum}} octets.',
        kept: 'Nothing was changed.',
        remedy: 'Check that this is a passphrase and not the content of a wrong file.',
      },
      ja: {
        what: 'パスフレーズが {{maximum}} バイトを超えています。',
        kept: '何も変更していません。',
        remedy: '誤ったファイルの内容を指定していないか確認してください。',
      },
      'zh-CN': {
        what: '口令超过 {{maximum}} 字节。',
        kept: '未做任何更改。',
        remedy: '请确认输入的是口令，而不是错误文件的内容。',
      },
    },
  ),
  VAULT_DAMAGED: problem(
    'failed',
    { path: z.string(), reason: z.string() },
    {
      en: {
        what: 'The vault file {{path}} is damaged or was changed by something other than Warifu ({{reason}}).',
        kept: 'It was left exactly as it was found, and the secrets it protects were not touched.',
        remedy:
          'Keep a copy of the file and restore the vault from the latest backup; the passphrase and the recovery code of that backup open it.',
      },
      ja: {
        what: '保管庫ファイル {{path}} が壊れているか、Warifu 以外によって変更されています（{{reason}}）。',
        kept: 'ファイルは見つかったときのまま残し、保管された秘密にも手を触れていません。',
        remedy:
          'ファイルの写しを保管し、最新のバックアップから保管庫を復元してください。そのバックアップのパスフレーズと復旧コードで開けます。',
      },
      'zh-CN': {
        what: '保险库文件 {{path}} 已损坏，或被 Warifu 以外的程序改动（{{reason}}）。',
        kept: '文件保持原样，其所保护的机密也未被触动。',
        remedy: '请保留该文件的副本，并从最新备份恢复保险库；该备份的口令和恢复码可以打开它。',
      },
    },
  ),
  VAULT_NEWER: problem(
    'failed',
    { path: z.string(), found: z.number(), supported: z.number() },
    {
      en: {
        what: 'The vault {{path}} was written by a newer Warifu (format {{found}}; this one knows {{supported}}).',
        kept: 'It was not touched.',
        remedy: 'Use the newer Warifu.',
      },
      ja: {
        what: '保管庫 {{path}} は、より新しい Warifu で書かれています（形式 {{found}}。この版が扱えるのは {{supported}}）。',
        kept: '保管庫には手を触れていません。',
        remedy: '新しい版の Warifu を使ってください。',
      },
      'zh-CN': {
        what: '保险库 {{path}} 由更新版本的 Warifu 写入（格式 {{found}}，本版本支持 {{supported}}）。',
        kept: '未触动该保险库。',
        remedy: '请使用更新版本的 Warifu。',
      },
    },
  ),
  VAULT_KDF_OUT_OF_RANGE: problem(
    'refused',
    { parameter: z.string(), value: z.number(), minimum: z.number(), maximum: z.number() },
    {
      en: {
        what: 'The vault asks for a key derivation that Warifu refuses: {{parameter}} = {{value}}, where {{minimum}} to {{maximum}} is allowed. A lower value would weaken the passphrase, a higher one would exhaust this machine.',
        kept: 'Nothing was computed and nothing was changed.',
        remedy: 'The file was altered: restore the vault from a backup, or open it by another slot.',
      },
      ja: {
        what: '保管庫が指定する鍵導出の設定を Warifu は受け付けません（{{parameter}} = {{value}}。許容範囲は {{minimum}}～{{maximum}}）。小さければパスフレーズの保護が弱まり、大きければこのコンピューターの資源を使い果たします。',
        kept: '計算も変更も行っていません。',
        remedy: 'ファイルが改変されています。バックアップから保管庫を復元するか、別の手段で開いてください。',
      },
      'zh-CN': {
        what: '保险库要求的密钥派生参数被 Warifu 拒绝：{{parameter}} = {{value}}，允许范围为 {{minimum}} 至 {{maximum}}。过低会削弱口令的保护，过高会耗尽本机资源。',
        kept: '未进行计算，也未做任何更改。',
        remedy: '该文件已被改动：请从备份恢复保险库，或以其他方式打开。',
      },
    },
  ),
  VAULT_BUSY: problem(
    'failed',
    { path: z.string() },
    {
      en: {
        what: 'Another Warifu is changing the vault {{path}} and does not finish.',
        kept: 'Nothing was changed.',
        remedy: 'Close the other one and try again.',
      },
      ja: {
        what: '別の Warifu が保管庫 {{path}} を変更中で、終わりません。',
        kept: '何も変更していません。',
        remedy: 'もう一方を終了してから、もう一度試してください。',
      },
      'zh-CN': {
        what: '另一个 Warifu 正在更改保险库 {{path}}，且迟迟未完成。',
        kept: '未做任何更改。',
        remedy: '请关闭另一个 Warifu 后重试。',
      },
    },
  ),
  VAULT_REPLACED: problem(
    'failed',
    { path: z.string() },
    {
      en: {
        what: 'The vault {{path}} is no longer the one that was unlocked: it was replaced or removed meanwhile.',
        kept: 'Nothing was sealed or changed, so that nothing is lost under a key that no slot holds.',
        remedy: 'Lock, then unlock the vault that is there now.',
      },
      ja: {
        what: '保管庫 {{path}} は、ロックを解除したときのものではありません。その間に置き換えられたか、削除されています。',
        kept: '何も封印・変更していません。どの手段でも開けない鍵で秘密を失うことを防ぐためです。',
        remedy: 'いったんロックし、現在の保管庫のロックを解除してください。',
      },
      'zh-CN': {
        what: '保险库 {{path}} 已不是先前解锁的那一个：在此期间它被替换或删除。',
        kept: '未封存也未更改任何内容，以免机密被无人持有的密钥封存而丢失。',
        remedy: '请先锁定，再解锁当前的保险库。',
      },
    },
  ),
  VAULT_UNWRITABLE: problem(
    'failed',
    { path: z.string(), reason: z.string() },
    {
      en: {
        what: 'The vault {{path}} could not be written ({{reason}}).',
        kept: 'The vault opens as it did before.',
        remedy: 'Free some space or give your account write access to the data directory, then try again.',
      },
      ja: {
        what: '保管庫 {{path}} に書き込めませんでした（{{reason}}）。',
        kept: '保管庫はこれまでどおり開けます。',
        remedy:
          '空き容量を確保するか、データディレクトリへの書き込み権限を付けてから、もう一度試してください。',
      },
      'zh-CN': {
        what: '无法写入保险库 {{path}}（{{reason}}）。',
        kept: '保险库仍可按原来的方式打开。',
        remedy: '请释放空间，或为当前账户授予数据目录的写权限后重试。',
      },
    },
  ),
  VAULT_UNCONFIRMED: problem(
    'failed',
    { path: z.string(), reason: z.string() },
    {
      en: {
        what: 'The vault {{path}} was changed, but the disk did not confirm it ({{reason}}). After a power failure it may be as before.',
        kept: 'The vault opens; nothing is lost either way.',
        remedy:
          'Keep both the old and the new passphrase until you have unlocked the vault after the next restart, and check the disk.',
      },
      ja: {
        what: '保管庫 {{path}} は変更されましたが、ディスクが書き込みの完了を確認できませんでした（{{reason}}）。停電などのあと、変更前の状態に戻る可能性があります。',
        kept: '保管庫は開けます。どちらの場合も失われるものはありません。',
        remedy:
          '次の再起動後に保管庫のロックを解除できるまで、新旧両方のパスフレーズを控えておき、ディスクを点検してください。',
      },
      'zh-CN': {
        what: '保险库 {{path}} 已更改，但磁盘未能确认写入（{{reason}}）。断电后可能恢复为更改前的状态。',
        kept: '保险库可以打开，无论哪种情况都不会丢失内容。',
        remedy: '在下次重启并成功解锁之前，请同时保留新旧两个口令，并检查磁盘。',
      },
    },
  ),
  VAULT_UNREADABLE: problem(
    'failed',
    { path: z.string(), reason: z.string() },
    {
      en: {
        what: 'The vault {{path}} cannot be read ({{reason}}).',
        kept: 'Nothing was changed.',
        remedy: 'Check the permissions of the file and its directory.',
      },
      ja: {
        what: '保管庫 {{path}} を読み込めません（{{reason}}）。',
        kept: '何も変更していません。',
        remedy: 'ファイルとディレクトリのアクセス権を確認してください。',
      },
      'zh-CN': {
        what: '无法读取保险库 {{path}}（{{reason}}）。',
        kept: '未做任何更改。',
        remedy: '请检查文件及其目录的访问权限。',
      },
    },
  ),
  SLOT_ABSENT: problem(
    'failed',
    { slot: z.string(), slots },
    {
      en: {
        what: 'This vault has no such slot: {{slot}}. It may have been removed or replaced meanwhile.',
        kept: 'Nothing was changed.',
        remedy: 'This vault opens by: {{slots}}.',
      },
      ja: {
        what: 'この保管庫に {{slot}} という解錠手段はありません。その間に削除または置き換えられた可能性があります。',
        kept: '何も変更していません。',
        remedy: 'この保管庫を開ける手段：{{slots}}。',
      },
      'zh-CN': {
        what: '此保险库没有这种打开方式：{{slot}}。它可能已在此期间被移除或替换。',
        kept: '未做任何更改。',
        remedy: '可打开此保险库的方式：{{slots}}。',
      },
    },
  ),
  LAST_SLOT: problem(
    'refused',
    {},
    {
      en: {
        what: 'This is the last slot that does not depend on this computer. Without it, a broken keychain would lose every key.',
        kept: 'The slot was kept.',
        remedy: 'Add another passphrase or a recovery code first, then remove this one.',
      },
      ja: {
        what: 'このコンピューターに依存しない解錠手段は、これが最後です。これを失うと、キーチェーンの故障ですべての鍵が失われます。',
        kept: 'この手段は残してあります。',
        remedy: '先に別のパスフレーズか復旧コードを追加してから、削除してください。',
      },
      'zh-CN': {
        what: '这是最后一种不依赖本机的打开方式。一旦失去它，钥匙串损坏就会导致所有密钥丢失。',
        kept: '已保留该方式。',
        remedy: '请先添加另一个口令或恢复码，然后再移除它。',
      },
    },
  ),
  TOO_MANY_SLOTS: problem(
    'refused',
    { maximum: z.number() },
    {
      en: {
        what: 'A vault has at most {{maximum}} slots.',
        kept: 'Nothing was added.',
        remedy: 'Remove a slot that is no longer used first.',
      },
      ja: {
        what: '保管庫の解錠手段は {{maximum}} 個までです。',
        kept: '何も追加していません。',
        remedy: '使わなくなったものを先に削除してください。',
      },
      'zh-CN': {
        what: '一个保险库最多有 {{maximum}} 种打开方式。',
        kept: '未添加任何内容。',
        remedy: '请先移除不再使用的方式。',
      },
    },
  ),
  KEYCHAIN_UNAVAILABLE: problem(
    'failed',
    { reason: z.string(), slots },
    {
      en: {
        what: 'The keychain of this computer cannot be reached ({{reason}}).',
        kept: 'Nothing was changed; what the keychain holds for Warifu is still expected there.',
        remedy:
          'Open the vault by another slot, or start the keychain service and try again. This vault opens by: {{slots}}.',
      },
      ja: {
        what: 'このコンピューターのキーチェーンに接続できません（{{reason}}）。',
        kept: '何も変更していません。キーチェーン内の Warifu の項目もそのままの想定です。',
        remedy:
          '別の手段で保管庫を開くか、キーチェーンのサービスを起動してもう一度試してください。この保管庫を開ける手段：{{slots}}。',
      },
      'zh-CN': {
        what: '无法连接本机的钥匙串（{{reason}}）。',
        kept: '未做任何更改，钥匙串中为 Warifu 保存的条目也应仍在原处。',
        remedy: '请以其他方式打开保险库，或启动钥匙串服务后重试。可打开此保险库的方式：{{slots}}。',
      },
    },
  ),
  KEYCHAIN_LOCKED: problem(
    'failed',
    { slots },
    {
      en: {
        what: 'The keychain of this computer is locked.',
        kept: 'Nothing was changed.',
        remedy:
          'Unlock the keychain and try again, or open the vault by another slot. This vault opens by: {{slots}}.',
      },
      ja: {
        what: 'このコンピューターのキーチェーンがロックされています。',
        kept: '何も変更していません。',
        remedy:
          'キーチェーンのロックを解除してもう一度試すか、別の手段で保管庫を開いてください。この保管庫を開ける手段：{{slots}}。',
      },
      'zh-CN': {
        what: '本机的钥匙串已锁定。',
        kept: '未做任何更改。',
        remedy: '请解锁钥匙串后重试，或以其他方式打开保险库。可打开此保险库的方式：{{slots}}。',
      },
    },
  ),
  KEYCHAIN_ENTRY_MISSING: problem(
    'failed',
    { account: z.string(), slots },
    {
      en: {
        what: 'The keychain works, but it holds no entry for this vault ({{account}}): it was deleted, or this is the keychain of another user or computer.',
        kept: 'Nothing was changed; the slot was not removed.',
        remedy:
          'Open the vault by another slot and set up the keychain again. This vault opens by: {{slots}}.',
      },
      ja: {
        what: 'キーチェーンは使えますが、この保管庫の項目（{{account}}）がありません。削除されたか、別のユーザーまたは別のコンピューターのキーチェーンです。',
        kept: '何も変更していません。この解錠手段も削除していません。',
        remedy:
          '別の手段で保管庫を開き、キーチェーンを設定し直してください。この保管庫を開ける手段：{{slots}}。',
      },
      'zh-CN': {
        what: '钥匙串可用，但其中没有此保险库的条目（{{account}}）：条目已被删除，或这是其他用户或其他计算机的钥匙串。',
        kept: '未做任何更改，该打开方式也未被移除。',
        remedy: '请以其他方式打开保险库，再重新设置钥匙串。可打开此保险库的方式：{{slots}}。',
      },
    },
  ),
  KEYCHAIN_ENTRY_FOREIGN: problem(
    'failed',
    { account: z.string(), slots },
    {
      en: {
        what: 'The keychain entry of this vault ({{account}}) was changed: it does not open the vault.',
        kept: 'Nothing was changed, neither in the keychain nor in the vault.',
        remedy:
          'Open the vault by another slot and set up the keychain again. This vault opens by: {{slots}}.',
      },
      ja: {
        what: 'キーチェーン内のこの保管庫の項目（{{account}}）が変更されており、保管庫を開けません。',
        kept: 'キーチェーンにも保管庫にも変更を加えていません。',
        remedy:
          '別の手段で保管庫を開き、キーチェーンを設定し直してください。この保管庫を開ける手段：{{slots}}。',
      },
      'zh-CN': {
        what: '钥匙串中此保险库的条目（{{account}}）已被更改，无法打开保险库。',
        kept: '钥匙串和保险库均未做任何更改。',
        remedy: '请以其他方式打开保险库，再重新设置钥匙串。可打开此保险库的方式：{{slots}}。',
      },
    },
  ),
  SECRET_DAMAGED: problem(
    'failed',
    { kind: z.string(), id: z.string() },
    {
      en: {
        what: 'A kept secret is damaged or belongs to another vault or record ({{kind}}, {{id}}).',
        kept: 'It was not deleted or changed.',
        remedy: 'Check the disk and restore this record from the latest backup.',
      },
      ja: {
        what: '保管されている秘密が壊れているか、別の保管庫または別の記録のものです（{{kind}}、{{id}}）。',
        kept: '削除も変更もしていません。',
        remedy: 'ディスクを点検し、最新のバックアップからこの記録を復元してください。',
      },
      'zh-CN': {
        what: '所保存的机密已损坏，或属于其他保险库或其他记录（{{kind}}，{{id}}）。',
        kept: '未将其删除或更改。',
        remedy: '请检查磁盘，并从最新备份恢复该记录。',
      },
    },
  ),
} as const;
