import { z } from 'zod';
import { problem } from './define.ts';

/** What every refusal of the cloud carries; `message` is redacted before it gets here. */
const answer = {
  action: z.string(),
  cloudCode: z.string(),
  message: z.string(),
  requestId: z.string(),
} as const;

/** What can go wrong between Warifu and the CLB API (SLB 2014-05-15). */
export const slbProblems = {
  SLB_BUSY: problem(
    'failed',
    { ...answer, waitedSeconds: z.number() },
    {
      en: {
        what: 'Alibaba Cloud was still busy with an earlier change after {{waitedSeconds}} s ({{action}}: {{cloudCode}}, {{message}}; RequestId {{requestId}}).',
        kept: 'This call changed nothing.',
        remedy: 'Wait a few minutes and run it again; what is done already is not done twice.',
      },
      ja: {
        what: 'Alibaba Cloud は {{waitedSeconds}} 秒たっても前の変更を処理中です（{{action}}：{{cloudCode}}、{{message}}、RequestId {{requestId}}）。',
        kept: 'この呼び出しでは何も変わっていません。',
        remedy: '数分待ってからもう一度実行してください。済んだ操作は繰り返されません。',
      },
      'zh-CN': {
        what: '等待 {{waitedSeconds}} 秒后，阿里云仍在处理之前的变更（{{action}}：{{cloudCode}}，{{message}}；RequestId {{requestId}}）。',
        kept: '此次调用未做任何更改。',
        remedy: '请等待几分钟后重新运行；已完成的操作不会重复执行。',
      },
    },
  ),
  SLB_THROTTLED: problem(
    'failed',
    { ...answer, waitedSeconds: z.number() },
    {
      en: {
        what: 'Alibaba Cloud refused {{action}} for {{waitedSeconds}} s because of too many requests ({{cloudCode}}; RequestId {{requestId}}).',
        kept: 'This call changed nothing.',
        remedy: 'Stop other tools that use the same account, wait a minute and run it again.',
      },
      ja: {
        what: 'リクエストが多すぎるため、Alibaba Cloud が {{waitedSeconds}} 秒間 {{action}} を拒否しました（{{cloudCode}}、RequestId {{requestId}}）。',
        kept: 'この呼び出しでは何も変わっていません。',
        remedy: '同じアカウントを使う他のツールを止め、1 分待ってからもう一度実行してください。',
      },
      'zh-CN': {
        what: '由于请求过多，阿里云在 {{waitedSeconds}} 秒内一直拒绝 {{action}}（{{cloudCode}}；RequestId {{requestId}}）。',
        kept: '此次调用未做任何更改。',
        remedy: '请停止使用同一账号的其他工具，等待一分钟后重新运行。',
      },
    },
  ),
  SLB_GONE: problem('failed', answer, {
    en: {
      what: 'What {{action}} is about does not exist in this region ({{cloudCode}}, {{message}}; RequestId {{requestId}}).',
      kept: 'This call changed nothing.',
      remedy:
        'Check the id and the region: load balancers and certificates belong to one region. Then plan again.',
    },
    ja: {
      what: '{{action}} の対象がこのリージョンに存在しません（{{cloudCode}}、{{message}}、RequestId {{requestId}}）。',
      kept: 'この呼び出しでは何も変わっていません。',
      remedy:
        'ID とリージョンを確認してください。ロードバランサーと証明書はリージョンごとに別です。その後、計画し直してください。',
    },
    'zh-CN': {
      what: '{{action}} 的对象在此地域中不存在（{{cloudCode}}，{{message}}；RequestId {{requestId}}）。',
      kept: '此次调用未做任何更改。',
      remedy: '请检查 ID 和地域：负载均衡实例和证书只属于一个地域。然后重新制定计划。',
    },
  }),
  SLB_IN_USE: problem('failed', answer, {
    en: {
      what: '{{action}} was refused because something still uses it ({{cloudCode}}, {{message}}; RequestId {{requestId}}).',
      kept: 'It stands as it was.',
      remedy:
        'Remove it from every listener first; just after that, the cloud may need up to three minutes more.',
    },
    ja: {
      what: 'まだ使われているため {{action}} は拒否されました（{{cloudCode}}、{{message}}、RequestId {{requestId}}）。',
      kept: '対象は元のままです。',
      remedy: '先にすべてのリスナーから外してください。外した直後は反映に最大 3 分ほどかかることがあります。',
    },
    'zh-CN': {
      what: '由于仍被使用，{{action}} 被拒绝（{{cloudCode}}，{{message}}；RequestId {{requestId}}）。',
      kept: '对象保持不变。',
      remedy: '请先将其从所有监听中移除；移除后云端可能还需要最多三分钟才能生效。',
    },
  }),
  SLB_EXISTS: problem('failed', answer, {
    en: {
      what: '{{action}} was refused because it exists already ({{cloudCode}}, {{message}}; RequestId {{requestId}}).',
      kept: 'What exists stands as it was.',
      remedy: 'Plan again: what exists is compared and adopted.',
    },
    ja: {
      what: 'すでに存在するため {{action}} は拒否されました（{{cloudCode}}、{{message}}、RequestId {{requestId}}）。',
      kept: '既存のものは元のままです。',
      remedy: '計画し直してください。既存のものは比較したうえで引き継がれます。',
    },
    'zh-CN': {
      what: '由于已经存在，{{action}} 被拒绝（{{cloudCode}}，{{message}}；RequestId {{requestId}}）。',
      kept: '已有资源保持不变。',
      remedy: '请重新制定计划：已有资源会在比较后被接管。',
    },
  }),
  SLB_BAD_CERTIFICATE: problem('failed', answer, {
    en: {
      what: 'CLB did not accept the certificate or its key ({{action}}: {{cloudCode}}, {{message}}; RequestId {{requestId}}).',
      kept: 'Nothing was uploaded.',
      remedy:
        'CLB takes PEM with the leaf first and an unencrypted RSA key of 2048 or 4096 bits. Import the certificate into Warifu; it writes that form.',
    },
    ja: {
      what: 'CLB が証明書または秘密鍵を受け付けませんでした（{{action}}：{{cloudCode}}、{{message}}、RequestId {{requestId}}）。',
      kept: '何もアップロードされていません。',
      remedy:
        'CLB が受け付けるのは、サーバー証明書を先頭にした PEM と、暗号化されていない 2048 または 4096 ビットの RSA 鍵です。Warifu に証明書を取り込めば、この形式に整えます。',
    },
    'zh-CN': {
      what: 'CLB 不接受该证书或私钥（{{action}}：{{cloudCode}}，{{message}}；RequestId {{requestId}}）。',
      kept: '未上传任何内容。',
      remedy:
        'CLB 要求 PEM 格式、服务器证书在最前，私钥为未加密的 2048 或 4096 位 RSA。请将证书导入 Warifu，它会转换为该格式。',
    },
  }),
  SLB_QUOTA: problem('failed', answer, {
    en: {
      what: 'A quota of the account is used up ({{action}}: {{cloudCode}}, {{message}}; RequestId {{requestId}}).',
      kept: 'This call changed nothing.',
      remedy: 'Delete what is no longer used, or raise the quota in the Quota Center of the console.',
    },
    ja: {
      what: 'アカウントのクォータを使い切りました（{{action}}：{{cloudCode}}、{{message}}、RequestId {{requestId}}）。',
      kept: 'この呼び出しでは何も変わっていません。',
      remedy: '使っていないものを削除するか、コンソールのクォータセンターで上限を引き上げてください。',
    },
    'zh-CN': {
      what: '账号的配额已用尽（{{action}}：{{cloudCode}}，{{message}}；RequestId {{requestId}}）。',
      kept: '此次调用未做任何更改。',
      remedy: '请删除不再使用的资源，或在控制台的配额中心提高配额。',
    },
  }),
  SLB_ACCOUNT: problem('failed', answer, {
    en: {
      what: 'The Alibaba Cloud account itself cannot order this now ({{action}}: {{cloudCode}}, {{message}}; RequestId {{requestId}}).',
      kept: 'Nothing was ordered.',
      remedy: 'Settle balance, payment method or real-name verification in the console, then run it again.',
    },
    ja: {
      what: 'この Alibaba Cloud アカウントでは現在購入できません（{{action}}：{{cloudCode}}、{{message}}、RequestId {{requestId}}）。',
      kept: '何も購入されていません。',
      remedy: 'コンソールで残高、支払い方法、実名認証を確認してから、もう一度実行してください。',
    },
    'zh-CN': {
      what: '该阿里云账号目前无法购买（{{action}}：{{cloudCode}}，{{message}}；RequestId {{requestId}}）。',
      kept: '未产生任何订单。',
      remedy: '请在控制台处理余额、付款方式或实名认证后重新运行。',
    },
  }),
  SLB_DENIED: problem('refused', answer, {
    en: {
      what: 'Alibaba Cloud does not let this AccessKey do {{action}} ({{cloudCode}}, {{message}}; RequestId {{requestId}}).',
      kept: 'This call changed nothing.',
      remedy:
        'Check the AccessKey ID and secret, and that its RAM user has AliyunSLBFullAccess or a policy with slb:{{action}}.',
    },
    ja: {
      what: 'この AccessKey には {{action}} の権限がありません（{{cloudCode}}、{{message}}、RequestId {{requestId}}）。',
      kept: 'この呼び出しでは何も変わっていません。',
      remedy:
        'AccessKey ID とシークレットが正しいか、RAM ユーザーに AliyunSLBFullAccess または slb:{{action}} を許可するポリシーがあるか確認してください。',
    },
    'zh-CN': {
      what: '阿里云不允许此 AccessKey 执行 {{action}}（{{cloudCode}}，{{message}}；RequestId {{requestId}}）。',
      kept: '此次调用未做任何更改。',
      remedy:
        '请检查 AccessKey ID 和 Secret 是否正确，以及 RAM 用户是否拥有 AliyunSLBFullAccess 或包含 slb:{{action}} 的权限策略。',
    },
  }),
  SLB_CLOCK: problem('failed', answer, {
    en: {
      what: "Alibaba Cloud refused {{action}} because this computer's clock is more than 15 minutes off ({{cloudCode}}; RequestId {{requestId}}).",
      kept: 'This call changed nothing.',
      remedy: 'Set date, time and time zone of this computer, then run it again.',
    },
    ja: {
      what: 'このコンピューターの時計が 15 分以上ずれているため、Alibaba Cloud が {{action}} を拒否しました（{{cloudCode}}、RequestId {{requestId}}）。',
      kept: 'この呼び出しでは何も変わっていません。',
      remedy: 'このコンピューターの日付、時刻、タイムゾーンを合わせてから、もう一度実行してください。',
    },
    'zh-CN': {
      what: '本机时钟偏差超过 15 分钟，阿里云拒绝了 {{action}}（{{cloudCode}}；RequestId {{requestId}}）。',
      kept: '此次调用未做任何更改。',
      remedy: '请校准本机的日期、时间和时区后重新运行。',
    },
  }),
  SLB_UNKNOWN_OUTCOME: problem(
    'failed',
    { action: z.string(), reason: z.string() },
    {
      en: {
        what: 'The answer to {{action}} never arrived ({{reason}}); it may or may not have been done.',
        kept: 'The step is recorded as unknown.',
        remedy: 'Run it again: Warifu looks first whether it was done, and does not do it twice.',
      },
      ja: {
        what: '{{action}} の応答が届きませんでした（{{reason}}）。実行されたかどうか分かりません。',
        kept: 'この手順は「結果不明」として記録しました。',
        remedy: 'もう一度実行してください。Warifu はまず実行済みかどうかを調べ、二重に実行しません。',
      },
      'zh-CN': {
        what: '未收到 {{action}} 的响应（{{reason}}），无法确定是否已执行。',
        kept: '该步骤已记录为“结果未知”。',
        remedy: '请重新运行：Warifu 会先检查是否已执行，不会重复执行。',
      },
    },
  ),
  SLB_UNREACHABLE: problem(
    'failed',
    { action: z.string(), endpoint: z.string(), reason: z.string() },
    {
      en: {
        what: '{{endpoint}} cannot be reached ({{reason}}), so {{action}} was not done.',
        kept: 'Nothing was changed.',
        remedy:
          'Check the network, DNS and firewall of this computer; the API needs outgoing HTTPS on port 443.',
      },
      ja: {
        what: '{{endpoint}} に接続できないため（{{reason}}）、{{action}} を実行できませんでした。',
        kept: '何も変更していません。',
        remedy:
          'このコンピューターのネットワーク、DNS、ファイアウォールを確認してください。API には 443 番ポートへの HTTPS 接続が必要です。',
      },
      'zh-CN': {
        what: '无法连接 {{endpoint}}（{{reason}}），因此未执行 {{action}}。',
        kept: '未做任何更改。',
        remedy: '请检查本机的网络、DNS 和防火墙；API 需要通过 443 端口向外访问 HTTPS。',
      },
    },
  ),
  SLB_REFUSED: problem('failed', answer, {
    en: {
      what: 'Alibaba Cloud refused {{action}}: {{message}} ({{cloudCode}}; RequestId {{requestId}}).',
      kept: 'This call changed nothing.',
      remedy:
        'Change what the message names. If it is unclear, look the code up at error-center.alibabacloud.com or open a ticket with the RequestId.',
    },
    ja: {
      what: 'Alibaba Cloud が {{action}} を拒否しました：{{message}}（{{cloudCode}}、RequestId {{requestId}}）。',
      kept: 'この呼び出しでは何も変わっていません。',
      remedy:
        'メッセージが指す箇所を直してください。不明な場合は error-center.alibabacloud.com でコードを調べるか、RequestId を添えてサポートに問い合わせてください。',
    },
    'zh-CN': {
      what: '阿里云拒绝了 {{action}}：{{message}}（{{cloudCode}}；RequestId {{requestId}}）。',
      kept: '此次调用未做任何更改。',
      remedy:
        '请修改消息中指出的内容。如不清楚，请在 error-center.alibabacloud.com 查询错误码，或附上 RequestId 提交工单。',
    },
  }),
  UNKNOWN_REGION: problem(
    'usage',
    { regionId: z.string(), known: z.string() },
    {
      en: {
        what: 'There is no CLB region "{{regionId}}".',
        kept: 'Nothing was sent.',
        remedy: 'Use one of: {{known}}.',
      },
      ja: {
        what: 'CLB のリージョン「{{regionId}}」はありません。',
        kept: '何も送信していません。',
        remedy: '次のいずれかを指定してください：{{known}}。',
      },
      'zh-CN': {
        what: '不存在 CLB 地域“{{regionId}}”。',
        kept: '未发送任何内容。',
        remedy: '请使用以下地域之一：{{known}}。',
      },
    },
  ),
  ENDPOINT_REFUSED: problem(
    'usage',
    { endpoint: z.string() },
    {
      en: {
        what: '{{endpoint}} is not an address that credentials may be sent to.',
        kept: 'Nothing was sent.',
        remedy:
          'Give https://host, or http://127.0.0.1:port for the simulator on this computer; nothing after the port.',
      },
      ja: {
        what: '{{endpoint}} には認証情報を送信できません。',
        kept: '何も送信していません。',
        remedy:
          'https://ホスト、またはこのコンピューターのシミュレーターの http://127.0.0.1:ポート を指定してください。ポートの後には何も付けないでください。',
      },
      'zh-CN': {
        what: '不能向 {{endpoint}} 发送凭证。',
        kept: '未发送任何内容。',
        remedy: '请指定 https://主机，或本机模拟器的 http://127.0.0.1:端口；端口之后不要有其他内容。',
      },
    },
  ),
} as const;
