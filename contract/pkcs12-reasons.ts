/** Why a system would not import a PKCS#12 file, or may not: every reason and its words. Sources: docs/pkcs12-targets.md. */
import { z } from 'zod';
import type { Language } from './problems/define.ts';

/** `refuses`: it will not import. `uncertain`: nobody has shown that it does. `note`: it imports, and there is a catch. */
export const reasonEffect = z.enum(['refuses', 'uncertain', 'note']);
export type ReasonEffect = z.infer<typeof reasonEffect>;

/** `{{value}}`: the algorithm, count or name that is meant. */
export const pkcs12Reasons = {
  NO_IDENTITY: {
    en: 'it holds no private key together with its certificate',
    ja: '秘密鍵とその証明書の組がありません',
    'zh-CN': '其中没有私钥及其对应的证书',
  },
  KEY_MISMATCH: {
    en: 'the private key does not belong to the certificate it is filed with',
    ja: '秘密鍵と、組になっている証明書が一致しません',
    'zh-CN': '私钥与其对应的证书不匹配',
  },
  KEY_KIND: {
    en: 'it does not handle {{value}} keys',
    ja: '{{value}} の鍵に対応していません',
    'zh-CN': '不支持 {{value}} 密钥',
  },
  KEY_UNTRIED: {
    en: 'whether it handles {{value}} keys is not known',
    ja: '{{value}} の鍵に対応しているかは確認できていません',
    'zh-CN': '是否支持 {{value}} 密钥尚未确认',
  },
  ENCRYPTION_TOO_NEW: {
    en: 'it cannot read {{value}} and says that the password is wrong',
    ja: '{{value}} を読めず、「パスワードが違います」と表示されます',
    'zh-CN': '无法读取 {{value}}，并会提示密码错误',
  },
  ENCRYPTION_UNKNOWN: {
    en: 'it does not know the encryption {{value}}',
    ja: '暗号方式 {{value}} に対応していません',
    'zh-CN': '不支持加密算法 {{value}}',
  },
  ENCRYPTION_UNTRIED: {
    en: 'whether it reads {{value}} is not known',
    ja: '{{value}} を読めるかどうかは確認できていません',
    'zh-CN': '能否读取 {{value}} 尚未确认',
  },
  MAC_TOO_NEW: {
    en: 'it checks integrity with HMAC-SHA1 only, not with {{value}}, and says that the password is wrong',
    ja: '完全性の検査は HMAC-SHA1 だけで、{{value}} では「パスワードが違います」と表示されます',
    'zh-CN': '完整性校验仅支持 HMAC-SHA1，不支持 {{value}}，并会提示密码错误',
  },
  MAC_UNTRIED: {
    en: 'whether it checks integrity with {{value}} is not known',
    ja: '{{value}} による完全性の検査に対応しているかは確認できていません',
    'zh-CN': '是否支持以 {{value}} 校验完整性尚未确认',
  },
  MAC_ABSENT: {
    en: 'the file has no integrity check (MAC)',
    ja: 'ファイルに完全性の検査（MAC）がありません',
    'zh-CN': '文件没有完整性校验（MAC）',
  },
  IN_THE_CLEAR: {
    en: 'a part of the file is not encrypted, and it does not import that',
    ja: '暗号化されていない部分があり、それは取り込まれません',
    'zh-CN': '文件有未加密的部分，无法导入',
  },
  CLEAR_UNTRIED: {
    en: 'a part of the file is not encrypted; whether it imports that is not known',
    ja: '暗号化されていない部分があり、取り込めるかどうかは確認できていません',
    'zh-CN': '文件有未加密的部分，能否导入尚未确认',
  },
  PASSWORD_EMPTY: {
    en: 'the password is empty',
    ja: 'パスワードが空です',
    'zh-CN': '密码为空',
  },
  PASSWORD_NOT_ASCII: {
    en: 'it takes passwords of ASCII characters only',
    ja: 'パスワードは ASCII 文字に限られます',
    'zh-CN': '密码只能使用 ASCII 字符',
  },
  PASSWORD_UNTRIED: {
    en: 'the password has characters beyond ASCII; whether it understands them is not known',
    ja: 'パスワードに ASCII 以外の文字があり、正しく扱われるかは確認できていません',
    'zh-CN': '密码含有 ASCII 以外的字符，能否正确处理尚未确认',
  },
  ITERATIONS: {
    en: 'it asks for {{value}} iterations, more than this system allows',
    ja: '反復回数 {{value}} が上限を超えています',
    'zh-CN': '迭代次数 {{value}} 超过上限',
  },
  ITERATIONS_UNTRIED: {
    en: 'it asks for {{value}} iterations in all; programs on .NET refuse more than 600,000',
    ja: '反復回数の合計が {{value}} で、.NET のプログラムは 600,000 を超えると拒否します',
    'zh-CN': '迭代次数合计 {{value}}，.NET 程序会拒绝超过 600,000 的文件',
  },
  LEGACY_PROVIDER: {
    en: 'the file does not name a key provider, so the key goes to the old CSP, where TLS 1.3 client authentication can fail',
    ja: 'キープロバイダーの指定がないため、鍵は旧式の CSP に入り、TLS 1.3 のクライアント認証に失敗することがあります',
    'zh-CN': '文件未指定密钥提供程序，私钥会存入旧式 CSP，TLS 1.3 客户端认证可能失败',
  },
  EC_PROVIDER: {
    en: 'the file does not name a key provider; an EC key can then be imported and yet be of no use in Edge',
    ja: 'キープロバイダーの指定がないため、EC の鍵は取り込まれても Edge で使えないことがあります',
    'zh-CN': '文件未指定密钥提供程序，EC 私钥即使导入，在 Edge 中也可能无法使用',
  },
  SEVERAL_IDENTITIES: {
    en: 'it holds {{value}} identities; whether more than the first is taken is not known',
    ja: '鍵と証明書の組が {{value}} 組あり、2 組目以降が取り込まれるかは確認できていません',
    'zh-CN': '其中有 {{value}} 个身份，是否会导入第一个以外的身份尚未确认',
  },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

export type Pkcs12ReasonCode = keyof typeof pkcs12Reasons;

export const pkcs12Reason = z.object({
  code: z.enum(Object.keys(pkcs12Reasons) as [Pkcs12ReasonCode, ...Pkcs12ReasonCode[]]),
  effect: reasonEffect,
  value: z.string(),
});
export type Pkcs12Reason = z.infer<typeof pkcs12Reason>;

/** The words for a reason in `language`. */
export function describeReason({ code, value }: Pkcs12Reason, language: Language): string {
  return pkcs12Reasons[code][language].replaceAll('{{value}}', value);
}
