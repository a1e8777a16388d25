// Structured logs on standard output (pino). A message is a stable event name (`job.turn.started`); data are fields.
import { type DestinationStream, type Logger, pino } from 'pino';
import { createRedactor, type Redactor } from './redact.ts';

export type Log = Logger;

/** Names of fields that must never be printed, at any depth that pino's redaction can reach. */
const SECRET_FIELDS = ['token', 'authorization', 'password', 'secret', 'privateKey', 'apiKey', 'databaseUrl'];

/**
 * Creates the root logger. `level` is one of pino's (`silent` in tests). Children carry `jobId`, `turn` and so on.
 * `destination` defaults to standard output. Every line passes the redactor, whatever field a secret stands in; without
 * one only tokens of known kinds are taken out.
 */
export function createLog(options: {
  level: string;
  redactor?: Redactor;
  destination?: DestinationStream;
}): Log {
  const { redactor = createRedactor([]) } = options;
  const redact = SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.headers.${name}`]);
  const settings = {
    level: options.level,
    base: null,
    redact: { paths: redact, censor: '[redacted]' },
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: (line: string) => redactor.text(line) },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}
