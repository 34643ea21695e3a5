import type { Language } from '../../../contract/problems/define.ts';
import { en, type KitWords } from './en.ts';
import { ja } from './ja.ts';
import { zhCN } from './zh-cn.ts';

export type { KitWords };

const catalogs: Readonly<Record<Language, KitWords>> = { en, ja, 'zh-CN': zhCN };

/** The words of a kit, for the person who receives it. */
export const wordsFor = (language: Language): KitWords => catalogs[language];
