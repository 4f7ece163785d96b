import { z } from 'zod';
import { type LogLevel, logLevels } from '../log-level.ts';
import type { Section, Setting, SettingReader } from './setting.ts';

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

export const loggingSections: readonly Section[] = [
  { title: 'Logs', introduction: 'What the processes log.', settings: [logLevel] },
];
