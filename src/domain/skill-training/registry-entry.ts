import { z } from 'zod';
import { instant } from '../interaction/interaction.ts';
import { dataSummary, modelFile } from './data-summary.ts';
import { bestThreshold, metrics } from './evaluate.ts';
import { strayLabel } from './evaluation.ts';
import { computeUnits } from './job-status.ts';
import { skillId } from './payload.ts';

/** A trained model: an entry of the model registry. It records the model, its files and its training data. */
export const registryEntry = z.strictObject({
  skillId,
  /** The platform's id of the training job. */
  jobId: z.string().min(1),
  /** Our id of the request that trained it. */
  request: z.string().min(1),
  at: instant,
  metrics,
  bestThreshold,
  files: z.array(modelFile),
  data: dataSummary,
  trainingDurationSeconds: z.number().nonnegative().nullable(),
  /** Predictions of the evaluation outside its labels. */
  stray: z.array(strayLabel).optional(),
  computeUnits: computeUnits.optional(),
  /** Who asked for it. */
  by: z.string(),
});
export type RegistryEntry = z.infer<typeof registryEntry>;
