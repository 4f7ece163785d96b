import { standingOf } from '../../jobs/flows/request-status.ts';
import type { App } from '../../src/app/app.ts';
import { scheduleStates } from '../../src/app/schedules.ts';
import type { Due, Start } from '../../src/domain/schedule/schedule.ts';
import { type ShownWork, shownWork } from './scheduled-work.ts';
import { grid } from './terminal.ts';

/** A schedule as `schedule list` shows it; instants as ISO 8601. */
export interface ShownSchedule {
  readonly name: string;
  readonly work: ShownWork;
  readonly due: Due;
  readonly next: string | null;
  readonly last: {
    readonly at: string;
    readonly request: string;
    readonly run: string | null;
    readonly state: string;
  } | null;
  readonly by: string;
  readonly setAt: string;
}

export async function shownSchedules(app: App): Promise<ShownSchedule[]> {
  const states = await scheduleStates(app);
  return await Promise.all(
    states.map(async ({ schedule, next, last }) => ({
      name: schedule.name,
      work: shownWork(schedule.work),
      due: schedule.due,
      next: instantOf(next),
      last: last === null ? null : await lastOf(app, last),
      by: schedule.by,
      setAt: new Date(schedule.setAt).toISOString(),
    })),
  );
}

async function lastOf(app: App, { at, spec }: Start): Promise<NonNullable<ShownSchedule['last']>> {
  const run = (await app.runs.ofRequest(spec.id))?.run ?? null;
  const state = run === null ? await unopened(app, spec) : await stateOf(app, run);
  return { at: new Date(at).toISOString(), request: spec.id, run, state };
}

async function stateOf({ runs }: App, run: string): Promise<string> {
  const event = (await runs.events(run).head())?.entry;
  switch (event?.kind) {
    case 'committed':
      return `committed as version ${event.version}`;
    case 'failed':
    case 'closed':
      return `${event.kind}: ${event.code}`;
    default:
      return 'running';
  }
}

/** A request without a run is waiting for a worker, or failed before its run started. */
async function unopened(app: App, spec: Start['spec']): Promise<string> {
  const { state, failure } = await standingOf(app, spec);
  if (state === 'waiting' || state === 'running') return 'waiting';
  return state === 'failed' ? `failed: ${failure.code}` : 'unknown: lost by Redis';
}

export function scheduleGrid(schedules: readonly ShownSchedule[]): string {
  return grid(
    ['name', 'what', 'when', 'next', 'last', 'result'],
    schedules.map(({ name, work, due, next, last }) => [
      name,
      `${work.command} ${work.dataset}`,
      describeDue(due),
      next ?? 'never',
      last?.at ?? 'not yet',
      last === null ? '' : last.state,
    ]),
  );
}

export function describeDue(due: Due): string {
  return due.kind === 'every' ? `every ${duration(due.ms)}` : `${due.pattern} (${due.tz})`;
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** In the largest unit that divides it, as an option takes it. */
function duration(ms: number): string {
  const [unit, size] = units.find(([, each]) => ms % each === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

export const instantOf = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
