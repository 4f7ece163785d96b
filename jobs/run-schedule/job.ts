/**
 * run-schedule: waits until a schedule's work is next due, and starts it.
 *
 * Reads: the log of schedules, schedules/starts/<version>, the dataset's head.
 * Writes: schedules/starts/<version>/<slot>.
 * Emits: the first job of the scheduled flow; its own next job; a notification of a stale dataset.
 * Idempotent because: a schedule's due times follow from the store alone, each has one job and is started once; a job
 * whose schedule was removed or changed does nothing.
 */
import { z } from 'zod';
import { scheduleName } from '../../src/domain/schedule/schedule.ts';
import { defineJob, noProgress } from '../../src/runtime/job.ts';
import { shown } from '../../src/runtime/shown.ts';

const payload = shown(
  z.strictObject({
    tenant: z.string(),
    schedule: scheduleName,
    /** The number of the schedule's entry in the log. */
    version: z.number().int().positive(),
    /** When it is due, in ms since 1970. */
    slot: z.number().int().positive(),
  }),
);

export const runSchedule = defineJob({
  name: 'run-schedule',
  system: 'schedules',
  summary: 'Waits for a schedule’s next time and starts its work',
  calls: [],
  payload,
  result: shown(
    z.union([
      z.strictObject({ schedule: scheduleName, over: z.literal(true) }),
      z.strictObject({ schedule: scheduleName, request: z.string(), joined: z.boolean() }),
    ]),
  ),
  progress: noProgress,
  id: ({ schedule, version, slot }) => `slot.${schedule}.${version}.${slot}`,
  policy: {
    attempts: 8,
    backoffMs: 1_000,
    // It only reads a few files and enqueues; between two due times it uses no worker slot.
    concurrency: 4,
    timeoutMs: 60_000,
  },
  handler: () => import('./handler.ts'),
});
