/** Names of people and things as file names that Windows, macOS and Linux all take; Japanese stays. */

/** Device names of Windows, with or without an ending (learn.microsoft.com, Naming Files, Paths, and Namespaces). */
const reserved = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$)(\.|$)/i;
/** Octets in UTF-8: endings and a number still fit into the 255 of a Linux file system. */
const longest = 200;

/** `text` without what a file name cannot hold; `fallback` when nothing is left or the name is Windows' own. */
export function safeFileName(text: string, fallback: string): string {
  const clean = text
    .normalize('NFC')
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced here
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd]+/g, '_');
  let stem = '';
  for (const char of clean) {
    if (Buffer.byteLength(stem + char) > longest) break;
    stem += char;
  }
  stem = stem.replace(/^[. ]+|[. ]+$/g, '');
  return stem === '' || /^_+$/.test(stem) || reserved.test(stem) ? fallback : stem;
}

/** `name`, or `name (2)`, `name (3)` … when it is taken; case and composition do not make names different. */
export function unusedName(name: string, taken: Set<string>): string {
  const fold = (text: string): string => text.normalize('NFKC').toLowerCase();
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name} (${number})`;
    if (taken.has(fold(candidate))) continue;
    taken.add(fold(candidate));
    return candidate;
  }
}
