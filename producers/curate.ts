import { randomUUID } from 'node:crypto';
import { fetchPage, openPayload } from '../jobs/fetch-page/job.ts';
import { type Manifest, rowCounts } from '../src/domain/dataset/manifest.ts';
import type { CurationParameters } from '../src/domain/run/run.ts';
import type { Order } from '../src/runtime/job.ts';

/** A curation asked for: the job that opens (or joins) its run. */
export function curationOrder(
  tenant: string,
  dataset: string,
  parameters: CurationParameters,
  request: string = randomUUID(),
): Order {
  return fetchPage.order({ kind: 'open', tenant, dataset, request, parameters });
}

/** The same curation as another request. */
export function askedAgain(order: Order): Order {
  const { tenant, dataset, parameters } = openPayload.parse(order.payload);
  return curationOrder(tenant, dataset, parameters);
}

/** What a finished curation comes to. */
export interface CurationSummary {
  readonly runId: string;
  readonly dataset: string;
  readonly version: number;
  readonly interactions: number;
  readonly turns: number;
  readonly kept: number;
  readonly removed: number;
  readonly watermark: string;
  readonly alreadyTaken: number;
  readonly belowRating: number;
  readonly unrated: number;
  readonly neverRated: number;
  readonly otherBots: number;
  readonly rejects: number;
  readonly erased: number;
  /** Rows of the whole dataset now. */
  readonly rows: number;
}

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
