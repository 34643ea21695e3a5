/** What can be said about a server certificate before it is put on a listener: every finding, its data and its words. */
import { z } from 'zod';
import type { Language, ProblemText } from './problems/define.ts';

/** `error`: some or all visitors would be refused. `warning`: it can work, but somebody has to look. `note`: good to know. */
export const findingSeverity = z.enum(['error', 'warning', 'note']);
export type FindingSeverity = z.infer<typeof findingSeverity>;

type FindingText = Pick<ProblemText, 'what' | 'remedy'>;

interface FindingDefinition<S extends z.ZodType = z.ZodType> {
  readonly severity: FindingSeverity;
  readonly data: S;
  readonly text: Readonly<Record<Language, FindingText>>;
}

function finding<S extends z.ZodRawShape>(
  severity: FindingSeverity,
  shape: S,
  text: Readonly<Record<Language, FindingText>>,
): FindingDefinition<z.ZodObject<S>> {
  return { severity, data: z.object(shape), text };
}

/** `subject` and `issuer` are names as RFC 4514 text. */
const subject = z.string();
const issuer = z.string();
/** ISO 8601 UTC. */
const at = z.string();

/** In the order in which they are reported. */
export const serverCertificateFindings = {
  KEY_MISSING: finding(
    'error',
    { subject },
    {
      en: {
        what: 'There is no private key for "{{subject}}".',
        remedy:
          'Add the key file that was made together with the certificate or its request; without it no listener can use the certificate.',
      },
      ja: {
        what: '「{{subject}}」の秘密鍵がありません。',
        remedy:
          '証明書または CSR と一緒に作られた秘密鍵のファイルを追加してください。秘密鍵がないとリスナーでは使えません。',
      },
      'zh-CN': {
        what: '缺少“{{subject}}”的私钥。',
        remedy: '请添加与该证书或其 CSR 一同生成的私钥文件；没有私钥，监听无法使用该证书。',
      },
    },
  ),
  KEY_MISMATCH: finding(
    'error',
    { subject, key: z.string() },
    {
      en: {
        what: 'The private key ({{key}}) does not belong to "{{subject}}".',
        remedy:
          'Look for the key that was made together with the request of this certificate. If it is lost, ask the CA to reissue the certificate for a new request.',
      },
      ja: {
        what: '秘密鍵（{{key}}）が「{{subject}}」と一致しません。',
        remedy:
          'この証明書の CSR と一緒に作られた秘密鍵を探してください。見つからない場合は、新しい CSR で再発行を CA に依頼してください。',
      },
      'zh-CN': {
        what: '私钥（{{key}}）与“{{subject}}”不匹配。',
        remedy: '请查找与该证书的 CSR 一同生成的私钥；如已丢失，请用新的 CSR 请 CA 重新签发。',
      },
    },
  ),
  KEY_BELONGS_TO: finding(
    'note',
    { owner: z.string() },
    {
      en: {
        what: 'The private key that was given is that of "{{owner}}".',
        remedy:
          'Keep that key away from the load balancer, and give the key of the server certificate instead.',
      },
      ja: {
        what: '指定された秘密鍵は「{{owner}}」のものです。',
        remedy: 'その鍵はロードバランサーに置かず、サーバー証明書の秘密鍵を指定してください。',
      },
      'zh-CN': {
        what: '所提供的私钥属于“{{owner}}”。',
        remedy: '请勿将该私钥放到负载均衡上，请改为提供服务器证书的私钥。',
      },
    },
  ),
  IS_CA: finding(
    'error',
    { subject },
    {
      en: {
        what: '"{{subject}}" is a CA certificate, not one for a server; Firefox and others refuse it on a listener.',
        remedy: 'Choose the certificate that the CA issued for the domain, or issue one from this CA.',
      },
      ja: {
        what: '「{{subject}}」は CA 証明書で、サーバー証明書ではありません。Firefox などはリスナーで拒否します。',
        remedy: 'ドメインに対して発行された証明書を選ぶか、この CA からサーバー証明書を発行してください。',
      },
      'zh-CN': {
        what: '“{{subject}}”是 CA 证书而非服务器证书，用于监听时会被 Firefox 等拒绝。',
        remedy: '请选择 CA 为域名签发的证书，或用此 CA 签发一张服务器证书。',
      },
    },
  ),
  NOT_FOR_SERVERS: finding(
    'error',
    { subject, usages: z.string() },
    {
      en: {
        what: '"{{subject}}" may not be used by a server; it is for: {{usages}}.',
        remedy:
          'Ask the CA for a server certificate (extended key usage serverAuth, key usage digitalSignature).',
      },
      ja: {
        what: '「{{subject}}」はサーバー用ではありません（用途：{{usages}}）。',
        remedy:
          'サーバー証明書（拡張キー使用法 serverAuth、キー使用法 digitalSignature）の発行を CA に依頼してください。',
      },
      'zh-CN': {
        what: '“{{subject}}”不能用于服务器，其用途为：{{usages}}。',
        remedy: '请向 CA 申请服务器证书（扩展密钥用法 serverAuth，密钥用法 digitalSignature）。',
      },
    },
  ),
  EXPIRED: finding(
    'error',
    { subject, notAfter: at },
    {
      en: {
        what: '"{{subject}}" expired on {{notAfter}}.',
        remedy:
          'Get the renewed certificate; if it is an intermediate certificate, download the current one from the CA.',
      },
      ja: {
        what: '「{{subject}}」の有効期限は {{notAfter}} に切れています。',
        remedy:
          '更新された証明書を入手してください。中間証明書の場合は、CA から最新のものをダウンロードしてください。',
      },
      'zh-CN': {
        what: '“{{subject}}”已于 {{notAfter}} 过期。',
        remedy: '请获取续期后的证书；如为中间证书，请从 CA 下载最新版本。',
      },
    },
  ),
  NOT_YET_VALID: finding(
    'warning',
    { subject, notBefore: at },
    {
      en: {
        what: '"{{subject}}" becomes valid on {{notBefore}}; until then visitors are refused.',
        remedy: 'Wait until then before you roll it out, and check the clock of this computer.',
      },
      ja: {
        what: '「{{subject}}」が有効になるのは {{notBefore}} からです。それまで訪問者は拒否されます。',
        remedy: 'その日時まで展開を待ってください。このコンピューターの時計も確認してください。',
      },
      'zh-CN': {
        what: '“{{subject}}”自 {{notBefore}} 起才生效，在此之前访问会被拒绝。',
        remedy: '请等到生效后再部署，并检查本机时钟。',
      },
    },
  ),
  EXPIRES_SOON: finding(
    'warning',
    { subject, notAfter: at, days: z.number() },
    {
      en: {
        what: '"{{subject}}" expires in {{days}} days, on {{notAfter}}.',
        remedy: 'Order its renewal now and plan the change of the listener.',
      },
      ja: {
        what: '「{{subject}}」はあと {{days}} 日、{{notAfter}} に期限が切れます。',
        remedy: '今のうちに更新を手配し、リスナーの切り替えを計画してください。',
      },
      'zh-CN': {
        what: '“{{subject}}”将在 {{days}} 天后（{{notAfter}}）过期。',
        remedy: '请尽快办理续期，并安排监听的证书更换。',
      },
    },
  ),
  NO_SAN: finding(
    'error',
    { subject },
    {
      en: {
        what: '"{{subject}}" names no host in its subjectAltName; browsers do not look at the common name.',
        remedy: 'Have it issued again with every domain as a DNS name in subjectAltName.',
      },
      ja: {
        what: '「{{subject}}」の subjectAltName にホスト名がありません。ブラウザーはコモンネームを見ません。',
        remedy: 'すべてのドメインを subjectAltName の DNS 名に入れて再発行してもらってください。',
      },
      'zh-CN': {
        what: '“{{subject}}”的 subjectAltName 中没有主机名，浏览器不会查看通用名称（CN）。',
        remedy: '请重新签发，并将所有域名作为 DNS 名称写入 subjectAltName。',
      },
    },
  ),
  NAME_NOT_COVERED: finding(
    'error',
    { host: z.string(), names: z.string() },
    {
      en: {
        what: 'The certificate does not cover {{host}}; it covers: {{names}}.',
        remedy:
          'Use a certificate that lists this name. A wildcard stands for exactly one label: *.example.com covers www.example.com, but neither example.com nor a.b.example.com.',
      },
      ja: {
        what: 'この証明書は {{host}} を対象に含みません（対象：{{names}}）。',
        remedy:
          'この名前を含む証明書を使ってください。ワイルドカードは 1 階層だけに一致します。*.example.com は www.example.com に使えますが、example.com や a.b.example.com には使えません。',
      },
      'zh-CN': {
        what: '该证书不包含 {{host}}，其包含：{{names}}。',
        remedy:
          '请使用包含该名称的证书。通配符只匹配一级：*.example.com 适用于 www.example.com，但不适用于 example.com 和 a.b.example.com。',
      },
    },
  ),
  RSA_TOO_SMALL: finding(
    'error',
    { subject, bits: z.number() },
    {
      en: {
        what: 'The RSA key of "{{subject}}" has {{bits}} bits only; browsers refuse fewer than 2048.',
        remedy: 'Make a new RSA key of 2048 bits and have the certificate issued for it.',
      },
      ja: {
        what: '「{{subject}}」の RSA 鍵は {{bits}} ビットしかありません。2048 ビット未満はブラウザーに拒否されます。',
        remedy: '2048 ビットの RSA 鍵を新しく作り、その鍵で証明書を発行してもらってください。',
      },
      'zh-CN': {
        what: '“{{subject}}”的 RSA 密钥只有 {{bits}} 位，低于 2048 位会被浏览器拒绝。',
        remedy: '请生成新的 2048 位 RSA 密钥，并据此重新签发证书。',
      },
    },
  ),
  WEAK_SIGNATURE: finding(
    'error',
    { subject, algorithm: z.string() },
    {
      en: {
        what: '"{{subject}}" is signed with {{algorithm}}, which is broken; browsers refuse it.',
        remedy:
          'Have it issued again with SHA-256; if it is an intermediate certificate, download the current one from the CA.',
      },
      ja: {
        what: '「{{subject}}」の署名 {{algorithm}} は安全でなく、ブラウザーに拒否されます。',
        remedy:
          'SHA-256 で再発行してもらってください。中間証明書の場合は、CA から最新のものをダウンロードしてください。',
      },
      'zh-CN': {
        what: '“{{subject}}”使用了已不安全的 {{algorithm}} 签名，会被浏览器拒绝。',
        remedy: '请用 SHA-256 重新签发；如为中间证书，请从 CA 下载最新版本。',
      },
    },
  ),
  CHAIN_BROKEN: finding(
    'error',
    { subject, issuer },
    {
      en: {
        what: 'A certificate called "{{issuer}}" is there, but its key did not sign "{{subject}}".',
        remedy:
          'Download the chain that belongs to this very certificate; CAs renew their intermediates under the same name.',
      },
      ja: {
        what: '「{{issuer}}」という名前の証明書はありますが、「{{subject}}」に署名した鍵ではありません。',
        remedy:
          'この証明書に対応するチェーンをダウンロードし直してください。CA は同じ名前のまま中間証明書を更新することがあります。',
      },
      'zh-CN': {
        what: '存在名为“{{issuer}}”的证书，但“{{subject}}”并非由其密钥签名。',
        remedy: '请重新下载与该证书配套的证书链；CA 可能以相同名称更换过中间证书。',
      },
    },
  ),
  ISSUER_NOT_CA: finding(
    'error',
    { subject, issuer },
    {
      en: {
        what: '"{{subject}}" was signed by "{{issuer}}", which is not a CA certificate.',
        remedy: 'Issue it again from a CA certificate (basicConstraints CA:TRUE, key usage keyCertSign).',
      },
      ja: {
        what: '「{{subject}}」に署名した「{{issuer}}」は CA 証明書ではありません。',
        remedy: 'CA 証明書（basicConstraints CA:TRUE、キー使用法 keyCertSign）から発行し直してください。',
      },
      'zh-CN': {
        what: '“{{subject}}”由“{{issuer}}”签名，但后者不是 CA 证书。',
        remedy: '请用 CA 证书（basicConstraints CA:TRUE，密钥用法 keyCertSign）重新签发。',
      },
    },
  ),
  SAME_NAME_AS_ISSUER: finding(
    'warning',
    { subject },
    {
      en: {
        what: '"{{subject}}" carries the very name of the CA that signed it; older clients take it for self-signed and refuse it.',
        remedy: 'Have it issued under another name, for example with the domain as common name.',
      },
      ja: {
        what: '「{{subject}}」は署名した CA と同じ名前のため、古いクライアントが自己署名とみなして拒否することがあります。',
        remedy: 'ドメインをコモンネームにするなど、別の名前で発行し直してください。',
      },
      'zh-CN': {
        what: '“{{subject}}”与签发它的 CA 同名，较旧的客户端可能视其为自签名而拒绝。',
        remedy: '请改用其他名称重新签发，例如以域名作为通用名称。',
      },
    },
  ),
  CHAIN_INCOMPLETE: finding(
    'warning',
    { subject, issuer },
    {
      en: {
        what: 'The certificate of "{{issuer}}", which signed "{{subject}}", is missing; many clients cannot fetch it themselves.',
        remedy:
          'Download this intermediate certificate from the CA (often named chain or ca-bundle) and add it. If it is a private root that every client has, nothing is missing.',
      },
      ja: {
        what: '「{{subject}}」に署名した「{{issuer}}」の証明書がありません。多くのクライアントは自分で取得できません。',
        remedy:
          'CA からこの中間証明書（chain や ca-bundle という名前が多い）をダウンロードして追加してください。すべてのクライアントが持つ独自のルートであれば、不足はありません。',
      },
      'zh-CN': {
        what: '缺少签发“{{subject}}”的“{{issuer}}”证书，许多客户端无法自行获取。',
        remedy:
          '请从 CA 下载该中间证书（文件名常为 chain 或 ca-bundle）并添加。若它是所有客户端都已安装的私有根证书，则无需处理。',
      },
    },
  ),
  SELF_SIGNED: finding(
    'warning',
    { subject },
    {
      en: {
        what: '"{{subject}}" is signed by itself: every client warns until it trusts this very certificate.',
        remedy: 'For practice, issue one from an own CA; for the public, buy one.',
      },
      ja: {
        what: '「{{subject}}」は自己署名です。この証明書自体を信頼するまで、すべてのクライアントが警告します。',
        remedy: '練習用なら自分の CA から発行し、公開用なら認証局から購入してください。',
      },
      'zh-CN': {
        what: '“{{subject}}”是自签名证书，客户端在信任该证书之前都会告警。',
        remedy: '演练时请用自有 CA 签发；对外服务请购买证书。',
      },
    },
  ),
  CLB_ALGORITHM: finding(
    'warning',
    { key: z.string() },
    {
      en: {
        what: 'CLB takes server certificates with an RSA key of 1024, 2048 or 4096 bits only; this one has {{key}}.',
        remedy:
          'For CLB have it issued for an RSA key of 2048 bits; elsewhere (ALB, nginx) it can be used as it is.',
      },
      ja: {
        what: 'CLB のサーバー証明書に使えるのは 1024、2048、4096 ビットの RSA 鍵だけです。この証明書は {{key}} です。',
        remedy:
          'CLB で使うには 2048 ビットの RSA 鍵で発行してもらってください。ALB や nginx ではこのまま使えます。',
      },
      'zh-CN': {
        what: 'CLB 的服务器证书仅支持 1024、2048 或 4096 位 RSA 密钥，而该证书为 {{key}}。',
        remedy: '用于 CLB 时请以 2048 位 RSA 密钥重新签发；用于 ALB、nginx 等则可直接使用。',
      },
    },
  ),
  CHAIN_UNRELATED: finding(
    'warning',
    { count: z.number(), subjects: z.string() },
    {
      en: {
        what: '{{count}} certificate(s) have nothing to do with this chain and are left out: {{subjects}}.',
        remedy: 'Nothing needs to be done, unless one of them should have been the intermediate certificate.',
      },
      ja: {
        what: 'このチェーンと関係のない証明書が {{count}} 件あり、除外します：{{subjects}}',
        remedy: 'それが本来の中間証明書でなければ、対応は不要です。',
      },
      'zh-CN': {
        what: '有 {{count}} 个证书与该证书链无关，已排除：{{subjects}}。',
        remedy: '除非其中本应有所需的中间证书，否则无需处理。',
      },
    },
  ),
  CHAIN_OUT_OF_ORDER: finding(
    'note',
    {},
    {
      en: {
        what: 'The certificates did not stand in order, leaf first; Warifu has put them in order.',
        remedy: 'Nothing needs to be done. For other tools use the chain that Warifu writes.',
      },
      ja: {
        what: '証明書がサーバー証明書を先頭にした順に並んでいなかったため、Warifu が並べ直しました。',
        remedy: '対応は不要です。ほかのツールでは、Warifu が書き出すチェーンを使ってください。',
      },
      'zh-CN': {
        what: '证书未按服务器证书在最前的顺序排列，Warifu 已重新排序。',
        remedy: '无需处理。用于其他工具时，请使用 Warifu 导出的证书链。',
      },
    },
  ),
  ROOT_INCLUDED: finding(
    'note',
    { subject },
    {
      en: {
        what: 'The root "{{subject}}" was among the certificates; it is left out, since clients use their own copy.',
        remedy: 'Nothing needs to be done.',
      },
      ja: {
        what: 'ルート証明書「{{subject}}」が含まれていました。クライアントは自分のものを使うため、除外します。',
        remedy: '対応は不要です。',
      },
      'zh-CN': {
        what: '其中包含根证书“{{subject}}”；客户端会使用自己的副本，因此已排除。',
        remedy: '无需处理。',
      },
    },
  ),
  PRIVATE_ROOT: finding(
    'note',
    { subject },
    {
      en: {
        what: 'The chain ends at "{{subject}}", which is not among the public roots that browsers trust.',
        remedy: 'Install this root on every client that will visit the listener.',
      },
      ja: {
        what: 'チェーンの終点「{{subject}}」は、ブラウザーが信頼する公開ルートではありません。',
        remedy: 'リスナーにアクセスするすべてのクライアントに、このルート証明書をインストールしてください。',
      },
      'zh-CN': {
        what: '证书链止于“{{subject}}”，它不属于浏览器信任的公共根证书。',
        remedy: '请在所有访问该监听的客户端上安装此根证书。',
      },
    },
  ),
} as const;

export type FindingCode = keyof typeof serverCertificateFindings;
export type FindingData<C extends FindingCode> = z.infer<(typeof serverCertificateFindings)[C]['data']>;

const findingCodes = Object.keys(serverCertificateFindings) as [FindingCode, ...FindingCode[]];

/** A finding as it travels. */
export const serverCertificateFinding = z.object({
  code: z.enum(findingCodes),
  severity: findingSeverity,
  data: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type ServerCertificateFinding = z.infer<typeof serverCertificateFinding>;

/** Worst first, then in the order of the table. */
export function sortFindings(findings: readonly ServerCertificateFinding[]): ServerCertificateFinding[] {
  const rank = ({ code, severity }: ServerCertificateFinding): number =>
    findingSeverity.options.indexOf(severity) * findingCodes.length + findingCodes.indexOf(code);
  return findings.toSorted((a, b) => rank(a) - rank(b));
}

/** The words for a finding in `language`, its data filled in. */
export function describeFinding(
  { code, data }: Pick<ServerCertificateFinding, 'code' | 'data'>,
  language: Language,
): FindingText {
  const text: FindingText = serverCertificateFindings[code].text[language];
  const fill = (template: string): string =>
    template.replace(/\{\{(\w+)\}\}/g, (_, field: string) => String(data[field] ?? ''));
  return { what: fill(text.what), remedy: fill(text.remedy) };
}
