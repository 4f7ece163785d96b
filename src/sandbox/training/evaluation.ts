import type { TrainingEvaluation, TrainingSubmission } from '../../platform/endpoints.ts';
import type { StoredJob } from './job.ts';
import { train } from './model.ts';
import { stratified } from './split.ts';

/** The evaluations of a few jobs are kept: they are asked for again, and never change. */
const kept = 8;

/** Evaluates what was submitted: a model is really trained on one part of it, and asked about the other. */
export class Evaluations {
  readonly #evaluated = new Map<string, Promise<TrainingEvaluation>>();

  /** The evaluation of a completed job. A function of what was submitted, so every sandbox that knows the job agrees. */
  of(job: StoredJob, submission: () => Promise<TrainingSubmission>): Promise<TrainingEvaluation> {
    const known = this.#evaluated.get(job.jobId);
    if (known !== undefined) return known;

    const evaluation = submission().then(submitted => evaluated(job, submitted));
    this.#evaluated.set(job.jobId, evaluation);
    // What went wrong may go right the next time, as when a disk was full.
    evaluation.catch(() => this.#evaluated.delete(job.jobId));
    for (const oldest of [...this.#evaluated.keys()].slice(0, -kept)) this.#evaluated.delete(oldest);
    return evaluation;
  }
}

async function evaluated(job: StoredJob, { trainingData, labels }: TrainingSubmission): Promise<TrainingEvaluation> {
  const { trained, heldOut } = stratified(trainingData.utterances, trainingData.validationSplit);
  const model = await train(
    trained,
    labels.map(({ id }) => id),
  );
  const predictions = await model.classify(heldOut.map(({ text }) => text));
  return {
    labels: labels.map(({ id, name }) => ({ id, name })),
    predictions: job.plainPredictions ? predictions.map(({ label }) => label) : predictions,
    actuals: heldOut.map(({ label }) => label),
    trainingDurationSeconds: job.seconds,
  };
}
