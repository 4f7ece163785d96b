import { z } from 'zod';
import { type BatchCounts, batchCounts } from '../../../src/domain/entity/batch.ts';
import type { ResolvedRequest } from '../../../src/domain/entity/request.ts';
import { extractionResult } from '../../../src/domain/entity/result.ts';
import type { BatchPlan } from '../../../src/store/extractions/extractions.ts';
import { batchPayload, extractionJobId, sealedRequest, textPayload } from '../../extract-entities/job.ts';
import type { FlowResources } from '../flow.ts';

const own = { tenant: true, request: true, by: true } as const;

/** A request, once its data is stored: a sealed text, or an upload. */
export const extractionRequest = z.discriminatedUnion('kind', [textPayload.omit(own), batchPayload.omit(own)]);
export type ExtractionRequest = z.input<typeof extractionRequest>;

/** The result of a batch: what `extract --file --json` prints. */
export const batchSummary = z.object({
  requestId: z.string(),
  lines: batchCounts.shape.lines.describe('Results, one for each valid line'),
  succeeded: batchCounts.shape.succeeded,
  failed: batchCounts.shape.failed.describe('Lines whose result is an error'),
  calls: batchCounts.shape.calls.describe('Lines for which the platform was called'),
  cacheHits: batchCounts.shape.cacheHits.describe('Lines answered from the cache, or as an earlier line'),
  stale: batchCounts.shape.stale.describe('Lines answered by an older answer because the platform failed'),
  emptyLines: z.int(),
  rejects: z.int().optional().describe('Lines that are not valid requests and were left out'),
  resultsUrl: z.string().optional().describe('Over HTTP: the results as JSONL, in input order'),
  rejectsUrl: z.string().optional(),
  out: z.string().optional().describe('On the command line: the file of the results'),
});
export type BatchSummary = z.infer<typeof batchSummary>;

export const extractionOutcome = z.union([batchSummary, z.object(extractionResult.shape)]);
export type ExtractionOutcome = z.infer<typeof extractionOutcome>;

export function batchSummaryOf(request: string, counts: BatchCounts, plan: BatchPlan): BatchSummary {
  const { rejects, emptyLines } = plan;
  return { requestId: extractionJobId(request), ...counts, emptyLines, ...(rejects > 0 && { rejects }) };
}

/** The parameters of a request for one text. */
export async function textRequest(
  request: ResolvedRequest,
  { config, sealing, extractions }: Pick<FlowResources, 'config' | 'sealing' | 'extractions'>,
): Promise<ExtractionRequest> {
  const normalization = await extractions.normalizations.write(config.entities.normalization);
  return { kind: 'text', sealed: (await sealing()).seal(sealedRequest, JSON.stringify(request)), normalization };
}
