/** The text of a list, whichever way a spreadsheet saved it. */
import type { ListEncoding } from '../../../contract/kit.ts';

export type KnownEncoding = Exclude<ListEncoding, 'auto'>;

export interface DecodedList {
  readonly encoding: KnownEncoding;
  readonly text: string;
}

/**
 * UTF-8 with or without a byte order mark, UTF-16 as Excel's "Unicode text" is, else Shift_JIS or GB18030: whichever of
 * the two reads it as characters that people use. Undefined when none fits.
 */
export function decodeList(bytes: Uint8Array, wanted: ListEncoding): DecodedList | undefined {
  const attempt = (encoding: KnownEncoding): DecodedList | undefined => {
    const text = decode(bytes, encoding);
    return text === undefined ? undefined : { encoding, text };
  };
  if (wanted !== 'auto') return attempt(wanted);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return attempt('utf-16le');
  const utf8 = attempt('utf-8');
  if (utf8) return utf8;
  const [japanese, chinese] = [attempt('shift_jis'), attempt('gb18030')];
  if (!japanese || !chinese) return japanese ?? chinese;
  return commonShare(bytes, isCommonShiftJis) > commonShare(bytes, isCommonGb) ? japanese : chinese;
}

function decode(bytes: Uint8Array, encoding: KnownEncoding): string | undefined {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    // A NUL is in no list; it betrays UTF-16 that was taken for something else.
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/**
 * Kana, and the kanji of JIS level 1 (lead bytes 88–97). A name of GB2312 lies above b0, where Shift_JIS has
 * half-width kana of one byte; a Japanese name read as GB18030 gives characters that no dictionary lists.
 */
const isCommonShiftJis = (lead: number): boolean =>
  lead === 0x82 || lead === 0x83 || (lead >= 0x88 && lead <= 0x97);
/** The hanzi of GB2312 level 1, by sound: lead bytes b0–d7, second byte above a0. */
const isCommonGb = (lead: number, next: number): boolean => lead >= 0xb0 && lead <= 0xd7 && next >= 0xa1;

/** Of the characters beyond ASCII, taken two bytes at a time, the share that `isCommon` says people use. */
function commonShare(bytes: Uint8Array, isCommon: (lead: number, next: number) => boolean): number {
  let [common, all] = [0, 0];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at]! < 0x80) continue;
    all++;
    if (isCommon(bytes[at]!, bytes[++at] ?? 0)) common++;
  }
  return common / all;
}
