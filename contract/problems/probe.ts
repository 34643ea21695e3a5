import { z } from 'zod';
import { problem } from './define.ts';

/** Why an endpoint could not be examined at all. What it answers is never a problem but a result. */
export const probeProblems = {
  PROBE_UNREACHABLE: problem(
    'failed',
    { host: z.string(), port: z.number(), reason: z.string() },
    {
      en: {
        what: 'Nothing answers at {{host}} port {{port}} ({{reason}}).',
        kept: 'Nothing was changed.',
        remedy:
          'Check the address, that the listener is running, and that security groups and firewalls let this machine through.',
      },
      ja: {
        what: '{{host}} のポート {{port}} から応答がありません（{{reason}}）。',
        kept: '何も変更していません。',
        remedy:
          'アドレス、リスナーが実行中であること、セキュリティグループやファイアウォールがこのマシンからの通信を許可していることを確認してください。',
      },
      'zh-CN': {
        what: '{{host}} 的端口 {{port}} 无响应（{{reason}}）。',
        kept: '未做任何更改。',
        remedy: '请检查地址、监听是否已启动，以及安全组和防火墙是否放行本机。',
      },
    },
  ),
  PROBE_NOT_TLS: problem(
    'failed',
    { host: z.string(), port: z.number() },
    {
      en: {
        what: '{{host}} port {{port}} answers, but not with TLS.',
        kept: 'Nothing was changed.',
        remedy: 'Give the port of an HTTPS listener; an HTTP or TCP listener has no certificates to examine.',
      },
      ja: {
        what: '{{host}} のポート {{port}} は応答しますが、TLS ではありません。',
        kept: '何も変更していません。',
        remedy:
          'HTTPS リスナーのポートを指定してください。HTTP や TCP のリスナーには調べる証明書がありません。',
      },
      'zh-CN': {
        what: '{{host}} 的端口 {{port}} 有响应，但不是 TLS。',
        kept: '未做任何更改。',
        remedy: '请指定 HTTPS 监听的端口；HTTP 或 TCP 监听没有可检测的证书。',
      },
    },
  ),
} as const;
