import { ORPCError } from '@orpc/client';
import { Problem, type ProblemCode, problems } from '../../contract/problem.ts';

/** A problem as it came over the wire, or was noticed here. */
export interface WindowProblem {
  readonly code: ProblemCode;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Anything that a call can end with, as a problem that has words. Null for what the person stopped. */
export function problemOf(error: unknown): WindowProblem | null {
  if ((error as Error | null)?.name === 'AbortError') return null;
  if (error instanceof Problem) return { code: error.code, data: error.data };
  if (error instanceof ORPCError && isProblemCode(error.code))
    return { code: error.code, data: (error.data ?? {}) as Record<string, unknown> };
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') return invalidValue(error.data);
  return { code: 'INTERNAL', data: { incident: '–' } };
}

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problems, code);
}

/** The contract's schema refused the input: its first remark says which field. */
function invalidValue(data: unknown): WindowProblem {
  const [issue] = (data as { issues?: { path?: PropertyKey[]; message?: string }[] } | null)?.issues ?? [];
  return {
    code: 'VALUE_INVALID',
    data: { what: (issue?.path ?? []).map(String).join('.') || 'input', value: issue?.message ?? '' },
  };
}
