import { z } from 'zod';
import { problem } from './define.ts';

/** What can be wrong with bytes and values that come from outside: files, passwords, names. */
export const inputProblems = {
  DER_MALFORMED: problem(
    'failed',
    { what: z.string(), reason: z.string(), offset: z.number() },
    {
      en: {
        what: 'The {{what}} is damaged or is not what it claims to be ({{reason}}, at byte {{offset}}).',
        kept: 'Nothing was changed.',
        remedy: 'Fetch the file again from where it came from, in binary mode.',
      },
      ja: {
        what: '{{what}} が壊れているか、想定された形式ではありません（{{reason}}、{{offset}} バイト目）。',
        kept: '何も変更していません。',
        remedy: '元の場所からファイルをバイナリのまま取り直してください。',
      },
      'zh-CN': {
        what: '{{what}} 已损坏或不是所声称的格式（{{reason}}，第 {{offset}} 字节）。',
        kept: '未做任何更改。',
        remedy: '请从来源处以二进制方式重新获取该文件。',
      },
    },
  ),
  PEM_MALFORMED: problem(
    'failed',
    { what: z.string(), reason: z.string() },
    {
      en: {
        what: 'The PEM text of the {{what}} is damaged ({{reason}}).',
        kept: 'Nothing was changed.',
        remedy: 'Copy the whole block again, from its BEGIN line to its END line.',
      },
      ja: {
        what: '{{what}} の PEM テキストが壊れています（{{reason}}）。',
        kept: '何も変更していません。',
        remedy: 'BEGIN 行から END 行まで、ブロック全体をコピーし直してください。',
      },
      'zh-CN': {
        what: '{{what}} 的 PEM 文本已损坏（{{reason}}）。',
        kept: '未做任何更改。',
        remedy: '请重新复制从 BEGIN 行到 END 行的完整内容。',
      },
    },
  ),
  INPUT_TOO_LARGE: problem(
    'failed',
    { what: z.string(), limit: z.union([z.string(), z.number()]) },
    {
      en: {
        what: 'The {{what}} is larger than anything of its kind should be (limit: {{limit}}).',
        kept: 'It was not read further and nothing was changed.',
        remedy: 'Check that this is the right file.',
      },
      ja: {
        what: '{{what}} が大きすぎます（上限：{{limit}}）。',
        kept: '途中で読み込みをやめ、何も変更していません。',
        remedy: '正しいファイルか確認してください。',
      },
      'zh-CN': {
        what: '{{what}} 超出了合理的大小（上限：{{limit}}）。',
        kept: '已停止读取，未做任何更改。',
        remedy: '请确认所选文件是否正确。',
      },
    },
  ),
  UNSUPPORTED_ALGORITHM: problem(
    'failed',
    { what: z.string(), algorithm: z.string() },
    {
      en: {
        what: 'The {{what}} uses {{algorithm}}, which Warifu does not handle.',
        kept: 'Nothing was changed.',
        remedy: 'Make it again with RSA (2048 or more) or EC P-256 / P-384 and SHA-256.',
      },
      ja: {
        what: '{{what}} は Warifu が扱わない {{algorithm}} を使っています。',
        kept: '何も変更していません。',
        remedy: 'RSA（2048 以上）または EC P-256 / P-384 と SHA-256 で作り直してください。',
      },
      'zh-CN': {
        what: '{{what}} 使用了 Warifu 不支持的 {{algorithm}}。',
        kept: '未做任何更改。',
        remedy: '请使用 RSA（2048 位以上）或 EC P-256 / P-384 以及 SHA-256 重新制作。',
      },
    },
  ),
  PASSWORD_REQUIRED: problem(
    'failed',
    { what: z.string() },
    {
      en: {
        what: 'The {{what}} is protected by a password.',
        kept: 'Nothing was changed.',
        remedy: 'Give its password at the prompt or in a file.',
      },
      ja: {
        what: '{{what}} はパスワードで保護されています。',
        kept: '何も変更していません。',
        remedy: 'プロンプトまたはファイルでパスワードを指定してください。',
      },
      'zh-CN': {
        what: '{{what}} 受密码保护。',
        kept: '未做任何更改。',
        remedy: '请在提示处或通过文件提供密码。',
      },
    },
  ),
  WRONG_PASSWORD: problem(
    'failed',
    { what: z.string() },
    {
      en: {
        what: 'The password does not open the {{what}}.',
        kept: 'Nothing was changed.',
        remedy: 'Check capitals and keyboard layout and try again.',
      },
      ja: {
        what: 'パスワードが違うため {{what}} を開けません。',
        kept: '何も変更していません。',
        remedy: '大文字・小文字とキーボード配列を確認して、もう一度入力してください。',
      },
      'zh-CN': {
        what: '密码不正确，无法打开 {{what}}。',
        kept: '未做任何更改。',
        remedy: '请检查大小写和键盘布局后重试。',
      },
    },
  ),
  NAME_INVALID: problem(
    'usage',
    { what: z.string(), reason: z.string() },
    {
      en: {
        what: 'The name "{{what}}" cannot be used: {{reason}}.',
        kept: 'Nothing was changed.',
        remedy: 'Write it as CN=…, O=…, C=JP; separate parts by commas.',
      },
      ja: {
        what: '名前「{{what}}」は使えません：{{reason}}。',
        kept: '何も変更していません。',
        remedy: 'CN=…, O=…, C=JP の形で、コンマで区切って書いてください。',
      },
      'zh-CN': {
        what: '名称“{{what}}”不可用：{{reason}}。',
        kept: '未做任何更改。',
        remedy: '请写成 CN=…, O=…, C=JP 的形式，以逗号分隔。',
      },
    },
  ),
  VALUE_INVALID: problem(
    'usage',
    { what: z.string(), value: z.union([z.string(), z.number()]) },
    {
      en: {
        what: '{{what}}: "{{value}}" is not possible.',
        kept: 'Nothing was changed.',
        remedy: "Give another value; the command's --help lists what it takes.",
      },
      ja: {
        what: '{{what}}：「{{value}}」は指定できません。',
        kept: '何も変更していません。',
        remedy: '別の値を指定してください。--help に指定できる値があります。',
      },
      'zh-CN': {
        what: '{{what}}：“{{value}}”不可用。',
        kept: '未做任何更改。',
        remedy: '请指定其他值；可用值见 --help。',
      },
    },
  ),
  SIGNATURE_INVALID: problem(
    'failed',
    { what: z.string() },
    {
      en: {
        what: 'The signature of the {{what}} does not verify.',
        kept: 'Nothing was changed.',
        remedy: 'It was altered or signed by another key; ask its maker for a new one.',
      },
      ja: {
        what: '{{what}} の署名を検証できません。',
        kept: '何も変更していません。',
        remedy: '改変されたか別の鍵で署名されています。作成者に作り直しを依頼してください。',
      },
      'zh-CN': {
        what: '{{what}} 的签名验证失败。',
        kept: '未做任何更改。',
        remedy: '内容被改动或由其他密钥签名；请让制作者重新提供。',
      },
    },
  ),
  KEY_MISMATCH: problem(
    'failed',
    { what: z.string() },
    {
      en: {
        what: 'The private key does not belong to the {{what}}.',
        kept: 'Nothing was changed.',
        remedy: 'Choose the key that was made together with this certificate or its request.',
      },
      ja: {
        what: '秘密鍵が {{what}} と一致しません。',
        kept: '何も変更していません。',
        remedy: 'この証明書または CSR と一緒に作られた鍵を選んでください。',
      },
      'zh-CN': {
        what: '私钥与 {{what}} 不匹配。',
        kept: '未做任何更改。',
        remedy: '请选择与该证书或其 CSR 一同生成的私钥。',
      },
    },
  ),
  FILE_UNREADABLE: problem(
    'failed',
    { path: z.string(), reason: z.string() },
    {
      en: {
        what: '{{path}} cannot be read ({{reason}}).',
        kept: 'Nothing was changed.',
        remedy: 'Check the path and its permissions.',
      },
      ja: {
        what: '{{path}} を読み込めません（{{reason}}）。',
        kept: '何も変更していません。',
        remedy: 'パスとアクセス権を確認してください。',
      },
      'zh-CN': {
        what: '无法读取 {{path}}（{{reason}}）。',
        kept: '未做任何更改。',
        remedy: '请检查路径和访问权限。',
      },
    },
  ),
  FILE_UNWRITABLE: problem(
    'failed',
    { path: z.string(), reason: z.string() },
    {
      en: {
        what: '{{path}} cannot be written ({{reason}}).',
        kept: 'What stood there before is as it was.',
        remedy: 'Free some space or choose another place, then run it again.',
      },
      ja: {
        what: '{{path}} に書き込めません（{{reason}}）。',
        kept: '元の内容はそのままです。',
        remedy: '空き容量を確保するか別の場所を選んで、もう一度実行してください。',
      },
      'zh-CN': {
        what: '无法写入 {{path}}（{{reason}}）。',
        kept: '原有内容保持不变。',
        remedy: '请释放空间或选择其他位置后重试。',
      },
    },
  ),
} as const;
