import type { Redis } from 'ioredis';
import { queueNames } from '../../jobs/registry.ts';
import { auditIdOf } from '../domain/push/push.ts';
import type { Logger } from '../logger.ts';
import { classify } from '../runtime/classify.ts';
import { namedByJobs } from '../runtime/named-by-jobs.ts';
import type { Queues } from '../runtime/queues.ts';
import type { ArtifactStore } from '../store/artifacts/store.ts';
import { type Audit, onceKey } from '../store/audit/audit.ts';
import { auditNoteRetention } from '../store/audit/retention.ts';
import { calibrationInputRetention } from '../store/calibrations/retention.ts';
import { extractionRetention, unfinishedRetention } from '../store/extractions/retention.ts';
import type { Pushes } from '../store/pushes/pushes.ts';
import { acceptedRetention, cancellationRetention, endedRequestRetention } from '../store/requests/retention.ts';
import type { RetentionRule, Terms } from '../store/retention/rule.ts';
import { type Swept, sweep } from '../store/retention/sweep.ts';
import { runFolderRetention, runRequestRetention, runRetention } from '../store/runs/retention.ts';
import { uploadRetention } from '../store/uploads/retention.ts';

/** What expires: each repository declares its own. */
const rules: readonly RetentionRule[] = [
  runRetention,
  runFolderRetention,
  runRequestRetention,
  uploadRetention,
  extractionRetention,
  unfinishedRetention,
  calibrationInputRetention,
  acceptedRetention,
  cancellationRetention,
  endedRequestRetention,
  auditNoteRetention,
];

/** Deletes expired artifacts; workers do this automatically. */
export interface Retention {
  /** Deletes now. @throws MlopsError the errors of the store */
  run(options: { readonly isDryRun: boolean; readonly by: string }): Promise<Swept[]>;
  /** At most once an hour over all processes of the tenant. @returns whether this process did it */
  takeTurn(): Promise<boolean>;
  /** Starts the hourly runs. */
  begin(): void;
  /** Stops the hourly runs; resolves when a run in progress has stopped. */
  end(): Promise<void>;
}

export interface RetentionParts {
  readonly store: ArtifactStore;
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
/** Delay of the first run, so that a short-lived command leaves it to other processes. */
const firstLookMs = 60_000;

/** After a longer pause the first turn deletes nothing: a clock that was set far ahead makes everything look expired. */
const mostDaysApart = 3;

/** 0 for the first turn of all. */
async function daysSinceLastTurn(client: Redis, key: string): Promise<number> {
  const now = Date.now();
  const last = Number((await client.set(key, String(now), 'GET')) ?? now);
  return Math.floor((now - last) / (24 * everyMs));
}

export function openRetention(parts: RetentionParts): Retention {
  const { store, audit, queues, client, prefix, terms, logger } = parts;
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  async function run({ isDryRun, by }: { isDryRun: boolean; by: string }): Promise<Swept[]> {
    const wanted = await namedByJobs(queues, queueNames);
    const swept = await sweep(store, {
      rules,
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
    // The claim is not released: after a crash the next run follows an hour later.
    if ((await client.set(`${prefix}:retention`, 'taken', 'PX', everyMs, 'NX')) === null) return false;
    const days = await daysSinceLastTurn(client, `${prefix}:retention:at`);
    if (days > mostDaysApart) {
      logger.warn(
        { days },
        `no expired artifacts were looked for in ${days} days: waiting an hour, in case the clock is wrong`,
      );
      return true;
    }
    const swept = await run({ isDryRun: false, by: 'retention' });
    for (const { kind, count, files, bytes } of swept)
      if (count > 0) logger.info({ kind, count, files, bytes }, 'removed expired artifacts');
    return true;
  }

  function look(): void {
    turn = takeTurn().catch((error: unknown) => {
      if (stopping.signal.aborted) return;
      const { code, message } = classify(error, undefined);
      logger.warn({ code }, `expired artifacts were not removed; retrying next hour: ${message}`);
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
      // While Redis is unavailable a run waits for it and has removed nothing yet.
      if (client.status === 'ready') await turn;
    },
  };
}

/** Later pushes, however much later, ensure that the outcome of an earlier one is in the audit log. */
async function notesStillRead({ pushes }: Pick<RetentionParts, 'pushes'>): Promise<ReadonlySet<string>> {
  const ids = (await pushes.read()).pushes.map(auditIdOf);
  return new Set(ids.flatMap(id => [onceKey({ id, kind: 'intent' }), onceKey({ id, kind: 'outcome' })]));
}
