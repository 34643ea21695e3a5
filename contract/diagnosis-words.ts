/** What a person reads about each finding of a diagnosis: what was seen, and what to do when it stands in the way. */
import type { Language } from './problems/define.ts';
import type { DiagnosisCheck, DiagnosisFinding } from './trust-store.ts';

/** `{{detail}}` and `{{certificate}}` are those of the finding. */
interface Words {
  /** It is as it should be. */
  readonly yes: string;
  readonly no: string;
  /** What to do about `no`. */
  readonly remedy: string;
  /** It could not be told; then `remedy` is not what helps, so it says itself what does. */
  readonly unknown?: string;
}

const couldNotBeTold: Readonly<Record<Language, string>> = {
  en: 'Could not be told: {{detail}}.',
  ja: '判断できませんでした：{{detail}}',
  'zh-CN': '无法判断：{{detail}}。',
};

export const diagnosisWords: Readonly<Record<DiagnosisCheck, Readonly<Record<Language, Words>>>> = {
  'server-asks': {
    en: {
      yes: 'The server asks for a client certificate from: {{detail}}',
      no: 'The server asks for no client certificate, so no browser offers one.',
      remedy: 'Turn mutual authentication on for the listener (its CA certificate), then try again.',
      unknown:
        'The server does not show what it asks for ({{detail}}); TLS 1.3 encrypts that. Allow TLS 1.2 on the listener to see it.',
    },
    ja: {
      yes: 'サーバーは次の発行者のクライアント証明書を求めています：{{detail}}',
      no: 'サーバーがクライアント証明書を求めていないため、ブラウザーは証明書を提示しません。',
      remedy: 'リスナーの双方向認証（CA 証明書）を有効にしてから、もう一度試してください。',
      unknown:
        'サーバーが求める内容は見えません（{{detail}}）。TLS 1.3 では暗号化されます。確認するにはリスナーで TLS 1.2 を許可してください。',
    },
    'zh-CN': {
      yes: '服务器要求由以下颁发者签发的客户端证书：{{detail}}',
      no: '服务器不要求客户端证书，因此浏览器不会提供证书。',
      remedy: '请为监听开启双向认证（配置 CA 证书），然后重试。',
      unknown: '看不到服务器的要求（{{detail}}）：TLS 1.3 会将其加密。请在监听上允许 TLS 1.2 后再查看。',
    },
  },
  'store-present': {
    en: {
      yes: 'The certificate store is there: {{detail}}',
      no: 'There is no certificate store yet at {{detail}}.',
      remedy: 'Install the certificate: warifu store install FILE.p12',
    },
    ja: {
      yes: '証明書ストアがあります：{{detail}}',
      no: '証明書ストアがまだありません：{{detail}}',
      remedy: '証明書をインストールしてください：warifu store install FILE.p12',
    },
    'zh-CN': {
      yes: '证书存储已存在：{{detail}}',
      no: '尚无证书存储：{{detail}}',
      remedy: '请安装证书：warifu store install FILE.p12',
    },
  },
  'store-used-by-browser': {
    en: {
      yes: 'Read by: {{detail}}',
      no: 'No browser reads this store today; it would be read by: {{detail}}',
      remedy: 'Install into the store that is marked with * in: warifu store list',
    },
    ja: {
      yes: '次のブラウザーがこのストアを読みます：{{detail}}',
      no: '現在このストアを読むブラウザーはありません（本来は {{detail}}）。',
      remedy: 'warifu store list で * の付いたストアにインストールしてください。',
    },
    'zh-CN': {
      yes: '以下浏览器读取此存储：{{detail}}',
      no: '目前没有浏览器读取此存储（原应为 {{detail}}）。',
      remedy: '请安装到 warifu store list 中带 * 的存储。',
    },
  },
  'store-unlocked': {
    en: {
      yes: 'The store is open.',
      no: 'The store is locked by a password, so its keys could not be tried.',
      remedy: 'Run this again with --store-password-file; the browser asks for the same password.',
    },
    ja: {
      yes: 'ストアはロックされていません。',
      no: 'ストアがパスワードで保護されているため、鍵を試せませんでした。',
      remedy:
        '--store-password-file を付けてもう一度実行してください。ブラウザーも同じパスワードを求めます。',
    },
    'zh-CN': {
      yes: '存储未锁定。',
      no: '存储受密码保护，无法试用其中的密钥。',
      remedy: '请加上 --store-password-file 重试；浏览器也会要求同一密码。',
    },
  },
  'certificate-present': {
    en: {
      yes: 'The store holds: {{detail}}',
      no: 'The store holds no such certificate with its key.',
      remedy: 'Install it: warifu store install FILE.p12, or --certificate NAME',
    },
    ja: {
      yes: 'ストアに入っている証明書：{{detail}}',
      no: 'ストアに、鍵を伴う該当の証明書がありません。',
      remedy: 'インストールしてください：warifu store install FILE.p12（または --certificate 名前）',
    },
    'zh-CN': {
      yes: '存储中的证书：{{detail}}',
      no: '存储中没有带密钥的相应证书。',
      remedy: '请安装：warifu store install FILE.p12（或 --certificate 名称）',
    },
  },
  'certificate-elsewhere': {
    en: {
      yes: 'It lies in no other store.',
      no: 'It lies in another store, which other browsers read: {{detail}}',
      remedy: 'Use the browser that reads that store, or install it here as well.',
    },
    ja: {
      yes: 'ほかのストアにはありません。',
      no: '別のブラウザーが読むストアに入っています：{{detail}}',
      remedy: 'そのストアを読むブラウザーを使うか、こちらにもインストールしてください。',
    },
    'zh-CN': {
      yes: '其他存储中没有该证书。',
      no: '它位于由其他浏览器读取的存储中：{{detail}}',
      remedy: '请使用读取该存储的浏览器，或在此处也安装一份。',
    },
  },
  'key-usable': {
    en: {
      yes: 'Its private key is in the store and can sign: {{certificate}}',
      no: 'Its private key is missing or does not sign: {{certificate}}',
      remedy: 'Remove the certificate and install its PKCS#12 again; a certificate alone is never offered.',
      unknown:
        'Whether its private key signs could not be tried: {{certificate}}. Unlock the store, or look at this one certificate alone.',
    },
    ja: {
      yes: '秘密鍵がストアにあり、署名に使えます：{{certificate}}',
      no: '秘密鍵がないか、署名に使えません：{{certificate}}',
      remedy: '証明書を取り除き、PKCS#12 からインストールし直してください。証明書だけでは提示されません。',
      unknown:
        '秘密鍵で署名できるかを試せませんでした：{{certificate}}。ストアのロックを解除するか、この証明書だけを対象にしてください。',
    },
    'zh-CN': {
      yes: '私钥在存储中且可用于签名：{{certificate}}',
      no: '私钥缺失或无法签名：{{certificate}}',
      remedy: '请移除该证书并重新安装其 PKCS#12；仅有证书时浏览器不会提供它。',
      unknown: '未能试验私钥能否签名：{{certificate}}。请解锁存储，或仅针对此证书进行诊断。',
    },
  },
  'key-access': {
    en: {
      yes: 'The browser may use the key without asking.',
      no: 'The browser may not use the key.',
      remedy: 'In Keychain Access open the key, then Access Control, and add the browser.',
      unknown:
        'macOS asks for the login password when a browser uses the key for the first time: choose "Always Allow". Pressing "Deny" sends no certificate.',
    },
    ja: {
      yes: 'ブラウザーは確認なしに鍵を使えます。',
      no: 'ブラウザーに鍵の使用が許可されていません。',
      remedy: '「キーチェーンアクセス」で鍵を開き、「アクセス制御」にブラウザーを追加してください。',
      unknown:
        'ブラウザーが初めて鍵を使うとき、macOS がログインパスワードを求めます。「常に許可」を選んでください。「拒否」を選ぶと証明書は送られません。',
    },
    'zh-CN': {
      yes: '浏览器可直接使用该密钥。',
      no: '浏览器未获准使用该密钥。',
      remedy: '请在“钥匙串访问”中打开该密钥，在“访问控制”中添加浏览器。',
      unknown:
        '浏览器首次使用该密钥时，macOS 会要求输入登录密码：请选择“始终允许”。选择“拒绝”则不会发送证书。',
    },
  },
  'key-provider': {
    en: {
      yes: 'The key is kept where it can sign as TLS 1.3 demands: {{detail}}',
      no: 'The key lies with an old provider ({{detail}}) that cannot sign as TLS 1.3 demands.',
      remedy: 'Remove the certificate and install it again with Warifu, which uses the modern key store.',
      unknown: 'It could not be told whether the key can sign as TLS 1.3 demands ({{detail}}).',
    },
    ja: {
      yes: '秘密鍵は TLS 1.3 の署名に対応したプロバイダーにあります：{{detail}}',
      no: '秘密鍵が古いプロバイダー（{{detail}}）にあり、TLS 1.3 が求める署名ができません。',
      remedy: '証明書を削除し、Warifu でインストールし直してください。新しい方式のキーストアに保存されます。',
      unknown: '秘密鍵が TLS 1.3 の署名に対応しているか判断できませんでした（{{detail}}）。',
    },
    'zh-CN': {
      yes: '私钥所在的提供程序支持 TLS 1.3 所需的签名：{{detail}}',
      no: '私钥位于旧的提供程序（{{detail}}），无法完成 TLS 1.3 所需的签名。',
      remedy: '请删除该证书，再用 Warifu 重新安装，私钥将存入新式密钥存储。',
      unknown: '无法判断私钥是否支持 TLS 1.3 所需的签名（{{detail}}）。',
    },
  },
  'not-before': {
    en: {
      yes: 'It is valid since {{detail}}.',
      no: 'It is valid only from {{detail}}.',
      remedy: "Wait, or check this computer's clock.",
    },
    ja: {
      yes: '{{detail}} から有効です。',
      no: '{{detail}} になるまで有効ではありません。',
      remedy: 'それまで待つか、このコンピューターの時計を確認してください。',
    },
    'zh-CN': {
      yes: '自 {{detail}} 起有效。',
      no: '{{detail}} 之前尚未生效。',
      remedy: '请等待，或检查本机时钟。',
    },
  },
  'not-after': {
    en: {
      yes: 'It is valid until {{detail}}.',
      no: 'It expired on {{detail}}.',
      remedy: 'Issue a new certificate and install that one.',
    },
    ja: {
      yes: '{{detail}} まで有効です。',
      no: '{{detail}} に有効期限が切れました。',
      remedy: '新しい証明書を発行し、インストールしてください。',
    },
    'zh-CN': {
      yes: '有效期至 {{detail}}。',
      no: '已于 {{detail}} 过期。',
      remedy: '请签发新证书并安装。',
    },
  },
  'for-client-authentication': {
    en: {
      yes: 'Its purposes allow client authentication.',
      no: 'Its purposes do not include client authentication ({{detail}}).',
      remedy: 'Issue it again with the client profile.',
    },
    ja: {
      yes: '用途にクライアント認証が含まれています。',
      no: '用途にクライアント認証がありません（{{detail}}）。',
      remedy: 'クライアント用のプロファイルで発行し直してください。',
    },
    'zh-CN': {
      yes: '其用途包含客户端认证。',
      no: '其用途不包含客户端认证（{{detail}}）。',
      remedy: '请按客户端用途重新签发。',
    },
  },
  'issuer-advertised': {
    en: {
      yes: 'Its issuer is one the server asks for: {{detail}}',
      no: 'The server does not ask for certificates from its issuer ({{detail}}), so the browser does not offer it.',
      remedy:
        "Install a certificate of a CA that the server names, or put this certificate's CA on the listener.",
      unknown: 'Give the address of the server to learn whether it asks for this issuer: {{detail}}',
    },
    ja: {
      yes: 'サーバーが求める発行者のものです：{{detail}}',
      no: 'サーバーはこの発行者（{{detail}}）の証明書を求めていないため、ブラウザーは選択肢に出しません。',
      remedy:
        'サーバーが示す CA の証明書をインストールするか、リスナーの CA 証明書をこの証明書の CA に替えてください。',
      unknown: 'サーバーがこの発行者を求めているかは、サーバーのアドレスを指定すると分かります：{{detail}}',
    },
    'zh-CN': {
      yes: '其颁发者正是服务器所要求的：{{detail}}',
      no: '服务器未要求该颁发者（{{detail}}）的证书，因此浏览器不会提供它。',
      remedy: '请安装服务器所列 CA 签发的证书，或将该证书的 CA 配置到监听上。',
      unknown: '指定服务器地址后才能判断它是否要求该颁发者：{{detail}}',
    },
  },
  'signature-accepted': {
    en: {
      yes: 'The server accepts signatures of its key ({{detail}}).',
      no: 'The server accepts no signature that its key can make ({{detail}}).',
      remedy: 'Issue the certificate with an RSA 2048 key.',
    },
    ja: {
      yes: 'サーバーはこの鍵の署名方式を受け付けます（{{detail}}）。',
      no: 'サーバーはこの鍵で作れる署名を受け付けません（{{detail}}）。',
      remedy: 'RSA 2048 の鍵で証明書を発行し直してください。',
    },
    'zh-CN': {
      yes: '服务器接受该密钥的签名算法（{{detail}}）。',
      no: '服务器不接受该密钥所能产生的签名（{{detail}}）。',
      remedy: '请使用 RSA 2048 密钥重新签发证书。',
    },
  },
  'authority-trusted': {
    en: {
      yes: 'Its CA may vouch for web sites here: {{detail}}',
      no: 'Its CA ({{detail}}) is not trusted for web sites here; the browser warns when the server has its certificate from it.',
      remedy: 'If that is so, install again with --trust-ca.',
    },
    ja: {
      yes: 'その CA は Web サイトについて信頼されています：{{detail}}',
      no: 'その CA（{{detail}}）は Web サイトについて信頼されていません。サーバー証明書もこの CA のものなら、ブラウザーが警告します。',
      remedy: 'その場合は --trust-ca を付けてもう一度インストールしてください。',
    },
    'zh-CN': {
      yes: '其 CA 可为网站作保：{{detail}}',
      no: '其 CA（{{detail}}）未被信任用于网站；若服务器证书也由它签发，浏览器会发出警告。',
      remedy: '如是这种情况，请加上 --trust-ca 重新安装。',
    },
  },
  'policies-read': {
    en: {
      yes: 'Policy files of an administrator that were read: {{detail}}',
      no: 'Policies of an administrator are broken: {{detail}}',
      remedy: 'Mend the file; the browser ignores it as it is.',
      unknown: 'Whether a policy of an administrator decides could not be told: {{detail}}',
    },
    ja: {
      yes: '確認した管理者のポリシーファイル：{{detail}}',
      no: '管理者のポリシーが壊れています：{{detail}}',
      remedy: 'ファイルを直してください。このままではブラウザーに無視されます。',
      unknown: '管理者のポリシーが影響するかは判断できませんでした：{{detail}}',
    },
    'zh-CN': {
      yes: '已查看的管理员策略文件：{{detail}}',
      no: '管理员策略文件已损坏：{{detail}}',
      remedy: '请修复该文件；目前浏览器会忽略它。',
      unknown: '无法判断是否受管理员策略影响：{{detail}}',
    },
  },
  'policy-selects': {
    en: {
      yes: 'A policy makes the browser choose by itself, and this certificate fits: {{detail}}',
      no: 'A policy makes the browser choose by itself, and this certificate does not fit its filter: {{detail}}',
      remedy:
        'Have the administrator change AutoSelectCertificateForUrls, or use a certificate that fits it.',
    },
    ja: {
      yes: 'ポリシーによりブラウザーが自動で選択し、この証明書は条件に合っています：{{detail}}',
      no: 'ポリシーによりブラウザーが自動で選択しますが、この証明書は条件に合っていません：{{detail}}',
      remedy: '管理者に AutoSelectCertificateForUrls の変更を依頼するか、条件に合う証明書を使ってください。',
    },
    'zh-CN': {
      yes: '策略让浏览器自动选择，且该证书符合条件：{{detail}}',
      no: '策略让浏览器自动选择，但该证书不符合其条件：{{detail}}',
      remedy: '请让管理员修改 AutoSelectCertificateForUrls，或使用符合条件的证书。',
    },
  },
  'policy-own-authorities': {
    en: {
      yes: 'No policy hides installed CAs from the browser.',
      no: 'A policy tells the browser to ignore CAs installed on this machine: {{detail}}',
      remedy: 'Have the administrator change that policy, or use a server certificate of a public CA.',
    },
    ja: {
      yes: 'インストール済みの CA を無視させるポリシーはありません。',
      no: 'ポリシーにより、このコンピューターに入れた CA が無視されます：{{detail}}',
      remedy: '管理者にポリシーの変更を依頼するか、公開 CA のサーバー証明書を使ってください。',
    },
    'zh-CN': {
      yes: '没有策略让浏览器忽略已安装的 CA。',
      no: '策略让浏览器忽略本机安装的 CA：{{detail}}',
      remedy: '请让管理员修改该策略，或使用公共 CA 签发的服务器证书。',
    },
  },
  'firefox-system-store': {
    en: {
      yes: 'Firefox reads this store too: {{detail}}',
      no: 'Firefox does not read this store: {{detail}}',
      remedy: 'Set security.osclientcerts.autoload to true in about:config and start Firefox again.',
      unknown: 'Whether Firefox reads this store could not be told: {{detail}}',
    },
    ja: {
      yes: 'Firefox もこのストアを読みます：{{detail}}',
      no: 'Firefox はこのストアを読みません：{{detail}}',
      remedy: 'about:config で security.osclientcerts.autoload を true にし、Firefox を再起動してください。',
      unknown: 'Firefox がこのストアを読むかは判断できませんでした：{{detail}}',
    },
    'zh-CN': {
      yes: 'Firefox 也读取此存储：{{detail}}',
      no: 'Firefox 不读取此存储：{{detail}}',
      remedy: '请在 about:config 中将 security.osclientcerts.autoload 设为 true，并重启 Firefox。',
      unknown: '无法判断 Firefox 是否读取此存储：{{detail}}',
    },
  },
  'browser-restarted': {
    en: {
      yes: 'The browser is not running; it reads the store when it starts.',
      no: 'The browser has been running since before the certificate was installed.',
      remedy: 'Close it completely and open it again.',
      unknown:
        'The browser is running. It keeps a choice it once made, "no certificate" included: close it completely and open it again.',
    },
    ja: {
      yes: 'ブラウザーは起動していません。起動時にストアを読みます。',
      no: 'ブラウザーが証明書のインストール前から起動しています。',
      remedy: '完全に終了して開き直してください。',
      unknown:
        'ブラウザーが起動中です。「証明書なし」を含め、一度した選択が保たれるので、完全に終了して開き直してください。',
    },
    'zh-CN': {
      yes: '浏览器未在运行；它会在启动时读取存储。',
      no: '浏览器在安装证书之前就已运行。',
      remedy: '请完全退出后重新打开。',
      unknown: '浏览器正在运行。它会保留此前的选择（包括“不提供证书”）：请完全退出后重新打开。',
    },
  },
};

/** The words for a finding in `language`; `remedy` only when it stands in the way. */
export function describeDiagnosis(
  { check, ok, detail, certificate = '' }: DiagnosisFinding,
  language: Language,
): { readonly what: string; readonly remedy?: string } {
  const words = diagnosisWords[check][language];
  const values: Readonly<Record<string, string>> = { detail, certificate };
  const fill = (template: string): string =>
    template.replace(/\{\{(\w+)\}\}/g, (_, field: string) => values[field] ?? '');
  if (ok === null) return { what: fill(words.unknown ?? couldNotBeTold[language]) };
  return ok ? { what: fill(words.yes) } : { what: fill(words.no), remedy: fill(words.remedy) };
}
