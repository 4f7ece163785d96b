import { z } from 'zod';
import { type Manifest, rowCounts } from '../../src/domain/dataset/manifest.ts';
import type { Numbered } from '../../src/store/artifacts/log.ts';

/** A dataset in a list. */
export const datasetSummary = z.object({
  dataset: z.string(),
  version: z.number().int(),
  kept: z.number().int().describe('Rows'),
  removed: z.number().int().describe('Near-duplicates that were removed'),
  watermark: z.string().describe('Conversations up to this time were fetched'),
});

export function summaryOf({ number, entry }: Numbered<Manifest>): z.infer<typeof datasetSummary> {
  const { dataset, watermark } = entry;
  return { dataset, version: number, ...rowCounts(entry), watermark };
}
