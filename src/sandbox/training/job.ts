import { z } from 'zod';
import { type TrainingJob, terminalTrainingStatuses } from '../../platform/endpoints.ts';

/** The stages of a training, with the share of its time, 0 to 1, at which each begins. */
export const stages = [
  { name: 'QUEUED', from: 0 },
  { name: 'PREPARING', from: 0.1 },
  { name: 'TRAINING', from: 0.25 },
  { name: 'EVALUATING', from: 0.85 },
] as const;
export type Stage = (typeof stages)[number]['name'];

const stageNames = stages.map(({ name }) => name);
const instant = z.iso.datetime();

/** A job as submitted, and its planned outcome. Immutable: its status is computed from the clock. */
export const storedJob = z.strictObject({
  jobId: z.string(),
  skillId: z.string(),
  submittedAt: instant,
  utterances: z.number().int(),
  labels: z.number().int(),
  /** How long it takes, by the sandbox's clock, from the submission to its end. */
  seconds: z.number().min(0),
  /** How it ends, and at which share of its time: a job that fails does not do so at the last moment only. */
  end: z.strictObject({ status: z.enum(terminalTrainingStatuses), at: z.number().min(0).max(1), reason: z.string() }),
  /** The stage in which it waits until it is released. */
  holdIn: z.enum(stageNames).nullable(),
  plainPredictions: z.boolean(),
  artifactBytes: z.number().int().min(0),
});
export type StoredJob = z.infer<typeof storedJob>;

/** What was done to a job from outside: the instants, in ms. */
export interface Interventions {
  readonly releasedAt: number | null;
  readonly cancelledAt: number | null;
}

/** The status of a job. */
export interface JobState {
  readonly status: 'QUEUED' | 'RUNNING' | (typeof terminalTrainingStatuses)[number];
  readonly stage: Stage | 'COMPLETED';
  /** How much of its time has passed, 0 to 1. */
  readonly share: number;
  readonly reason: string | null;
}

/** The status of a job at an instant, in ms. A function of these alone, so that every sandbox that knows the job agrees. */
export function stateOf(job: StoredJob, { releasedAt, cancelledAt }: Interventions, now: number): JobState {
  const until = cancelledAt !== null && cancelledAt <= now ? cancelledAt : null;
  const share = shareAt(job, releasedAt, until ?? now);
  const isOver = share >= job.end.at;
  if (isOver && job.end.status === 'COMPLETED')
    return { status: 'COMPLETED', stage: 'COMPLETED', share: 1, reason: null };
  if (isOver) return { status: job.end.status, stage: stageAt(job.end.at), share: job.end.at, reason: job.end.reason };
  const stage = stageAt(share);
  if (until !== null) return { status: 'CANCELLED', stage, share, reason: cancelledByHand };
  return { status: stage === 'QUEUED' ? 'QUEUED' : 'RUNNING', stage, share, reason: null };
}

const cancelledByHand = 'The job was cancelled.';

export function isTerminal({ status }: Pick<JobState, 'status'>): boolean {
  return terminalTrainingStatuses.some(terminal => terminal === status);
}

/** As the platform reports it: in whole percent, of which 100 are those of a completed job alone. */
export function jobAnswer(job: StoredJob, state: JobState): TrainingJob {
  const units = 8 + 4 * Math.ceil(job.utterances / 1_000);
  const cluster =
    state.stage === 'QUEUED'
      ? {}
      : {
          // The cluster grows with the work that it was seen to do.
          computeUnitsAllocated: Math.ceil(units * Math.min(1, 0.25 + state.share)),
          computeUnitsUsed: Math.floor(units * state.share),
        };
  return {
    jobId: job.jobId,
    status: state.status,
    stage: state.stage,
    progress: Math.floor(state.share * 100 + 1e-9),
    ...cluster,
    ...(state.reason === null ? {} : { failureReason: state.reason }),
  };
}

function shareAt(job: StoredJob, releasedAt: number | null, now: number): number {
  const lasts = job.seconds * 1_000;
  const passed = now - Date.parse(job.submittedAt);
  const share = (ms: number): number => (lasts === 0 ? 1 : Math.min(1, Math.max(0, ms / lasts)));
  if (job.holdIn === null) return share(passed);

  const held = middleOf(job.holdIn);
  const waitsFrom = held * lasts;
  if (passed <= waitsFrom && lasts > 0) return share(passed);
  if (releasedAt === null || releasedAt > now) return held;
  const waited = Math.max(0, releasedAt - Date.parse(job.submittedAt) - waitsFrom);
  return lasts === 0 ? 1 : share(passed - waited);
}

function stageAt(share: number): Stage {
  return stages.findLast(({ from }) => from <= share)?.name ?? 'QUEUED';
}

function middleOf(stage: Stage): number {
  const index = stageNames.indexOf(stage);
  const from = stages[index]?.from ?? 0;
  return (from + (stages[index + 1]?.from ?? 1)) / 2;
}
