/** Bytes leave through the browser's own dialog: a page names no path. */
export function saveFile(fileName: string, base64: string, type = 'application/octet-stream'): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.codePointAt(0)!);
  saveBlob(fileName, new Blob([bytes], { type }));
}

export function saveBlob(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function saveText(fileName: string, text: string): void {
  const bytes = new TextEncoder().encode(text);
  saveFile(fileName, btoa(String.fromCodePoint(...bytes)), 'text/plain');
}

/** A file that the person chose, as the contract carries it. */
export async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCodePoint(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
