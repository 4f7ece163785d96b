import { evaluate } from '../../src/domain/skill-training/evaluate.ts';
import type { ComputeUnits } from '../../src/domain/skill-training/job-status.ts';
import type { RequestState } from '../../src/domain/skill-training/request-state.ts';
import { readEvaluation } from '../../src/platform/endpoints.ts';
import type { Context } from './context.ts';
import { show } from './progress.ts';

type Polling = Extract<RequestState, { name: 'polling' }>;

/**
 * Fetches the platform's evaluation of the finished model and computes its metrics.
 * @throws MlopsError PLATFORM_WRONG_SHAPE if the evaluation is inconsistent, naming the index
 */
export async function evaluateModel(
  state: Polling,
  length: number,
  units: ComputeUnits | null,
  context: Context,
): Promise<void> {
  const { resources, signal } = context;
  const { trainings, cxone } = resources;
  const { jobId, opening } = state;
  await show(context, { stage: 'evaluating', jobId });
  const { answer } = await cxone.ask(readEvaluation, { path: { jobId } }, signal);
  const result = evaluate(answer);
  await trainings.append(opening.request, length, {
    kind: 'evaluated',
    at: new Date().toISOString(),
    metrics: result.metrics,
    bestThreshold: result.bestThreshold,
    trainingDurationSeconds: result.trainingDurationSeconds,
    ...(units === null ? {} : { computeUnits: units }),
    evaluation: await trainings.writeEvaluation(opening.request, jobId, result),
  });
}
