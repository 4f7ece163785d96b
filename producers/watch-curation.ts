import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { queueNames } from '../jobs/registry.ts';
import type { RunEvent } from '../src/domain/run/run.ts';
import { pageSize } from '../src/edges/cxone/endpoints.ts';
import { MlopsError } from '../src/errors.ts';
import type { Order } from '../src/runtime/job.ts';
import { askedAgain, type CurationSummary, curationSummary } from './curate.ts';
import type { House } from './house.ts';

/** How far a curation is. What is not known yet is absent. */
export interface CurationProgress {
  readonly run?: string;
  readonly stage: 'waiting' | 'fetching' | 'embedding' | 'deciding';
  /** What it is waiting for, where that is known. */
  readonly waitsFor?: string;
  readonly pages?: { readonly done: number; readonly of: number };
  readonly turns?: number;
  readonly texts?: { readonly done: number; readonly of: number };
}

const lookEveryMs = 300;
/** A run that shows no progress for so long is looked at once more. */
const standstillMs = 30_000;
/** Queues are looked at less often than the store: only for what the store cannot tell. */
const lookAtQueuesEveryMs = 3_000;

/**
 * Follows a curation to its end. What it looks at is the run's own record in the store; should Redis lose its data
 * meanwhile, the order is placed again, which takes the run up where it stands.
 * @throws MlopsError RUN_FAILED with the cause
 */
export async function watchCuration(
  house: House,
  order: Order,
  show: (progress: CurationProgress) => void,
  signal: AbortSignal,
): Promise<CurationSummary> {
  const since = Date.now();
  let lookedAtQueues = 0;
  let seen = { progress: '', at: since };
  let run: string | null = null;
  for (;;) {
    signal.throwIfAborted();
    run ??= await runOf(house, order);
    if (run !== null) {
      const summary = await summaryIfOver(house, run);
      if (summary !== null) return summary;
    }
    const progress = run === null ? await waitingOf(house, order) : await progressOf(house, run);
    show(progress);
    if (JSON.stringify(progress) !== seen.progress) seen = { progress: JSON.stringify(progress), at: Date.now() };
    else if (run !== null && Date.now() - seen.at > standstillMs) {
      await nudge(house, order, run);
      seen = { ...seen, at: Date.now() };
    }
    if (Date.now() - lookedAtQueues > lookAtQueuesEveryMs) {
      await house.queues.enqueue((await isKnown(house, order)) ? [] : [order]);
      await throwUnrecordedFailure(house, run, since);
      lookedAtQueues = Date.now();
    }
    await pause(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

/** The run that the order's job opened or joined, `null` while it has not. */
async function runOf({ queues, runs }: House, order: Order): Promise<string | null> {
  const run = await runs.ofRequest(order.id);
  if (run !== null) return run.run;
  const queue = queues.queue(order.queue);
  // The reason is read after the state: read before it, it may be none yet.
  if ((await queue.getJobState(order.id)) === 'failed')
    throw runFailed((await queue.getJob(order.id))?.failedReason ?? 'The job that opens it was removed');
  return null;
}

/** Has the run looked at once more, whatever may have been missed: what is missing of it is ordered again. */
async function nudge(house: House, order: Order, run: string): Promise<void> {
  const again = askedAgain(order);
  await house.runs.noteRequest(again.id, run);
  await house.queues.enqueue([again]);
}

async function isKnown({ queues }: House, order: Order): Promise<boolean> {
  return (await queues.queue(order.queue).getJob(order.id)) !== undefined;
}

async function summaryIfOver({ runs, datasets }: House, run: string): Promise<CurationSummary | null> {
  const head = await runs.events(run).head();
  const event: RunEvent = head?.entry ?? { kind: 'opened' };
  if (event.kind === 'failed' || event.kind === 'closed') throw runFailed(`${event.code}: ${event.message}`, run);
  if (event.kind !== 'committed') return null;
  const { dataset } = await runs.read(run);
  const { number, entry } = await datasets.version(dataset, event.version);
  const summary = curationSummary(run, number, entry);
  if (summary !== null) return summary;
  throw new MlopsError('DATASET_DAMAGED', `the run ${run} is committed, but ${dataset}@${number} does not hold it`);
}

/** A store that cannot be written cannot hold the record of that failure: then the failed job itself tells. */
async function throwUnrecordedFailure(house: House, run: string | null, since: number): Promise<void> {
  if (run === null) return;
  for (const name of queueNames)
    for (const job of await house.queues.queue(name).getFailed(0, 20))
      if (job.data?.run === run && (job.finishedOn ?? 0) >= since && !job.failedReason.startsWith('CANCELLED')) {
        if ((await summaryIfOver(house, run)) === null) throw runFailed(job.failedReason, run);
      }
}

function runFailed(reason: string, run?: string): MlopsError {
  return new MlopsError(
    'RUN_FAILED',
    `${run === undefined ? 'the curation' : `the run ${run}`} failed. ${reason}. Run it again to go on where it stopped`,
  );
}

const inTheWay = z.object({ waitingFor: z.string() });

async function waitingOf(house: House, order: Order): Promise<CurationProgress> {
  const job = await house.queues.queue(order.queue).getJob(order.id);
  const other = inTheWay.safeParse(job?.progress).data?.waitingFor;
  if (other !== undefined) return { stage: 'waiting', waitsFor: `the run ${other}, which has other parameters` };
  return { stage: 'waiting', waitsFor: (await heldFor(house)) ?? 'the run to be opened' };
}

/** The platform answered 429: how long it has to be left alone. */
async function heldFor({ budget }: House): Promise<string | undefined> {
  const ms = await budget.heldMs('INTERACTIONS');
  return ms === 0 ? undefined : `the platform, which asked for a pause of ${Math.ceil(ms / 1000)} s`;
}

async function progressOf(house: House, run: string): Promise<CurationProgress> {
  const { runs } = house;
  const plan = await runs.plan(run);
  if (plan === null) {
    const [answered, extracted] = await Promise.all([runs.answered(run), runs.extracted(run)]);
    return {
      run,
      stage: 'fetching',
      waitsFor: (await heldFor(house)) ?? 'the platform',
      pages: { done: extracted.length, of: Math.max(answered.length, await pagesOf(runs, run)) },
    };
  }
  const embedded = await runs.embedded(run);
  const of = plan.batches.reduce((sum, batch) => sum + batch.count, 0);
  const done = embedded.reduce((sum, batch) => sum + (plan.batches[batch]?.count ?? 0), 0);
  return { run, stage: done < of ? 'embedding' : 'deciding', turns: plan.turns.count, texts: { done, of } };
}

/** Pages that the run's first answer spoke of. */
async function pagesOf(runs: House['runs'], run: string): Promise<number> {
  const [first] = await runs.extracted(run);
  return first === undefined ? 1 : Math.ceil((await runs.readTurns(run, first)).total / pageSize);
}
