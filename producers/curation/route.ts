import { z } from 'zod';
import { curation } from '../../jobs/flows/curation/flow.ts';
import { datasetName } from '../../src/domain/dataset/identity.ts';
import { curationParameters, defaults } from '../../src/domain/run/run.ts';
import { defineRoute } from '../http/flow-route.ts';
import { aboutRun } from './about-run.ts';

const since = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .refine(text => Date.parse(text) <= Date.now(), 'It is in the future')
  .transform(text => new Date(text).toISOString());

const { shape } = curationParameters;
const body = z.strictObject({
  dataset: datasetName.describe('Made when there is none'),
  minRating: shape.minRating.describe(`Take interactions rated this or better (${defaults.minRating})`),
  similarity: shape.similarity.describe(
    `Remove a turn whose cosine with a kept one is this or more (${defaults.similarity})`,
  ),
  since: since.optional().describe('Reach back to this instant; a new dataset otherwise takes all there is'),
  bots: shape.bots.describe('Only interactions of these bots'),
  lookBackMs: shape.lookBackMs.describe('Overlap with the run before, for late arrivals (10 minutes)'),
  ratingHorizonMs: shape.ratingHorizonMs.describe('How long ratings may come late; 0: never (72 hours)'),
  ratingSweepEveryMs: shape.ratingSweepEveryMs.describe('Reach back over that horizon at most this often (6 hours)'),
});

export const curations = defineRoute({
  flow: curation,
  summary: 'Add what is new in the interaction log to a training set',
  description:
    'Fetches, extracts turns, embeds, removes near-duplicates and commits one version of the dataset. Requests with equal parameters at the same time share a run.',
  body,
  examples: [{ dataset: 'support' }, { dataset: 'support', minRating: 4, since: '2026-03-01T00:00:00.000Z' }],
  about: aboutRun,
  parameters: async asked => asked,
});
