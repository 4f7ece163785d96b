import { type RunEvent, runEvent } from '../../domain/run/run.ts';
import { isCoded } from '../../errors.ts';
import { type Log, type Numbered, openLog } from '../artifacts/log.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

const damage = {
  code: 'RUN_LOG_DAMAGED',
  remedy: 'The run counts as closed: curate again, which opens another',
} as const;

/**
 * The log of a run. A damaged log reads as that of a run closed because of the damage: the run is no longer used, waiting
 * callers see the reason, and the next request opens another run. `verify`, `read` and `entries` report the damage.
 */
export function openRunLog(store: ArtifactStore, folder: string): Log<RunEvent> {
  const log = openLog(store, folder, runEvent, damage);

  async function closedBy(error: unknown): Promise<Numbered<RunEvent>> {
    if (!isCoded(error, damage.code)) throw error;
    const number = Math.max(1, ...(await log.numbers()));
    return { number, entry: { kind: 'closed', code: damage.code, message: error.message } };
  }

  return {
    ...log,
    head: () => log.head().catch(closedBy),
    all: () => log.all().catch(async (error: unknown) => [await closedBy(error)]),
    length: async () => (await log.head().catch(closedBy))?.number ?? 0,
  };
}
