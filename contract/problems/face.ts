import { z } from 'zod';
import { problem } from './define.ts';

/** What can go wrong between a person and a face. */
export const faceProblems = {
  SECRET_NOT_GIVEN: problem(
    'usage',
    { option: z.string() },
    {
      en: {
        what: 'A secret is needed and there is no terminal to ask on.',
        kept: 'Nothing was changed.',
        remedy: 'Give it in a file with {{option}}, or on standard input with {{option}} -.',
      },
      ja: {
        what: '秘密情報が必要ですが、入力を求める端末がありません。',
        kept: '何も変更していません。',
        remedy: '{{option}} でファイルを指定するか、{{option}} - で標準入力から渡してください。',
      },
      'zh-CN': {
        what: '需要输入机密信息，但没有可用的终端。',
        kept: '未做任何更改。',
        remedy: '请用 {{option}} 指定文件，或用 {{option}} - 从标准输入提供。',
      },
    },
  ),
  SECRETS_DIFFER: problem(
    'usage',
    {},
    {
      en: {
        what: 'The two entries are not the same.',
        kept: 'Nothing was changed.',
        remedy: 'Type it twice, the same way.',
      },
      ja: {
        what: '2 回の入力が一致しません。',
        kept: '何も変更していません。',
        remedy: '同じ内容を 2 回入力してください。',
      },
      'zh-CN': { what: '两次输入不一致。', kept: '未做任何更改。', remedy: '请两次输入相同的内容。' },
    },
  ),
  FILE_NOT_PKCS12: problem(
    'usage',
    { name: z.string() },
    {
      en: {
        what: '{{name}} is no .p12 or .pfx file.',
        kept: 'It was not read.',
        remedy: 'Open a file that ends in .p12 or .pfx. A backup is restored in Settings.',
      },
      ja: {
        what: '{{name}} は .p12 ファイルでも .pfx ファイルでもありません。',
        kept: '読み取っていません。',
        remedy: '.p12 または .pfx で終わるファイルを開いてください。バックアップは「設定」から復元できます。',
      },
      'zh-CN': {
        what: '{{name}} 不是 .p12 或 .pfx 文件。',
        kept: '未读取该文件。',
        remedy: '请打开以 .p12 或 .pfx 结尾的文件。备份可在“设置”中恢复。',
      },
    },
  ),
  FILE_EXISTS: problem(
    'refused',
    { path: z.string() },
    {
      en: {
        what: '{{path}} exists already.',
        kept: 'It was not touched.',
        remedy: 'Choose another name, or add --force to replace it.',
      },
      ja: {
        what: '{{path}} は既にあります。',
        kept: '変更していません。',
        remedy: '別の名前を指定するか、--force を付けて置き換えてください。',
      },
      'zh-CN': { what: '{{path}} 已存在。', kept: '未做改动。', remedy: '请换一个名称，或加 --force 覆盖。' },
    },
  ),
  CONFIRMATION_NEEDED: problem(
    'refused',
    {},
    {
      en: {
        what: 'The changes were not agreed to.',
        kept: 'Nothing was changed.',
        remedy: 'Read the plan, then answer yes, or add --yes.',
      },
      ja: {
        what: '変更への同意がありません。',
        kept: '何も変更していません。',
        remedy: '計画を確認してから y と答えるか、--yes を付けてください。',
      },
      'zh-CN': {
        what: '尚未同意这些更改。',
        kept: '未做任何更改。',
        remedy: '请查看计划后回答 y，或加上 --yes。',
      },
    },
  ),
  PORT_BUSY: problem(
    'failed',
    { host: z.string(), port: z.number(), reason: z.string() },
    {
      en: {
        what: 'Port {{port}} on {{host}} cannot be opened ({{reason}}).',
        kept: 'Nothing was started.',
        remedy: 'Stop the program that holds it, or take any free port with --port 0.',
      },
      ja: {
        what: '{{host}} のポート {{port}} を開けません（{{reason}}）。',
        kept: '何も起動していません。',
        remedy: 'そのポートを使っているプログラムを止めるか、--port 0 で空きポートを使ってください。',
      },
      'zh-CN': {
        what: '无法打开 {{host}} 的端口 {{port}}（{{reason}}）。',
        kept: '未启动任何服务。',
        remedy: '请停止占用该端口的程序，或用 --port 0 使用任意空闲端口。',
      },
    },
  ),
  PRACTICE_NOT_RUNNING: problem(
    'failed',
    {},
    {
      en: {
        what: 'Practice is not running.',
        kept: 'Nothing was changed.',
        remedy: 'Start it with: warifu simulator start',
      },
      ja: {
        what: '練習環境が起動していません。',
        kept: '何も変更していません。',
        remedy: 'warifu simulator start で起動してください。',
      },
      'zh-CN': {
        what: '演练环境未运行。',
        kept: '未做任何更改。',
        remedy: '请用 warifu simulator start 启动。',
      },
    },
  ),
  TOUR_FAILED: problem(
    'failed',
    { step: z.number(), check: z.string(), observed: z.string() },
    {
      en: {
        what: 'Step {{step}} of the tour does not hold: {{check}} was "{{observed}}".',
        kept: 'What the steps before made is kept where --keep says.',
        remedy: 'Run it again; if it stays, report this line.',
      },
      ja: {
        what: 'ツアーの手順 {{step}} が成立しません：{{check}} は「{{observed}}」でした。',
        kept: 'それまでの手順で作ったものは --keep の場所に残っています。',
        remedy: 'もう一度実行し、それでも続く場合はこの行を報告してください。',
      },
      'zh-CN': {
        what: '演示的步骤 {{step}} 不成立：{{check}} 为“{{observed}}”。',
        kept: '此前步骤的产物保留在 --keep 指定的位置。',
        remedy: '请重新运行；若仍出现，请报告此行。',
      },
    },
  ),
  WINDOW_NOT_BUILT: problem(
    'failed',
    {},
    {
      en: {
        what: 'The window of the app is not built in this checkout.',
        kept: 'Nothing was changed.',
        remedy: 'Run "npm start": it builds what is missing and opens the app.',
      },
      ja: {
        what: 'アプリの画面がまだビルドされていません。',
        kept: '何も変更していません。',
        remedy: '「npm start」を実行してください。不足分をビルドしてアプリを開きます。',
      },
      'zh-CN': {
        what: '应用界面尚未构建。',
        kept: '未做任何更改。',
        remedy: '请运行“npm start”，它会补建缺失的部分并打开应用。',
      },
    },
  ),
  NOT_LET_IN: problem(
    'refused',
    {},
    {
      en: {
        what: 'This browser was not let in: the address was used already, or it belongs to an earlier start.',
        kept: 'Nothing was shown or changed.',
        remedy: 'Press Enter in the terminal that runs Warifu, and open the address that it prints.',
      },
      ja: {
        what: 'このブラウザーからは開けません。アドレスが使用済みか、以前に起動したときのものです。',
        kept: '何も表示も変更もしていません。',
        remedy: 'Warifu を実行しているターミナルで Enter を押し、表示されたアドレスを開いてください。',
      },
      'zh-CN': {
        what: '此浏览器未获准进入：该地址已被使用，或属于上一次启动。',
        kept: '未显示也未更改任何内容。',
        remedy: '请在运行 Warifu 的终端中按 Enter，然后打开所显示的地址。',
      },
    },
  ),
  WARIFU_GONE: problem(
    'failed',
    {},
    {
      en: {
        what: 'Warifu does not answer: its terminal was closed, or it was stopped.',
        kept: 'What was committed before stands; a rollout goes on where it stopped.',
        remedy: 'Start it again with "npm start".',
      },
      ja: {
        what: 'Warifu が応答しません。ターミナルが閉じられたか、停止されました。',
        kept: 'それまでに確定した内容は残っています。ロールアウトは止まったところから再開できます。',
        remedy: '「npm start」で起動し直してください。',
      },
      'zh-CN': {
        what: 'Warifu 没有响应：终端已关闭，或程序已停止。',
        kept: '此前已提交的内容保持不变；部署可从中断处继续。',
        remedy: '请用“npm start”重新启动。',
      },
    },
  ),
  INTERNAL: problem(
    'failed',
    { incident: z.string() },
    {
      en: {
        what: 'Something went wrong inside Warifu (incident {{incident}}).',
        kept: 'What was committed before stands.',
        remedy: 'The log in the data directory tells more under this number; report it with that.',
      },
      ja: {
        what: 'Warifu の内部で問題が発生しました（番号 {{incident}}）。',
        kept: 'それまでに確定した内容は残っています。',
        remedy: 'データディレクトリのログにこの番号で詳細があります。添えて報告してください。',
      },
      'zh-CN': {
        what: 'Warifu 内部发生错误（编号 {{incident}}）。',
        kept: '此前已提交的内容保持不变。',
        remedy: '数据目录中的日志以此编号记录了详情，报告问题时请附上。',
      },
    },
  ),
} as const;
