/** Bytes leave through a dialog of the browser or the system: a page names no path. */
import { shell } from '../connection/shell.ts';

export function saveFile(
  fileName: string,
  base64: string,
  type = 'application/octet-stream',
): Promise<boolean> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.codePointAt(0)!);
  return saveBlob(fileName, new Blob([bytes], { type }));
}

/** False when the person would rather not. @throws Problem FILE_UNWRITABLE */
export const saveBlob = (fileName: string, blob: Blob): Promise<boolean> => shell.save(fileName, blob);

export function saveText(fileName: string, text: string): Promise<boolean> {
  return saveBlob(fileName, new Blob([text], { type: 'text/plain' }));
}

/** A file that the person chose, as the contract carries it. */
export async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCodePoint(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
