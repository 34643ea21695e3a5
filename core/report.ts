/** Where internal errors become what a face may see: the only place. */
import { randomUUID } from 'node:crypto';
import { ORPCError } from '@orpc/server';
import { Problem, type ProblemCode } from '../contract/problem.ts';
import type { IncidentLog } from './incident-log.ts';
import { X509Error, type X509ErrorCode } from './x509/errors.ts';

/** Fails to compile when the parsers know a code that the contract does not. */
const x509Code = (code: X509ErrorCode): ProblemCode => code;

/**
 * A declared error of the contract: problems as they are, anything unforeseen as INTERNAL with a number under
 * which the log tells more. Cancellation and errors of the contract itself pass through.
 */
export function reported(error: unknown, log: IncidentLog): unknown {
  if (error instanceof ORPCError || (error as Error | null)?.name === 'AbortError') return error;
  if (error instanceof Problem)
    return new ORPCError(error.code, { data: error.data, message: error.message });
  if (error instanceof X509Error)
    return new ORPCError(x509Code(error.code), { data: error.data, message: error.code });
  const incident = randomUUID().slice(0, 8);
  log.record(incident, error);
  return new ORPCError('INTERNAL', { data: { incident }, message: `incident ${incident}` });
}

/** The same for work that reports progress: errors of its later steps do not pass through middleware. */
export async function* reportedEvents<E, R>(
  events: AsyncGenerator<E, R, void>,
  log: IncidentLog,
): AsyncGenerator<E, R, void> {
  try {
    return yield* events;
  } catch (error) {
    throw reported(error, log);
  }
}
