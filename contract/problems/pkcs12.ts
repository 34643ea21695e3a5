import { z } from 'zod';
import { problem } from './define.ts';

/** What can stand between a foreign PKCS#12 and the system it is meant for. */
export const pkcs12Problems = {
  PKCS12_TARGET_REFUSES: problem(
    'refused',
    { target: z.string(), key: z.string() },
    {
      en: {
        what: 'No PKCS#12 with this {{key}} key can be used on {{target}}: that system does not handle such keys.',
        kept: 'The file is as it was; nothing was written.',
        remedy: 'Issue a certificate with an RSA (2048 or more) or EC P-256 key for this system.',
      },
      ja: {
        what: '{{key}} の鍵は {{target}} では使えません。どのような PKCS#12 にしても、このシステムが鍵の種類に対応していません。',
        kept: '元のファイルはそのままで、何も書き出していません。',
        remedy: 'このシステムには、RSA（2048 以上）または EC P-256 の鍵で証明書を発行してください。',
      },
      'zh-CN': {
        what: '{{target}} 不支持 {{key}} 密钥，无论怎样封装 PKCS#12 都无法使用。',
        kept: '原文件保持不变，未写出任何文件。',
        remedy: '请为该系统签发使用 RSA（2048 位以上）或 EC P-256 密钥的证书。',
      },
    },
  ),
  PKCS12_PROFILE_REFUSED: problem(
    'refused',
    { target: z.string(), profile: z.string() },
    {
      en: {
        what: '{{target}} does not open PKCS#12 files of the {{profile}} form.',
        kept: 'Nothing was written.',
        remedy: 'Leave the profile out: the one that fits is chosen.',
      },
      ja: {
        what: '{{target}} は {{profile}} 形式の PKCS#12 を開けません。',
        kept: '何も書き出していません。',
        remedy: 'プロファイルの指定を外してください。適した形式が選ばれます。',
      },
      'zh-CN': {
        what: '{{target}} 无法打开 {{profile}} 形式的 PKCS#12。',
        kept: '未写出任何文件。',
        remedy: '请不要指定形式，将自动选择合适的形式。',
      },
    },
  ),
  PKCS12_PASSWORD_UNFIT: problem(
    'usage',
    {},
    {
      en: {
        what: 'This new password would not be understood everywhere: it must be 8 to 127 printable ASCII characters.',
        kept: 'Nothing was written.',
        remedy: 'Give another one, or none: a strong one is then made.',
      },
      ja: {
        what: 'この新しいパスワードは、システムによっては使えません。8～127 文字の印字可能な ASCII 文字にしてください。',
        kept: '何も書き出していません。',
        remedy: '別のパスワードを指定するか、指定を省いてください。省くと強いものが作られます。',
      },
      'zh-CN': {
        what: '此新密码并非所有系统都能识别：须为 8 至 127 个可打印的 ASCII 字符。',
        kept: '未写出任何文件。',
        remedy: '请换一个密码，或不指定密码，由系统生成强密码。',
      },
    },
  ),
} as const;
