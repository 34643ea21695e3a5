import type { Cloud } from '../cloud.ts';
import type { Fields, Values } from './parameters.ts';

/** What an action answers, without the RequestId that every answer has. */
export type Reply = Readonly<Record<string, unknown>>;

/** One action of the API: its parameters and what it does. */
export interface Action {
  readonly fields: Fields;
  readonly perform: (cloud: Cloud, values: never, host: string) => Reply | Promise<Reply>;
}

/**
 * Declares an action. `perform` gets values of the declared types; whatever it throws as an ApiError is the answer.
 * `host` is the host and port the request was sent to.
 */
export function action<F extends Fields>(
  fields: F,
  perform: (cloud: Cloud, values: Values<F>, host: string) => Reply | Promise<Reply>,
): Action {
  return { fields, perform };
}

/** The answer of actions that only say that they are done. */
export const done: Reply = {};
