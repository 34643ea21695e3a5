import { z } from 'zod';
import { serverCertificateFinding } from '../server-certificate-findings.ts';
import { problem } from './define.ts';

/** What can stand between a server certificate and the registry. */
export const serverCertificateProblems = {
  SERVER_CERTIFICATE_REFUSED: problem(
    'refused',
    { count: z.number(), codes: z.string(), findings: z.array(serverCertificateFinding) },
    {
      en: {
        what: 'This server certificate would not work on a listener ({{count}} error(s): {{codes}}).',
        kept: 'Nothing was stored.',
        remedy: 'Mend what the findings name; each says how.',
      },
      ja: {
        what: 'このサーバー証明書はリスナーで使えません（エラー {{count}} 件：{{codes}}）。',
        kept: '何も保存していません。',
        remedy: '検査結果が示す問題を直してください。直し方はそれぞれに書かれています。',
      },
      'zh-CN': {
        what: '该服务器证书无法用于监听（{{count}} 个错误：{{codes}}）。',
        kept: '未保存任何内容。',
        remedy: '请按检查结果逐项修正，每一项都说明了处理办法。',
      },
    },
  ),
  SERVER_CERTIFICATE_ABSENT: problem(
    'failed',
    { files: z.number() },
    {
      en: {
        what: 'There is no certificate in the {{files}} file(s) that were given.',
        kept: 'Nothing was stored.',
        remedy:
          'Add the certificate file from the CA (.crt, .cer, .pem, .p7b or .pfx); a request or a key alone is not enough.',
      },
      ja: {
        what: '指定された {{files}} 個のファイルに証明書がありません。',
        kept: '何も保存していません。',
        remedy:
          'CA から届いた証明書ファイル（.crt、.cer、.pem、.p7b、.pfx）を追加してください。CSR や秘密鍵だけでは使えません。',
      },
      'zh-CN': {
        what: '所提供的 {{files}} 个文件中没有证书。',
        kept: '未保存任何内容。',
        remedy: '请添加 CA 签发的证书文件（.crt、.cer、.pem、.p7b 或 .pfx）；仅有 CSR 或私钥不够。',
      },
    },
  ),
  SERVER_CERTIFICATE_EXISTS: problem(
    'refused',
    { name: z.string() },
    {
      en: {
        what: 'A server certificate called "{{name}}" is there already.',
        kept: 'It was not touched.',
        remedy: 'Choose another name; a renewal goes beside the old one until the listener has changed over.',
      },
      ja: {
        what: '「{{name}}」という名前のサーバー証明書は既にあります。',
        kept: '既存の証明書はそのままです。',
        remedy:
          '別の名前を指定してください。更新した証明書は、リスナーを切り替えるまで古いものと並べて置けます。',
      },
      'zh-CN': {
        what: '名为“{{name}}”的服务器证书已存在。',
        kept: '现有证书未受影响。',
        remedy: '请换一个名称；续期后的证书可与旧证书并存，直到监听完成切换。',
      },
    },
  ),
  SERVER_CERTIFICATE_NOT_FOUND: problem(
    'failed',
    { certificate: z.string() },
    {
      en: {
        what: 'There is no server certificate "{{certificate}}" here.',
        remedy: 'List them with: warifu server-cert list',
      },
      ja: {
        what: 'サーバー証明書「{{certificate}}」はありません。',
        remedy: 'warifu server-cert list で一覧を確認してください。',
      },
      'zh-CN': {
        what: '没有服务器证书“{{certificate}}”。',
        remedy: '请用 warifu server-cert list 查看列表。',
      },
    },
  ),
  SERVER_CERTIFICATE_PENDING: problem(
    'refused',
    { name: z.string() },
    {
      en: {
        what: 'The CA has not answered the request "{{name}}" yet: there is no certificate to use.',
        kept: 'The request and its key stay as they are.',
        remedy: 'Send the request to the CA and bring its answer in with: warifu server-cert import',
      },
      ja: {
        what: 'CSR「{{name}}」への CA の回答がまだなく、使える証明書がありません。',
        kept: 'CSR と秘密鍵はそのままです。',
        remedy: 'CSR を CA に送り、届いた証明書を warifu server-cert import で取り込んでください。',
      },
      'zh-CN': {
        what: 'CA 尚未答复证书请求“{{name}}”，还没有可用的证书。',
        kept: '请求及其私钥保持不变。',
        remedy: '请将 CSR 提交给 CA，收到证书后用 warifu server-cert import 导入。',
      },
    },
  ),
  SERVER_CERTIFICATE_NOT_PENDING: problem(
    'refused',
    { name: z.string() },
    {
      en: {
        what: '"{{name}}" waits for no answer of a CA: its certificate is there.',
        kept: 'It was not touched.',
        remedy: 'Import the new certificate under a name of its own.',
      },
      ja: {
        what: '「{{name}}」には既に証明書があり、CA の回答を待っていません。',
        kept: '既存の証明書はそのままです。',
        remedy: '新しい証明書は別の名前で取り込んでください。',
      },
      'zh-CN': {
        what: '“{{name}}”已有证书，并未等待 CA 的答复。',
        kept: '现有证书未受影响。',
        remedy: '请以其他名称导入新证书。',
      },
    },
  ),
} as const;
