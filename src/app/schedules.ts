import { z } from 'zod';
import { runSchedule } from '../../jobs/run-schedule/job.ts';
import { nextSlot, slotSpecs } from '../../jobs/run-schedule/slots.ts';
import {
  type Due,
  due,
  type Schedule,
  type ScheduledWork,
  type ScheduleEvent,
  type Start,
  scheduledWork,
} from '../domain/schedule/schedule.ts';
import { MlopsError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Queues } from '../runtime/queues.ts';
import type { Numbered } from '../store/artifacts/log.ts';
import type { Audit } from '../store/audit/audit.ts';
import type { Schedules } from '../store/schedules/schedules.ts';

/** What of the app schedules need. */
interface Place {
  readonly schedules: Schedules;
  readonly audit: Audit;
  readonly queues: Queues;
  readonly logger: Logger;
  readonly config: { readonly tenant: { readonly key: string } };
}

/** A schedule asked for. */
export interface ScheduleRequest {
  readonly name: string;
  readonly due: Due;
  readonly work: ScheduledWork;
  /** Who asks. */
  readonly by: string;
}

/**
 * Creates or updates a schedule and enqueues its next job. Setting it to what it already is changes nothing.
 * @returns the schedule, and whether anything changed
 */
export async function setSchedule(
  place: Place,
  { name, by, ...request }: ScheduleRequest,
): Promise<{ readonly schedule: Schedule; readonly isChanged: boolean }> {
  // As it will be read back, so that it can be compared.
  const wanted = { due: due.parse(request.due), work: scheduledWork.parse(request.work) };
  const event = (): ScheduleEvent => ({ kind: 'set', name, at: new Date().toISOString(), by, ...wanted });
  const isChanged = await change(place, name, now => (isSame(now, wanted) ? null : event()));
  const schedule = await place.schedules.find(name);
  if (schedule === null)
    throw new MlopsError('BAD_INPUT', `the schedule ${name} was removed meanwhile`, { where: 'NAME' });
  await bringSchedule(place, schedule);
  return { schedule, isChanged };
}

/**
 * Removes a schedule: work that has begun goes on, none begins any more.
 * @throws MlopsError BAD_INPUT where there is none
 */
export async function removeSchedule(place: Place, name: string, by: string): Promise<void> {
  const removed = await place.schedules.find(name);
  const isChanged = await change(place, name, now =>
    now === null ? null : { kind: 'removed', name, at: new Date().toISOString(), by },
  );
  if (!isChanged || removed === null)
    throw new MlopsError('BAD_INPUT', `there is no schedule ${name}; schedule list shows those there are`, {
      where: 'NAME',
    });
  // What still waited would find out by itself, when it is due.
  const [last = null] = await place.schedules.lastStarts(removed.version, 1);
  await place.queues.withdraw(slotSpecs(place.config.tenant.key, removed, last));
}

function isSame(now: Schedule | null, wanted: Pick<Schedule, 'due' | 'work'>): boolean {
  return now !== null && JSON.stringify([now.due, now.work]) === JSON.stringify([wanted.due, wanted.work]);
}

/** Appends what `decide` says of the schedule as it is now; if another writer was first, it decides again. */
async function change(
  { schedules, audit }: Place,
  name: string,
  decide: (now: Schedule | null) => ScheduleEvent | null,
): Promise<boolean> {
  for (;;) {
    const { schedules: all, length } = await schedules.read();
    const event = decide(all.find(each => each.name === name) ?? null);
    // Who changed it last may have been killed before the audit log knew of it.
    const newest = await schedules.newest();
    if (newest !== null) await enter(audit, newest);
    if (event === null) return false;
    const appended = await schedules.append(length, event);
    if (appended === null) continue;
    await enter(audit, appended);
    return true;
  }
}

async function enter(audit: Audit, { number, entry }: Numbered<ScheduleEvent>): Promise<void> {
  const { name, at, by } = entry;
  const about = { id: `schedule-${number}`, kind: 'action', by, at: Date.parse(at) } as const;
  if (entry.kind === 'removed')
    return void (await audit.appendOnce({ ...about, what: 'schedule.remove', details: { schedule: name } }));
  const { due, work } = entry;
  const details = z.record(z.string(), z.json()).parse({ schedule: name, version: number, due, ...work });
  await audit.appendOnce({ ...about, what: 'schedule.set', details });
}

/** Sees to it that the job is there which waits for the schedule's next time. */
async function bringSchedule({ schedules, queues, config }: Place, schedule: Schedule): Promise<void> {
  const [last = null] = await schedules.lastStarts(schedule.version, 1);
  await queues.enqueue(slotSpecs(config.tenant.key, schedule, last), { restart: 'failed' });
}

/** Redis may forget, and a job fail for good: all schedules are brought in again this often. */
const bringEveryMs = 30_000;

/**
 * Brings all schedules of the store into Redis, now and from time to time.
 * @returns how to stop that
 */
export async function keepSchedules(place: Place): Promise<() => void> {
  const bring = async (): Promise<void> => {
    try {
      for (const schedule of (await place.schedules.read()).schedules) await bringSchedule(place, schedule);
    } catch (error) {
      place.logger.warn({ reason: String(error).slice(0, 200) }, 'the schedules could not be looked at');
    }
  };
  await bring();
  const timer = setInterval(() => void bring(), bringEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** A schedule with its next time and what began last. */
export interface ScheduleState {
  readonly schedule: Schedule;
  /** In ms since 1970; `null`: never again. */
  readonly next: number | null;
  readonly last: Start | null;
}

export async function scheduleStates({ schedules }: Pick<Place, 'schedules'>): Promise<ScheduleState[]> {
  const states: ScheduleState[] = [];
  for (const schedule of (await schedules.read()).schedules) {
    const [last = null] = await schedules.lastStarts(schedule.version, 1);
    states.push({ schedule, next: nextSlot(schedule, last), last });
  }
  return states;
}

export const scheduleQueue = runSchedule.name;
