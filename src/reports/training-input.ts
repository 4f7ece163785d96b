import type { ModelFile } from '../domain/skill-training/data-summary.ts';
import type { EvaluationResult } from '../domain/skill-training/evaluate.ts';
import type { RegistryEntry } from '../domain/skill-training/registry-entry.ts';

/** What a report of a training shows: the origin of the model and the result of its evaluation. */
export interface TrainingReport
  extends Pick<
    RegistryEntry,
    'skillId' | 'jobId' | 'request' | 'at' | 'by' | 'data' | 'trainingDurationSeconds' | 'computeUnits'
  > {
  readonly tenant: string;
  /** `confusionMatrix` has a row and a column for each of `labels`, as `evaluate` makes it. */
  readonly evaluation: EvaluationResult;
  /** The model's files in the artifact store. */
  readonly files?: readonly ModelFile[];
}
