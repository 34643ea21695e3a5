/** The log: incidents only, with everything that could be a secret taken out before it is written. */
import { join } from 'node:path';
import { destination, type Logger, pino } from 'pino';

export interface IncidentLog {
  record(incident: string, error: unknown): void;
}

/** `warifu.log` in the data directory, a JSON line for each incident; opened at the first one. */
export function incidentLog(home: string): IncidentLog {
  let logger: Logger | undefined;
  return {
    record(incident, error) {
      logger ??= pino(
        { base: null, timestamp: pino.stdTimeFunctions.isoTime },
        destination({ dest: join(home, 'warifu.log'), sync: true, mode: 0o600 }),
      );
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
      // Frames only: the stack's first lines repeat the message.
      const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
      logger.error({ incident, name, message: redact(message), frames });
    },
  };
}

/** PEM blocks and long runs of base64 or hex: nothing that identifies an error looks like that. */
function redact(message: string): string {
  return message
    .replace(/-----BEGIN [\s\S]*?(-----END [^-]*-----|$)/g, '[PEM]')
    .replace(/[A-Za-z0-9+/=_%-]{40,}/g, '[…]')
    .slice(0, 500);
}
