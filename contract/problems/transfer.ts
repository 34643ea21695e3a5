import { z } from 'zod';
import { problem } from './define.ts';

/** What can happen to a file between the CA's machine and the connected one. */
export const transferProblems = {
  NOT_A_TRANSFER_FILE: problem(
    'failed',
    {},
    {
      en: {
        what: 'This is not a transfer file of Warifu.',
        kept: 'Nothing was changed here.',
        remedy: 'Choose the file that Warifu on the other machine saved.',
      },
      ja: {
        what: 'このファイルは Warifu の受け渡しファイルではありません。',
        kept: 'この環境では何も変更していません。',
        remedy: '相手のマシンの Warifu が保存したファイルを選んでください。',
      },
      'zh-CN': {
        what: '此文件不是 Warifu 的传递文件。',
        kept: '本机未做任何更改。',
        remedy: '请选择另一台机器上的 Warifu 保存的文件。',
      },
    },
  ),
  REQUEST_NOT_WAITING: problem(
    'failed',
    { request: z.string() },
    {
      en: {
        what: 'No request {{request}} is waiting for an answer.',
        kept: 'Nothing was changed.',
        remedy: 'Look at the list of what waits; it may have been answered or withdrawn meanwhile.',
      },
      ja: {
        what: '回答待ちの依頼 {{request}} はありません。',
        kept: '何も変更していません。',
        remedy: '回答待ちの一覧を確認してください。すでに回答済みか、取り下げ済みの可能性があります。',
      },
      'zh-CN': {
        what: '没有等待答复的请求 {{request}}。',
        kept: '未做任何更改。',
        remedy: '请查看等待列表；该请求可能已得到答复或已撤回。',
      },
    },
  ),
  /** `reason`: the part that does not prove itself, in words of the format: `line 3`. */
  TRANSFER_DAMAGED: problem(
    'failed',
    { reason: z.string() },
    {
      en: {
        what: 'This transfer file is damaged and cannot be used ({{reason}}).',
        kept: 'Nothing was changed here.',
        remedy: 'Copy it once more from the other machine, or export it anew there.',
      },
      ja: {
        what: 'この受け渡しファイルは壊れているため使えません（{{reason}}）。',
        kept: 'この環境では何も変更していません。',
        remedy: '相手のマシンからもう一度コピーするか、改めて書き出してください。',
      },
      'zh-CN': {
        what: '此传递文件已损坏，无法使用（{{reason}}）。',
        kept: '本机未做任何更改。',
        remedy: '请从另一台机器重新复制，或在那里重新导出。',
      },
    },
  ),
  TRANSFER_NEWER: problem(
    'failed',
    { found: z.number(), supported: z.number() },
    {
      en: {
        what: 'This transfer file has format {{found}}; this Warifu reads up to {{supported}}.',
        kept: 'Nothing was changed here.',
        remedy: 'Update Warifu on this machine.',
      },
      ja: {
        what: 'この受け渡しファイルの形式は {{found}} です。この Warifu が読めるのは {{supported}} までです。',
        kept: 'この環境では何も変更していません。',
        remedy: 'このマシンの Warifu を更新してください。',
      },
      'zh-CN': {
        what: '此传递文件的格式为 {{found}}，当前 Warifu 最高支持 {{supported}}。',
        kept: '本机未做任何更改。',
        remedy: '请更新本机的 Warifu。',
      },
    },
  ),
  TRANSFER_FORGED: problem(
    'refused',
    { authority: z.string() },
    {
      en: {
        what: 'This transfer file was not signed by the CA "{{authority}}", or holds a certificate that is not its own.',
        kept: 'Nothing was changed here.',
        remedy: "Take the file from the CA's machine itself, and ask who touched this one.",
      },
      ja: {
        what: 'この受け渡しファイルは CA「{{authority}}」の署名によるものではないか、その CA のものでない証明書を含んでいます。',
        kept: 'この環境では何も変更していません。',
        remedy: 'CA のマシンから直接ファイルを受け取り、このファイルに触れた人を確認してください。',
      },
      'zh-CN': {
        what: '此传递文件并非由 CA“{{authority}}”签名，或含有不属于该 CA 的证书。',
        kept: '本机未做任何更改。',
        remedy: '请直接从 CA 所在机器取得文件，并查明谁动过此文件。',
      },
    },
  ),
  TRANSFER_UNCONFIRMED: problem(
    'refused',
    { authority: z.string(), fingerprint: z.string() },
    {
      en: {
        what: 'The CA "{{authority}}" is new here, and its fingerprint was not confirmed. The file says {{fingerprint}}.',
        kept: 'Nothing was changed here.',
        remedy: "Read the fingerprint off the CA's own machine (warifu ca show) and give it with the import.",
      },
      ja: {
        what: 'CA「{{authority}}」はこのマシンでは初めてで、フィンガープリントが確認されていません。ファイルの値：{{fingerprint}}',
        kept: 'この環境では何も変更していません。',
        remedy: 'CA のマシンでフィンガープリントを読み取り（warifu ca show）、取り込み時に指定してください。',
      },
      'zh-CN': {
        what: 'CA“{{authority}}”首次出现在本机，其指纹尚未确认。文件中的值：{{fingerprint}}',
        kept: '本机未做任何更改。',
        remedy: '请在 CA 所在机器上读取指纹（warifu ca show），并在导入时给出。',
      },
    },
  ),
  AUTHORITY_KEY_PRESENT: problem(
    'usage',
    { authority: z.string() },
    {
      en: {
        what: 'The key of the CA "{{authority}}" is on this machine; it need not be asked by file.',
        kept: 'Nothing was changed.',
        remedy: 'Issue or revoke directly.',
      },
      ja: {
        what: 'CA「{{authority}}」の鍵はこのマシンにあるため、ファイルで依頼する必要はありません。',
        kept: '何も変更していません。',
        remedy: '直接、発行または失効させてください。',
      },
      'zh-CN': {
        what: 'CA“{{authority}}”的私钥就在本机，无需用文件提出请求。',
        kept: '未做任何更改。',
        remedy: '请直接签发或吊销。',
      },
    },
  ),
} as const;
