import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import type { Language } from './problems/define.ts';
import { procedure } from './procedure.ts';
import { fileBytes, reference, secretText } from './values.ts';

/** What a client may come with. */
export const probeCaseName = z.enum([
  'no-certificate',
  'right-certificate',
  'wrong-ca',
  'expired',
  'not-yet-valid',
  'server-auth-only',
]);
export type ProbeCaseName = z.infer<typeof probeCaseName>;

export const tlsVersion = z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
export type TlsVersion = z.infer<typeof tlsVersion>;

export const probeTarget = z.object({
  host: z.string().min(1),
  port: z.int().min(1).max(65535),
  /** Name to ask for (SNI, Host header) and to find in the certificate; `host` by default. */
  serverName: z.string().min(1).optional(),
  /** IP address to connect to instead of resolving `host`. */
  address: z.string().min(1).optional(),
});
export type ProbeTarget = z.infer<typeof probeTarget>;

const connection = {
  /** Null when the handshake did not get that far. */
  tlsVersion: z.string().nullable(),
  cipher: z.string().nullable(),
  /** From the first byte sent to the last byte read. */
  milliseconds: z.number(),
};

/** What was seen on the wire, without judgement. */
export const probeObservation = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('page'),
    status: z.number(),
    /** `<title>`, or the first line of a page that has none. */
    title: z.string().nullable(),
    /** The Server header. */
    server: z.string().nullable(),
    ...connection,
  }),
  /** A TLS alert (RFC 8446 §6) instead of a page. In TLS 1.3 it may come after the client thinks it is connected. */
  z.object({ kind: z.literal('alert'), alert: z.string(), ...connection }),
  /** Closed without a word; `reason` is the code the TLS library gives. */
  z.object({ kind: z.literal('closed'), reason: z.string(), ...connection }),
  z.object({ kind: z.literal('timeout'), ...connection }),
]);
export type ProbeObservation = z.infer<typeof probeObservation>;

/** Why a listener refuses a certificate, as far as the certificate itself tells. */
export const refusalReason = z.enum([
  'unreadable',
  'expired',
  'not-yet-valid',
  'not-for-clients',
  'key-usage',
  'issuer-not-advertised',
  'other-ca',
  'other-ca-key',
  'ca-expired',
  'ca-not-authority',
  'same-name-as-ca',
  'weak-signature',
  'weak-key',
]);
export type RefusalReason = z.infer<typeof refusalReason>;

export const refusal = z.object({ reason: refusalReason, detail: z.string() });
export type Refusal = z.infer<typeof refusal>;

export const probeCase = z.object({
  case: probeCaseName,
  expected: z.enum(['let-in', 'refused']),
  /** `unclear`: neither a page nor a refusal came in time. Null when not tested. */
  outcome: z.enum(['let-in', 'refused', 'unclear']).nullable(),
  verdict: z.enum(['as-expected', 'not-as-expected', 'unclear', 'not-tested']),
  observation: probeObservation.nullable(),
  /** Why it was not tested; null when it was. */
  notTested: z.string().nullable(),
  /** What the certificate itself explains of a refusal; empty when let in or when nothing is wrong with it. */
  explanation: z.array(refusal),
});
export type ProbeCase = z.infer<typeof probeCase>;

export const probedVersion = z.object({
  version: tlsVersion,
  /** Null: this machine's TLS library does not speak it, or no answer came. */
  accepted: z.boolean().nullable(),
  cipher: z.string().nullable(),
  /** Alert or error code of a refusal. */
  reason: z.string().nullable(),
});
export type ProbedVersion = z.infer<typeof probedVersion>;

export const probedServerCertificate = z.object({
  thumbprint: z.string(),
  thumbprintSha1: z.string(),
  subject: z.string(),
  issuer: z.string(),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
});

export const probedServer = z.object({
  /** Leaf first: as the server sends it, or, where TLS 1.3 hides that, as it was completed from the roots. */
  chain: z.array(probedServerCertificate),
  /** The chain leads to one of `roots`. */
  verified: z.boolean(),
  /** OpenSSL's code when it does not, such as SELF_SIGNED_CERT_IN_CHAIN. */
  verifyError: z.string().nullable(),
  roots: z.enum(['given', 'system']),
  /** The leaf covers the name that was asked for. */
  coversName: z.boolean(),
  name: z.string(),
});
export type ProbedServer = z.infer<typeof probedServer>;

/** The CertificateRequest of the handshake: what makes a browser show its prompt, or show none. */
export const advertisedAuthorities = z.discriminatedUnion('visible', [
  z.object({
    visible: z.literal(true),
    /** False: the server does not ask for a certificate at all. */
    requested: z.boolean(),
    /** Base64 of the DER name, and its text. Empty: any certificate may be offered. */
    names: z.array(z.object({ der: z.string(), text: z.string() })),
    signatureSchemes: z.array(z.string()),
  }),
  /** `tls-1.3-only`: TLS 1.3 encrypts the request, and the server speaks nothing older. Else an alert or how it ended. */
  z.object({ visible: z.literal(false), reason: z.string() }),
]);
export type AdvertisedAuthorities = z.infer<typeof advertisedAuthorities>;

export const probeBalance = z.object({
  requests: z.number(),
  /** Requests that brought no page. */
  failed: z.number(),
  /** What tells one backend from another: the X-Backend header, the page's title, or a hash of the page. */
  by: z.enum(['header', 'title', 'body']).nullable(),
  backends: z.array(z.object({ name: z.string(), count: z.number() })),
  /** The names in the order they answered. */
  order: z.array(z.string()),
  /** Within a fifth of an equal share; null with fewer than two backends. */
  even: z.boolean().nullable(),
});
export type ProbeBalance = z.infer<typeof probeBalance>;

export const probeResult = z.object({
  target: probeTarget,
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** Null when no handshake went far enough to show a certificate. */
  server: probedServer.nullable(),
  versions: z.array(probedVersion),
  authorities: advertisedAuthorities,
  cases: z.array(probeCase),
  /** Null without a right certificate or when no requests were asked for. */
  balance: probeBalance.nullable(),
  /** Every tested case came out as expected, and the right certificate was among them. */
  ok: z.boolean(),
});
export type ProbeResult = z.infer<typeof probeResult>;

export const probeProgress = z.object({
  done: z.number(),
  total: z.number(),
  step: z.enum(['authorities', 'case', 'version', 'request']),
  detail: z.string(),
});
export type ProbeProgress = z.infer<typeof probeProgress>;

/** What a person reads about a refusal; `{{detail}}` is the refusal's detail. */
export const refusalText: Readonly<Record<RefusalReason, Readonly<Record<Language, string>>>> = {
  unreadable: {
    en: 'The certificate cannot be read ({{detail}}).',
    ja: '証明書を読み取れません（{{detail}}）。',
    'zh-CN': '无法读取证书（{{detail}}）。',
  },
  expired: {
    en: 'The certificate expired on {{detail}}. Renew it.',
    ja: '証明書の有効期限が {{detail}} に切れています。更新してください。',
    'zh-CN': '证书已于 {{detail}} 过期，请续签。',
  },
  'not-yet-valid': {
    en: 'The certificate is valid only from {{detail}}. Wait, or check the clock of the CA machine.',
    ja: '証明書は {{detail}} から有効です。それまで待つか、CA マシンの時計を確認してください。',
    'zh-CN': '证书自 {{detail}} 起才有效。请等待，或检查 CA 机器的时钟。',
  },
  'not-for-clients': {
    en: 'The certificate is not for client authentication (its purposes: {{detail}}). Issue one with the client profile.',
    ja: '証明書の用途にクライアント認証がありません（用途：{{detail}}）。クライアント用に発行し直してください。',
    'zh-CN': '证书用途不包含客户端认证（用途：{{detail}}）。请按客户端用途重新签发。',
  },
  'key-usage': {
    en: 'The key may not be used for signing in a handshake (its uses: {{detail}}).',
    ja: '鍵の用途にデジタル署名がないため、ハンドシェイクに使えません（用途：{{detail}}）。',
    'zh-CN': '密钥用途不包含数字签名，不能用于握手（用途：{{detail}}）。',
  },
  'issuer-not-advertised': {
    en: 'The listener asks for certificates of other CAs; this one comes from {{detail}}. Browsers do not even offer it.',
    ja: 'リスナーは別の CA の証明書を求めています。この証明書の発行者は {{detail}} で、ブラウザーは選択肢にも出しません。',
    'zh-CN': '监听要求的是其他 CA 的证书；此证书由 {{detail}} 签发，浏览器不会提供它。',
  },
  'other-ca': {
    en: 'The certificate comes from another CA ({{detail}}).',
    ja: '証明書は別の CA（{{detail}}）が発行したものです。',
    'zh-CN': '证书由其他 CA（{{detail}}）签发。',
  },
  'other-ca-key': {
    en: 'The issuer has the right name ({{detail}}) but another key: the CA was made anew, or this is an imitation.',
    ja: '発行者の名前（{{detail}}）は同じですが鍵が違います。CA が作り直されたか、偽物です。',
    'zh-CN': '签发者名称（{{detail}}）相同但密钥不同：CA 已重新创建，或者这是伪造的证书。',
  },
  'ca-expired': {
    en: 'The CA certificate itself is not valid now (until {{detail}}), so nothing it signed is accepted.',
    ja: 'CA 証明書自体が有効期間外です（{{detail}} まで）。署名した証明書はすべて拒否されます。',
    'zh-CN': 'CA 证书本身不在有效期内（至 {{detail}}），其签发的证书均不被接受。',
  },
  'ca-not-authority': {
    en: 'The CA certificate ({{detail}}) does not say that it is a CA (basicConstraints CA:TRUE is missing).',
    ja: 'CA 証明書（{{detail}}）に CA であることを示す basicConstraints CA:TRUE がありません。',
    'zh-CN': 'CA 证书（{{detail}}）缺少 basicConstraints CA:TRUE，未声明自己是 CA。',
  },
  'same-name-as-ca': {
    en: 'The certificate has the same name as its CA ({{detail}}), so it is taken for a self-signed one. Give it a name of its own.',
    ja: '証明書の名前が CA と同じ（{{detail}}）なので、自己署名とみなされます。別の名前で発行してください。',
    'zh-CN': '证书名称与其 CA 相同（{{detail}}），会被视为自签名证书。请使用不同的名称签发。',
  },
  'weak-signature': {
    en: 'The certificate is signed with {{detail}}, which is refused today. Issue it again with SHA-256.',
    ja: '証明書の署名方式 {{detail}} は現在では拒否されます。SHA-256 で発行し直してください。',
    'zh-CN': '证书使用 {{detail}} 签名，如今已被拒绝。请使用 SHA-256 重新签发。',
  },
  'weak-key': {
    en: 'The key of the certificate is too short ({{detail}}). Issue it again with RSA 2048 or more.',
    ja: '証明書の鍵が短すぎます（{{detail}}）。RSA 2048 以上で発行し直してください。',
    'zh-CN': '证书密钥过短（{{detail}}）。请使用 RSA 2048 位以上重新签发。',
  },
};

export const probe = {
  /** Any HTTPS endpoint. Wrong certificates are tried when `authority` names a CA whose key is here. */
  run: procedure
    .input(
      z.object({
        target: probeTarget,
        /** The certificate that must be let in: one of ours, or a PKCS#12. */
        client: z
          .union([
            z.object({ certificate: reference }),
            z.object({ pkcs12: fileBytes, password: secretText }),
          ])
          .optional(),
        authority: reference.optional(),
        /** PEM; the system's own when absent. */
        roots: fileBytes.optional(),
        requests: z.number().int().min(0).max(1000).default(20),
      }),
    )
    .output(eventIterator(probeProgress, probeResult)),
};
