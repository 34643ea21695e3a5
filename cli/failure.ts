import { ORPCError, ValidationError } from '@orpc/contract';
import { describeProblem, Problem, type ProblemCode, problems } from '../contract/problem.ts';
import { Interrupted } from './secrets.ts';
import type { GlobalOptions } from './session.ts';
import type { CliText } from './text/text.ts';

const exitCodes = { failed: 1, usage: 2, refused: 3 } as const;
/** What a shell gives a program that Ctrl-C ended. */
const interruptedExit = 130;

/** Says what happened (JSON on standard output when asked for, else words on standard error); returns the exit code. */
export function reportFailure(error: unknown, options: GlobalOptions, text: CliText): number {
  if (error instanceof Interrupted || (error as Error)?.name === 'AbortError') {
    process.stderr.write(`${text.interrupted}\n`);
    return interruptedExit;
  }
  const { code, data } = problemOf(error);
  const words = describeProblem(code, data, options.lang);
  if (options.json)
    process.stdout.write(`${JSON.stringify({ ok: false, problem: { code, data, ...words } })}\n`);
  else
    process.stderr.write(
      [
        words.what,
        ...(words.kept === undefined ? [] : [`${text.kept}: ${words.kept}`]),
        `${text.remedy}: ${words.remedy}`,
        `[${code}]`,
      ]
        .join('\n')
        .concat('\n'),
    );
  return exitCodes[problems[code].kind];
}

interface PlainProblem {
  readonly code: ProblemCode;
  readonly data: Readonly<Record<string, unknown>>;
}

function problemOf(error: unknown): PlainProblem {
  if (error instanceof Problem) return { code: error.code, data: error.data };
  if (error instanceof ORPCError && error.code in problems)
    return { code: error.code as ProblemCode, data: (error.data ?? {}) as Record<string, unknown> };
  // What we answer is validated too; only what was asked can be the asker's fault.
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) {
    const issue = error.cause.issues[0];
    return {
      code: 'VALUE_INVALID',
      data: { what: (issue?.path ?? []).map(String).join('.') || 'input', value: issue?.message ?? '' },
    };
  }
  throw error;
}
