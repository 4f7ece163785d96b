import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { VersionSummary } from '../../../src/domain/dataset/change.ts';
import { datasetName } from '../../../src/domain/dataset/identity.ts';
import { type Manifest, rejected } from '../../../src/domain/dataset/manifest.ts';
import { resolveParameters } from '../../../src/domain/run/parameters.ts';
import { refuseMismatch } from '../../../src/domain/run/refuse-mismatch.ts';
import { type CurationParameters, curationParameters, type RunParameters } from '../../../src/domain/run/run.ts';
import { listInteractions } from '../../../src/platform/endpoints.ts';
import type { JobSpec } from '../../../src/runtime/job-spec.ts';
import { fetchPage, openPayload } from '../../fetch-page/job.ts';
import { type FlowResources, proveAccess } from '../flow.ts';

/** The parameters of a curation request. */
export const curationRequest = z.strictObject({ dataset: datasetName, ...curationParameters.shape });
export type CurationRequest = z.infer<typeof curationRequest>;

/** A curation request: the job that opens (or joins) its run. */
export function curationSpec(
  tenant: string,
  dataset: string,
  parameters: CurationParameters,
  request: string = randomUUID(),
): JobSpec {
  return fetchPage.spec({ kind: 'open', tenant, dataset, request, parameters });
}

/** The same curation as another request. */
export function repeated(spec: JobSpec): JobSpec {
  const { tenant, dataset, parameters } = openPayload.parse(spec.payload);
  return curationSpec(tenant, dataset, parameters);
}

/**
 * Rejects a curation that would mix parameters in the dataset or leave a gap in it, or whose service is not configured,
 * before anything is enqueued.
 * @returns the dataset's current state, and what the request means for it
 * @throws MlopsError DATASET_MISMATCH, BAD_INPUT, BAD_CONFIG
 */
export async function checkCuration(
  { config, datasets, modelHash }: Pick<FlowResources, 'config' | 'datasets' | 'modelHash'>,
  { dataset, ...parameters }: CurationRequest,
): Promise<{ readonly head: Manifest | null; readonly resolved: RunParameters }> {
  const head = (await datasets.head(dataset))?.entry ?? null;
  const resolved = resolveParameters(parameters, head, config.tenant.key, await modelHash());
  refuseMismatch(dataset, head, resolved);
  proveAccess(config, listInteractions);
  return { head, resolved };
}

/** The result of a finished curation: what `curate --json` prints. */
export const curationSummaryShape = z.object({
  runId: z.string(),
  dataset: z.string(),
  version: z.number().int().describe('The version of the dataset that the run created'),
  interactions: z.number().int(),
  turns: z.number().int(),
  kept: z.number().int(),
  removed: z.number().int().describe('Turns that are near-duplicates of a kept turn'),
  watermark: z.string(),
  alreadyTaken: z.number().int(),
  belowRating: z.number().int(),
  unrated: z.number().int(),
  neverRated: z.number().int(),
  otherBots: z.number().int(),
  rejects: z.number().int().describe('Records left out because they are not valid interactions'),
  rejectedRecords: z.array(rejected).describe('Which ones, and their wrong fields: the first 20'),
  erased: z.number().int(),
  withoutTurns: z.number().int().describe('Well-rated conversations that gave no turn'),
  sendersMet: z.array(z.string()).describe('Senders met in conversations without a turn; only user and bot are read'),
  unknownWords: z.number().int().describe('Turns among the removed ones of which the model knows no word'),
  rows: z.number().int().describe('Of the whole dataset now'),
});
export type CurationSummary = Readonly<z.infer<typeof curationSummaryShape>>;

/** The summary of the run that made `version` of a dataset. */
export function curationSummary(
  runId: string,
  dataset: string,
  version: number,
  { made, watermark, rows }: VersionSummary,
): CurationSummary | null {
  if (made.by !== 'run' || made.run !== runId) return null;
  return {
    runId,
    dataset,
    version,
    watermark,
    ...made.counts,
    rejectedRecords: made.rejects,
    rows: rows.kept,
  };
}
