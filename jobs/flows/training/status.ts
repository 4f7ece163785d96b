import { z } from 'zod';
import { computeUnits } from '../../../src/domain/skill-training/job-status.ts';
import type { RequestState } from '../../../src/domain/skill-training/request-state.ts';
import { cancelledCode } from '../../../src/runtime/failure-reason.ts';
import { pollTraining, recoveryJobId, trainingJobId } from '../../poll-training/job.ts';
import { failureOf } from '../../poll-training/request-failure.ts';
import type { FlowResources } from '../flow.ts';
import { type JobStanding, type RequestStatus, standingOf } from '../request-status.ts';
import { modelOf, type TrainingSummary, trainingSummary } from './request.ts';

/** How far a training is. */
export interface TrainingProgress {
  readonly stage: 'waiting' | 'checking' | 'submitting' | 'training' | 'evaluating' | 'exporting' | 'registering';
  /** The platform's. */
  readonly jobId?: string;
  readonly percent?: number | undefined;
  /** What the platform calls its state and its stage. */
  readonly status?: string | undefined;
  readonly trainingStage?: string | undefined;
  readonly polls?: number | undefined;
  readonly computeUnits?: z.infer<typeof computeUnits> | undefined;
}
type TrainingResources = Pick<FlowResources, 'trainings' | 'models' | 'cancellations' | 'queues'>;
type Status = RequestStatus<TrainingSummary, TrainingProgress>;

/** The name of the training that the request `id` is for. */
export const trainingOf = (id: string) => id.slice(trainingJobId('').length);

/** How far the training `request` is, from its log and, for work in progress, from its job. */
export async function trainingStatus(app: TrainingResources, request: string): Promise<Status> {
  const { trainings, cancellations } = app;
  const id = trainingJobId(request);
  // Read before the log: a job checks for cancellation only after it has started the log, and before it submits.
  const isCancelled = await cancellations.isCancelled(id);
  const job = await carrierOf(app, request);
  // Read after the job, which may have ended just now.
  const { state } = await trainings.read(request);
  if (isCancelled && (state === null || state.name === 'validated')) return { state: 'cancelled' };
  switch (state?.name) {
    case 'audited':
      return await registered(app, request, state);
    case 'cancelled':
      // Cancelled by the requester: nothing has failed.
      if (await cancellations.isCancelled(id)) return { state: 'cancelled' };
      return { state: 'failed', error: causeOf(state) };
    case 'submission-unknown':
    case 'submission-refused':
    case 'failed':
    case 'timed-out':
      return { state: 'failed', error: causeOf(state) };
    default:
      return underWay(state ?? null, job);
  }
}

function causeOf(state: Parameters<typeof failureOf>[0]) {
  const { code, message } = failureOf(state);
  return { code, message };
}

async function registered(app: TrainingResources, request: string, state: RequestState): Promise<Status> {
  const model = await modelOf(app, request);
  if (model !== null) return { state: 'succeeded', result: trainingSummary(model.entry, model.number) };
  return { state: 'running', progress: progressOf(state, {}), isLost: false };
}

function underWay(state: RequestState | null, job: JobStanding): Status {
  if (job.state === 'failed')
    return job.failure.code === cancelledCode ? { state: 'cancelled' } : { state: 'failed', error: job.failure };
  const isLost = job.state === 'unknown' || job.state === 'completed';
  if (state === null && job.state !== 'running') return { state: 'waiting', progress: { stage: 'waiting' }, isLost };
  return { state: 'running', progress: progressOf(state, job.progress), isLost };
}

/** The job that carries the request: its own, or that of a recovery once its own has failed. */
async function carrierOf(app: TrainingResources, request: string): Promise<JobStanding> {
  const { events } = await app.trainings.read(request);
  const remedies = events.flatMap(event =>
    'recoveryId' in event && event.recoveryId !== undefined ? [recoveryJobId(request, event.recoveryId)] : [],
  );
  let carrier = await standingOf(app, { queue: pollTraining.name, id: trainingJobId(request) });
  for (const id of remedies) {
    if (carrier.state === 'waiting' || carrier.state === 'running') break;
    carrier = await standingOf(app, { queue: pollTraining.name, id });
  }
  return carrier;
}

/** The job's progress; an invalid field is left out. */
const shown = z.object({
  stage: z.string().optional().catch(undefined),
  jobId: z.string().optional().catch(undefined),
  percent: z.number().optional().catch(undefined),
  status: z.string().optional().catch(undefined),
  trainingStage: z.string().optional().catch(undefined),
  polls: z.number().optional().catch(undefined),
  computeUnits: computeUnits.optional().catch(undefined),
});

function progressOf(state: RequestState | null, progress: unknown): TrainingProgress {
  if (state === null) return { stage: 'checking' };
  if (!('jobId' in state) || state.jobId === null) return { stage: 'submitting' };
  const { stage, jobId, ...known } = shown.parse(progress);
  // The platform's job before a recovery is not shown.
  return { stage: stageOf(state, stage), jobId: state.jobId, ...(jobId === state.jobId ? known : {}) };
}

function stageOf({ name }: RequestState, shownStage: string | undefined): TrainingProgress['stage'] {
  if (name === 'evaluated') return 'exporting';
  if (name === 'exported' || name === 'audited') return 'registering';
  return shownStage === 'evaluating' ? 'evaluating' : 'training';
}
