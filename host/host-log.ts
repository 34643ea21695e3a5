/** `host.log` in the data directory: who was refused and why. Paths without anything that could be a secret. */
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { destination, type Logger, pino } from 'pino';
import type { RefusalReason } from './door.ts';

export interface HostLog {
  refused(reason: RefusalReason, request: IncomingMessage): void;
  failed(error: unknown): void;
}

/** Somebody who knocks all day fills no disk. */
const mostLines = 10_000;

export function hostLog(home: string): HostLog {
  let logger: Logger | undefined;
  let lines = 0;
  const write = (fields: Readonly<Record<string, unknown>>): void => {
    if (++lines > mostLines) return;
    logger ??= pino(
      { base: null, timestamp: pino.stdTimeFunctions.isoTime },
      destination({ dest: join(home, 'host.log'), sync: true, mode: 0o600 }),
    );
    logger.warn(fields);
  };
  return {
    refused(reason, { method, url = '', headers }) {
      write({
        refused: reason,
        method,
        path: harmless(url.split(/[?#]/, 1)[0]!),
        host: harmless(headers.host ?? ''),
      });
    },
    failed(error) {
      write({ failed: error instanceof Error ? error.name : 'error' });
    },
  };
}

/** Long runs of letters and digits could be a token. */
function harmless(text: string): string {
  return text.replace(/[A-Za-z0-9_-]{24,}/g, '[…]').slice(0, 200);
}
