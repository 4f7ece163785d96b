import { z } from 'zod';
import { MlopsError } from '../../errors.ts';
import { countBy } from './class-counts.ts';
import { listed, type Problem, quoted } from './problem.ts';

/**
 * A predicted label's id, and how sure the model is of it; the platform may leave that out. `null`: it predicted nothing.
 * The label may be one that the evaluation does not list, such as a fallback.
 */
const prediction = z.union([
  z.string().transform(label => ({ label, score: null })),
  z
    .object({ label: z.string().nullable(), score: z.number().nullish() })
    .transform(({ label, score }) => ({ label, score: score ?? null })),
  z.null().transform(() => ({ label: null, score: null })),
]);

const trainingDuration = z
  .number()
  .nonnegative()
  .nullish()
  .transform(seconds => seconds ?? null);

/**
 * What the platform says of a trained model: what it predicted for the utterances that were held back, and what they
 * really are. `predictions` and `actuals` go together by index; both hold label ids.
 */
export const evaluation = z.object({
  labels: z.array(z.object({ id: z.string(), name: z.string() })),
  predictions: z.array(prediction),
  actuals: z.array(z.string()),
  /** `null`: unknown. */
  trainingDurationSeconds: trainingDuration,
});
export type Evaluation = z.infer<typeof evaluation>;

/** What makes an evaluation impossible to compute from; empty where nothing does. */
export function evaluationProblems({ labels, predictions, actuals }: Evaluation): Problem[] {
  const known = new Set(labels.map(label => label.id));
  return [
    ...noPredictions(predictions.length, actuals.length),
    ...unequalLengths(predictions.length, actuals.length),
    ...unknownLabels(actuals, known, index => `actuals[${index}]`),
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
    `the platform’s evaluation contradicts itself: ${problems.map(each => each.message).join('; ')}. Report it to the platform`,
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

/** A label that was predicted though the evaluation does not list it: a fallback. `null`: nothing was predicted. */
export const strayLabel = z.strictObject({ label: z.string().nullable(), count: z.number().int().positive() });
export type StrayLabel = z.infer<typeof strayLabel>;

/**
 * The predictions outside the evaluation's labels, which count as wrong: most frequent first. A label that does not look
 * like a name may be a text, and is not given.
 */
export function strayLabels({ labels, predictions }: Evaluation): StrayLabel[] {
  const known = new Set(labels.map(label => label.id));
  const stray = predictions.filter(({ label }) => label === null || !known.has(label));
  const counts = new Map<string | null, number>();
  for (const { label } of stray) {
    const name = label === null || /^\S{0,64}$/.test(label) ? label : '(not a name)';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count);
}

/** Display names; `null` if not given. */
export function describeStray(stray: readonly StrayLabel[]): string | null {
  if (stray.length === 0) return null;
  const count = stray.reduce((sum, each) => sum + each.count, 0);
  const names = stray.map(each => `${each.label === null ? 'none' : quoted(each.label)} (${each.count})`);
  const what = count === 1 ? '1 prediction is' : `${count} predictions are`;
  return `${what} outside the evaluation's labels and ${count === 1 ? 'counts' : 'count'} as wrong: ${listed(names)}`;
}
