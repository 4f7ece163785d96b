import { z } from 'zod';
import { listIntents } from '../../../src/platform/endpoints.ts';
import { tuningId } from '../../../src/store/tunings/tunings.ts';
import { computeRoc, tuningJobId } from '../../compute-roc/job.ts';
import { pushConfig } from '../../push-config/job.ts';
import { defineFlow, proveAccess } from '../flow.ts';
import { cancelTuning } from './cancel.ts';
import { tuningRequest, tuningResultShape, tuningSpec } from './request.ts';
import { termsOf, tuningOf, tuningStatus } from './status.ts';

const ofTuning = z.object({ tuning: tuningId });

/** Computes each intent's confidence threshold from an export, and pushes them if requested. */
export const tuning = defineFlow({
  name: 'tuning',
  command: 'tune',
  noun: 'tunings',
  queue: computeRoc.name,
  prefix: 'tuning',
  queues: [computeRoc.name, pushConfig.name],
  service: listIntents.service,
  parameters: tuningRequest,
  result: tuningResultShape,
  scheduling: null,
  check: async ({ config }) => proveAccess(config, listIntents),
  start: ({ tenant, token, by, parameters: { csv, push, ...parameters } }) =>
    tuningSpec({ tenant, tuning: token, csv, parameters, push, by }),
  subjectOf: () => null,
  isKnown: async ({ tunings }, id) => (await tunings.result(tuningOf(id))) !== null,
  status: async (resources, request) =>
    await tuningStatus(resources, tuningOf(request.id), await termsOf(resources, request)),
  cancel: cancelTuning,
  async requestOf(_, { payload }) {
    const named = ofTuning.safeParse(payload);
    return named.success ? tuningJobId(named.data.tuning) : null;
  },
  report: async ({ tunings }, id) => await tunings.report(tuningOf(id)),
});
