import type { Language } from '../../contract/problems/define.ts';
import { type CliText, en } from './en.ts';
import { ja } from './ja.ts';
import { zhCN } from './zh-cn.ts';

export type { CliText };

const catalogs: Readonly<Record<Language, CliText>> = { en, ja, 'zh-CN': zhCN };

export const textFor = (language: Language): CliText => catalogs[language];

/** From `--lang`, WARIFU_LANG or the system's locale; English when it is none of ours. */
export function chooseLanguage(argv: readonly string[], env: NodeJS.ProcessEnv): Language {
  const at = argv.findIndex((argument) => argument === '--lang' || argument.startsWith('--lang='));
  const option = at < 0 ? undefined : (argv[at]!.split('=', 2)[1] ?? argv[at + 1]);
  const wanted = option ?? env['WARIFU_LANG'] ?? env['LC_ALL'] ?? env['LC_MESSAGES'] ?? env['LANG'] ?? '';
  if (/^ja/i.test(wanted)) return 'ja';
  return /^zh/i.test(wanted) ? 'zh-CN' : 'en';
}
