// Structured logs on standard output (pino). A message is a stable event name (`job.turn.started`); data are fields.
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

/** Names of fields that must never be printed, at any depth that pino's redaction can reach. */
const SECRET_FIELDS = ['token', 'authorization', 'password', 'secret', 'privateKey', 'apiKey', 'databaseUrl'];

/**
 * Creates the root logger. `level` is one of pino's (`silent` in tests). Children carry `jobId`, `turn` and so on.
 * `destination` defaults to standard output.
 */
export function createLog(options: { level: string; destination?: DestinationStream }): Log {
  const redact = SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.headers.${name}`]);
  const settings = {
    level: options.level,
    base: null,
    redact: { paths: redact, censor: '[redacted]' },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}
