/** guide.html: one page for one person, in their language, for their system. */
import type { KitTarget } from '../../contract/kit.ts';
import type { Language } from '../../contract/problems/define.ts';
import { escapeHtml, htmlPage, markedHtml } from './html.ts';
import { wordsFor } from './words/words.ts';

export interface GuideFacts {
  readonly name: string;
  readonly p12Name: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly notAfter: Date;
  /** SHA-256 and SHA-1, upper-case hex pairs with colons. */
  readonly sha256: string;
  readonly sha1: string;
  readonly url: string | undefined;
  readonly target: KitTarget;
  readonly language: Language;
}

const style = `
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.5rem 3rem; }
h1 { font-size: 1.9rem; line-height: 1.25; margin: 0 0 .4rem; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; padding-bottom: .25rem; border-bottom: 1px solid #d0d7de; }
h3 { font-size: 1rem; margin: 1.1rem 0 .2rem; }
p { margin: .5rem 0; }
.lead { color: #57606a; margin-bottom: 1.4rem; }
.card { border: 1px solid #d0d7de; border-radius: 8px; padding: 1rem 1.25rem; margin: 0 0 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.4rem; margin: 0; }
dt { color: #57606a; }
dd { margin: 0; overflow-wrap: anywhere; }
dd code { overflow-wrap: normal; }
dd.big { font-weight: 600; }
.note { background: #fff8e5; border-left: 4px solid #d4a72c; padding: .7rem 1rem; margin: 1rem 0; }
.care { background: #f6f8fa; border-left: 4px solid #57606a; padding: .7rem 1rem; margin: 1.2rem 0; }
ol, ul { margin: .4rem 0; padding-left: 1.6rem; }
li { margin: .35rem 0; }
.ui { font-weight: 600; background: #eef1f4; border-radius: 4px; padding: 0 .35em; display: inline-block; max-width: 100%; overflow-wrap: anywhere; line-height: 1.45; }
code { font: .86em/1.5 ui-monospace, Consolas, Menlo, 'DejaVu Sans Mono', monospace; }
a { color: #0550ae; }
@page { margin: 16mm; }
@media print {
  body { font-size: 11pt; line-height: 1.5; }
  main { max-width: none; padding: 0; }
  section { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .note, .care, .ui { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;

/** HTML, UTF-8, complete in itself. */
export function guidePage(facts: GuideFacts): string {
  const { guide } = wordsFor(facts.language);
  const systems =
    facts.target === 'any' ? (['windows', 'macos', 'linux'] as const) : ([facts.target] as const);
  const validUntil = new Intl.DateTimeFormat(facts.language, { dateStyle: 'long', timeZone: 'UTC' }).format(
    facts.notAfter,
  );
  const link = facts.url === undefined ? '' : escapeHtml(facts.url);
  /** May break behind a colon, nowhere else. */
  const pairs = (hex: string): string => `<code>${hex.replaceAll(':', ':<wbr>')}</code>`;
  const row = (term: string, value: string, big = false): string =>
    `<dt>${escapeHtml(term)}</dt><dd${big ? ' class="big"' : ''}>${value}</dd>\n`;
  const fill = (text: string): string =>
    markedHtml(text)
      .replaceAll('{{p12}}', () => escapeHtml(facts.p12Name))
      .replaceAll('{{name}}', () => escapeHtml(facts.name));
  const sections = systems.map(
    (system) => `<section>
<h2>${guide.systems[system]}</h2>
<ol>
${guide.steps[system].map((step) => `<li>${fill(step)}</li>`).join('\n')}
</ol>
<h3>${escapeHtml(guide.byHand)}</h3>
<p>${fill(guide.handSteps[system])}</p>
</section>`,
  );
  return htmlPage(
    facts.language,
    `${guide.title}: ${facts.name}`,
    style,
    `<main>
<h1>${escapeHtml(guide.title)}</h1>
<p class="lead">${escapeHtml(guide.lead)}</p>
<div class="card"><dl>
${row(guide.person, escapeHtml(facts.name), true)}${row(guide.validUntil, escapeHtml(validUntil), true)}${link === '' ? '' : row(guide.site, `<a href="${link}">${link}</a>`)}</dl></div>
<p class="note">${escapeHtml(guide.passwordNote)}</p>
${sections.join('\n')}
<section>
<h2>${escapeHtml(guide.afterwards)}</h2>
<p>${fill(guide.open)}${link === '' ? '' : ` <a href="${link}">${link}</a>`}</p>
</section>
<section>
<h2>${escapeHtml(guide.trouble)}</h2>
<ul>
${guide.troubles.map((text) => `<li>${fill(text)}</li>`).join('\n')}
</ul>
<p class="care">${escapeHtml(guide.care)}</p>
</section>
<section>
<h2>${escapeHtml(guide.details)}</h2>
<dl>
${row(guide.subject, escapeHtml(facts.subject))}${row(guide.issuer, escapeHtml(facts.issuer))}${row(guide.serial, `<code>${facts.serial}</code>`)}${row(`${guide.fingerprint} (SHA-256)`, pairs(facts.sha256))}${row(`${guide.fingerprint} (SHA-1)`, pairs(facts.sha1))}</dl>
</section>
</main>
`,
  );
}
