import { z } from 'zod';
import { trainingSpec, trainingSummaryShape } from '../../jobs/flows/training/request.ts';
import { trainingStatus } from '../../jobs/flows/training/status.ts';
import { withdrawJob } from '../../jobs/flows/withdraw.ts';
import { pollTraining, trainingJobId, trainPayload } from '../../jobs/poll-training/job.ts';
import { accessTo } from '../../src/config/platform.ts';
import { skillId } from '../../src/domain/skill-training/payload.ts';
import { trainingData } from '../../src/domain/skill-training/training-data.ts';
import { submitTraining } from '../../src/platform/endpoints.ts';
import { closeIfCancelled } from '../../src/store/trainings/close-cancelled.ts';
import { defineFlow } from '../http/flow.ts';
import { takeTrainingData } from './route-data.ts';

/** As the data is documented. It is checked when it is taken, so that one answer tells all that is wrong with it. */
const { properties, required } = z.toJSONSchema(trainingData, { io: 'input' });
const inlineData = z
  .looseObject({})
  .meta({ properties, required, description: 'The data itself; a body may have 1 MiB' });

const wrongData = 'must be the ref of an upload, or an object with utterances and labels';

const body = z.strictObject({
  skillId: skillId.describe('What the platform calls the skill'),
  data: z
    .union([z.uuid(wrongData).describe('The ref of an upload: the same as JSON'), inlineData], wrongData)
    .describe('Utterances, each with the id of its label, and the labels'),
  downsample: z
    .strictObject({ seed: trainPayload.shape.downsample.unwrap().shape.seed.describe('Of what is left out') })
    .optional()
    .describe('Leave utterances out of classes that are too large; without it they are a mistake'),
  maxPolls: trainPayload.shape.maxPolls.describe('Answers of the platform after which it has timed out'),
});

const greet = { id: 'greet', name: 'Greeting', description: 'Says hello' };
const refund = { id: 'refund', name: 'Refund', description: 'Wants money back' };
const said = [
  { text: 'good morning', label: greet.id },
  { text: 'I want my money back', label: refund.id, language: 'en' },
];

export const trainings = defineFlow({
  name: 'trainings',
  queue: pollTraining.name,
  kind: 'train',
  summary: 'Train a skill, evaluate the model and keep its files',
  description:
    'The data is checked whole before anything is sent. Submitted at most once: where it cannot be known whether the platform took it, the request has failed as SUBMISSION_UNKNOWN, and its message says what to do.',
  body,
  examples: [
    { skillId: 'skill-1', data: '6f1c2a52-6f1e-4c57-9a3d-0d7a5c0a9b11', downsample: { seed: 1 } },
    { skillId: 'skill-1', data: { utterances: said, labels: [greet, refund] } },
  ],
  result: trainingSummaryShape,
  // An upload of 64 MiB is read once before the answer.
  patienceMs: 60_000,

  async spec({ skillId, data, downsample = null, maxPolls }, asking) {
    const { app, token, by } = asking;
    if (app.config.tenant.kind === 'platform') accessTo(app.config, submitTraining.service);
    const { ref, name } = await takeTrainingData(data, downsample?.seed ?? null, asking);
    return trainingSpec({
      tenant: app.config.tenant.key,
      request: token,
      skillId,
      data: ref,
      downsample,
      maxPolls,
      by,
      source: { kind: 'file', name },
    });
  },
  isKnown: async ({ trainings }, id) => (await trainings.read(nameOf(id))).length > 0,
  status: async (app, { id }) => await trainingStatus(app, nameOf(id)),
  async stop(app, { id }) {
    const { state, events } = await closeIfCancelled(nameOf(id), id, app);
    switch (state?.name) {
      case undefined:
        await withdrawJob(app, pollTraining.name, id);
        return [];
      case 'submitting':
        return [
          'It is being submitted just now: should the platform take it, its job goes on there, and nobody waits for it',
        ];
      case 'cancelled': {
        if (state.jobId === null) return [];
        const hasEnded = events.some(({ kind }) => kind === 'evaluated');
        return [
          hasEnded
            ? `The job ${state.jobId} has ended on the platform: its model stays there, and is not registered here`
            : `The job ${state.jobId} goes on on the platform, and nobody waits for it`,
        ];
      }
      case 'exported':
        return ['Its model is being registered, which is not taken back'];
      default:
        return [];
    }
  },
  report: async ({ trainings }, { id }) => await trainings.report(nameOf(id)),
});

const nameOf = (id: string) => id.slice(trainingJobId('').length);
