import { z } from 'zod';
import { problem } from './define.ts';

/** What a CA refuses to do, and what it cannot find. */
export const authorityProblems = {
  AUTHORITY_NOT_FOUND: problem(
    'failed',
    { authority: z.string() },
    {
      en: { what: 'There is no CA called "{{authority}}" here.', remedy: 'List them with: warifu ca list' },
      ja: {
        what: '「{{authority}}」という CA はありません。',
        remedy: 'warifu ca list で一覧を確認してください。',
      },
      'zh-CN': { what: '没有名为“{{authority}}”的 CA。', remedy: '请用 warifu ca list 查看列表。' },
    },
  ),
  AUTHORITY_EXISTS: problem(
    'refused',
    { authority: z.string() },
    {
      en: {
        what: 'A CA called "{{authority}}" exists already.',
        kept: 'It was not touched.',
        remedy: 'Choose another name.',
      },
      ja: {
        what: '「{{authority}}」という CA は既にあります。',
        kept: '既存の CA はそのままです。',
        remedy: '別の名前を指定してください。',
      },
      'zh-CN': {
        what: '名为“{{authority}}”的 CA 已存在。',
        kept: '现有 CA 未受影响。',
        remedy: '请换一个名称。',
      },
    },
  ),
  AUTHORITY_KEY_ABSENT: problem(
    'refused',
    { authority: z.string() },
    {
      en: {
        what: 'The key of the CA "{{authority}}" is not on this machine.',
        kept: 'Nothing was signed.',
        remedy:
          'Do this on the machine that holds the key, or ask it by a transfer file (warifu transfer request, then export).',
      },
      ja: {
        what: 'CA「{{authority}}」の鍵はこのマシンにありません。',
        kept: '何も署名していません。',
        remedy:
          '鍵を持つマシンで実行するか、受け渡しファイルで依頼してください（warifu transfer request のあと export）。',
      },
      'zh-CN': {
        what: 'CA“{{authority}}”的私钥不在本机。',
        kept: '未签发任何内容。',
        remedy: '请在保存该私钥的机器上操作，或用传递文件提出请求（warifu transfer request，然后 export）。',
      },
    },
  ),
  AUTHORITY_KEY_STAYS: problem(
    'refused',
    { authority: z.string() },
    {
      en: {
        what: 'The private key of the CA "{{authority}}" is not given out as a file or put into a store.',
        kept: 'It stays sealed in the vault.',
        remedy: 'To move the CA, make a backup (warifu vault backup) and restore it on the other machine.',
      },
      ja: {
        what: 'CA「{{authority}}」の秘密鍵は、ファイルやストアへは書き出せません。',
        kept: '鍵は保管庫に封印されたままです。',
        remedy: 'CA を移すには、バックアップを作成し（warifu vault backup）、移転先で復元してください。',
      },
      'zh-CN': {
        what: 'CA“{{authority}}”的私钥不会写成文件，也不会装入证书存储。',
        kept: '私钥仍封存在保险库中。',
        remedy: '如需迁移 CA，请创建备份（warifu vault backup），再在另一台机器上恢复。',
      },
    },
  ),
  SIGNATURE_NOT_APPROVED: problem(
    'failed',
    { authority: z.string(), signatures: z.number() },
    {
      en: {
        what: 'The CA "{{authority}}" asks for the passphrase before it signs (signatures wanted: {{signatures}}).',
        kept: 'Nothing was signed.',
        remedy: 'Enter the passphrase to approve, within a minute of signing.',
      },
      ja: {
        what: '認証局「{{authority}}」は署名のたびにパスフレーズを求めます（必要な署名：{{signatures}} 件）。',
        kept: '何も署名していません。',
        remedy: 'パスフレーズを入力して承認してください。承認は 1 分間有効です。',
      },
      'zh-CN': {
        what: 'CA“{{authority}}”每次签名前都要求输入口令（需要签名 {{signatures}} 次）。',
        kept: '未签署任何内容。',
        remedy: '请输入口令予以批准，批准在一分钟内有效。',
      },
    },
  ),
  AUTHORITY_EXPIRED: problem(
    'refused',
    { authority: z.string(), notAfter: z.string() },
    {
      en: {
        what: 'The CA "{{authority}}" expired on {{notAfter}}; nothing it signs would be accepted.',
        kept: 'Nothing was signed.',
        remedy: 'Create a new CA and roll it out.',
      },
      ja: {
        what: 'CA「{{authority}}」は {{notAfter}} に失効期限を迎えており、署名しても受け入れられません。',
        kept: '何も署名していません。',
        remedy: '新しい CA を作成して切り替えてください。',
      },
      'zh-CN': {
        what: 'CA“{{authority}}”已于 {{notAfter}} 过期，其签发的证书不会被接受。',
        kept: '未签发任何内容。',
        remedy: '请创建新的 CA 并完成切换。',
      },
    },
  ),
  OUTLIVES_AUTHORITY: problem(
    'refused',
    { notAfter: z.string(), authorityNotAfter: z.string() },
    {
      en: {
        what: 'The certificate would be valid until {{notAfter}}, but its CA ends on {{authorityNotAfter}}.',
        kept: 'Nothing was signed.',
        remedy: 'Ask for fewer days.',
      },
      ja: {
        what: '証明書の有効期限 {{notAfter}} が CA の期限 {{authorityNotAfter}} を超えます。',
        kept: '何も署名していません。',
        remedy: '日数を短くしてください。',
      },
      'zh-CN': {
        what: '证书有效期至 {{notAfter}}，超过其 CA 的到期日 {{authorityNotAfter}}。',
        kept: '未签发任何内容。',
        remedy: '请缩短有效天数。',
      },
    },
  ),
  COMMON_NAME_OF_AUTHORITY: problem(
    'refused',
    { commonName: z.string() },
    {
      en: {
        what: '"{{commonName}}" is the common name of the CA itself; CLB and nginx refuse a certificate that shares it.',
        kept: 'Nothing was signed.',
        remedy: 'Choose another common name.',
      },
      ja: {
        what: '「{{commonName}}」は CA 自身のコモンネームです。同じ名前の証明書は CLB や nginx に拒否されます。',
        kept: '何も署名していません。',
        remedy: '別のコモンネームを指定してください。',
      },
      'zh-CN': {
        what: '“{{commonName}}”是 CA 自身的通用名称；CLB 和 nginx 会拒绝同名证书。',
        kept: '未签发任何内容。',
        remedy: '请换一个通用名称。',
      },
    },
  ),
  LINT_REFUSED: problem(
    'refused',
    { rule: z.string(), message: z.string() },
    {
      en: {
        what: 'What was to be signed breaks a rule ({{rule}}: {{message}}).',
        kept: 'Nothing was signed; the serial number stays reserved.',
        remedy: 'Change the request so that it keeps the rule.',
      },
      ja: {
        what: '署名対象が規則に反しています（{{rule}}：{{message}}）。',
        kept: '署名していません。シリアル番号は予約済みのままです。',
        remedy: '規則に合うように申請内容を直してください。',
      },
      'zh-CN': {
        what: '待签发内容违反规则（{{rule}}：{{message}}）。',
        kept: '未签发；序列号保持占用。',
        remedy: '请修改申请内容以符合规则。',
      },
    },
  ),
  CERTIFICATE_NOT_FOUND: problem(
    'failed',
    { certificate: z.string() },
    {
      en: {
        what: 'No certificate here matches "{{certificate}}".',
        remedy: 'Give a serial number, a fingerprint or an exact common name; warifu cert list shows them.',
      },
      ja: {
        what: '「{{certificate}}」に一致する証明書はありません。',
        remedy:
          'シリアル番号、フィンガープリント、またはコモンネームを正確に指定してください（warifu cert list で確認できます）。',
      },
      'zh-CN': {
        what: '没有与“{{certificate}}”匹配的证书。',
        remedy: '请指定序列号、指纹或完整的通用名称（见 warifu cert list）。',
      },
    },
  ),
  CERTIFICATE_AMBIGUOUS: problem(
    'failed',
    { certificate: z.string(), count: z.number() },
    {
      en: {
        what: '{{count}} certificates match "{{certificate}}".',
        kept: 'None was touched.',
        remedy: 'Give the serial number of the one you mean.',
      },
      ja: {
        what: '「{{certificate}}」に一致する証明書が {{count}} 件あります。',
        kept: 'どれも変更していません。',
        remedy: '対象のシリアル番号を指定してください。',
      },
      'zh-CN': {
        what: '有 {{count}} 个证书与“{{certificate}}”匹配。',
        kept: '均未改动。',
        remedy: '请指定所需证书的序列号。',
      },
    },
  ),
  ALREADY_REVOKED: problem(
    'refused',
    { serial: z.string(), revokedAt: z.string() },
    {
      en: {
        what: 'Certificate {{serial}} was revoked already, on {{revokedAt}}.',
        kept: 'That record stands.',
        remedy: 'Nothing is left to do; publish the CRL if you have not.',
      },
      ja: {
        what: '証明書 {{serial}} は {{revokedAt}} に失効済みです。',
        kept: '既存の記録はそのままです。',
        remedy: '追加の操作は不要です。まだなら CRL を発行してください。',
      },
      'zh-CN': {
        what: '证书 {{serial}} 已于 {{revokedAt}} 吊销。',
        kept: '原有记录保持不变。',
        remedy: '无需其他操作；如尚未发布 CRL，请发布。',
      },
    },
  ),
  KEY_NOT_KEPT: problem(
    'refused',
    { commonName: z.string() },
    {
      en: {
        what: 'Warifu does not hold the private key of "{{commonName}}": it was made elsewhere.',
        kept: 'Nothing was changed.',
        remedy: 'Make the PKCS#12 where the key is, or export the certificate alone.',
      },
      ja: {
        what: '「{{commonName}}」の秘密鍵は別の場所で作られたため、Warifu は保持していません。',
        kept: '何も変更していません。',
        remedy: '鍵のある場所で PKCS#12 を作るか、証明書だけをエクスポートしてください。',
      },
      'zh-CN': {
        what: 'Warifu 未保存“{{commonName}}”的私钥，它是在别处生成的。',
        kept: '未做任何更改。',
        remedy: '请在私钥所在处制作 PKCS#12，或仅导出证书。',
      },
    },
  ),
  INTENT_NOT_FOUND: problem(
    'failed',
    { id: z.string() },
    {
      en: {
        what: 'No open issuing intent has the id {{id}}.',
        remedy: 'It may have been settled meanwhile; list them again.',
      },
      ja: {
        what: 'ID {{id}} の未完了の発行記録はありません。',
        remedy: '既に処理された可能性があります。一覧を更新してください。',
      },
      'zh-CN': { what: '没有 ID 为 {{id}} 的未完成签发记录。', remedy: '可能已被处理；请重新列出。' },
    },
  ),
} as const;
