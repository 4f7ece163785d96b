import { z } from 'zod';

/** What a tuning is asked to do. */
export const tuningParameters = z.strictObject({
  /** The highest false positive rate a threshold may have. */
  maxFpr: z.number().min(0).max(1).default(0.15),
  /** Hold the upper end of the FPR's 95 % interval below `maxFpr`, instead of the FPR itself. */
  maxFprConfidence: z.boolean().default(false),
  /** Resamples for the threshold's own interval; 0: none. */
  bootstrap: z.number().int().min(0).max(10_000).default(0),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
  /** Fewer positive or negative samples of an intent, and its threshold is reported, not pushed. */
  minPositives: z.number().int().min(0).default(5),
  minNegatives: z.number().int().min(0).default(5),
});
export type TuningParameters = z.infer<typeof tuningParameters>;

/** What keeps a threshold from being what was asked for. */
export const flags = {
  'one-class': 'all its samples are of one class',
  'no-candidate': 'no point has a true positive rate above its false positive rate',
  'too-few-positives': 'fewer positive samples than required',
  'too-few-negatives': 'fewer negative samples than required',
  'max-fpr-unmet': 'no point that is better than chance keeps the highest false positive rate',
  'rounding-breaks-max-fpr': 'rounded to 3 decimals the threshold breaks the highest false positive rate',
  'threshold-out-of-range': 'the threshold is not a number from 0 to 1',
} as const;
export type Flag = keyof typeof flags;
const flag = z.string().refine((name): name is Flag => name in flags);

/** Problems that no threshold can fix. */
export const warnings = {
  'no-better-than-chance': 'its AUC cannot be distinguished from 0.5',
  'single-confidence': 'most of its samples have one and the same confidence',
  'positives-below-negatives': 'all its positive samples score below most of its negative ones',
  'few-samples': 'it has far fewer positive samples than the other intents',
} as const;
export type Warning = keyof typeof warnings;
const warning = z.string().refine((name): name is Warning => name in warnings);

const interval = z.tuple([z.number(), z.number()]);

/** What a threshold does to the samples: those whose score is at least the threshold are accepted. */
export const operatingPoint = z.object({
  /** `null`: above every score (scikit-learn's infinite first threshold). */
  threshold: z.number().nullable(),
  truePositives: z.number().int(),
  falsePositives: z.number().int(),
  tpr: z.number(),
  fpr: z.number(),
  /** Exact (Clopper–Pearson) 95 % intervals of the two rates. */
  tprInterval: interval,
  fprInterval: interval,
});
export type OperatingPoint = z.infer<typeof operatingPoint>;

/** What one intent's samples come to. */
export const intentTuning = z.object({
  intentId: z.string(),
  /** 3 decimals, ties to even; `null` where it is infinite. */
  threshold: z.number().nullable(),
  jScore: z.number(),
  rocAuc: z.number(),
  sampleCount: z.number().int(),
  positives: z.number().int(),
  negatives: z.number().int(),
  flags: z.array(flag),
  warnings: z.array(warning),
  raw: z.object({ threshold: z.number().nullable(), jScore: z.number(), rocAuc: z.number() }),
  /** At the chosen point of the curve, and at the threshold as rounded; `null` where the curve has none. */
  point: operatingPoint.nullable(),
  rounded: operatingPoint.nullable(),
  /** 95 % percentile interval of the threshold over stratified resamples, where it was asked for. */
  thresholdInterval: interval.nullable(),
  /** The ROC curve from (0, 0) to (1, 1), thinned for drawing; empty for one class. */
  curve: z.object({ fpr: z.array(z.number()), tpr: z.array(z.number()) }),
  /** Samples per score, in equal bins from 0 to 1. */
  histogram: z.object({ positives: z.array(z.number().int()), negatives: z.array(z.number().int()) }),
});
export type IntentTuning = z.infer<typeof intentTuning>;
