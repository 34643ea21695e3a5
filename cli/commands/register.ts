import type { Command } from 'commander';
import type { Session } from '../session.ts';
import type { CliText } from '../text/text.ts';

/** What a command does, with the arguments and options that commander parsed. */
export type Work<A extends readonly unknown[]> = (session: Session, ...given: A) => Promise<void>;

export interface CommandContext {
  readonly text: CliText;
  /** Wraps the work of a command: opens the session, closes it, turns problems into words and exit codes. */
  readonly action: <A extends readonly unknown[]>(
    work: Work<A>,
  ) => (...given: readonly unknown[]) => Promise<void>;
}

/** Adds the commands of one noun to the program. */
export type Register = (program: Command, context: CommandContext) => void;
