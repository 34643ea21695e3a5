/** Files and the clipboard, by a window of its own or by the browser: one interface, two carriers. */
import { Problem, type ProblemCode } from '../../contract/problem.ts';
import {
  type FileKind,
  handedMessage,
  type ShellAnswer,
  type ShellBridge,
  type ShellFile,
} from '../../contract/shell.ts';
import { isProblemCode } from './problem-of.ts';

export interface Shell {
  /** False when the person would rather not, as far as that can be seen. @throws Problem FILE_UNWRITABLE */
  save(name: string, file: Blob): Promise<boolean>;
  /**
   * Empty when the person would rather not. The browser has a field for this instead (parts/file-field.tsx).
   * @throws Problem FILE_UNREADABLE
   */
  open?(kind: FileKind, multiple: boolean): Promise<readonly File[]>;
  /** A .p12 that the system handed over; a browser is handed none. @throws Problem FILE_NOT_PKCS12, FILE_UNREADABLE */
  takeHanded?(): Promise<File | null>;
  /** Calls back when one waits; returns what ends that. */
  onHanded?(listener: () => void): () => void;
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
      return files.map(fileOf);
    },
    async takeHanded() {
      const file = answered(await own.takeHanded());
      return file && fileOf(file);
    },
    onHanded(listener) {
      const heard = ({ source, data }: MessageEvent): void => {
        if (source === window && data === handedMessage) listener();
      };
      addEventListener('message', heard);
      return () => removeEventListener('message', heard);
    },
    copy: (text) => own.copyText(text),
  };
}

const fileOf = ({ name, bytes }: ShellFile): File => new File([Uint8Array.from(bytes)], name);

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
