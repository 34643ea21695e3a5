/** The little HTML that kits need: one page, no outside resource, made for paper as well. */

/** Text as it may stand between tags and in attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** The same with `«…»` set as what a person clicks or types. */
export const markedHtml = (text: string): string =>
  escapeHtml(text).replace(/«(.*?)»/g, '<b class="ui">$1</b>');

/** A whole page. The policy forbids whatever a name might smuggle in. */
export function htmlPage(language: string, title: string, style: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; color: #1b1f24; background: #fff; font: 16px/1.65 ${fonts[language] ?? fonts['en']}; }
${style}</style>
</head>
<body>
${body}</body>
</html>
`;
}

/** What each system has for the language; Han characters differ between Japanese and Chinese. */
const fonts: Readonly<Record<string, string>> = {
  en: "'Segoe UI', system-ui, -apple-system, 'Helvetica Neue', Arial, sans-serif",
  ja: "'Segoe UI', system-ui, 'Hiragino Sans', 'Yu Gothic UI', Meiryo, 'Noto Sans CJK JP', 'Noto Sans JP', sans-serif",
  'zh-CN':
    "'Segoe UI', system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif",
};
