/**
 * What the app's surroundings do for a page beside the contract: files by the system's dialogs, and a few fixed
 * addresses. A page names neither a path nor an address. In the browser the same is done by download and file picker.
 */

/** What a dialog offers first; the person may still choose any file. */
export const fileKinds = ['any', 'certificates', 'pkcs12', 'backup', 'transfer', 'list'] as const;
export type FileKind = (typeof fileKinds)[number];

export interface SaveRequest {
  /** A proposal for a name; the person decides. What is no part of a file name is taken out. */
  readonly name: string;
  readonly bytes: Uint8Array;
}
export interface OpenRequest {
  readonly kind: FileKind;
  readonly multiple: boolean;
}
export interface ShellFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A problem crosses as a value: errors lose their fields between two worlds. */
export type ShellAnswer<T> =
  | { readonly value: T }
  | { readonly problem: { readonly code: string; readonly data: Readonly<Record<string, unknown>> } };

/** What the preload script puts before the page, as `warifu`. */
export interface ShellBridge {
  /** Asks for a port that carries the contract; it arrives as a message of this very window, named `portMessage`. */
  connect(): void;
  /** False when the person would rather not. Problem: FILE_UNWRITABLE. */
  saveFile(request: SaveRequest): Promise<ShellAnswer<boolean>>;
  /** Empty when the person would rather not. Problem: FILE_UNREADABLE. */
  openFiles(request: OpenRequest): Promise<ShellAnswer<readonly ShellFile[]>>;
  /** A .p12 that the system handed to Warifu, once; null when there is none. Problem: FILE_NOT_PKCS12, FILE_UNREADABLE. */
  takeHanded(): Promise<ShellAnswer<ShellFile | null>>;
  /** Plain text onto the clipboard; nothing is read from there. */
  copyText(text: string): Promise<void>;
}

export const portMessage = 'warifu-port';
/** A message of this very window: something waits to be taken. */
export const handedMessage = 'warifu-handed';

/** Names of the channels between preload and main: all there are. */
export const channels = {
  connect: 'warifu:connect',
  saveFile: 'warifu:save-file',
  openFiles: 'warifu:open-files',
  handed: 'warifu:handed',
  copyText: 'warifu:copy-text',
} as const;
