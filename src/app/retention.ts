import type { Redis } from 'ioredis';
import { queueNames } from '../../jobs/registry.ts';
import { auditIdOf } from '../domain/push/push.ts';
import type { Logger } from '../logger.ts';
import { classify } from '../runtime/classify.ts';
import { namedByJobs } from '../runtime/named-by-jobs.ts';
import type { Queues } from '../runtime/queues.ts';
import type { ArtifactStore } from '../store/artifacts/store.ts';
import { type Audit, onceKey } from '../store/audit/audit.ts';
import type { Pushes } from '../store/pushes/pushes.ts';
import { type Swept, sweep, type Terms } from '../store/retention/sweep.ts';
import type { Runs } from '../store/runs/runs.ts';

/** Removes what has stood long enough, by itself where there are workers. */
export interface Retention {
  /** Now. @throws MlopsError what the store throws */
  run(options: { readonly isDryRun: boolean; readonly by: string }): Promise<Swept[]>;
  /** As workers do it: of all processes of the tenant one an hour. @returns whether it was this one */
  takeTurn(): Promise<boolean>;
  /** Takes turns from now on. */
  begin(): void;
  /** Ends, once a turn under way has come to a stop. */
  end(): Promise<void>;
}

export interface RetentionParts {
  readonly store: ArtifactStore;
  readonly runs: Runs;
  readonly pushes: Pushes;
  readonly audit: Audit;
  readonly queues: Queues;
  readonly client: Redis;
  readonly prefix: string;
  readonly terms: Terms;
  readonly logger: Logger;
}

const everyMs = 3_600_000;
const lookEveryMs = 600_000;
/** A command that brings its workers for a moment leaves it to others. */
const firstLookMs = 60_000;

export function openRetention(parts: RetentionParts): Retention {
  const { store, runs, audit, queues, client, prefix, terms, logger } = parts;
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  async function run({ isDryRun, by }: { isDryRun: boolean; by: string }): Promise<Swept[]> {
    const wanted = await namedByJobs(queues, queueNames);
    const swept = await sweep(store, runs, {
      terms,
      isDryRun,
      now: Date.now(),
      signal: stopping.signal,
      isWanted: ref => wanted.has(ref),
      keptNotes: await notesStillRead(parts),
    });
    const removed = swept.filter(({ count }) => count > 0);
    if (!isDryRun && removed.length > 0)
      await audit.append([
        {
          id: `retention-${Date.now()}`,
          kind: 'action',
          what: 'retention.run',
          by,
          details: Object.fromEntries(removed.map(({ kind, ...sums }) => [kind, sums])),
        },
      ]);
    return swept;
  }

  async function takeTurn(): Promise<boolean> {
    // The turn is not given back: one that was killed in the middle is followed by the next hour's.
    if ((await client.set(`${prefix}:retention`, 'taken', 'PX', everyMs, 'NX')) === null) return false;
    const swept = await run({ isDryRun: false, by: 'retention' });
    for (const { kind, count, files, bytes } of swept)
      if (count > 0) logger.info({ kind, count, files, bytes }, 'removed what has stood long enough');
    return true;
  }

  function look(): void {
    turn = takeTurn().catch((error: unknown) => {
      if (stopping.signal.aborted) return;
      const { code, message } = classify(error, undefined);
      logger.warn({ code }, `old files were not removed, and will be tried again: ${message}`);
    });
    timer = setTimeout(look, lookEveryMs).unref();
  }

  return {
    run,
    takeTurn,
    begin() {
      timer ??= setTimeout(look, firstLookMs).unref();
    },
    async end() {
      clearTimeout(timer);
      stopping.abort();
      // While Redis is away a turn waits for it: it has removed nothing yet.
      if (client.status === 'ready') await turn;
    },
  };
}

/** A push is looked at by those after it, however much later, which see to it that its outcome is in the audit log. */
async function notesStillRead({ pushes }: Pick<RetentionParts, 'pushes'>): Promise<ReadonlySet<string>> {
  const ids = (await pushes.read()).pushes.map(auditIdOf);
  return new Set(ids.flatMap(id => [onceKey({ id, kind: 'intent' }), onceKey({ id, kind: 'outcome' })]));
}
