import { z } from 'zod';
import { training } from '../../jobs/flows/training/flow.ts';
import { trainingParameters } from '../../jobs/flows/training/request.ts';
import { skillId } from '../../src/domain/skill-training/payload.ts';
import { trainingData } from '../../src/domain/skill-training/training-data.ts';
import { defineRoute } from '../http/flow-route.ts';
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
    .strictObject({ seed: trainingParameters.shape.downsample.unwrap().shape.seed.describe('Of what is left out') })
    .optional()
    .describe('Leave utterances out of classes that are too large; without it they are a mistake'),
  maxPolls: trainingParameters.shape.maxPolls.describe('Answers of the platform after which it has timed out'),
});

const greet = { id: 'greet', name: 'Greeting', description: 'Says hello' };
const refund = { id: 'refund', name: 'Refund', description: 'Wants money back' };
const said = [
  { text: 'good morning', label: greet.id },
  { text: 'I want my money back', label: refund.id, language: 'en' },
];

export const trainings = defineRoute({
  flow: training,
  summary: 'Train a skill, evaluate the model and keep its files',
  description:
    'The data is checked whole before anything is sent. Submitted at most once: where it cannot be known whether the platform took it, the request has failed as SUBMISSION_UNKNOWN, and its message says what to do.',
  body,
  examples: [
    { skillId: 'skill-1', data: '6f1c2a52-6f1e-4c57-9a3d-0d7a5c0a9b11', downsample: { seed: 1 } },
    { skillId: 'skill-1', data: { utterances: said, labels: [greet, refund] } },
  ],
  // An upload of 64 MiB is read once before the answer.
  patienceMs: 60_000,

  async parameters({ skillId, data, downsample = null, maxPolls }, asking) {
    const { ref, name } = await takeTrainingData(data, downsample?.seed ?? null, asking);
    return { skillId, data: ref, downsample, maxPolls, source: { kind: 'file' as const, name } };
  },
});
