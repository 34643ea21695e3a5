/** The passwords of kits, which travel apart from them: a text file for each person, and one sheet to print and cut. */
import type { Language } from '../../contract/problems/define.ts';
import { escapeHtml, htmlPage } from './html.ts';
import { wordsFor } from './words/words.ts';

export interface PasswordFacts {
  readonly name: string;
  /** The zip that it opens. */
  readonly file: string;
  readonly url: string | undefined;
  readonly password: string;
}

/** Text for Notepad: byte order mark, CRLF. */
export function passwordText({ name, file, url, password }: PasswordFacts, language: Language): string {
  const { passwords } = wordsFor(language);
  const colon = language === 'en' ? ': ' : '：';
  const lines = [
    passwords.title,
    '',
    `${passwords.person}${colon}${name}`,
    ...(url === undefined ? [] : [`${passwords.site}${colon}${url}`]),
    `${passwords.file}${colon}${file}`,
    `${passwords.password}${colon}${password}`,
    '',
    passwords.note,
  ];
  return `\ufeff${lines.join('\r\n')}\r\n`;
}

/** The password of a text made by `passwordText`; empty when somebody changed it beyond recognition. */
export function readPasswordText(text: string): string {
  return /(?:^|[：:] ?)([2-9a-z]{4}(?:-[2-9a-z]{4}){5})\r?$/m.exec(text)?.[1] ?? '';
}

const style = `
section { padding: 20mm 16mm; min-height: 100vh; }
h1 { font-size: 1.5rem; margin: 0 0 1.5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .6rem 1.6rem; margin: 0; }
dt { color: #57606a; }
dd { margin: 0; overflow-wrap: anywhere; }
dd.name { font-size: 1.25rem; font-weight: 600; }
dd.password { font: 600 1.35rem/1.4 ui-monospace, Consolas, Menlo, 'DejaVu Sans Mono', monospace; letter-spacing: .02em; white-space: nowrap; }
p { color: #57606a; margin: 2rem 0 0; max-width: 38rem; }
@page { margin: 0; }
@media print { section { break-after: page; min-height: 0; } section:last-child { break-after: auto; } }
@media screen { section + section { border-top: 1px dashed #8c959f; } }
`;

/** HTML with a page for each person, each in the person's language. */
export function passwordSheet(people: readonly (PasswordFacts & { readonly language: Language })[]): string {
  const first = people[0]?.language ?? 'en';
  const body = people
    .map(({ name, file, url, password, language }) => {
      const { passwords } = wordsFor(language);
      const row = (term: string, value: string, kind = ''): string =>
        `<dt>${escapeHtml(term)}</dt><dd${kind === '' ? '' : ` class="${kind}"`}>${escapeHtml(value)}</dd>\n`;
      return `<section lang="${language}">
<h1>${escapeHtml(passwords.title)}</h1>
<dl>
${row(passwords.person, name, 'name')}${url === undefined ? '' : row(passwords.site, url)}${row(passwords.file, file)}${row(passwords.password, password, 'password')}</dl>
<p>${escapeHtml(passwords.note)}</p>
</section>
`;
    })
    .join('');
  return htmlPage(first, wordsFor(first).passwords.sheetTitle, style, body);
}
