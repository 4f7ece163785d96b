import { type Logger, pino } from 'pino';
import type { LogLevel } from './log-level.ts';
import { standardError } from './log-output.ts';

export type { Logger } from 'pino';
export type { LogLevel };

/** Logs go to stderr, as JSON lines; whatever is called like a secret or a customer's text is left out. A reader that stops reading delays nothing. */
export function openLogger(level: LogLevel): Logger {
  const secrets = [
    'token',
    'access_token',
    'authorization',
    'password',
    'secret',
    'client_secret',
    'text',
    'utterance',
  ];
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      redact: { paths: secrets.flatMap(name => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    },
    standardError(),
  );
}
