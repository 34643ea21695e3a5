import { z } from 'zod';
import { problem } from './define.ts';

/** Why a rollout is not begun, stops short, or does not get healthy. */
export const rolloutProblems = {
  ROLLOUT_REFUSED: problem(
    'usage',
    { reason: z.string() },
    {
      en: {
        what: 'This rollout cannot be planned: {{reason}}.',
        kept: 'Nothing was sent to the cloud.',
        remedy: 'Correct the value named and plan again.',
      },
      ja: {
        what: 'このロールアウトは計画できません：{{reason}}。',
        kept: 'クラウドには何も送信していません。',
        remedy: '示された値を直して、計画し直してください。',
      },
      'zh-CN': {
        what: '无法为此次部署制定计划：{{reason}}。',
        kept: '未向云端发送任何内容。',
        remedy: '请修正所指出的值后重新制定计划。',
      },
    },
  ),
  CLB_KEY_REFUSED: problem(
    'refused',
    { certificate: z.string(), algorithm: z.string() },
    {
      en: {
        what: 'The certificate "{{certificate}}" has a key of type {{algorithm}}, which CLB does not accept or which is too weak.',
        kept: 'Nothing was sent to the cloud.',
        remedy:
          'CLB takes RSA keys of 2048 or 4096 bits. Make or order the certificate again with one of these.',
      },
      ja: {
        what: '証明書「{{certificate}}」の鍵は {{algorithm}} で、CLB が受け付けないか、強度が不足しています。',
        kept: 'クラウドには何も送信していません。',
        remedy:
          'CLB が受け付けるのは 2048 または 4096 ビットの RSA 鍵です。いずれかで証明書を作り直すか、取り直してください。',
      },
      'zh-CN': {
        what: '证书“{{certificate}}”的密钥类型为 {{algorithm}}，CLB 不接受或强度不足。',
        kept: '未向云端发送任何内容。',
        remedy: 'CLB 接受 2048 或 4096 位的 RSA 密钥。请使用其中之一重新制作或申请证书。',
      },
    },
  ),
  CLB_NAME_REFUSED: problem(
    'usage',
    { name: z.string() },
    {
      en: {
        what: 'CLB does not accept the name "{{name}}".',
        kept: 'Nothing was sent to the cloud.',
        remedy: 'Use 1 to 80 characters: a Latin letter first, then letters, digits, ".", "_" and "-".',
      },
      ja: {
        what: 'CLB では名前「{{name}}」を使えません。',
        kept: 'クラウドには何も送信していません。',
        remedy: '1～80 文字で、先頭は英字、続きは英数字と「.」「_」「-」だけにしてください。',
      },
      'zh-CN': {
        what: 'CLB 不接受名称“{{name}}”。',
        kept: '未向云端发送任何内容。',
        remedy: '名称为 1 至 80 个字符，以英文字母开头，其后只能使用字母、数字、“.”、“_”和“-”。',
      },
    },
  ),
  CLB_CA_NOT_ONE: problem(
    'refused',
    { count: z.number() },
    {
      en: {
        what: 'The CA certificate file holds {{count}} certificates; CLB takes exactly one per listener.',
        kept: 'Nothing was sent to the cloud.',
        remedy: 'Give only the certificate of the CA that signs the client certificates.',
      },
      ja: {
        what: 'CA 証明書のファイルに証明書が {{count}} 枚あります。CLB はリスナーごとに 1 枚だけ受け付けます。',
        kept: 'クラウドには何も送信していません。',
        remedy: 'クライアント証明書に署名する CA の証明書だけを指定してください。',
      },
      'zh-CN': {
        what: 'CA 证书文件中包含 {{count}} 张证书；CLB 的每个监听只接受一张。',
        kept: '未向云端发送任何内容。',
        remedy: '请只提供为客户端证书签名的那个 CA 的证书。',
      },
    },
  ),
  CLB_CA_NOT_A_CA: problem(
    'refused',
    { certificate: z.string() },
    {
      en: {
        what: '"{{certificate}}" is not the certificate of a CA (X.509 v3 with basicConstraints CA:TRUE).',
        kept: 'Nothing was sent to the cloud.',
        remedy:
          'Choose the CA certificate. One made by the classic openssl commands is version 1: make a new CA in Warifu.',
      },
      ja: {
        what: '「{{certificate}}」は CA 証明書（basicConstraints が CA:TRUE の X.509 v3）ではありません。',
        kept: 'クラウドには何も送信していません。',
        remedy:
          'CA 証明書を選んでください。従来の openssl コマンドで作った CA はバージョン 1 なので、Warifu で作り直してください。',
      },
      'zh-CN': {
        what: '“{{certificate}}”不是 CA 证书（basicConstraints 为 CA:TRUE 的 X.509 v3 证书）。',
        kept: '未向云端发送任何内容。',
        remedy: '请选择 CA 证书。用传统 openssl 命令制作的 CA 是版本 1，请在 Warifu 中重新创建。',
      },
    },
  ),
  CLB_CA_NAME_CLASH: problem(
    'refused',
    { commonName: z.string() },
    {
      en: {
        what: 'The CA and the server certificate have the same common name "{{commonName}}"; verification then fails with an error that does not say why.',
        kept: 'Nothing was sent to the cloud.',
        remedy: 'Make a CA whose common name differs from every certificate that it signs or stands beside.',
      },
      ja: {
        what: 'CA とサーバー証明書の共通名（CN）がどちらも「{{commonName}}」です。このままでは原因の分からない検証エラーになります。',
        kept: 'クラウドには何も送信していません。',
        remedy: 'CA の共通名は、署名する証明書や並べて使う証明書と違うものにして作り直してください。',
      },
      'zh-CN': {
        what: 'CA 与服务器证书的通用名称（CN）同为“{{commonName}}”；验证会失败且不说明原因。',
        kept: '未向云端发送任何内容。',
        remedy: '请创建一个通用名称与其签发或并用的证书都不同的 CA。',
      },
    },
  ),
  CLB_CHAIN_BROKEN: problem(
    'refused',
    { certificate: z.string(), position: z.number() },
    {
      en: {
        what: 'Certificate {{position}} of the server certificate chain is not signed by the one after it ("{{certificate}}").',
        kept: 'Nothing was sent to the cloud.',
        remedy: 'Import the chain into Warifu; it puts the server certificate first and then each issuer.',
      },
      ja: {
        what: 'サーバー証明書チェーンの {{position}} 番目の証明書は、次の証明書で署名されていません（「{{certificate}}」）。',
        kept: 'クラウドには何も送信していません。',
        remedy: 'チェーンを Warifu に取り込めば、サーバー証明書を先頭に発行者の順に並べ直します。',
      },
      'zh-CN': {
        what: '服务器证书链中的第 {{position}} 张证书不是由其后一张证书签发的（“{{certificate}}”）。',
        kept: '未向云端发送任何内容。',
        remedy: '请将证书链导入 Warifu，它会把服务器证书放在最前，其后依次为各级签发者。',
      },
    },
  ),
  CLB_CHAIN_HOLDS_KEY: problem(
    'refused',
    { name: z.string() },
    {
      en: {
        what: 'There is a private key among the certificates of "{{name}}".',
        kept: 'Nothing was sent to the cloud, and the text was not stored.',
        remedy: 'Give certificates only; Warifu takes the key from its vault when it uploads.',
      },
      ja: {
        what: '「{{name}}」の証明書の中に秘密鍵が含まれています。',
        kept: 'クラウドには何も送信せず、内容も保存していません。',
        remedy: '証明書だけを指定してください。鍵はアップロード時に Warifu が保管庫から取り出します。',
      },
      'zh-CN': {
        what: '“{{name}}”的证书内容中含有私钥。',
        kept: '未向云端发送任何内容，也未保存该文本。',
        remedy: '请只提供证书；上传时 Warifu 会从保管库中取出私钥。',
      },
    },
  ),
  CLB_CERTIFICATE_DATES: problem(
    'refused',
    { certificate: z.string(), notBefore: z.string(), notAfter: z.string() },
    {
      en: {
        what: '"{{certificate}}" is not valid today (from {{notBefore}} to {{notAfter}}).',
        kept: 'Nothing was sent to the cloud.',
        remedy: 'Renew it, or check the clock of this computer.',
      },
      ja: {
        what: '「{{certificate}}」は現在有効ではありません（{{notBefore}} から {{notAfter}} まで）。',
        kept: 'クラウドには何も送信していません。',
        remedy: '証明書を更新するか、このコンピューターの時計を確認してください。',
      },
      'zh-CN': {
        what: '“{{certificate}}”目前无效（有效期 {{notBefore}} 至 {{notAfter}}）。',
        kept: '未向云端发送任何内容。',
        remedy: '请更新证书，或检查本机时钟。',
      },
    },
  ),
  HEALTH_CHECK_URI_REFUSED: problem(
    'usage',
    { uri: z.string() },
    {
      en: {
        what: 'CLB does not accept "{{uri}}" as the path of the health check.',
        kept: 'Nothing was sent to the cloud.',
        remedy:
          'Give a path of 2 to 80 characters that starts with "/", such as /healthz; letters, digits and - / . % ? # & are allowed.',
      },
      ja: {
        what: 'CLB のヘルスチェックのパスに「{{uri}}」は使えません。',
        kept: 'クラウドには何も送信していません。',
        remedy:
          '/healthz のように「/」で始まる 2～80 文字のパスを指定してください。使えるのは英数字と - / . % ? # & です。',
      },
      'zh-CN': {
        what: 'CLB 不接受“{{uri}}”作为健康检查路径。',
        kept: '未向云端发送任何内容。',
        remedy: '请指定以“/”开头的 2 至 80 个字符的路径，例如 /healthz；可使用字母、数字和 - / . % ? # &。',
      },
    },
  ),
  VSWITCH_REQUIRED: problem(
    'usage',
    { name: z.string() },
    {
      en: {
        what: 'The internal load balancer "{{name}}" needs a vSwitch.',
        kept: 'Nothing was sent to the cloud.',
        remedy: 'Give the id of a vSwitch (vsw-…) of the VPC where the backends are.',
      },
      ja: {
        what: 'プライベートのロードバランサー「{{name}}」には vSwitch が必要です。',
        kept: 'クラウドには何も送信していません。',
        remedy: 'バックエンドサーバーのある VPC の vSwitch ID（vsw-…）を指定してください。',
      },
      'zh-CN': {
        what: '私网负载均衡实例“{{name}}”需要指定交换机。',
        kept: '未向云端发送任何内容。',
        remedy: '请指定后端服务器所在 VPC 的交换机 ID（vsw-…）。',
      },
    },
  ),
  LOAD_BALANCER_NOT_FOUND: problem(
    'failed',
    { loadBalancer: z.string(), regionId: z.string() },
    {
      en: {
        what: 'There is no load balancer {{loadBalancer}} in {{regionId}}.',
        kept: 'Nothing was changed.',
        remedy: 'Check the id and the region in the console, or let Warifu create one.',
      },
      ja: {
        what: 'ロードバランサー {{loadBalancer}} は {{regionId}} にありません。',
        kept: '何も変更していません。',
        remedy: 'コンソールで ID とリージョンを確認するか、Warifu に作成させてください。',
      },
      'zh-CN': {
        what: '{{regionId}} 中不存在负载均衡实例 {{loadBalancer}}。',
        kept: '未做任何更改。',
        remedy: '请在控制台核对 ID 和地域，或让 Warifu 创建一个。',
      },
    },
  ),
  LOAD_BALANCER_AMBIGUOUS: problem(
    'failed',
    { name: z.string(), ids: z.string() },
    {
      en: {
        what: 'Several load balancers are called "{{name}}": {{ids}}.',
        kept: 'Nothing was changed.',
        remedy: 'Say which one by its id.',
      },
      ja: {
        what: '「{{name}}」という名前のロードバランサーが複数あります：{{ids}}。',
        kept: '何も変更していません。',
        remedy: 'どれを使うか ID で指定してください。',
      },
      'zh-CN': {
        what: '有多个负载均衡实例名为“{{name}}”：{{ids}}。',
        kept: '未做任何更改。',
        remedy: '请用 ID 指明要使用哪一个。',
      },
    },
  ),
  LOAD_BALANCER_LOCKED: problem(
    'failed',
    { loadBalancer: z.string() },
    {
      en: {
        what: 'The load balancer {{loadBalancer}} is locked by Alibaba Cloud.',
        kept: 'Nothing was changed.',
        remedy: 'This happens when a bill is overdue; settle it in the console and run it again.',
      },
      ja: {
        what: 'ロードバランサー {{loadBalancer}} は Alibaba Cloud によりロックされています。',
        kept: '何も変更していません。',
        remedy: '料金の未払いが主な原因です。コンソールで支払いを済ませてから、もう一度実行してください。',
      },
      'zh-CN': {
        what: '负载均衡实例 {{loadBalancer}} 已被阿里云锁定。',
        kept: '未做任何更改。',
        remedy: '通常是欠费所致；请在控制台结清后重新运行。',
      },
    },
  ),
  LOAD_BALANCER_SHARED: problem(
    'refused',
    { loadBalancer: z.string(), ports: z.string() },
    {
      en: {
        what: 'The load balancer {{loadBalancer}} now also has listeners that this rollout did not make (ports {{ports}}), so it is not deleted.',
        kept: 'The load balancer and those listeners stand as they were.',
        remedy:
          'Delete those listeners yourself if they are no longer needed, then destroy the rollout again.',
      },
      ja: {
        what: 'ロードバランサー {{loadBalancer}} には、このロールアウトが作っていないリスナー（ポート {{ports}}）もあるため、削除しません。',
        kept: 'ロードバランサーとそれらのリスナーは元のままです。',
        remedy: '不要であればそれらのリスナーを自分で削除してから、もう一度ロールアウトを撤去してください。',
      },
      'zh-CN': {
        what: '负载均衡实例 {{loadBalancer}} 上还有并非由此次部署创建的监听（端口 {{ports}}），因此不予删除。',
        kept: '该实例和这些监听保持不变。',
        remedy: '如不再需要这些监听，请自行删除，然后再次销毁此次部署。',
      },
    },
  ),
  LISTENER_PORT_TAKEN: problem(
    'failed',
    { loadBalancer: z.string(), port: z.number(), protocol: z.string() },
    {
      en: {
        what: 'Port {{port}} of {{loadBalancer}} already has a listener for {{protocol}}.',
        kept: 'It stands as it was; nothing was changed.',
        remedy: 'Choose another port, or delete that listener yourself.',
      },
      ja: {
        what: '{{loadBalancer}} のポート {{port}} には、すでに {{protocol}} のリスナーがあります。',
        kept: 'そのリスナーは元のままで、何も変更していません。',
        remedy: '別のポートを選ぶか、そのリスナーを自分で削除してください。',
      },
      'zh-CN': {
        what: '{{loadBalancer}} 的端口 {{port}} 上已有 {{protocol}} 监听。',
        kept: '该监听保持不变，未做任何更改。',
        remedy: '请选择其他端口，或自行删除该监听。',
      },
    },
  ),
  ROLLOUT_UNHEALTHY: problem(
    'failed',
    { backends: z.string(), seconds: z.number(), uri: z.string(), port: z.number() },
    {
      en: {
        what: 'After {{seconds}} s not every backend is healthy: {{backends}}.',
        kept: 'The listener is configured and running; clients reach only the healthy backends.',
        remedy:
          'Check on the backends that port {{port}} answers {{uri}} to a HEAD request with the expected status, that the security group and the host firewall let 100.64.0.0/10 in, and that the server is running. Then run it again.',
      },
      ja: {
        what: '{{seconds}} 秒たっても正常でないバックエンドがあります：{{backends}}。',
        kept: 'リスナーは設定済みで動作中です。クライアントは正常なバックエンドにだけ接続されます。',
        remedy:
          'バックエンドのポート {{port}} が {{uri}} への HEAD リクエストに期待どおりのステータスを返すか、セキュリティグループとホストのファイアウォールが 100.64.0.0/10 を許可しているか、サーバーが動作中かを確認してから、もう一度実行してください。',
      },
      'zh-CN': {
        what: '{{seconds}} 秒后仍有后端服务器不健康：{{backends}}。',
        kept: '监听已配置并在运行；客户端只会到达健康的后端服务器。',
        remedy:
          '请检查后端服务器：端口 {{port}} 对 {{uri}} 的 HEAD 请求是否返回预期状态码，安全组和主机防火墙是否放行 100.64.0.0/10，服务器是否在运行。然后重新运行。',
      },
    },
  ),
  ROLLOUT_TIMED_OUT: problem(
    'failed',
    { name: z.string(), seconds: z.number(), expected: z.string(), state: z.string() },
    {
      en: {
        what: '{{name}} is still "{{state}}" after {{seconds}} s; expected was "{{expected}}".',
        kept: 'What was done until then is recorded and stands.',
        remedy: 'Look at it in the console; when it has moved on, run it again and it continues from there.',
      },
      ja: {
        what: '{{name}} は {{seconds}} 秒たっても「{{state}}」のままです（期待した状態：「{{expected}}」）。',
        kept: 'それまでに行った内容は記録され、そのまま残っています。',
        remedy: 'コンソールで状態を確認し、進んでいたらもう一度実行してください。続きから再開します。',
      },
      'zh-CN': {
        what: '{{seconds}} 秒后 {{name}} 仍为“{{state}}”，预期为“{{expected}}”。',
        kept: '此前完成的内容已记录并保留。',
        remedy: '请在控制台查看；状态变化后重新运行，将从该处继续。',
      },
    },
  ),
  ROLLOUT_CANCELLED: problem(
    'failed',
    { step: z.string() },
    {
      en: {
        what: 'Stopped before the step "{{step}}", as asked.',
        kept: 'The steps before it are done and recorded.',
        remedy: 'Run it again to continue, or destroy the rollout to take down what it made.',
      },
      ja: {
        what: '指示どおり、手順「{{step}}」の前で止めました。',
        kept: 'それより前の手順は完了し、記録されています。',
        remedy: '続けるにはもう一度実行し、取りやめるにはロールアウトを撤去してください。',
      },
      'zh-CN': {
        what: '已按要求在步骤“{{step}}”之前停止。',
        kept: '之前的步骤已完成并记录。',
        remedy: '重新运行即可继续；如要放弃，请销毁此次部署以删除其创建的内容。',
      },
    },
  ),
  ROLLOUT_PLAN_CHANGED: problem(
    'failed',
    {},
    {
      en: {
        what: 'The cloud has changed since this plan was made; other steps would be needed now.',
        kept: 'Nothing was changed.',
        remedy: 'Plan again, read what it will do, then apply that plan.',
      },
      ja: {
        what: 'この計画を立てた後にクラウド側が変わり、必要な手順が違ってきました。',
        kept: '何も変更していません。',
        remedy: '計画し直して内容を確認してから、その計画を適用してください。',
      },
      'zh-CN': {
        what: '制定此计划之后云端已发生变化，现在需要的步骤不同。',
        kept: '未做任何更改。',
        remedy: '请重新制定计划，确认内容后再应用。',
      },
    },
  ),
  ROLLOUT_NOT_FOUND: problem(
    'failed',
    { name: z.string() },
    {
      en: {
        what: 'There is no rollout called "{{name}}" here.',
        remedy: 'Plan and apply one first: warifu rollout plan',
      },
      ja: {
        what: '「{{name}}」というロールアウトはありません。',
        remedy: '先に warifu rollout plan で計画し、適用してください。',
      },
      'zh-CN': { what: '没有名为“{{name}}”的部署。', remedy: '请先用 warifu rollout plan 规划并执行。' },
    },
  ),
  ROLLOUT_NOT_READY: problem(
    'failed',
    { name: z.string() },
    {
      en: {
        what: 'The rollout "{{name}}" has no listener yet, so there is nothing to verify.',
        kept: 'Nothing was changed.',
        remedy: 'Apply it first: warifu rollout apply',
      },
      ja: {
        what: 'ロールアウト「{{name}}」にはまだリスナーがなく、検証できません。',
        kept: '何も変更していません。',
        remedy: '先に warifu rollout apply を実行してください。',
      },
      'zh-CN': {
        what: '部署“{{name}}”尚无监听，无法验证。',
        kept: '未做任何更改。',
        remedy: '请先执行 warifu rollout apply。',
      },
    },
  ),
  ROLLOUT_ELSEWHERE: problem(
    'refused',
    { name: z.string(), account: z.string() },
    {
      en: {
        what: 'The rollout "{{name}}" belongs to the account "{{account}}".',
        kept: 'Nothing was changed.',
        remedy: 'Use that account, or give this rollout another name with --name.',
      },
      ja: {
        what: 'ロールアウト「{{name}}」はアカウント「{{account}}」のものです。',
        kept: '何も変更していません。',
        remedy: 'そのアカウントを使うか、--name で別の名前を付けてください。',
      },
      'zh-CN': {
        what: '部署“{{name}}”属于账号“{{account}}”。',
        kept: '未做任何更改。',
        remedy: '请使用该账号，或用 --name 为此部署另取名称。',
      },
    },
  ),
} as const;
