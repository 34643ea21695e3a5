/** Yes or no, on the terminal, before something is changed. */
import { createInterface } from 'node:readline/promises';
import { Problem } from '../contract/problem.ts';
import type { Session } from './session.ts';

/** @throws Problem CONFIRMATION_NEEDED without a yes, or without a terminal to ask on */
export async function requireYes({ text }: Session, agreed: boolean): Promise<void> {
  if (agreed) return;
  if (!process.stdin.isTTY) throw new Problem('CONFIRMATION_NEEDED', {});
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${text.prompts.proceed} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new Problem('CONFIRMATION_NEEDED', {});
  } finally {
    terminal.close();
  }
}
