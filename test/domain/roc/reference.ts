import { readFileSync } from 'node:fs';
import { z } from 'zod';

const pair = z.tuple([z.number(), z.number()]);
const rocCase = z.object({
  labels: z.string(),
  scores: z.array(z.number()),
  maxFpr: z.number(),
  expected: z.object({
    branch: z.enum(['one-class', 'no-candidate', 'regular', 'unmet']),
    threshold: z.number().nullable(),
    j: z.number(),
    auc: z.number(),
    rounded: z.tuple([z.number().nullable(), z.number(), z.number()]),
  }),
});
const line = z.union([
  z.strictObject({ case: rocCase }),
  z.strictObject({ interval: z.tuple([z.number(), z.number(), z.number(), z.number()]) }),
  z.strictObject({ rounding: pair }),
]);

/** What scikit-learn, scipy and Python say; made by `fixtures/roc_reference.py`. */
const lines = readFileSync(new URL('fixtures/roc-reference.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map(text => line.parse(JSON.parse(text)));

export const rocCases = lines.flatMap(each => ('case' in each ? each.case : []));
/** Count, total, and both ends of the Clopper–Pearson interval. */
export const intervals = lines.flatMap(each => ('interval' in each ? [each.interval] : []));
/** A value and Python's `round(value, 3)`. */
export const roundings = lines.flatMap(each => ('rounding' in each ? [each.rounding] : []));
