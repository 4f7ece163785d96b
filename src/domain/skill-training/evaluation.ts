import { z } from 'zod';
import { MlopsError } from '../../errors.ts';
import { countBy } from './class-counts.ts';
import { listed, type Problem, quoted } from './problem.ts';

/** A predicted label's id, and how sure the model is of it; the platform may leave that out. */
const prediction = z.union([
  z.string().transform(label => ({ label, score: null })),
  z
    .object({ label: z.string(), score: z.number().nullish() })
    .transform(({ label, score }) => ({ label, score: score ?? null })),
]);

/**
 * What the platform says of a trained model: what it predicted for the utterances that were held back, and what they
 * really are. `predictions` and `actuals` go together by index; both hold label ids.
 */
export const evaluation = z.object({
  labels: z.array(z.object({ id: z.string(), name: z.string() })),
  predictions: z.array(prediction),
  actuals: z.array(z.string()),
  trainingDurationSeconds: z.number().nonnegative(),
});
export type Evaluation = z.infer<typeof evaluation>;

/** What makes an evaluation impossible to compute from; empty where nothing does. */
export function evaluationProblems({ labels, predictions, actuals }: Evaluation): Problem[] {
  const known = new Set(labels.map(label => label.id));
  return [
    ...noPredictions(predictions.length, actuals.length),
    ...unequalLengths(predictions.length, actuals.length),
    ...unknownLabels(actuals, known, index => `actuals[${index}]`),
    ...unknownLabels(
      predictions.map(each => each.label),
      known,
      index => `predictions[${index}]`,
    ),
    ...duplicateIds(labels.map(label => label.id)),
  ];
}

/** @throws MlopsError PLATFORM_WRONG_SHAPE naming every problem and the place of the first */
export function refuseUnusable(evaluation: Evaluation): void {
  const problems = evaluationProblems(evaluation);
  const [first] = problems;
  if (first === undefined) return;
  throw new MlopsError(
    'PLATFORM_WRONG_SHAPE',
    `the platform’s evaluation contradicts itself: ${problems.map(each => each.message).join('; ')}. Report it to the platform, and train again`,
    { where: first.where },
  );
}

function noPredictions(predictions: number, actuals: number): Problem[] {
  if (predictions > 0 || actuals > 0) return [];
  return [{ code: 'no-predictions', message: 'it has no predictions', count: 0, where: 'predictions' }];
}

function unequalLengths(predictions: number, actuals: number): Problem[] {
  if (predictions === actuals) return [];
  const message = `it has ${predictions} predictions for ${actuals} actuals`;
  return [{ code: 'unequal-lengths', message, count: Math.abs(predictions - actuals), where: 'predictions' }];
}

/** The value itself is not shown: an invalid label may be anything. */
function unknownLabels(
  ids: readonly string[],
  known: ReadonlySet<string>,
  place: (index: number) => string,
): Problem[] {
  const places = ids.flatMap((id, index) => (known.has(id) ? [] : [place(index)]));
  const [where] = places;
  if (where === undefined) return [];
  const message = `its labels do not have the label of ${listed(places, 5)}`;
  return [{ code: 'unknown-labels', message, count: places.length, where }];
}

function duplicateIds(ids: readonly string[]): Problem[] {
  const doubled = [...countBy(ids, id => id)].filter(([, count]) => count > 1).map(([id]) => id);
  if (doubled.length === 0) return [];
  const where = `labels[${ids.findIndex((id, index) => ids.indexOf(id) < index)}].id`;
  const message = `its labels name more than once: ${listed(doubled.map(quoted))}`;
  return [{ code: 'duplicate-label-ids', message, count: doubled.length, where }];
}
