import { extractionResultOf } from '../../src/domain/entity/extraction.ts';
import { wordTable } from '../../src/domain/entity/normalization.ts';
import { resolvedRequest } from '../../src/domain/entity/request.ts';
import { isCoded, MlopsError } from '../../src/errors.ts';
import { done } from '../../src/runtime/outcome.ts';
import type { Context, Outcome } from './context.ts';
import { sealedElsewhere } from './errors.ts';
import { extractionJobId, sealedRequest, sealedResult, type TextPayload } from './job.ts';
import { entitiesOf, explained } from './platform-answers.ts';
import { recordText } from './record-inferences.ts';

/** Extracts from one text. Its result is sealed, like the text. */
export async function extractText(payload: TextPayload, { resources, signal, jobId }: Context): Promise<Outcome> {
  const began = performance.now();
  await resources.cancellations.proveWanted(extractionJobId(payload.request));
  const sealing = await resources.sealing();
  const opened = sealing.open(sealedRequest, payload.sealed);
  if (opened === null)
    throw new MlopsError(sealedElsewhere, 'the text of this request does not open with the tenant’s secret');
  const request = resolvedRequest.parse(JSON.parse(opened));
  const table = wordTable(await resources.extractions.normalizations.read(payload.normalization));
  const found = await entitiesOf(request, resources, sealing, { signal, isBulk: false }).catch((error: unknown) => {
    throw isCoded(error) ? explained(error, request) : error;
  });
  const now = Date.now();
  const tookMs = performance.now() - began;
  const result = extractionResultOf(request, found.entities, table, { ...found, tookMs, now });
  await recordText({ requestId: jobId, by: payload.by, types: request.types, result, at: now }, resources);
  return done({
    kind: 'text',
    sealed: sealing.seal(sealedResult, JSON.stringify(result)),
    entities: result.entities.length,
  });
}
