import { z } from 'zod';
import { datasetName } from '../dataset/identity.ts';
import { instant } from '../interaction/interaction.ts';
import { curationParameters } from '../run/run.ts';

const seconds = 1_000;
const days = 24 * 3600 * seconds;

/** The shortest and the longest interval that may be asked for: below it a look costs more than it finds, beyond it cron says what is meant. */
export const intervalBounds = { leastMs: 10 * seconds, mostMs: 31 * days } as const;

/** What a schedule is called. */
export const scheduleName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/,
    'must be 1 to 32 letters, digits, "-" or "_", and start with a letter or digit',
  );

/** When a schedule's work is due: every so often from when it was set, or at the times of a cron pattern of five fields. */
export const due = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('every'), ms: z.number().int().positive() }),
  z.strictObject({ kind: z.literal('cron'), pattern: z.string(), tz: z.string() }),
]);
export type Due = z.infer<typeof due>;

const flowWork = z.strictObject({
  /** The name of the flow. */
  flow: z.string().min(1),
  /** Its parameters, which only the flow knows. */
  parameters: z.record(z.string(), z.json()),
});

/** Entries of the log that were written before they named their flow. */
const curateWork = z
  .strictObject({ command: z.literal('curate'), dataset: datasetName, parameters: curationParameters })
  .transform(({ dataset, parameters }) => flowWork.parse({ flow: 'curation', parameters: { dataset, ...parameters } }));

/** What is done each time: a request of a flow. It never changes until the schedule is set again. */
export const scheduledWork = z.union([flowWork, curateWork]);
export type ScheduledWork = z.infer<typeof scheduledWork>;

/** What happened to the schedules of a tenant, one entry of their log each. */
export const scheduleEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('set'),
    name: scheduleName,
    at: instant,
    by: z.string(),
    due,
    work: scheduledWork,
  }),
  z.strictObject({ kind: z.literal('removed'), name: scheduleName, at: instant, by: z.string() }),
]);
export type ScheduleEvent = z.infer<typeof scheduleEvent>;

/** A schedule in force. */
export const schedule = z.strictObject({
  name: scheduleName,
  /** The number of the log's entry that set it: set again, it is another one. */
  version: z.number().int().positive(),
  /** When it was set, in ms since 1970, and by whom. */
  setAt: z.number(),
  by: z.string(),
  due,
  work: scheduledWork,
});
export type Schedule = Readonly<z.infer<typeof schedule>>;

/**
 * The schedules in force after `events`, by name.
 * @param events the whole log, oldest first: entry 1 comes first
 */
export function foldSchedules(events: readonly ScheduleEvent[]): Schedule[] {
  return events.reduce<Schedule[]>((inForce, event, index) => addScheduleEvent(inForce, event, index + 1), []);
}

/** The schedules in force, by name, after the log's entry `number`. */
export function addScheduleEvent(inForce: readonly Schedule[], event: ScheduleEvent, number: number): Schedule[] {
  const others = inForce.filter(({ name }) => name !== event.name);
  if (event.kind === 'removed') return others;
  const { name, at, by, due, work } = event;
  const set = { name, version: number, setAt: Date.parse(at), by, due, work };
  return [...others, set].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The first instant after `after` of those that lie `ms` apart from `from` on; `from` itself is the first of all. In ms. */
export function nextInterval(from: number, ms: number, after: number): number {
  return after < from ? from : from + (Math.floor((after - from) / ms) + 1) * ms;
}

/** A beginning of a schedule's work. */
export const start = z.strictObject({
  /** The instant that it was due, and the one that it began, in ms since 1970: after a standstill much later. */
  slot: z.number().int(),
  at: z.number().int(),
  /** The job that does it. */
  spec: z.strictObject({ queue: z.string(), id: z.string() }),
  /** The job of the time before still waits to be begun: it does the work of this time too. */
  joins: z.boolean(),
  /** The dataset's version by then; 0: there was none. */
  head: z.number().int().nonnegative(),
});
export type Start = z.infer<typeof start>;
