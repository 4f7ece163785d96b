import { z } from 'zod';
import { type RunEvent, runNumber } from '../../../src/domain/run/run.ts';
import { isCoded, MlopsError } from '../../../src/errors.ts';
import { pageSize } from '../../../src/platform/endpoints.ts';
import { cancelledCode } from '../../../src/runtime/failure-reason.ts';
import { isWanted } from '../../../src/store/runs/close-cancelled.ts';
import { fetchPage } from '../../fetch-page/job.ts';
import type { FlowResources } from '../flow.ts';
import { type RequestStatus, standingOf } from '../request-status.ts';
import { type CurationSummary, curationSummary } from './request.ts';

/** How far a curation is. Fields not yet known are absent. */
export interface CurationProgress {
  readonly run?: string;
  readonly stage: 'waiting' | 'fetching' | 'embedding' | 'deciding';
  /** What it is waiting for, if known. */
  readonly waitsFor?: string;
  /** Pages fetched, and those of which the texts are embedded: that begins while others are still fetched. */
  readonly pages?: { readonly done: number; readonly embedded: number; readonly of: number };
  readonly turns?: number;
  /** Texts that the pages left over. */
  readonly texts?: { readonly done: number; readonly of: number };
}

/** The sources of a status. */
export type CurationResources = Pick<FlowResources, 'runs' | 'datasets' | 'cancellations' | 'queues' | 'budget'>;
type Status = RequestStatus<CurationSummary, CurationProgress>;

/** The status of the curation whose run the job `id` opens or joins, from the run's own record in the store. */
export async function curationStatus(app: CurationResources, id: string): Promise<Status> {
  const job = await standingOf(app, { queue: fetchPage.name, id });
  // Read after the job: the run may have been opened just now.
  const run = await app.runs.ofRequest(id);
  if (run !== null) return await runStatus(app, id, run.run, job.state === 'unknown');
  if (await app.cancellations.isCancelled(id)) return { state: 'cancelled' };
  if (job.state === 'failed')
    return job.failure.code === cancelledCode ? { state: 'cancelled' } : { state: 'failed', error: job.failure };
  const progress: CurationProgress = { stage: 'waiting', waitsFor: await inTheWay(app, job.progress) };
  const isLost = job.state === 'unknown' || job.state === 'completed';
  return { state: job.state === 'running' ? 'running' : 'waiting', progress, isLost };
}

async function runStatus(app: CurationResources, id: string, run: string, isLost: boolean): Promise<Status> {
  const event: RunEvent = (await app.runs.events(run).head())?.entry ?? { kind: 'opened' };
  const isCancelled = await app.cancellations.isCancelled(id);
  if (event.kind === 'committed') {
    if (isCancelled && (await isWanted(run, app))) return { state: 'cancelled' };
    return { state: 'succeeded', result: await summaryOf(app, run, event.version) };
  }
  if (event.kind === 'closed' && event.code === cancelledCode) {
    const version = await committedAfterAll(app, run);
    return version === null
      ? { state: 'cancelled' }
      : { state: 'succeeded', result: await summaryOf(app, run, version) };
  }
  if (isCancelled) return { state: 'cancelled' };
  if (event.kind === 'failed' || event.kind === 'closed')
    return { state: 'failed', error: { code: event.code, message: event.message } };
  return { state: 'running', progress: await progressUnlessDamaged(app, run), isLost };
}

/** @throws MlopsError DATASET_DAMAGED */
async function summaryOf(
  { runs, datasets }: CurationResources,
  run: string,
  version: number,
): Promise<CurationSummary> {
  const { dataset } = await runs.read(run);
  const summary = curationSummary(run, dataset, version, await datasets.summary(dataset, version));
  if (summary !== null) return summary;
  throw new MlopsError('DATASET_DAMAGED', `the run ${run} is committed, but ${dataset}@${version} does not hold it`);
}

/** The version of a commit that was in progress when all requesters cancelled, and came first. */
async function committedAfterAll({ runs, datasets }: CurationResources, run: string): Promise<number | null> {
  const { dataset } = await runs.read(run);
  const head = await datasets.head(dataset);
  if (head === null || runNumber(head.entry.lastRun) < runNumber(run)) return null;
  for (let number = head.number; number > 0; number--) {
    const { made } = await datasets.summary(dataset, number);
    if (made.by === 'run' && made.run === run) return number;
    if (made.by === 'run' && runNumber(made.run) < runNumber(run)) return null;
  }
  return null;
}

const otherRun = z.object({ waitingFor: z.string() });

async function inTheWay(app: CurationResources, progress: unknown): Promise<string> {
  const other = otherRun.safeParse(progress).data?.waitingFor;
  if (other !== undefined) return `the run ${other}, which has other parameters`;
  return (await heldFor(app)) ?? 'the run to be opened';
}

/** How long to send no requests after the platform answered 429. */
async function heldFor({ budget }: CurationResources): Promise<string | undefined> {
  const ms = await budget.heldMs('INTERACTIONS');
  return ms === 0 ? undefined : `the platform, which requires a pause of ${Math.ceil(ms / 1000)} s`;
}

/** The run's jobs recreate a damaged file; until then less is known. */
async function progressUnlessDamaged(app: CurationResources, run: string): Promise<CurationProgress> {
  return await progressOf(app, run).catch((error: unknown) => {
    if (!isCoded(error, 'RUN_FILE_DAMAGED')) throw error;
    return { run, stage: 'fetching' } as const;
  });
}

async function progressOf(app: CurationResources, run: string): Promise<CurationProgress> {
  const { runs } = app;
  const plan = await runs.plan(run);
  if (plan === null) {
    const [answered, extracted, embedded] = await Promise.all([
      runs.answered(run),
      runs.extracted(run),
      runs.embedded(run),
    ]);
    const of = Math.max(answered.length, await pagesOf(runs, run));
    const pages = { done: extracted.length, embedded: embedded.pages.length, of };
    if (pages.done === of) return { run, stage: 'embedding', pages };
    return { run, stage: 'fetching', waitsFor: (await heldFor(app)) ?? 'the platform', pages };
  }
  const embedded = (await runs.embedded(run)).batches;
  const of = plan.batches.reduce((sum, batch) => sum + batch.count, 0);
  const done = embedded.reduce((sum, batch) => sum + (plan.batches[batch]?.count ?? 0), 0);
  return { run, stage: done < of ? 'embedding' : 'deciding', turns: plan.turns.count, texts: { done, of } };
}

/** Pages that the run's first answer counted. */
async function pagesOf(runs: CurationResources['runs'], run: string): Promise<number> {
  const [first] = await runs.extracted(run);
  return first === undefined ? 1 : Math.ceil((await runs.readTurns(run, first)).total / pageSize);
}
