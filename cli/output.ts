/** Plain text for people: aligned fields and tables, wide characters counted as two columns. */

/** Columns that `text` takes on a terminal. */
function width(text: string): number {
  let columns = 0;
  for (const char of text)
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        char,
      )
        ? 2
        : 1;
  return columns;
}

const pad = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - width(text)));

/** `label  value`, a line each. */
export function fields(pairs: readonly (readonly [string, string])[]): string {
  const columns = Math.max(...pairs.map(([label]) => width(label)));
  return pairs.map(([label, value]) => `${pad(label, columns)}  ${value}`).join('\n');
}

/** A header and rows, columns two spaces apart. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = header.map((title, i) => Math.max(width(title), ...rows.map((row) => width(row[i] ?? ''))));
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, i) => pad(cell, columns[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
