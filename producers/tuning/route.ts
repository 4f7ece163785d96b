import { z } from 'zod';
import { tuning } from '../../jobs/flows/tuning/flow.ts';
import { tuningParameters } from '../../src/domain/roc/result.ts';
import { isCoded, MlopsError } from '../../src/errors.ts';
import { checkedExport } from '../../src/store/cv-export/checked-export.ts';
import { type Asking, defineRoute } from '../http/flow-route.ts';
import { bytesOf, inlineRef } from '../http/inline-upload.ts';

const inlineCsv = z
  .string()
  .regex(/[\r\n]/, 'must be the ref of an upload, or CSV text')
  .describe('The export itself, with its header line; a body may have 1 MiB');

const { shape } = tuningParameters;
const body = z.strictObject({
  csv: z
    .union([z.uuid().describe('The ref of an upload'), inlineCsv])
    .describe('The cross-validation export: intent_id, actual_label, predicted_confidence'),
  maxFpr: shape.maxFpr.describe('The highest false positive rate a threshold may have'),
  maxFprConfidence: shape.maxFprConfidence.describe(
    'Hold the upper end of its 95 % interval to that, not the rate itself',
  ),
  bootstrap: shape.bootstrap.describe('Resamples for an interval of each threshold'),
  seed: shape.seed.describe('Of the resamples'),
  minPositives: shape.minPositives.describe('With fewer positive samples an intent is not pushed'),
  minNegatives: shape.minNegatives.describe('With fewer negative samples an intent is not pushed'),
  push: z.boolean().default(false).describe('Set the thresholds in the tenant; without it nothing changes there'),
  maxChange: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('Refuse to push when a threshold in force would move by more'),
  force: z.boolean().default(false).describe('Push however far thresholds move'),
});

const csvText = 'intent_id,actual_label,predicted_confidence\nint_1,1,0.91\nint_1,0,0.32\n';

export const tunings = defineRoute({
  flow: tuning,
  summary: 'Compute each intent’s confidence threshold, and push it where asked to',
  description:
    'Without `push` a dry run, whose result says what a push would change. With it the request has succeeded once the platform has taken the thresholds.',
  body,
  examples: [{ csv: '6f1c2a52-6f1e-4c57-9a3d-0d7a5c0a9b11', maxFpr: 0.1, push: true }, { csv: csvText }],
  // An upload of 2 GB is read once before the answer.
  patienceMs: 5 * 60_000,

  parameters: async ({ csv, push, maxChange, force, ...parameters }, asking) => ({
    ...parameters,
    csv: await takeExport(csv, asking),
    push: push ? { maxChange: force ? null : maxChange } : null,
  }),
});

/**
 * The ref of the export, which is read through first: of one with a mistake nothing is enqueued. What came inline becomes
 * an upload of its own.
 * @throws MlopsError UPLOAD_NOT_FOUND, BAD_INPUT with the place in the file
 */
async function takeExport(csv: string, asking: Asking): Promise<string> {
  try {
    return await checkedRef(csv, asking);
  } catch (error) {
    if (!isCoded(error, 'BAD_INPUT')) throw error;
    throw new MlopsError('BAD_INPUT', error.message, { field: 'csv', cause: error });
  }
}

async function checkedRef(csv: string, asking: Asking): Promise<string> {
  const { uploads } = asking.app;
  if (/[\r\n]/.test(csv)) {
    const content = checkedExport(bytesOf(csv), 'csv');
    return (await uploads.take('inline.csv', content, inlineRef(asking))).ref;
  }
  const upload = await uploads.find(csv);
  if (upload === null)
    throw new MlopsError('UPLOAD_NOT_FOUND', `upload ${csv} was not found or has expired. Upload the export first`, {
      field: 'csv',
    });
  for await (const _ of checkedExport(uploads.read(upload), upload.name));
  return upload.ref;
}
