/** A file that the system handed to Warifu from outside: fetched from main, kept until a page takes it. */
import { useSyncExternalStore } from 'react';
import { problemOf, type WindowProblem } from './problem-of.ts';
import { shell } from './shell.ts';

export interface Handed {
  /** Tells one arrival from the next. */
  readonly number: number;
  readonly file: File | null;
  /** Why it could not be had. */
  readonly problem: WindowProblem | null;
}

let present: Handed | null = null;
let count = 0;
const listeners = new Set<() => void>();

function set(handed: Handed | null): void {
  present = handed;
  for (const listener of listeners) listener();
}

/** Asks now and whenever something arrives; `arrived` when something did. Returns what ends it. */
export function watchHanded(arrived: () => void): () => void {
  const take = async (): Promise<void> => {
    try {
      const file = (await shell.takeHanded?.()) ?? null;
      if (!file) return;
      set({ number: ++count, file, problem: null });
    } catch (error) {
      set({ number: ++count, file: null, problem: problemOf(error) });
    }
    arrived();
  };
  void take();
  return shell.onHanded?.(() => void take()) ?? (() => {});
}

/** What was handed over last; a new object for each. */
export function useHanded(): Handed | null {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => present,
  );
}

/** It was taken, or something else was chosen. */
export const forgetHanded = (): void => set(null);
