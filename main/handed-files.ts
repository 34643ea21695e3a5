/**
 * A .p12 that the system hands over: double-clicked, dropped on the icon, named on the command line. The person (or a
 * program of theirs) names the path, main reads it when the page asks, and the page gets name and bytes.
 */
import { basename, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openInput } from '../cli/files.ts';
import { Problem } from '../contract/problem.ts';
import type { ShellFile } from '../contract/shell.ts';

/** A .p12 has a few thousand octets; this is no longer one. */
const largest = 16 * 1024 * 1024;

export class HandedFiles {
  #path: string | undefined;

  /** The one that came last is the one that is meant. */
  put(path: string): void {
    this.#path = path;
  }

  /** Once; null when nothing waits. @throws Problem FILE_NOT_PKCS12, FILE_UNREADABLE */
  async take(): Promise<ShellFile | null> {
    const path = this.#path;
    this.#path = undefined;
    if (path === undefined) return null;
    const name = basename(path);
    // By its name, before a byte of it is read.
    if (!/^\.(p12|pfx)$/i.test(extname(path))) throw new Problem('FILE_NOT_PKCS12', { name });
    const file = await openInput(path);
    if (file.size > largest) throw new Problem('FILE_UNREADABLE', { path, reason: 'EFBIG' });
    return { name, bytes: new Uint8Array(await file.arrayBuffer()) };
  }
}

/**
 * The file that a command line names, absolute. Switches (Chromium adds some, and may change their order) and addresses
 * are none: a link in a mail must start nothing. But a file of this machine may come as its address, as desktops of
 * Linux hand it over (`%U` of the Desktop Entry Specification). `packaged`: otherwise the first one is the app itself.
 */
export function fileAmong(
  [, ...argv]: readonly string[],
  workingDirectory: string,
  packaged: boolean,
): string | undefined {
  const names = argv.filter(
    (argument) => !argument.startsWith('-') && !/^(?!file:)[a-z][a-z\d+.-]+:/i.test(argument),
  );
  const name = names.slice(packaged ? 0 : 1).at(-1);
  if (name === undefined || name === '') return undefined;
  return /^file:/i.test(name) ? localPath(name) : resolve(workingDirectory, name);
}

/** Undefined for a file of another machine: to ask for it would tell that machine who is here. */
function localPath(address: string): string | undefined {
  try {
    const url = new URL(address);
    return url.host === '' ? fileURLToPath(url) : undefined;
  } catch {
    return undefined;
  }
}
