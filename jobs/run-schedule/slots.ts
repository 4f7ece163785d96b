import { nextCronTime } from '../../src/domain/schedule/cron.ts';
import { nextInterval, type Schedule, type Start } from '../../src/domain/schedule/schedule.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import { runSchedule } from './job.ts';

/**
 * When a schedule's work is due next, in ms since 1970; `null`: never again. A start noted by a clock that was ahead does
 * not put it off. All occurrences missed since the last start
 * are collapsed into the first of them.
 */
export function nextSlot(
  { due, setAt }: Schedule,
  last: Pick<Start, 'slot' | 'at'> | null,
  now = Date.now(),
): number | null {
  const after = last === null ? setAt - 1 : Math.max(last.slot, Math.min(last.at, now));
  return due.kind === 'every' ? nextInterval(setAt, due.ms, after) : nextCronTime(due.pattern, due.tz, after);
}

/** The job that waits for that time. */
export function slotSpecs(tenant: string, schedule: Schedule, last: Start | null): JobSpec[] {
  const slot = nextSlot(schedule, last);
  const { name, version } = schedule;
  return slot === null ? [] : [runSchedule.spec({ tenant, schedule: name, version, slot })];
}
