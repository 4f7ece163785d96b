import { extractFromText } from '../../../src/platform/endpoints.ts';
import { extractEntities, extractionJobId } from '../../extract-entities/job.ts';
import { defineFlow, proveAccess } from '../flow.ts';
import { cancelExtraction } from './cancel.ts';
import { batchSummary, extractionOutcome, extractionRequest } from './request.ts';
import { batchRejects, batchResults } from './results.ts';
import { extractionOf, extractionStatus } from './status.ts';

/** Extracts entities from a text, or from the lines of a file. */
export const extraction = defineFlow({
  name: 'extraction',
  command: 'extract',
  noun: 'extractions',
  queue: extractEntities.name,
  prefix: 'extraction',
  queues: [extractEntities.name],
  service: extractFromText.service,
  parameters: extractionRequest,
  result: extractionOutcome,
  quotesTexts: true,
  scheduling: null,
  check: async ({ config }) => proveAccess(config, extractFromText),
  start: ({ tenant, token, by, parameters }) => extractEntities.spec({ tenant, request: token, by, ...parameters }),
  subjectOf: () => null,
  isKnown: async ({ extractions }, id) => (await extractions.batchOf(extractionOf(id))) !== null,
  status: extractionStatus,
  cancel: cancelExtraction,
  async requestOf({ extractions }, { queue, payload }) {
    if (queue !== extractEntities.name) return null;
    const parsed = extractEntities.payload.safeParse(payload);
    if (!parsed.success) return null;
    if (parsed.data.kind !== 'chunk') return extractionJobId(parsed.data.request);
    const [first] = await extractions.requestsOf(parsed.data.batch);
    return first === undefined ? null : extractionJobId(first);
  },
  report: null,
  results: {
    areCountedIn: result => batchSummary.safeParse(result).success,
    read: batchResults,
    rejects: batchRejects,
  },
});
