import { areaUnder } from './area.ts';
import { thresholdInterval } from './bootstrap.ts';
import { type Choice, choosePoint } from './choose-point.ts';
import { type Curve, rocCurve } from './curve.ts';
import { histogram, thinnedCurve } from './drawing.ts';
import { findingsAbout, hasFewSamples, medianPositives } from './findings.ts';
import { type Group, groupByIntent } from './groups.ts';
import { operateAt } from './operating-point.ts';
import { randomOf } from './random.ts';
import { upperEnd } from './rate-interval.ts';
import type { Flag, IntentTuning, OperatingPoint, TuningParameters } from './result.ts';
import { roundTo3 } from './rounding.ts';
import type { Samples } from './samples.ts';
import { ScoreSorter } from './sort-scores.ts';
import { Breath } from './yield-to-event-loop.ts';

/** The threshold of an intent whose samples do not determine one. */
const undecided = 0.5;

/**
 * Tunes the threshold of each intent that `isKnown` names and that has samples, in the order in which the intents first
 * came: the one with the highest J = TPR − FPR on the ROC curve (as scikit-learn's) whose FPR is at most `maxFpr`.
 * Hands the event loop its turn about every million rows.
 */
export async function* tuneIntents(
  samples: Samples,
  isKnown: (intentId: string) => boolean,
  parameters: TuningParameters,
): AsyncGenerator<IntentTuning> {
  const yieldToEventLoop = new Breath();
  const sorter = new ScoreSorter();
  const groups = await groupByIntent(samples, isKnown, yieldToEventLoop);
  const usualPositives = medianPositives(groups);
  for (const group of groups) {
    for (const scores of [group.positives, group.negatives]) {
      sorter.sort(scores);
      if (yieldToEventLoop.isDueAfter(scores.length)) await yieldToEventLoop.take();
    }
    const tuning = await tune(group, parameters, yieldToEventLoop);
    if (hasFewSamples(group, usualPositives)) tuning.warnings.push('few-samples');
    yield tuning;
  }
}

/** @param group scores in ascending order */
async function tune(group: Group, parameters: TuningParameters, yieldToEventLoop: Breath): Promise<IntentTuning> {
  const { positives, negatives } = group;
  if (positives.length === 0 || negatives.length === 0) return untunable(group, parameters);

  const curve = rocCurve(positives, negatives);
  if (yieldToEventLoop.isDueAfter(positives.length + negatives.length)) await yieldToEventLoop.take();
  const rocAuc = areaUnder(curve);
  const heldRate = heldRateOf(parameters, negatives.length);
  const choice = choosePoint(curve, parameters.maxFpr, heldRate);
  const { threshold, jScore } = choice === undefined ? { threshold: undecided, jScore: 0 } : pointOf(curve, choice);
  const point = choice === undefined ? null : operateAt(group, threshold);
  const rounded = Number.isFinite(threshold) ? operateAt(group, roundTo3(threshold), point ?? undefined) : null;

  return {
    intentId: group.intentId,
    threshold: orNull(roundTo3(threshold)),
    jScore: roundTo3(jScore),
    rocAuc: roundTo3(rocAuc),
    ...sizesOf(group),
    flags: [...choiceFlags(choice, point, rounded, parameters.maxFpr, heldRate), ...sizeFlags(group, parameters)],
    warnings: findingsAbout(group, curve, rocAuc),
    raw: { threshold: orNull(threshold), jScore, rocAuc },
    point,
    rounded,
    thresholdInterval:
      choice?.isRegular === true ? await intervalOf(group, parameters, heldRate, yieldToEventLoop) : null,
    curve: thinnedCurve(curve, choice?.at),
    histogram: { positives: histogram(positives), negatives: histogram(negatives) },
  };
}

function untunable(group: Group, parameters: TuningParameters): IntentTuning {
  return {
    intentId: group.intentId,
    threshold: undecided,
    jScore: 0,
    rocAuc: 0,
    ...sizesOf(group),
    flags: ['one-class', ...sizeFlags(group, parameters)],
    warnings: [],
    raw: { threshold: undecided, jScore: 0, rocAuc: 0 },
    point: null,
    rounded: null,
    thresholdInterval: null,
    curve: { fpr: [], tpr: [] },
    histogram: { positives: histogram(group.positives), negatives: histogram(group.negatives) },
  };
}

/** What `maxFpr` bounds at a point with so many false positives. */
function heldRateOf({ maxFprConfidence }: TuningParameters, negatives: number): (falsePositives: number) => number {
  return maxFprConfidence ? count => upperEnd(count, negatives) : count => count / negatives;
}

function pointOf({ thresholds, tpr, fpr }: Curve, { at }: Choice) {
  return { threshold: thresholds[at] ?? 0, jScore: (tpr[at] ?? 0) - (fpr[at] ?? 0) };
}

function choiceFlags(
  choice: Choice | undefined,
  point: OperatingPoint | null,
  rounded: OperatingPoint | null,
  maxFpr: number,
  heldRate: (falsePositives: number) => number,
): Flag[] {
  if (choice === undefined || point === null) return ['no-candidate'];
  const found: Flag[] = choice.isRegular ? [] : ['max-fpr-unmet'];
  if (rounded === null || point.threshold === null) return [...found, 'threshold-out-of-range'];
  const isHeld = ({ falsePositives }: OperatingPoint) => heldRate(falsePositives) <= maxFpr;
  if (isHeld(point) && !isHeld(rounded)) found.push('rounding-breaks-max-fpr');
  if (!(point.threshold >= 0 && point.threshold <= 1)) found.push('threshold-out-of-range');
  return found;
}

function sizeFlags({ positives, negatives }: Group, { minPositives, minNegatives }: TuningParameters): Flag[] {
  const found: Flag[] = [];
  if (positives.length < minPositives) found.push('too-few-positives');
  if (negatives.length < minNegatives) found.push('too-few-negatives');
  return found;
}

async function intervalOf(
  group: Group,
  { bootstrap, seed, maxFpr }: TuningParameters,
  heldRate: (falsePositives: number) => number,
  yieldToEventLoop: Breath,
): Promise<[number, number] | null> {
  if (bootstrap === 0) return null;
  const mayHave = (falsePositives: number) => heldRate(falsePositives) <= maxFpr;
  const random = randomOf(seed, group.intentId);
  return await thresholdInterval(group, { resamples: bootstrap, mayHave, random }, yieldToEventLoop);
}

function sizesOf({ positives, negatives }: Group) {
  return {
    sampleCount: positives.length + negatives.length,
    positives: positives.length,
    negatives: negatives.length,
  };
}

function orNull(threshold: number): number | null {
  return Number.isFinite(threshold) ? threshold : null;
}
