/** The language of the window: its texts, and dates, numbers and plurals as that language writes them. */
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { Language } from '../../contract/problems/define.ts';
import { en, type WindowText } from './en.ts';
import { type Formats, formatsFor } from './formats.ts';
import { ja } from './ja.ts';
import { zhCN } from './zh-cn.ts';

export const catalogs: Readonly<Record<Language, WindowText>> = { en, ja, 'zh-CN': zhCN };

export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  ja: '日本語',
  'zh-CN': '简体中文',
};

interface Speech {
  readonly language: Language;
  readonly text: WindowText;
  readonly format: Formats;
}

const SpeechContext = createContext<Speech>({
  language: 'en',
  text: en,
  format: formatsFor('en', en.common.justNow),
});

export function SpeechProvider({ language, children }: { language: Language; children: ReactNode }) {
  const speech = useMemo(
    () => ({
      language,
      text: catalogs[language],
      format: formatsFor(language, catalogs[language].common.justNow),
    }),
    [language],
  );
  return <SpeechContext.Provider value={speech}>{children}</SpeechContext.Provider>;
}

export const useSpeech = (): Speech => useContext(SpeechContext);

/** What the browser prefers, as far as it is one of ours. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    if (/^ja/i.test(tag)) return 'ja';
    if (/^zh/i.test(tag)) return 'zh-CN';
    if (/^en/i.test(tag)) return 'en';
  }
  return 'en';
}
