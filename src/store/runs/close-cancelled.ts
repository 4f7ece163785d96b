import type { RunEvent } from '../../domain/run/run.ts';
import { cancelledCode } from '../../runtime/failure-reason.ts';
import type { Numbered } from '../artifacts/log.ts';
import type { Cancellations } from '../requests/cancellations.ts';
import type { Runs } from './runs.ts';

interface Edge {
  readonly runs: Runs;
  readonly cancellations: Cancellations;
}

/**
 * Closes an open run once all its requesters have cancelled. A request that joins in the meantime is in the run's log, which
 * decides which came first, so that a run that a request still needs is never closed.
 * @returns whether the run is over: committed, or closed for whatever reason
 */
export async function closeIfCancelled(id: string, { runs, cancellations }: Edge): Promise<boolean> {
  if (isEnd((await runs.events(id).head())?.entry)) return true;
  const { openedBy } = await runs.read(id);
  if (!(await cancellations.isCancelled(openedBy))) return false;
  for (;;) {
    const events = await runs.events(id).all();
    if (isEnd(events.at(-1)?.entry)) return true;
    if (await isWantedBy(joinedIn(events), cancellations)) return false;
    const message = 'all its requesters have cancelled';
    await runs.events(id).append(events.length, { kind: 'closed', code: cancelledCode, message });
  }
}

/** Whether any requester of the run has not cancelled. */
export async function isWanted(id: string, { runs, cancellations }: Edge): Promise<boolean> {
  const { openedBy } = await runs.read(id);
  return await isWantedBy([openedBy, ...joinedIn(await runs.events(id).all())], cancellations);
}

function joinedIn(events: readonly Numbered<RunEvent>[]): string[] {
  return events.flatMap(({ entry }) => (entry.kind === 'joined' ? [entry.request] : []));
}

async function isWantedBy(requests: readonly string[], cancellations: Cancellations): Promise<boolean> {
  for (const request of requests) if (!(await cancellations.isCancelled(request))) return true;
  return false;
}

function isEnd(event: RunEvent | undefined): boolean {
  return event?.kind === 'committed' || event?.kind === 'closed';
}
