import { z } from 'zod';
import { tuning } from '../../jobs/flows/tuning/flow.ts';
import { tuningParameters } from '../../src/domain/roc/result.ts';
import { isCoded, MlopsError } from '../../src/errors.ts';
import { checkedExport } from '../../src/store/cv-export/checked-export.ts';
import { defineRoute, type RequestContext } from '../http/flow-route.ts';
import { bytesOf, inlineOptions } from '../http/inline-upload.ts';
import { ownUpload } from '../http/own-upload.ts';

const inlineCsv = z
  .string()
  .regex(/[\r\n]/, 'must be the ref of an upload, or CSV text')
  .describe('The export as CSV text, with its header line; a body may have at most 1 MiB');

const { shape } = tuningParameters;
const body = z.strictObject({
  csv: z
    .union([z.uuid().describe('The ref of an upload'), inlineCsv])
    .describe('The cross-validation export: intent_id, actual_label, predicted_confidence'),
  maxFpr: shape.maxFpr.describe('Maximum false positive rate of a threshold'),
  maxFprConfidence: shape.maxFprConfidence.describe('Apply `maxFpr` to the upper 95 % confidence bound'),
  bootstrap: shape.bootstrap.describe('Bootstrap resamples for threshold confidence intervals (default: off)'),
  seed: shape.seed.describe('Seed of the resamples'),
  minPositives: shape.minPositives.describe('Do not push intents with fewer positive samples'),
  minNegatives: shape.minNegatives.describe('Do not push intents with fewer negative samples'),
  push: z.boolean().default(false).describe('Set the thresholds in the tenant; otherwise nothing is changed'),
  maxChange: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('Refuse to push if a threshold in force would change by more than this'),
  force: z.boolean().default(false).describe('Push regardless of `maxChange`'),
});

const csvText = 'intent_id,actual_label,predicted_confidence\nint_1,1,0.91\nint_1,0,0.32\n';

export const tunings = defineRoute({
  flow: tuning,
  summary: 'Compute each intent’s confidence threshold, and optionally push the thresholds',
  description:
    'Without `push`, a dry run whose result lists what a push would change. With `push`, the request succeeds once the platform has accepted the thresholds.',
  body,
  examples: [{ csv: '6f1c2a52-6f1e-4c57-9a3d-0d7a5c0a9b11', maxFpr: 0.1, push: true }, { csv: csvText }],
  // An upload of 2 GB is read once before the answer.
  timeoutMs: 5 * 60_000,

  parameters: async ({ csv, push, maxChange, force, ...parameters }, context) => ({
    ...parameters,
    csv: await takeExport(csv, context),
    push: push ? { maxChange: force ? null : maxChange } : null,
  }),
});

/**
 * The ref of the export. It is validated first: if it has errors, nothing is enqueued. Inline CSV is stored as a new
 * upload.
 * @throws MlopsError UPLOAD_NOT_FOUND, BAD_INPUT with the place in the file
 */
async function takeExport(csv: string, context: RequestContext): Promise<string> {
  try {
    return await checkedRef(csv, context);
  } catch (error) {
    if (!isCoded(error, 'BAD_INPUT')) throw error;
    throw new MlopsError('BAD_INPUT', error.message, { field: 'csv', cause: error });
  }
}

async function checkedRef(csv: string, context: RequestContext): Promise<string> {
  const { uploads } = context.app;
  if (/[\r\n]/.test(csv)) {
    const content = checkedExport(bytesOf(csv), 'csv');
    return (await uploads.take('inline.csv', content, inlineOptions(context))).ref;
  }
  const upload = await ownUpload(csv, 'csv', 'export', context);
  await context.checks.run(async () => {
    for await (const _ of checkedExport(uploads.read(upload), upload.name, { signal: context.signal }));
  });
  return upload.ref;
}
