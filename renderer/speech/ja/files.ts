import type { filesText as English } from '../en/files.ts';
import { count } from './numbers.ts';

export const filesText: typeof English = {
  kits: {
    title: 'まとめて発行',
    subtitle: '対象者のリストから証明書を発行します。発行する前に内容を確認できます。',
    fromList: 'リストから…',
    list: 'リスト',
    file: '対象者のリスト（CSV）',
    fileHint:
      'Excel で保存した CSV。1 行目は見出しです：氏名（必須）、メール、組織、部署、日数、言語、対象。',
    saveSample: '見本を保存',
    sample: [
      ['氏名', 'メール', '部署'],
      ['山田 太郎', 'yamada@example.jp', '営業部'],
    ],
    authorityFirst: '証明書に署名する認証局がまだありません。',
    unlessListed: 'リストに指定のない行に使います。',
    language: '手順書の言語',
    target: '対象のシステム',
    targets: { any: 'すべて', windows: 'Windows', macos: 'macOS', linux: 'Linux' },
    site: 'サイト',
    siteHint: '任意。証明書で開くサイトです。手順書に載せます。',
    form: '渡すもの',
    forms: {
      kit: 'キット（証明書、スクリプト、手順書の zip。Warifu なしでインストールできます）',
      pkcs12: '.p12 のみ',
    },
    read: 'リストの内容',
    readAs: (encoding, separator) =>
      `${encoding}、区切りは${separator === '\t' ? 'タブ' : `「${separator}」`}`,
    unused: (columns) => `使わない列：${columns}`,
    faults: (value) => `${count(value, '件')}の問題があります`,
    faultsNote: 'すべて直すまで発行しません。リストを直して、もう一度選んでください。',
    line: (line) => `${line} 行目`,
    more: (value) => `ほか ${count(value, '件')}`,
    counts: (issue, again) =>
      issue === 0
        ? '全員に有効な証明書があり、それを使います。'
        : again === 0
          ? `${count(issue, '枚')}を新しく発行します。`
          : `${count(issue, '枚')}を新しく発行します。${count(again, '人')}には有効な証明書があり、それを使います。`,
    columns: {
      line: '行',
      name: '氏名',
      names: 'メール',
      days: '日数',
      system: 'システム · 言語',
      action: '処理',
    },
    issue: '新しく発行',
    again: (date) => `${date} まで有効なものを使用`,
    make: '作成',
    makeAll: (value) => `${count(value, '人')}分を作成`,
    making: '作成しています…',
    progress: (done, total, name) => `${done} / ${total} · ${name}`,
    stopped:
      '止めました。発行済みの証明書は有効です。もう一度作成すると続きから始まり、二重には発行しません。',
    saveBoth: 'このページを離れる前に、両方を保存してください',
    apart:
      'パスワードはどこにも残りません。ファイルとは別の方法で渡してください。両方を持つ人は誰でも入れます。',
    saveFiles: 'ファイルを保存',
    savePasswords: 'パスワードを保存',
    passwords: 'パスワード',
    one: 'キット',
    what: '証明書、スクリプト、手順書をまとめた zip です。Warifu なしでインストールできます。',
    saveOne: 'キットを保存',
  },
  p12: {
    subtitle: '中身と、どの環境で読み込めるかを調べ、この PC のストアに入れます。',
    file: 'ファイル（.p12 または .pfx）',
    password: 'ファイルのパスワード',
    look: '中身を見る',
    noCertificate: '証明書のない鍵',
    otherKey: 'ファイルの鍵は、この証明書のものではありません。',
    where: '読み込める環境',
    targets: {
      windows: 'Windows 10、11、Server 2019 以降',
      'windows-2016': 'Windows Server 2016 以前',
      macos: 'macOS',
      nss: 'Linux の Chromium と Firefox',
      java: 'Java',
      android: 'Android',
    },
    imports: { yes: '読み込める', no: '読み込めない', uncertain: '不明' },
    rewrap: '合う形式で保存',
  },
  browserCheck: {
    remedies: {
      'store-present': '「証明書」のページで証明書を選び、この PC にインストールしてください。',
      'store-used-by-browser': 'ブラウザーが読むストアを上で選び、そちらにインストールしてください。',
      'store-unlocked': 'ブラウザーでストアのロックを解除してから、もう一度診断してください。',
      'certificate-present': '「証明書」のページで選ぶか、.p12 を開いてインストールしてください。',
      'authority-trusted':
        'その場合は、CA を Web サイトについて信頼するチェックを入れて、もう一度インストールしてください。',
    },
    subtitle: 'ブラウザーが証明書を提示しない理由を、実際に調べます。何も変更しません。',
    store: '証明書ストア',
    usedStore: 'ブラウザーが読むストア',
    site: 'サイト',
    siteHint: '省略可。www.example.com またはアドレス。受け付ける CA を問い合わせます。',
    check: '診断する',
  },
};
