import { z } from 'zod';
import { problem } from './define.ts';

/** What can stand between an identity and a certificate store. */
export const trustStoreProblems = {
  STORE_UNSUPPORTED: problem(
    'failed',
    { platform: z.string() },
    {
      en: {
        what: 'Warifu cannot reach the certificate store of this system ({{platform}}) yet.',
        kept: 'Nothing was changed.',
        remedy: "Export the identity as a PKCS#12 file and open it with the system's own certificate import.",
      },
      ja: {
        what: 'このシステム（{{platform}}）の証明書ストアには、まだ対応していません。',
        kept: '何も変更していません。',
        remedy: 'PKCS#12 ファイルとして書き出し、システムの証明書インポート機能で開いてください。',
      },
      'zh-CN': {
        what: 'Warifu 尚不支持此系统（{{platform}}）的证书存储。',
        kept: '未做任何更改。',
        remedy: '请导出为 PKCS#12 文件，并使用系统自带的证书导入功能打开。',
      },
    },
  ),
  STORE_UNKNOWN: problem(
    'usage',
    { store: z.string(), known: z.string() },
    {
      en: {
        what: 'There is no certificate store called "{{store}}" here.',
        kept: 'Nothing was changed.',
        remedy: 'Choose one of: {{known}}.',
      },
      ja: {
        what: '「{{store}}」という証明書ストアはありません。',
        kept: '何も変更していません。',
        remedy: '次の中から選んでください：{{known}}',
      },
      'zh-CN': {
        what: '此处没有名为“{{store}}”的证书存储。',
        kept: '未做任何更改。',
        remedy: '请从以下项中选择：{{known}}。',
      },
    },
  ),
  STORE_TOOL_MISSING: problem(
    'failed',
    { tool: z.string(), package: z.string() },
    {
      en: {
        what: "The program {{tool}}, which opens the browser's certificate store, is not installed.",
        kept: 'Nothing was changed.',
        remedy:
          'Install it (Debian, Ubuntu: sudo apt install {{package}}; Fedora: nss-tools; Arch: nss), then run this again.',
      },
      ja: {
        what: 'ブラウザーの証明書ストアを操作するプログラム {{tool}} がインストールされていません。',
        kept: '何も変更していません。',
        remedy:
          'インストールしてから（Debian・Ubuntu：sudo apt install {{package}}、Fedora：nss-tools、Arch：nss）、もう一度実行してください。',
      },
      'zh-CN': {
        what: '未安装用于操作浏览器证书存储的程序 {{tool}}。',
        kept: '未做任何更改。',
        remedy:
          '请先安装（Debian、Ubuntu：sudo apt install {{package}}；Fedora：nss-tools；Arch：nss），然后重试。',
      },
    },
  ),
  STORE_LOCKED: problem(
    'failed',
    { path: z.string() },
    {
      en: {
        what: 'The certificate store {{path}} is locked by a master password.',
        kept: 'The store is as it was.',
        remedy: "Run it again and give the store's master password.",
      },
      ja: {
        what: '証明書ストア {{path}} はマスターパスワードで保護されています。',
        kept: 'ストアは元のままです。',
        remedy: 'ストアのマスターパスワードを指定して、もう一度実行してください。',
      },
      'zh-CN': {
        what: '证书存储 {{path}} 已被主密码锁定。',
        kept: '存储保持原样。',
        remedy: '请提供该存储的主密码后重试。',
      },
    },
  ),
  STORE_ABSENT: problem(
    'failed',
    { path: z.string() },
    {
      en: {
        what: 'The login keychain {{path}} is not there.',
        kept: 'Nothing was changed.',
        remedy: 'Log in at the screen once, or make it anew in Keychain Access, then run this again.',
      },
      ja: {
        what: 'ログインキーチェーン {{path}} がありません。',
        kept: '何も変更していません。',
        remedy:
          '一度画面からログインするか、「キーチェーンアクセス」で作り直してから、もう一度実行してください。',
      },
      'zh-CN': {
        what: '找不到登录钥匙串 {{path}}。',
        kept: '未做任何更改。',
        remedy: '请先在屏幕上登录一次，或在“钥匙串访问”中重新创建，然后重试。',
      },
    },
  ),
  STORE_INTERACTION: problem(
    'failed',
    { path: z.string() },
    {
      en: {
        what: 'The system wants to ask the person at the screen about {{path}}, and there is no screen to ask on.',
        kept: 'The store is as it was.',
        remedy:
          'Run this in a terminal window of the logged-in user, or give the password of the keychain with --store-password-file.',
      },
      ja: {
        what: '{{path}} について確認画面を出す必要がありますが、表示できる画面がありません。',
        kept: 'ストアは元のままです。',
        remedy:
          'ログイン中のユーザーのターミナルで実行するか、--store-password-file でキーチェーンのパスワードを渡してください。',
      },
      'zh-CN': {
        what: '系统需要就 {{path}} 询问使用者，但没有可显示的屏幕。',
        kept: '存储保持原样。',
        remedy: '请在已登录用户的终端窗口中运行，或用 --store-password-file 提供钥匙串密码。',
      },
    },
  ),
  STORE_READ_ONLY: problem(
    'failed',
    { path: z.string(), reason: z.string() },
    {
      en: {
        what: 'The certificate store {{path}} cannot be written ({{reason}}).',
        kept: 'The store is as it was.',
        remedy:
          'Check who owns the folder and whether the disk is mounted read-only; run this as the user whose browser it is.',
      },
      ja: {
        what: '証明書ストア {{path}} に書き込めません（{{reason}}）。',
        kept: 'ストアは元のままです。',
        remedy:
          'フォルダーの所有者と、ディスクが読み取り専用でないかを確認し、ブラウザーを使うユーザーで実行してください。',
      },
      'zh-CN': {
        what: '无法写入证书存储 {{path}}（{{reason}}）。',
        kept: '存储保持原样。',
        remedy: '请检查该文件夹的所有者以及磁盘是否为只读，并以使用该浏览器的用户身份运行。',
      },
    },
  ),
  STORE_DAMAGED: problem(
    'failed',
    { path: z.string(), reason: z.string() },
    {
      en: {
        what: 'The certificate store {{path}} is damaged ({{reason}}).',
        kept: 'It was not touched.',
        remedy:
          'Close the browser, move that folder aside and run this again; a new store is made. Certificates in the old one have to be installed again.',
      },
      ja: {
        what: '証明書ストア {{path}} が壊れています（{{reason}}）。',
        kept: 'ストアには触れていません。',
        remedy:
          'ブラウザーを閉じ、そのフォルダーを別の場所へ移してから、もう一度実行してください。新しいストアが作られます。以前の証明書は入れ直しが必要です。',
      },
      'zh-CN': {
        what: '证书存储 {{path}} 已损坏（{{reason}}）。',
        kept: '未改动该存储。',
        remedy: '请关闭浏览器，将该文件夹移到别处后重试，系统会新建存储；原有证书需要重新安装。',
      },
    },
  ),
  STORE_TOOL_FAILED: problem(
    'failed',
    { tool: z.string(), reason: z.string() },
    {
      en: {
        what: 'The program {{tool}} refused its work ({{reason}}).',
        remedy:
          'Close the browser and run this again; if it stays, look up what {{reason}} means for that program.',
      },
      ja: {
        what: 'プログラム {{tool}} が処理できませんでした（{{reason}}）。',
        remedy:
          'ブラウザーを閉じてもう一度実行してください。続く場合は、そのプログラムの {{reason}} の意味を確認してください。',
      },
      'zh-CN': {
        what: '程序 {{tool}} 未能完成操作（{{reason}}）。',
        remedy: '请关闭浏览器后重试；如仍失败，请查阅该程序中 {{reason}} 的含义。',
      },
    },
  ),
  STORE_SYSTEM_REFUSED: problem(
    'failed',
    { path: z.string(), call: z.string(), reason: z.string() },
    {
      en: {
        what: 'The system refused to work on the certificate store {{path}} ({{call}}: {{reason}}).',
        remedy:
          'Run this as the user who signs in with the certificate, and ask the administrator whether a policy forbids changing certificates; {{reason}} is the error code of the system.',
      },
      ja: {
        what: '証明書ストア {{path}} の操作がシステムに拒否されました（{{call}}：{{reason}}）。',
        remedy:
          '証明書を使う本人のアカウントで実行し、証明書の変更がポリシーで禁止されていないか管理者に確認してください。{{reason}} はシステムのエラーコードです。',
      },
      'zh-CN': {
        what: '系统拒绝操作证书存储 {{path}}（{{call}}：{{reason}}）。',
        remedy:
          '请以使用该证书的用户身份运行，并向管理员确认策略是否禁止更改证书；{{reason}} 是系统的错误代码。',
      },
    },
  ),
  STORE_NOT_INSTALLED: problem(
    'failed',
    { path: z.string(), missing: z.string() },
    {
      en: {
        what: 'The system reported success, but reading {{path}} back shows that it is not installed (missing: {{missing}}).',
        remedy:
          'Check that the programs are the real ones of the system (on Linux certutil and pk12util of NSS) and that the disk is not full, then run this again.',
      },
      ja: {
        what: 'システムは成功と報告しましたが、{{path}} を読み直すとインストールされていません（不足：{{missing}}）。',
        remedy:
          'プログラムがシステム本来のもの（Linux では NSS の certutil と pk12util）であること、ディスクに空きがあることを確認して、もう一度実行してください。',
      },
      'zh-CN': {
        what: '系统报告成功，但重新读取 {{path}} 后发现并未安装（缺少：{{missing}}）。',
        remedy:
          '请确认所用程序确为系统自带（Linux 上为 NSS 的 certutil 和 pk12util），且磁盘未满，然后重试。',
      },
    },
  ),
  STORE_NOT_REMOVED: problem(
    'failed',
    { path: z.string(), thumbprint: z.string() },
    {
      en: {
        what: 'The certificate {{thumbprint}} is still in {{path}} after it was removed.',
        remedy: 'Close the browser and run this again.',
      },
      ja: {
        what: '削除したはずの証明書 {{thumbprint}} が {{path}} に残っています。',
        remedy: 'ブラウザーを閉じて、もう一度実行してください。',
      },
      'zh-CN': { what: '证书 {{thumbprint}} 删除后仍在 {{path}} 中。', remedy: '请关闭浏览器后重试。' },
    },
  ),
  STORE_CERTIFICATE_UNKNOWN: problem(
    'failed',
    { path: z.string(), thumbprint: z.string() },
    {
      en: {
        what: 'There is no certificate {{thumbprint}} in {{path}}.',
        kept: 'Nothing was changed.',
        remedy: 'List the store to see what it holds; a browser may read another one.',
      },
      ja: {
        what: '{{path}} に証明書 {{thumbprint}} はありません。',
        kept: '何も変更していません。',
        remedy: 'ストアの一覧を確認してください。ブラウザーが別のストアを使っていることもあります。',
      },
      'zh-CN': {
        what: '{{path}} 中没有证书 {{thumbprint}}。',
        kept: '未做任何更改。',
        remedy: '请列出存储内容进行确认；浏览器也可能使用了另一个存储。',
      },
    },
  ),
  STORE_CA_ABSENT: problem(
    'usage',
    { subject: z.string() },
    {
      en: {
        what: 'No CA certificate came with {{subject}}, so there is none to trust.',
        kept: 'Nothing was changed.',
        remedy: 'Install it without trusting the CA, or use a file that holds the whole chain.',
      },
      ja: {
        what: '{{subject}} に CA 証明書が含まれていないため、信頼する対象がありません。',
        kept: '何も変更していません。',
        remedy: 'CA を信頼せずにインストールするか、チェーン全体を含むファイルを使ってください。',
      },
      'zh-CN': {
        what: '{{subject}} 未附带 CA 证书，没有可信任的对象。',
        kept: '未做任何更改。',
        remedy: '请在不信任 CA 的情况下安装，或使用包含完整证书链的文件。',
      },
    },
  ),
  IDENTITY_ABSENT: problem(
    'failed',
    { what: z.string() },
    {
      en: {
        what: 'The {{what}} holds no private key together with its certificate.',
        kept: 'Nothing was changed.',
        remedy: 'Export it again with its private key, or check the thumbprint you asked for.',
      },
      ja: {
        what: '{{what}} に、秘密鍵とその証明書の組がありません。',
        kept: '何も変更していません。',
        remedy: '秘密鍵を含めて書き出し直すか、指定した拇印を確認してください。',
      },
      'zh-CN': {
        what: '{{what}} 中没有私钥及其对应的证书。',
        kept: '未做任何更改。',
        remedy: '请连同私钥重新导出，或检查所指定的指纹。',
      },
    },
  ),
  IDENTITY_AMBIGUOUS: problem(
    'usage',
    { what: z.string(), choices: z.string() },
    {
      en: {
        what: 'The {{what}} holds more than one identity: {{choices}}.',
        kept: 'Nothing was changed.',
        remedy: 'Name the one you want by its thumbprint.',
      },
      ja: {
        what: '{{what}} に複数の証明書と鍵の組があります：{{choices}}',
        kept: '何も変更していません。',
        remedy: '使うものを拇印で指定してください。',
      },
      'zh-CN': {
        what: '{{what}} 中包含多个身份：{{choices}}。',
        kept: '未做任何更改。',
        remedy: '请用指纹指定所需的身份。',
      },
    },
  ),
} as const;
