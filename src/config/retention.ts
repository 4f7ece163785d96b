import { z } from 'zod';
import { durationShape, parseDuration } from '../domain/duration.ts';
import type { Section, Setting, SettingReader } from './setting.ts';

/** How long things are kept, in milliseconds. */
export interface RetentionTimes {
  /** Raw pages and turns, after their run was committed or closed. */
  readonly runsMs: number;
  readonly uploadsMs: number;
  /** Results of batches of extractions, after their end. */
  readonly extractionsMs: number;
  /** Notes by which a job that runs again does nothing twice. */
  readonly notesMs: number;
  readonly completedMs: number;
  readonly failedMs: number;
}

const day = 86_400_000;

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms === null) context.addIssue({ code: 'custom', message: durationShape });
  return ms ?? 0;
});

const runs: Setting<number> = {
  name: 'RETENTION_RUNS',
  description: 'Pages and turns of a run, after it was committed or closed',
  example: '7d',
  schema: duration,
};
const uploads: Setting<number> = {
  name: 'RETENTION_UPLOADS',
  description: 'Uploaded files that no job waits to read, and texts of calibrations that are no longer needed',
  example: '7d',
  schema: duration,
};
const extractions: Setting<number> = {
  name: 'RETENTION_EXTRACTIONS',
  description: 'Results of batches of entity extraction, after their end',
  example: '7d',
  schema: duration,
};
const completed: Setting<number> = {
  name: 'RETENTION_COMPLETED',
  description: 'Completed jobs on the board; at most 10,000 of each queue',
  example: '7d',
  schema: duration,
};
const failed: Setting<number> = {
  name: 'RETENTION_FAILED',
  description: 'Failed jobs, which can be retried as long',
  example: '30d',
  schema: duration,
};
const notes: Setting<number> = {
  name: 'RETENTION_NOTES',
  description: 'Records of requests, of runs and of their outcomes; not shorter than RETENTION_FAILED',
  example: '37d',
  unset: 'a week longer than RETENTION_FAILED',
  schema: duration,
};
const all = [runs, uploads, extractions, completed, failed, notes];

export function readRetention(reader: SettingReader): RetentionTimes {
  const times = {
    runsMs: reader.read(runs) ?? 7 * day,
    uploadsMs: reader.read(uploads) ?? 7 * day,
    extractionsMs: reader.read(extractions) ?? 7 * day,
    completedMs: reader.read(completed) ?? 7 * day,
    failedMs: reader.read(failed) ?? 30 * day,
  };
  reader.refuseUnknown(
    'RETENTION_',
    all.map(({ name }) => name),
  );
  const notesMs = reader.read(notes) ?? times.failedMs + 7 * day;
  if (notesMs < times.failedMs)
    reader.problems.push('RETENTION_NOTES must not be shorter than RETENTION_FAILED: a retried job needs its records');
  return { ...times, notesMs };
}

export const retentionSections: readonly Section[] = [
  {
    title: 'Retention',
    introduction:
      'How long things are kept: a number of s, m, h or d, or 0. Workers delete expired data every hour. Datasets, models and logs are kept.',
    settings: all,
  },
];
