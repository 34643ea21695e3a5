/** Colours and type: indigo (藍) for action, green (松葉) for proven, amber (琥珀) for attention, vermilion (朱) for danger. */
import {
  type BrandVariants,
  createDarkTheme,
  createLightTheme,
  type Theme,
  teamsHighContrastTheme,
} from '@fluentui/react-components';
import type { Language } from '../../contract/problems/define.ts';

const indigo: BrandVariants = {
  10: '#061121',
  20: '#0b1d38',
  30: '#0f2b54',
  40: '#143768',
  50: '#19437d',
  60: '#1f4f8f',
  70: '#245aa1',
  80: '#2b65b1',
  90: '#4077bf',
  100: '#5688cb',
  110: '#6b9fe0',
  120: '#85b1e8',
  130: '#9bbfec',
  140: '#b5d0f2',
  150: '#cfe0f7',
  160: '#e8f1fc',
};

/** What Fluent's palette has no word for. Each colour is AA (4.5:1) as text on its own ground and on a card. */
const own = {
  light: {
    provenText: '#1a6b40',
    provenGround: '#e9f6ee',
    provenLine: '#1e7b4a',
    attentionText: '#855400',
    attentionGround: '#fff3df',
    attentionLine: '#9a6400',
    dangerText: '#b3311a',
    dangerGround: '#fdeeea',
    dangerLine: '#c8391f',
    actionText: '#1f4f8f',
    actionGround: '#eaf2fc',
    quietText: '#5c636e',
    page: '#f6f7f9',
    bar: '#fcfcfd',
    card: '#ffffff',
    hairline: '#e1e4e8',
    code: '#f2f3f5',
    chart: '#2b65b1',
    chartQuiet: '#6890c6',
    chartFaint: '#8aa9d3',
  },
  dark: {
    provenText: '#7fd6a4',
    provenGround: '#12301f',
    provenLine: '#4fa477',
    attentionText: '#e6b65c',
    attentionGround: '#33260d',
    attentionLine: '#b98a33',
    dangerText: '#ff9d87',
    dangerGround: '#3a1b15',
    dangerLine: '#e8705a',
    actionText: '#9bbfec',
    actionGround: '#1a2a40',
    quietText: '#a3abb6',
    page: '#14171c',
    bar: '#181b20',
    card: '#1d2126',
    hairline: '#2f353d',
    code: '#14181d',
    chart: '#6b9fe0',
    chartQuiet: '#4c7cc0',
    chartFaint: '#3d639b',
  },
  'high-contrast': {
    provenText: '#3ff23f',
    provenGround: '#000000',
    provenLine: '#3ff23f',
    attentionText: '#ffff00',
    attentionGround: '#000000',
    attentionLine: '#ffff00',
    dangerText: '#ff9d87',
    dangerGround: '#000000',
    dangerLine: '#ff9d87',
    actionText: '#1aebff',
    actionGround: '#000000',
    quietText: '#ffffff',
    page: '#000000',
    bar: '#000000',
    card: '#000000',
    hairline: '#ffffff',
    code: '#000000',
    chart: '#1aebff',
    chartQuiet: '#ffffff',
    chartFaint: '#1aebff',
  },
} as const;

export type Shade = keyof typeof own;
type OwnToken = keyof (typeof own)['light'];

/** `var(--…)` of each own colour, for styles. */
export const look = Object.fromEntries(
  Object.keys(own.light).map((name) => [name, `var(--${name})`]),
) as Readonly<Record<OwnToken, string>>;

const latin = "'Segoe UI Variable', 'Segoe UI', Inter, system-ui, -apple-system";
const families: Readonly<Record<Language, string>> = {
  en: `${latin}, 'Yu Gothic UI', 'Microsoft YaHei UI', 'Noto Sans CJK JP', sans-serif`,
  ja: `${latin}, 'Yu Gothic UI', 'Hiragino Sans', 'Noto Sans CJK JP', sans-serif`,
  'zh-CN': `${latin}, 'Microsoft YaHei UI', 'PingFang SC', 'Noto Sans CJK SC', sans-serif`,
};

const base: Readonly<Record<Shade, Theme>> = {
  light: createLightTheme(indigo),
  dark: {
    ...createDarkTheme(indigo),
    colorBrandForeground1: indigo[120],
    colorBrandForeground2: indigo[130],
    colorBrandBackground: indigo[80],
  },
  'high-contrast': teamsHighContrastTheme,
};

export type WarifuTheme = Theme & Readonly<Record<OwnToken, string>>;

export function themeFor(shade: Shade, language: Language): WarifuTheme {
  const colours = own[shade];
  return {
    ...base[shade],
    ...colours,
    fontFamilyBase: families[language],
    fontFamilyMonospace: "'Cascadia Mono', Consolas, 'DejaVu Sans Mono', ui-monospace, monospace",
    ...(shade === 'high-contrast'
      ? {}
      : {
          colorNeutralBackground1: colours.card,
          colorNeutralBackground2: colours.page,
          colorNeutralStroke2: colours.hairline,
        }),
  };
}
