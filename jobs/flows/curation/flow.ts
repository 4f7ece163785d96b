import { z } from 'zod';
import { runName } from '../../../src/domain/run/run.ts';
import { listInteractions } from '../../../src/platform/endpoints.ts';
import { embedAndDedup } from '../../embed-and-dedup/job.ts';
import { extractTurns } from '../../extract-turns/job.ts';
import { fetchPage } from '../../fetch-page/job.ts';
import { defineFlow } from '../flow.ts';
import { cancelCuration } from './cancel.ts';
import { checkCuration, curationRequest, curationSpec, curationSummaryShape } from './request.ts';
import { curationStatus } from './status.ts';

const ofRun = z.object({ run: runName });
const ofDataset = z.object({ dataset: z.string() });

/** Adds what is new in the interaction log to a dataset. */
export const curation = defineFlow({
  name: 'curation',
  command: 'curate',
  noun: 'curations',
  queue: fetchPage.name,
  prefix: 'open',
  queues: [fetchPage.name, extractTurns.name, embedAndDedup.name],
  service: listInteractions.service,
  parameters: curationRequest,
  result: curationSummaryShape,
  scheduling: {
    dataset: ({ dataset }) => dataset,
    parametersAt(parameters, head) {
      if (head === 0) return parameters;
      // `since` is for a new dataset only: every later run would fetch all of it again.
      const { since, ...others } = parameters;
      return others;
    },
  },
  async check(resources, parameters) {
    await checkCuration(resources, parameters);
  },
  start: ({ tenant, token, parameters: { dataset, ...parameters } }) =>
    curationSpec(tenant, dataset, parameters, token),
  subjectOf: payload => ofDataset.safeParse(payload).data?.dataset ?? null,
  isKnown: async ({ runs }, id) => (await runs.ofRequest(id)) !== null,
  status: (resources, { id }) => curationStatus(resources, id),
  cancel: cancelCuration,
  async requestOf({ runs }, { queue, id, payload }) {
    if (queue === fetchPage.name && id.startsWith('open.')) return id;
    const named = ofRun.safeParse(payload);
    if (!named.success) return null;
    return (await runs.read(named.data.run).catch(() => null))?.openedBy ?? null;
  },
  report: null,
});
