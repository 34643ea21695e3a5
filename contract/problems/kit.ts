import { z } from 'zod';
import { problem } from './define.ts';

/** Why kits are not made, or not all of them. */
export const kitProblems = {
  KIT_LIST_FAULTY: problem(
    'usage',
    { count: z.number(), lines: z.string() },
    {
      en: {
        what: 'The list has {{count}} faults, in line {{lines}}.',
        kept: 'Nobody was issued a certificate.',
        remedy: 'Correct these lines and run it again; warifu kit plan shows what is wrong with each.',
      },
      ja: {
        what: 'リストに {{count}} 件の問題があります（{{lines}} 行目）。',
        kept: '証明書は誰にも発行していません。',
        remedy:
          'これらの行を直してから、もう一度実行してください。各行の問題は warifu kit plan で確認できます。',
      },
      'zh-CN': {
        what: '列表中有 {{count}} 处问题（第 {{lines}} 行）。',
        kept: '未向任何人签发证书。',
        remedy: '请更正这些行后重试；各行的问题可用 warifu kit plan 查看。',
      },
    },
  ),
  KIT_CERTIFICATE_UNFIT: problem(
    'refused',
    { commonName: z.string() },
    {
      en: {
        what: '"{{commonName}}" is no client certificate that is valid now: it belongs to a CA or a server, is expired or revoked.',
        kept: 'Nothing was written.',
        remedy: 'Choose the certificate of a person, or issue a new one with --name and --ca.',
      },
      ja: {
        what: '「{{commonName}}」は現在有効なクライアント証明書ではありません（CA・サーバー用、期限切れ、または失効済み）。',
        kept: '何も書き出していません。',
        remedy: '利用者の証明書を選ぶか、--name と --ca を指定して新しく発行してください。',
      },
      'zh-CN': {
        what: '“{{commonName}}”不是当前有效的客户端证书（属于 CA 或服务器、已过期或已吊销）。',
        kept: '未写出任何文件。',
        remedy: '请选择个人的证书，或用 --name 和 --ca 签发新证书。',
      },
    },
  ),
  KIT_CANCELLED: problem(
    'failed',
    { done: z.number(), total: z.number() },
    {
      en: {
        what: 'Stopped after {{done}} of {{total}} kits, as asked.',
        kept: 'The kits that are made are whole, and so are their passwords.',
        remedy: 'Run it again with the same folder: nobody is issued a second certificate.',
      },
      ja: {
        what: '指示どおり、{{total}} 件中 {{done}} 件のキットで止めました。',
        kept: '作成済みのキットとパスワードはそのまま使えます。',
        remedy: '同じフォルダーでもう一度実行すると続きから始まります。二重に発行されることはありません。',
      },
      'zh-CN': {
        what: '已按要求停止，{{total}} 个安装包中完成了 {{done}} 个。',
        kept: '已完成的安装包及其密码完整可用。',
        remedy: '使用同一文件夹重新运行即可继续，不会重复签发证书。',
      },
    },
  ),
  KITS_GONE: problem(
    'failed',
    {},
    {
      en: {
        what: 'These kits no longer wait here: the vault was locked, or others were made since.',
        kept: 'Every certificate that was issued stays valid.',
        remedy: 'Make the kits again; nobody is issued a second certificate.',
      },
      ja: {
        what: 'このキットはもう残っていません。保管庫がロックされたか、別のキットが作成されました。',
        kept: '発行済みの証明書はそのまま有効です。',
        remedy: 'もう一度作成してください。二重に発行されることはありません。',
      },
      'zh-CN': {
        what: '这些安装包已不在内存中：保险库已锁定，或之后又制作了其他安装包。',
        kept: '已签发的证书仍然有效。',
        remedy: '请重新制作，不会重复签发证书。',
      },
    },
  ),
  KIT_FOLDER_DAMAGED: problem(
    'failed',
    { path: z.string() },
    {
      en: {
        what: '{{path}}, which records the kits of this folder, cannot be read.',
        kept: 'Nothing was issued and no kit was touched.',
        remedy:
          'Choose an empty folder, or move that file away: kits are then made anew, certificates are not.',
      },
      ja: {
        what: 'このフォルダーのキットを記録した {{path}} を読み取れません。',
        kept: '証明書の発行もキットの変更も行っていません。',
        remedy:
          '空のフォルダーを指定するか、そのファイルを別の場所へ移してください。キットだけが作り直され、証明書は再発行されません。',
      },
      'zh-CN': {
        what: '无法读取记录此文件夹中安装包的 {{path}}。',
        kept: '未签发证书，也未改动任何安装包。',
        remedy: '请选择空文件夹，或将该文件移走：只会重新制作安装包，不会重新签发证书。',
      },
    },
  ),
} as const;
