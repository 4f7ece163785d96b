import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Stored } from '../../../src/app/app.ts';
import type { Config } from '../../../src/config/config.ts';
import { accessTo } from '../../../src/config/platform.ts';
import { type Manifest, rowCounts } from '../../../src/domain/dataset/manifest.ts';
import { resolveParameters } from '../../../src/domain/run/parameters.ts';
import { refuseMismatch } from '../../../src/domain/run/refuse-mismatch.ts';
import type { CurationParameters, RunParameters } from '../../../src/domain/run/run.ts';
import { listInteractions } from '../../../src/platform/endpoints.ts';
import type { JobSpec } from '../../../src/runtime/job-spec.ts';
import { fetchPage, openPayload } from '../../fetch-page/job.ts';

/** A curation asked for: the job that opens (or joins) its run. */
export function curationSpec(
  tenant: string,
  dataset: string,
  parameters: CurationParameters,
  request: string = randomUUID(),
): JobSpec {
  return fetchPage.spec({ kind: 'open', tenant, dataset, request, parameters });
}

/** The same curation as another request. */
export function askedAgain(spec: JobSpec): JobSpec {
  const { tenant, dataset, parameters } = openPayload.parse(spec.payload);
  return curationSpec(tenant, dataset, parameters);
}

/**
 * Refuses what cannot be, before anything is enqueued: what would be mixed into the dataset, a hole in it, a service that
 * is not set up.
 * @param model the hash of the model that the workers have
 * @returns the dataset as it is, and what the request means for it
 * @throws MlopsError DATASET_MISMATCH, BAD_INPUT, BAD_CONFIG
 */
export async function checkCuration(
  { datasets }: Pick<Stored, 'datasets'>,
  config: Config,
  dataset: string,
  parameters: CurationParameters,
  model: string,
): Promise<{ readonly head: Manifest | null; readonly resolved: RunParameters }> {
  const head = (await datasets.head(dataset))?.entry ?? null;
  const resolved = resolveParameters(parameters, head, config.tenant.key, model);
  refuseMismatch(dataset, head, resolved);
  if (config.tenant.kind === 'platform') accessTo(config, listInteractions.service);
  return { head, resolved };
}

/** What a finished curation comes to: what `curate --json` prints. */
export const curationSummaryShape = z.object({
  runId: z.string(),
  dataset: z.string(),
  version: z.number().int().describe('Of the dataset, that the run made'),
  interactions: z.number().int(),
  turns: z.number().int(),
  kept: z.number().int(),
  removed: z.number().int().describe('Turns that nearly duplicate one that was kept'),
  watermark: z.string(),
  alreadyTaken: z.number().int(),
  belowRating: z.number().int(),
  unrated: z.number().int(),
  neverRated: z.number().int(),
  otherBots: z.number().int(),
  rejects: z.number().int(),
  erased: z.number().int(),
  rows: z.number().int().describe('Of the whole dataset now'),
});
export type CurationSummary = Readonly<z.infer<typeof curationSummaryShape>>;

/** The summary of the run that made `version` of a dataset. */
export function curationSummary(runId: string, version: number, made: Manifest): CurationSummary | null {
  if (made.made.by !== 'run' || made.made.run !== runId) return null;
  return {
    runId,
    dataset: made.dataset,
    version,
    watermark: made.watermark,
    ...made.made.counts,
    rows: rowCounts(made).kept,
  };
}
