import { z } from 'zod';
import { training } from '../../jobs/flows/training/flow.ts';
import { trainingParameters } from '../../jobs/flows/training/request.ts';
import { skillId } from '../../src/domain/skill-training/payload.ts';
import { trainingData } from '../../src/domain/skill-training/training-data.ts';
import { defineRoute } from '../http/flow-route.ts';
import { takeTrainingData } from './route-data.ts';

/** For documentation only. The data is validated when it is stored, so that one answer lists all problems. */
const { properties, required } = z.toJSONSchema(trainingData, { io: 'input' });
const inlineData = z
  .looseObject({})
  .meta({ properties, required, description: 'Inline data; a body may have at most 1 MiB' });

const wrongData = 'must be the ref of an upload, or an object with utterances and labels';

const body = z.strictObject({
  skillId: skillId.describe('The platform’s id of the skill'),
  data: z
    .union([z.uuid(wrongData).describe('The ref of an upload that contains the data as JSON'), inlineData], wrongData)
    .describe('Utterances, each with the id of its label, and the labels'),
  downsample: z
    .strictObject({
      seed: trainingParameters.shape.downsample.unwrap().shape.seed.describe('Seed of the downsampling'),
    })
    .optional()
    .describe('Downsample over-represented labels; without it they are an error'),
  maxPolls: trainingParameters.shape.maxPolls.describe('Give up after this many status checks'),
});

const greet = { id: 'greet', name: 'Greeting', description: 'Says hello' };
const refund = { id: 'refund', name: 'Refund', description: 'Wants money back' };
const said = [
  { text: 'good morning', label: greet.id },
  { text: 'I want my money back', label: refund.id, language: 'en' },
];

export const trainings = defineRoute({
  flow: training,
  summary: 'Train a skill, evaluate the model and store its files',
  description:
    'The data is validated before anything is sent and is submitted at most once. If it is unknown whether the platform accepted it, the request fails with SUBMISSION_UNKNOWN, and the message says what to do.',
  body,
  examples: [
    { skillId: 'skill-1', data: '6f1c2a52-6f1e-4c57-9a3d-0d7a5c0a9b11', downsample: { seed: 1 } },
    { skillId: 'skill-1', data: { utterances: said, labels: [greet, refund] } },
  ],
  // An upload of 64 MiB is read once before the answer.
  timeoutMs: 60_000,

  async parameters({ skillId, data, downsample = null, maxPolls }, context) {
    const { ref, name } = await takeTrainingData(data, downsample?.seed ?? null, context);
    return { skillId, data: ref, downsample, maxPolls, source: { kind: 'file' as const, name } };
  },
});
