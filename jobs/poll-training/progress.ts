import { z } from 'zod';
import { computeUnits } from '../../src/domain/skill-training/job-status.ts';
import type { Context } from '../../src/runtime/handler.ts';

/**
 * The job's progress, which is also the only state that attempts share: it survives the worker, but not Redis. A missing
 * or invalid field has its initial value.
 */
export const trainingJobProgress = z.object({
  stage: z.enum(['training', 'evaluating', 'exporting']).optional().catch(undefined),
  /** The platform's. */
  jobId: z.string().nullable().catch(null),
  /** What the platform calls its state and its stage. */
  status: z.string().nullable().catch(null),
  trainingStage: z.string().optional().catch(undefined),
  percent: z.number().optional().catch(undefined),
  computeUnits: computeUnits.nullable().catch(null),
  /** Number of status answers so far. */
  polls: z.number().int().catch(0),
  /** 429 answers since the last status. */
  refusals: z.number().int().catch(0),
  /** When the next poll may be sent, in ms since 1970. */
  dueAt: z.number().nullable().catch(null),
  /** Attempts that failed since the last one that succeeded. */
  troubles: z.number().int().catch(0),
});
export type TrainingJobProgress = z.infer<typeof trainingJobProgress>;

type ProgressContext = Pick<Context<unknown, TrainingJobProgress>, 'lastProgress' | 'progress'>;

export function readProgress({ lastProgress }: Pick<ProgressContext, 'lastProgress'>): TrainingJobProgress {
  return lastProgress ?? trainingJobProgress.parse({});
}

/** Updates some fields of the progress. */
export async function show(context: ProgressContext, changes: Partial<TrainingJobProgress>): Promise<void> {
  await context.progress({ ...readProgress(context), ...changes });
}
