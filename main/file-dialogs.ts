/** Files come and go by the system's dialogs: the person names the path, never the page. */
import { basename, join } from 'node:path';
import { openInput, saveStream } from '../cli/files.ts';
import { Problem } from '../contract/problem.ts';
import type { Language } from '../contract/problems/define.ts';
import type { FileKind, OpenRequest, SaveRequest, ShellFile } from '../contract/shell.ts';
import type { Electron } from './electron.ts';
import { words } from './words.ts';

/** What a window takes as a whole: a little more than the largest file of the contract. */
const largestFile = 512 * 1024 * 1024;

const endings: Readonly<Record<FileKind, readonly string[]>> = {
  any: [],
  certificates: ['pem', 'crt', 'cer', 'p7b', 'p12', 'pfx', 'key'],
  pkcs12: ['p12', 'pfx'],
  backup: [],
  transfer: [],
  list: ['csv', 'txt', 'tsv'],
};

/** Readable by its owner alone: most of what leaves here holds a key. @throws Problem FILE_UNWRITABLE */
export async function saveFile(
  { app, dialog, BrowserWindow }: Electron,
  { name, bytes }: SaveRequest,
  language: Language,
): Promise<boolean> {
  const options = {
    title: words[language].save,
    defaultPath: join(app.getPath('downloads'), fileNameOf(name)),
    // On Linux nobody asks otherwise, on macOS there is no new folder.
    properties: ['showOverwriteConfirmation' as const, 'createDirectory' as const],
  };
  const [window] = BrowserWindow.getAllWindows();
  const { canceled, filePath } = window
    ? await dialog.showSaveDialog(window, options)
    : await dialog.showSaveDialog(options);
  if (canceled || filePath === '') return false;
  // The dialog has asked whether a file that is there may go.
  await saveStream(filePath, new Blob([Uint8Array.from(bytes)]), { force: true });
  return true;
}

/** @throws Problem FILE_UNREADABLE */
export async function openFiles(
  { dialog, BrowserWindow }: Electron,
  { kind, multiple }: OpenRequest,
  language: Language,
): Promise<readonly ShellFile[]> {
  const { title, all, kinds } = words[language].open;
  const first = endings[kind].length > 0 ? [{ name: kinds[kind], extensions: [...endings[kind]] }] : [];
  const options = {
    title,
    filters: [...first, { name: all, extensions: ['*'] }],
    properties: ['openFile' as const, ...(multiple ? ['multiSelections' as const] : [])],
  };
  const [window] = BrowserWindow.getAllWindows();
  const { canceled, filePaths } = window
    ? await dialog.showOpenDialog(window, options)
    : await dialog.showOpenDialog(options);
  if (canceled) return [];
  return Promise.all(filePaths.map(read));
}

async function read(path: string): Promise<ShellFile> {
  const file = await openInput(path);
  if (file.size > largestFile) throw new Problem('FILE_UNREADABLE', { path, reason: 'EFBIG' });
  return { name: basename(path), bytes: new Uint8Array(await file.arrayBuffer()) };
}

/**
 * A proposal from a page as one name: no folders, no drive, nothing that a system reads as something else
 * (Windows' naming rules: https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
 */
export function fileNameOf(proposal: string): string {
  const last = proposal.split(/[\\/]/).at(-1) ?? '';
  const plain = last
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replaceAll(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069<>:"|?*]/g, '')
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .slice(0, 120);
  return plain === '' || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain) ? `warifu-${plain}` : plain;
}
