import { z } from 'zod';
import { type LogLevel, logLevels } from '../log-level.ts';
import { type Section, type Setting, type SettingReader, text } from './setting.ts';

const logLevel: Setting<LogLevel> = {
  name: 'LOG_LEVEL',
  description: `${logLevels.join(', ')}; JSON lines on stderr`,
  example: null,
  unset: '`info` for servers, `silent` for commands',
  schema: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`),
};

/** @returns `null`: what suits the command */
export function readLogLevel(reader: SettingReader): LogLevel | null {
  return reader.read(logLevel) ?? null;
}

const livenessFile: Setting<string> = {
  name: 'LIVENESS_FILE',
  description:
    'File that a process with workers changes every 5 s while they respond: a supervisor can treat one that has not changed for 60 s as hung',
  example: null,
  unset: 'none',
  schema: text,
};

/** @returns `null`: none */
export function readLivenessFile(reader: SettingReader): string | null {
  return reader.read(livenessFile) ?? null;
}

export const loggingSections: readonly Section[] = [
  {
    title: 'Logs and supervision',
    introduction: 'What the processes log, and how a supervisor sees that they work.',
    settings: [logLevel, livenessFile],
  },
];
