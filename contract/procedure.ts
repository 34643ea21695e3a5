import { oc } from '@orpc/contract';
import { type ProblemCode, problems } from './problem.ts';

type ProblemErrors = { readonly [C in ProblemCode]: { readonly data: (typeof problems)[C]['data'] } };

const errors = Object.fromEntries(
  Object.entries(problems).map(([code, { data }]) => [code, { data }]),
) as ProblemErrors;

/** Where every procedure of the contract starts: all of them may report any problem, as `{ code, data }`. */
export const procedure = oc.errors(errors);
