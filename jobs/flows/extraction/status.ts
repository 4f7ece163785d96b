import { z } from 'zod';
import { extractionResult } from '../../../src/domain/entity/result.ts';
import { MlopsError } from '../../../src/errors.ts';
import { cancelledCode, readReason } from '../../../src/runtime/failure-reason.ts';
import type { StoredJob } from '../../../src/runtime/stored-job.ts';
import type { BatchPlan } from '../../../src/store/extractions/extractions.ts';
import { chunksToDo } from '../../extract-entities/batch-steps.ts';
import { sealedElsewhere } from '../../extract-entities/errors.ts';
import { extractEntities, extractionJobId, sealedResult } from '../../extract-entities/job.ts';
import type { FlowResources, StartedRequest } from '../flow.ts';
import type { RequestStatus } from '../request-status.ts';
import { batchSummaryOf, type ExtractionOutcome } from './request.ts';

/** How far an extraction is. */
export interface ExtractionProgress {
  readonly stage: 'waiting' | 'reading' | 'extracting';
  readonly lines?: { readonly done: number; readonly of: number };
  readonly calls?: number;
  readonly cacheHits?: number;
  /** At the budget, if every line that is left needs a call. */
  readonly remainingSeconds?: number;
}

type Status = RequestStatus<ExtractionOutcome, ExtractionProgress>;
type StatusResources = Pick<
  FlowResources,
  'config' | 'queues' | 'extractions' | 'unfinished' | 'cancellations' | 'sealing'
>;

/** The name of the extraction that the request `id` is for. */
export const extractionOf = (id: string) => id.slice(extractionJobId('').length);

/** How far an extraction is, from the store, and from its jobs for work in progress. */
export async function extractionStatus(app: StatusResources, { id, payload }: StartedRequest): Promise<Status> {
  const job = await app.queues.find({ queue: extractEntities.name, id });
  // Read after the job, which may have ended just now.
  const batch = await app.extractions.batchOf(extractionOf(id));
  if (batch !== null) return await batchStatus(app, id, batch);
  if (await isCancelled(app, id, job)) return { state: 'cancelled' };
  const result = textOf(job);
  if (result !== null) return { state: 'succeeded', result: await openResult(app, result) };
  if (job?.state === 'failed') return { state: 'failed', error: readReason(job.failedReason ?? '') };
  const isBatch = kindOf(job?.payload ?? payload) === 'batch';
  if (job === null || job.state === 'waiting')
    return { state: 'waiting', progress: { stage: 'waiting' }, isLost: job === null };
  const stage = isBatch ? 'reading' : 'extracting';
  return { state: 'running', progress: { stage }, isLost: job.state === 'completed' };
}

const textResult = z.object({ kind: z.literal('text'), sealed: z.string() });
const ofKind = z.object({ kind: z.string() });

function kindOf(payload: unknown): string | null {
  return ofKind.safeParse(payload).data?.kind ?? null;
}

function textOf(job: StoredJob | null): string | null {
  return job?.state === 'completed' ? (textResult.safeParse(job.result).data?.sealed ?? null) : null;
}

async function openResult({ sealing }: StatusResources, sealed: string): Promise<ExtractionOutcome> {
  const opened = (await sealing()).open(sealedResult, sealed);
  if (opened === null)
    throw new MlopsError(sealedElsewhere, 'the result of this request does not open with the tenant’s secret');
  return extractionResult.parse(JSON.parse(opened));
}

async function isCancelled({ cancellations }: StatusResources, id: string, job: StoredJob | null): Promise<boolean> {
  if (job?.state === 'completed') return false;
  if (job?.state === 'failed' && readReason(job.failedReason ?? '').code === cancelledCode) return true;
  return await cancellations.isCancelled(id);
}

async function batchStatus(app: StatusResources, id: string, batch: string): Promise<Status> {
  const request = extractionOf(id);
  const plan = await app.extractions.plan(batch);
  const counts = await app.extractions.counts(batch);
  if (plan !== null && counts !== null) return { state: 'succeeded', result: batchSummaryOf(request, counts, plan) };
  if (await app.cancellations.isCancelled(id)) return { state: 'cancelled' };
  return plan === null ? await opening(app, id) : await extracting(app, batch, plan);
}

/** The file is being read: by the job of this request, or by that of the request that it has joined. */
async function opening(app: StatusResources, id: string): Promise<Status> {
  const job = await app.queues.find({ queue: extractEntities.name, id });
  if (job?.state === 'failed') return { state: 'failed', error: readReason(job.failedReason ?? '') };
  const isLost = job === null || job.state === 'completed';
  return { state: 'running', progress: { stage: 'reading' }, isLost };
}

async function extracting(app: StatusResources, batch: string, plan: BatchPlan): Promise<Status> {
  const specs = await chunksToDo(batch, plan, { tenant: app.config.tenant.key, extractions: app.extractions });
  const jobs = await Promise.all(specs.map(spec => app.queues.find(spec)));
  const failed = jobs.find(job => job?.state === 'failed');
  if (failed != null) return { state: 'failed', error: readReason(failed.failedReason ?? '') };
  const { done, calls, cacheHits } = await app.unfinished.progress(batch);
  const { count, perMs } = app.config.limits.NLU;
  const progress: ExtractionProgress = {
    stage: 'extracting',
    lines: { done: Math.min(done, plan.lines), of: plan.lines },
    calls,
    cacheHits,
    remainingSeconds: Math.ceil((Math.max(0, plan.lines - done) * perMs) / count / 1_000),
  };
  // Each job starts the next ones before it ends: without any, Redis has lost them. The last one writes the counts.
  const isLost = jobs.every(job => job === null || job.state === 'completed');
  return { state: 'running', progress, isLost };
}
