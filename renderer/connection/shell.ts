/** Files and the clipboard, by a window of its own or by the browser: one interface, two carriers. */
import { Problem, type ProblemCode } from '../../contract/problem.ts';
import type { FileKind, ShellAnswer, ShellBridge } from '../../contract/shell.ts';
import { isProblemCode } from './problem-of.ts';

export interface Shell {
  /** False when the person would rather not, as far as that can be seen. @throws Problem FILE_UNWRITABLE */
  save(name: string, file: Blob): Promise<boolean>;
  /**
   * Empty when the person would rather not. The browser has a field for this instead (parts/file-field.tsx).
   * @throws Problem FILE_UNREADABLE
   */
  open?(kind: FileKind, multiple: boolean): Promise<readonly File[]>;
  copy(text: string): Promise<void>;
}

/** What the preload script of a window of its own left here; nothing in a browser. */
export const bridge = (globalThis as { readonly warifu?: ShellBridge }).warifu;

export const shell: Shell = bridge ? ofWindow(bridge) : ofBrowser();

function ofWindow(own: ShellBridge): Shell {
  return {
    async save(name, file) {
      return answered(await own.saveFile({ name, bytes: new Uint8Array(await file.arrayBuffer()) }));
    },
    async open(kind, multiple) {
      const files = answered(await own.openFiles({ kind, multiple }));
      return files.map(({ name, bytes }) => new File([Uint8Array.from(bytes)], name));
    },
    copy: (text) => own.copyText(text),
  };
}

function answered<T>(answer: ShellAnswer<T>): T {
  if ('value' in answer) return answer.value;
  const { code, data } = answer.problem;
  if (!isProblemCode(code)) throw new Error(code);
  throw new Problem<ProblemCode>(code, data as never);
}

function ofBrowser(): Shell {
  return {
    async save(name, file) {
      const url = URL.createObjectURL(file);
      const link = document.createElement('a');
      link.href = url;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
      return true;
    },
    copy: (text) => navigator.clipboard.writeText(text),
  };
}
