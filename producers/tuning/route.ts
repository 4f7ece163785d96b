import { z } from 'zod';
import { computeRoc, type PushTerms, pushTerms, tuningJobId } from '../../jobs/compute-roc/job.ts';
import { pushSpec, tuningResultShape, tuningSpec } from '../../jobs/flows/tuning/request.ts';
import { sentVersion, tuningStatus } from '../../jobs/flows/tuning/status.ts';
import { withdrawJob } from '../../jobs/flows/withdraw.ts';
import { pushConfig } from '../../jobs/push-config/job.ts';
import type { App } from '../../src/app/app.ts';
import { accessTo } from '../../src/config/platform.ts';
import { tuningParameters } from '../../src/domain/roc/result.ts';
import { isCoded, MlopsError } from '../../src/errors.ts';
import { listIntents } from '../../src/platform/endpoints.ts';
import { checkedExport } from '../../src/store/cv-export/checked-export.ts';
import { type Accepted, type Asking, defineFlow } from '../http/flow.ts';
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

export const tunings = defineFlow({
  name: 'tunings',
  queue: computeRoc.name,
  kind: 'tuning',
  summary: 'Compute each intent’s confidence threshold, and push it where asked to',
  description:
    'Without `push` a dry run, whose result says what a push would change. With it the request has succeeded once the platform has taken the thresholds.',
  body,
  examples: [{ csv: '6f1c2a52-6f1e-4c57-9a3d-0d7a5c0a9b11', maxFpr: 0.1, push: true }, { csv: csvText }],
  result: tuningResultShape,
  // An upload of 2 GB is read once before the answer.
  patienceMs: 5 * 60_000,

  async spec({ csv, push, maxChange, force, ...parameters }, asking) {
    const { app, token, by } = asking;
    if (app.config.tenant.kind === 'platform') accessTo(app.config, listIntents.service);
    return tuningSpec({
      tenant: app.config.tenant.key,
      tuning: token,
      parameters,
      by,
      csv: await takeExport(csv, asking),
      push: push ? { maxChange: force ? null : maxChange } : null,
    });
  },
  isKnown: async (app, id) => (await app.tunings.result(nameOf(id))) !== null,
  status: async (app, accepted) => await tuningStatus(app, nameOf(accepted.id), await termsOf(app, accepted)),
  async stop(app, accepted) {
    const tuning = nameOf(accepted.id);
    const terms = await termsOf(app, accepted);
    await withdrawJob(app, computeRoc.name, accepted.id);
    const sent = await sentVersion(app, tuning);
    if (sent !== null) return [`Version ${sent} was sent to the platform already, and is not taken back`];
    const hasVersion = (await app.pushes.read()).pushes.some(
      ({ source }) => source.kind === 'tuning' && source.tuning === tuning,
    );
    // A version that stands in the log is withdrawn there, by the job that would have sent it.
    if (terms !== null && !hasVersion)
      await withdrawJob(app, pushConfig.name, pushSpec({ tenant: '', by: '' }, tuning, terms).id);
    return [];
  },
  report: async ({ tunings }, { id }) => await tunings.report(nameOf(id)),
});

const nameOf = (id: string) => id.slice(tuningJobId('').length);

const knownTerms = z.object({ push: pushTerms.nullable() });

/** What was asked for; where nobody knows any more, whether there was a push tells. */
async function termsOf({ pushes }: App, { id, payload }: Accepted): Promise<PushTerms | null> {
  const known = knownTerms.safeParse(payload);
  if (known.success) return known.data.push;
  const all = (await pushes.read()).pushes;
  const isPushed = all.some(({ source }) => source.kind === 'tuning' && source.tuning === nameOf(id));
  return isPushed ? { maxChange: null } : null;
}

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
    throw new MlopsError('UPLOAD_NOT_FOUND', `there is no upload ${csv}, or no more: upload the export first`, {
      field: 'csv',
    });
  for await (const _ of checkedExport(uploads.read(upload), upload.name));
  return upload.ref;
}
