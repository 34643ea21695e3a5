/** What main says by itself: the menu, About, titles of dialogs. The window's own words are in renderer/speech. */
import type { WarifuClient } from '../contract/contract.ts';
import type { Language } from '../contract/problems/define.ts';
import type { FileKind } from '../contract/shell.ts';

const en = {
  save: 'Save',
  open: {
    title: 'Open',
    all: 'All files',
    kinds: {
      any: 'Files',
      certificates: 'Certificates and keys',
      pkcs12: 'PKCS#12 (.p12, .pfx)',
      backup: 'Backups',
      transfer: 'Transfer files',
      list: 'Lists (.csv)',
    } satisfies Record<FileKind, string> as Record<FileKind, string>,
  },
  menu: {
    about: {
      label: 'About Warifu',
      what: 'HTTPS mutual TLS on Alibaba Cloud CLB, and an offline CA manager.',
      licence: 'Apache License 2.0',
    },
    file: 'File',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    help: 'Help',
    close: 'Close Window',
    quit: 'Exit',
    quitMac: 'Quit Warifu',
    hide: 'Hide Warifu',
    hideOthers: 'Hide Others',
    unhide: 'Show All',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select All',
    resetZoom: 'Actual Size',
    zoomIn: 'Zoom In',
    zoomOut: 'Zoom Out',
    fullScreen: 'Full Screen',
    tutorial: 'Alibaba Cloud’s Tutorial on Mutual Authentication',
    console: 'Alibaba Cloud SLB Console',
  },
};

type Words = typeof en;
export type MenuWords = Words['menu'];

const ja: Words = {
  save: '保存',
  open: {
    title: '開く',
    all: 'すべてのファイル',
    kinds: {
      any: 'ファイル',
      certificates: '証明書と鍵',
      pkcs12: 'PKCS#12（.p12、.pfx）',
      backup: 'バックアップ',
      transfer: '受け渡しファイル',
      list: 'リスト（.csv）',
    },
  },
  menu: {
    about: {
      label: 'Warifu について',
      what: 'Alibaba Cloud CLB の HTTPS 相互認証と、オフラインの CA 管理。',
      licence: 'Apache License 2.0',
    },
    file: 'ファイル',
    edit: '編集',
    view: '表示',
    window: 'ウィンドウ',
    help: 'ヘルプ',
    close: 'ウィンドウを閉じる',
    quit: '終了',
    quitMac: 'Warifu を終了',
    hide: 'Warifu を隠す',
    hideOthers: 'ほかを隠す',
    unhide: 'すべてを表示',
    undo: '元に戻す',
    redo: 'やり直す',
    cut: '切り取り',
    copy: 'コピー',
    paste: '貼り付け',
    selectAll: 'すべて選択',
    resetZoom: '実際のサイズ',
    zoomIn: '拡大',
    zoomOut: '縮小',
    fullScreen: '全画面表示',
    tutorial: '相互認証のチュートリアル（Alibaba Cloud）',
    console: 'Alibaba Cloud SLB コンソール',
  },
};

const zhCN: Words = {
  save: '保存',
  open: {
    title: '打开',
    all: '所有文件',
    kinds: {
      any: '文件',
      certificates: '证书和密钥',
      pkcs12: 'PKCS#12（.p12、.pfx）',
      backup: '备份',
      transfer: '传递文件',
      list: '列表（.csv）',
    },
  },
  menu: {
    about: {
      label: '关于 Warifu',
      what: '阿里云 CLB 的 HTTPS 双向认证，以及离线 CA 管理。',
      licence: 'Apache License 2.0',
    },
    file: '文件',
    edit: '编辑',
    view: '视图',
    window: '窗口',
    help: '帮助',
    close: '关闭窗口',
    quit: '退出',
    quitMac: '退出 Warifu',
    hide: '隐藏 Warifu',
    hideOthers: '隐藏其他',
    unhide: '全部显示',
    undo: '撤销',
    redo: '重做',
    cut: '剪切',
    copy: '复制',
    paste: '粘贴',
    selectAll: '全选',
    resetZoom: '实际大小',
    zoomIn: '放大',
    zoomOut: '缩小',
    fullScreen: '全屏',
    tutorial: '阿里云双向认证教程',
    console: '阿里云 SLB 控制台',
  },
};

export const words: Readonly<Record<Language, Words>> = { en, ja, 'zh-CN': zhCN };

/** As chosen in the app, else as the system has it. A registry that cannot be read is said by the window. */
export async function languageOf(client: WarifuClient, systemLocale: string): Promise<Language> {
  const chosen = await client.settings.get().then(
    ({ language }) => language,
    () => null,
  );
  if (chosen) return chosen;
  if (/^ja/i.test(systemLocale)) return 'ja';
  return /^zh/i.test(systemLocale) ? 'zh-CN' : 'en';
}
