import { extractionResultOf } from '../../../src/domain/entity/extraction.ts';
import { wordTable } from '../../../src/domain/entity/normalization.ts';
import type { ResolvedRequest } from '../../../src/domain/entity/request.ts';
import type { ExtractionResult } from '../../../src/domain/entity/result.ts';
import { cachedEntities } from '../../extract-entities/platform-answers.ts';
import type { FlowResources } from '../flow.ts';

/** The result of a request that a fresh answer of the cache answers, without a job; `null`: it takes one. */
export async function cachedResult(
  request: ResolvedRequest,
  { answers, sealing, config }: Pick<FlowResources, 'answers' | 'sealing' | 'config'>,
): Promise<ExtractionResult | null> {
  const began = performance.now();
  const found = await cachedEntities(request, { answers }, await sealing());
  if (found === null) return null;
  const table = wordTable(config.entities.normalization);
  const tookMs = performance.now() - began;
  return extractionResultOf(request, found.entities, table, { ...found, tookMs, now: Date.now() });
}
