import { z } from 'zod';
import { submitTraining } from '../../../src/platform/endpoints.ts';
import { pollTraining, trainingJobId, trainingRequest } from '../../poll-training/job.ts';
import { defineFlow, proveAccess } from '../flow.ts';
import { cancelTraining } from './cancel.ts';
import { trainingParameters, trainingSpec, trainingSummaryShape } from './request.ts';
import { trainingOf, trainingStatus } from './status.ts';

const ofSkill = z.object({ skillId: z.string() });
const ofTraining = z.object({ kind: z.enum(['train', 'recovery']), request: trainingRequest });

/** Trains a skill, evaluates the model and keeps its files. */
export const training = defineFlow({
  name: 'training',
  command: 'train',
  noun: 'trainings',
  queue: pollTraining.name,
  prefix: 'train',
  queues: [pollTraining.name],
  service: submitTraining.service,
  parameters: trainingParameters,
  result: trainingSummaryShape,
  scheduling: null,
  check: async ({ config }) => proveAccess(config, submitTraining),
  start: ({ tenant, token, by, parameters }) => trainingSpec({ tenant, request: token, by, ...parameters }),
  subjectOf: payload => ofSkill.safeParse(payload).data?.skillId ?? null,
  isKnown: async ({ trainings }, id) => (await trainings.read(trainingOf(id))).length > 0,
  status: async (resources, { id }) => await trainingStatus(resources, trainingOf(id)),
  cancel: cancelTraining,
  async requestOf(_, { queue, payload }) {
    const named = ofTraining.safeParse(payload);
    return queue === pollTraining.name && named.success ? trainingJobId(named.data.request) : null;
  },
  report: async ({ trainings }, id) => await trainings.report(trainingOf(id)),
});
