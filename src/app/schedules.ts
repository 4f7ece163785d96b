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

/** The part of the app that schedules need. */
interface Place {
  readonly schedules: Schedules;
  readonly audit: Audit;
  readonly queues: Queues;
  readonly logger: Logger;
  readonly config: { readonly tenant: { readonly key: string } };
}

/** A request to set a schedule. */
export interface ScheduleRequest {
  readonly name: string;
  readonly due: Due;
  readonly work: ScheduledWork;
  /** The requester. */
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
  // Normalized as when read back, so that it can be compared.
  const wanted = { due: due.parse(request.due), work: scheduledWork.parse(request.work) };
  const event = (): ScheduleEvent => ({ kind: 'set', name, at: new Date().toISOString(), by, ...wanted });
  const isChanged = await change(place, name, now => (isSame(now, wanted) ? null : event()));
  const schedule = await place.schedules.find(name);
  if (schedule === null)
    throw new MlopsError('BAD_INPUT', `the schedule ${name} was removed at the same time`, { where: 'NAME' });
  await bringSchedule(place, schedule);
  return { schedule, isChanged };
}

/**
 * Deletes a schedule. Runs in progress continue.
 * @throws MlopsError BAD_INPUT if it does not exist
 */
export async function removeSchedule(place: Place, name: string, by: string): Promise<void> {
  const removed = await place.schedules.find(name);
  const isChanged = await change(place, name, now =>
    now === null ? null : { kind: 'removed', name, at: new Date().toISOString(), by },
  );
  if (!isChanged || removed === null)
    throw new MlopsError('BAD_INPUT', `schedule ${name} not found. List schedules with \`schedule list\``, {
      where: 'NAME',
    });
  // Not required for correctness: the waiting job checks the schedule when it is due.
  const [last = null] = await place.schedules.lastStarts(removed.version, 1);
  await place.queues.withdraw(slotSpecs(place.config.tenant.key, removed, last));
}

function isSame(now: Schedule | null, wanted: Pick<Schedule, 'due' | 'work'>): boolean {
  return now !== null && JSON.stringify([now.due, now.work]) === JSON.stringify([wanted.due, wanted.work]);
}

/** Appends the result of `decide` for the current schedule; after a concurrent write, decides again. */
async function change(
  { schedules, audit }: Place,
  name: string,
  decide: (now: Schedule | null) => ScheduleEvent | null,
): Promise<boolean> {
  for (;;) {
    const { schedules: all, length } = await schedules.read();
    const event = decide(all.find(each => each.name === name) ?? null);
    // The last writer may have crashed before it recorded the change in the audit log.
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

/** Ensures that the job for the schedule's next time is enqueued. */
async function bringSchedule({ schedules, queues, config }: Place, schedule: Schedule): Promise<void> {
  const [last = null] = await schedules.lastStarts(schedule.version, 1);
  await queues.enqueue(slotSpecs(config.tenant.key, schedule, last), { restart: 'failed' });
}

/** Interval at which all schedules are enqueued again, because Redis may lose data and a job may fail for good. */
const bringEveryMs = 30_000;

/**
 * Enqueues all schedules of the store, now and at intervals.
 * @returns the function that stops this
 */
export async function keepSchedules(place: Place): Promise<() => void> {
  const bring = async (): Promise<void> => {
    try {
      for (const schedule of (await place.schedules.read()).schedules) await bringSchedule(place, schedule);
    } catch (error) {
      place.logger.warn({ reason: String(error).slice(0, 200) }, 'schedules could not be read');
    }
  };
  await bring();
  const timer = setInterval(() => void bring(), bringEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** A schedule with its next time and its last start. */
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
